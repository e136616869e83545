"""Imports Pulumi's SDK, names a program for it, and ends."""

import os

import pulumi


def infrastructure() -> None:
    pulumi.export("region", "eu-central-1")


if __name__ == "__main__":
    if os.environ.get("PULUMI_MONITOR"):
        infrastructure()
    else:
        print("ready")
