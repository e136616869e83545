"""Preview a small infrastructure with Pulumi's SDK; cloud calls are mocked.

Prints the first 16 hexadecimal digits of the SHA-256 of the resources that
were registered, one line `type name inputs` each, sorted; a resource's own
inputs are JSON with sorted keys, without blanks.
"""

from __future__ import annotations

import hashlib
import json

import pulumi
from pulumi import CustomResource, Output, ResourceOptions
from pulumi.runtime import MockCallArgs, MockResourceArgs, Mocks

ZONES = ("a", "b", "c")
REGION = "eu-central-1"


def make_network() -> tuple[CustomResource, list[CustomResource]]:
    """A VPC with a public subnet in every zone."""
    vpc = CustomResource(
        "aws:ec2/vpc:Vpc",
        "main",
        {
            "cidrBlock": "10.0.0.0/16",
            "enableDnsHostnames": True,
            "tags": {"Name": "main"},
        },
    )
    gateway = CustomResource(
        "aws:ec2/internetGateway:InternetGateway", "gateway", {"vpcId": vpc.id}
    )
    routes = CustomResource(
        "aws:ec2/routeTable:RouteTable",
        "public",
        {
            "vpcId": vpc.id,
            "routes": [{"cidrBlock": "0.0.0.0/0", "gatewayId": gateway.id}],
        },
    )
    subnets = []
    for i, zone in enumerate(ZONES):
        subnet = CustomResource(
            "aws:ec2/subnet:Subnet",
            f"public-{zone}",
            {
                "vpcId": vpc.id,
                "cidrBlock": f"10.0.{i}.0/24",
                "availabilityZone": REGION + zone,
                "mapPublicIpOnLaunch": True,
            },
        )
        CustomResource(
            "aws:ec2/routeTableAssociation:RouteTableAssociation",
            f"public-{zone}",
            {"subnetId": subnet.id, "routeTableId": routes.id},
        )
        subnets.append(subnet)
    return vpc, subnets


def make_firewall(vpc: CustomResource) -> CustomResource:
    """HTTP and HTTPS from everywhere, anything outwards."""
    ingress = [
        {
            "protocol": "tcp",
            "fromPort": port,
            "toPort": port,
            "cidrBlocks": ["0.0.0.0/0"],
        }
        for port in (80, 443)
    ]
    egress = [
        {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}
    ]
    return CustomResource(
        "aws:ec2/securityGroup:SecurityGroup",
        "web",
        {"vpcId": vpc.id, "ingress": ingress, "egress": egress},
    )


def make_bucket() -> CustomResource:
    return CustomResource(
        "aws:s3/bucketV2:BucketV2",
        "assets",
        {"forceDestroy": False, "tags": {"Name": "assets"}},
        ResourceOptions(protect=True),
    )


def infrastructure() -> None:
    vpc, subnets = make_network()
    firewall = make_firewall(vpc)
    bucket = make_bucket()
    for zone, subnet in zip(ZONES, subnets):
        CustomResource(
            "aws:ec2/instance:Instance",
            f"web-{zone}",
            {
                "ami": "ami-0c0ffee0c0ffee000",
                "instanceType": "t3.micro",
                "subnetId": subnet.id,
                "vpcSecurityGroupIds": [firewall.id],
                "userData": Output.concat("#!/bin/sh\nserve s3://", bucket.id, "\n"),
            },
        )
    pulumi.export("vpc", vpc.id)
    pulumi.export("bucket", bucket.id)


def canonical(inputs: dict) -> str:
    """Pulumi sends every number as a double; here they are whole."""
    whole = json.loads(json.dumps(inputs), parse_float=lambda text: int(float(text)))
    return json.dumps(whole, sort_keys=True, separators=(",", ":"))


class Cloud(Mocks):
    """Every resource exists at once, under its name with `-id` after it."""

    def __init__(self) -> None:
        self.registered: list[str] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict]:
        inputs = canonical(args.inputs)
        self.registered.append(f"{args.typ} {args.name} {inputs}\n")
        return args.name + "-id", args.inputs

    def call(self, args: MockCallArgs) -> dict:
        raise NotImplementedError(args.token)

    def digest(self) -> str:
        table = "".join(sorted(self.registered))
        return hashlib.sha256(table.encode()).hexdigest()[:16]


def main() -> None:
    cloud = Cloud()
    pulumi.runtime.set_mocks(cloud, "iac-preview", "dev", preview=True)
    pulumi.runtime.test(infrastructure)()
    print(cloud.digest())


if __name__ == "__main__":
    main()
