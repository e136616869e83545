// Infrastructure links Pulumi's SDK, names a program for it, and ends.
package main

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func infrastructure(ctx *pulumi.Context) error {
	ctx.Export("region", pulumi.String("eu-central-1"))
	return nil
}

func main() {
	if os.Getenv("PULUMI_MONITOR") != "" {
		pulumi.Run(infrastructure)
		return
	}
	fmt.Println("ready")
}
