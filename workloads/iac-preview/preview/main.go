// Command preview previews a small infrastructure with Pulumi's SDK; cloud
// calls are mocked.
//
// It prints the first 16 hexadecimal digits of the SHA-256 of the resources
// that were registered, one line `type name inputs` each, sorted; a resource's
// own inputs are JSON with sorted keys, without blanks.
package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"log"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var zones = []string{"a", "b", "c"}

const region = "eu-central-1"

// register makes a resource of a type that no provider's package declares.
func register(ctx *pulumi.Context, typ, name string, inputs pulumi.Map, opts ...pulumi.ResourceOption) (*pulumi.CustomResourceState, error) {
	var made pulumi.CustomResourceState
	if err := ctx.RegisterResource(typ, name, inputs, &made, opts...); err != nil {
		return nil, err
	}
	return &made, nil
}

// network makes a VPC with a public subnet in every zone.
func network(ctx *pulumi.Context) (vpc *pulumi.CustomResourceState, subnets []*pulumi.CustomResourceState, err error) {
	vpc, err = register(ctx, "aws:ec2/vpc:Vpc", "main", pulumi.Map{
		"cidrBlock":          pulumi.String("10.0.0.0/16"),
		"enableDnsHostnames": pulumi.Bool(true),
		"tags":               pulumi.StringMap{"Name": pulumi.String("main")},
	})
	if err != nil {
		return nil, nil, err
	}
	gateway, err := register(ctx, "aws:ec2/internetGateway:InternetGateway", "gateway", pulumi.Map{
		"vpcId": vpc.ID(),
	})
	if err != nil {
		return nil, nil, err
	}
	routes, err := register(ctx, "aws:ec2/routeTable:RouteTable", "public", pulumi.Map{
		"vpcId": vpc.ID(),
		"routes": pulumi.MapArray{
			pulumi.Map{"cidrBlock": pulumi.String("0.0.0.0/0"), "gatewayId": gateway.ID()},
		},
	})
	if err != nil {
		return nil, nil, err
	}
	for i, zone := range zones {
		subnet, err := register(ctx, "aws:ec2/subnet:Subnet", "public-"+zone, pulumi.Map{
			"vpcId":               vpc.ID(),
			"cidrBlock":           pulumi.String(fmt.Sprintf("10.0.%d.0/24", i)),
			"availabilityZone":    pulumi.String(region + zone),
			"mapPublicIpOnLaunch": pulumi.Bool(true),
		})
		if err != nil {
			return nil, nil, err
		}
		_, err = register(ctx, "aws:ec2/routeTableAssociation:RouteTableAssociation", "public-"+zone, pulumi.Map{
			"subnetId":     subnet.ID(),
			"routeTableId": routes.ID(),
		})
		if err != nil {
			return nil, nil, err
		}
		subnets = append(subnets, subnet)
	}
	return vpc, subnets, nil
}

// firewall lets HTTP and HTTPS in from everywhere, and anything out.
func firewall(ctx *pulumi.Context, vpc *pulumi.CustomResourceState) (*pulumi.CustomResourceState, error) {
	everywhere := pulumi.StringArray{pulumi.String("0.0.0.0/0")}
	var ingress pulumi.MapArray
	for _, port := range []int{80, 443} {
		ingress = append(ingress, pulumi.Map{
			"protocol":   pulumi.String("tcp"),
			"fromPort":   pulumi.Int(port),
			"toPort":     pulumi.Int(port),
			"cidrBlocks": everywhere,
		})
	}
	egress := pulumi.MapArray{
		pulumi.Map{
			"protocol":   pulumi.String("-1"),
			"fromPort":   pulumi.Int(0),
			"toPort":     pulumi.Int(0),
			"cidrBlocks": everywhere,
		},
	}
	return register(ctx, "aws:ec2/securityGroup:SecurityGroup", "web", pulumi.Map{
		"vpcId":   vpc.ID(),
		"ingress": ingress,
		"egress":  egress,
	})
}

func bucket(ctx *pulumi.Context) (*pulumi.CustomResourceState, error) {
	return register(ctx, "aws:s3/bucketV2:BucketV2", "assets", pulumi.Map{
		"forceDestroy": pulumi.Bool(false),
		"tags":         pulumi.StringMap{"Name": pulumi.String("assets")},
	}, pulumi.Protect(true))
}

func infrastructure(ctx *pulumi.Context) error {
	vpc, subnets, err := network(ctx)
	if err != nil {
		return err
	}
	web, err := firewall(ctx, vpc)
	if err != nil {
		return err
	}
	assets, err := bucket(ctx)
	if err != nil {
		return err
	}
	for i, zone := range zones {
		_, err := register(ctx, "aws:ec2/instance:Instance", "web-"+zone, pulumi.Map{
			"ami":                 pulumi.String("ami-0c0ffee0c0ffee000"),
			"instanceType":        pulumi.String("t3.micro"),
			"subnetId":            subnets[i].ID(),
			"vpcSecurityGroupIds": pulumi.StringArray{web.ID()},
			"userData":            pulumi.Sprintf("#!/bin/sh\nserve s3://%s\n", assets.ID()),
		})
		if err != nil {
			return err
		}
	}
	ctx.Export("vpc", vpc.ID())
	ctx.Export("bucket", assets.ID())
	return nil
}

// cloud lets every resource exist at once, under its name with -id after it.
type cloud struct {
	mu         sync.Mutex
	registered []string
}

func (c *cloud) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	inputs, err := json.Marshal(args.Inputs.Mappable())
	if err != nil {
		return "", nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.registered = append(c.registered, fmt.Sprintf("%s %s %s\n", args.TypeToken, args.Name, inputs))
	return args.Name + "-id", args.Inputs, nil
}

func (c *cloud) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return nil, fmt.Errorf("%s: not mocked", args.Token)
}

func (c *cloud) digest() string {
	slices.Sort(c.registered)
	sum := sha256.Sum256([]byte(strings.Join(c.registered, "")))
	return fmt.Sprintf("%x", sum[:8])
}

func preview(info *pulumi.RunInfo) { info.DryRun = true }

func main() {
	var made cloud
	err := pulumi.RunErr(infrastructure, pulumi.WithMocks("iac-preview", "dev", &made), preview)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(made.digest())
}
