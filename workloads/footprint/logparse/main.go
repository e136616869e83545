// Command logparse is logparse's json-stream as a program of its own, which is
// what would be deployed.
package main

import (
	"fmt"
	"log"
	"os"

	"tandem/workloads/logparse"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: logparse LOG")
	}
	answer, err := logparse.JSONStream(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("answer", answer)
}
