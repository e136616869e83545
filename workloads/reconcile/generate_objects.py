"""Write objects with a desired and an observed state as JSON lines.

The same bytes for the same seed: the random sequence is the output of SHAKE-128
over "tandem reconcile SEED", eight bytes an object. Of 20 objects 14 are as
they should be, one is missing, one is to be deleted, and four have drifted: in
replicas and image, in labels, in the environment, or in the hash of what was
applied last.

What is printed is how many are to be created, patched and deleted.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import os
from collections import Counter
from typing import Any

TEAMS = ("payments", "orders", "catalog", "identity", "search")
TIERS = ("web", "worker", "cache", "batch")
REGIONS = ("eu-north", "eu-west", "us-east")


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def spec_hash(spec: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(spec).encode()).hexdigest()[:16]


def desired(number: int, draw: bytes) -> dict[str, Any]:
    return {
        "replicas": 1 + draw[0] % 9,
        "image": f"registry.example/app-{number}:1.{draw[1] % 30}.{draw[2] % 10}",
        "labels": {
            "app": f"app-{number}",
            "team": TEAMS[draw[3] % 5],
            "tier": TIERS[draw[4] % 4],
            "release": "stable" if draw[5] % 4 else "canary",
        },
        "env": {
            "CACHE_BYTES": str(65536 << draw[1] % 8),
            "DATABASE_URL": f"postgres://db-{draw[2] % 16}.internal/app{number}",
            "LOG_LEVEL": "debug" if draw[6] % 8 == 0 else "info",
            "POOL_SIZE": str(4 + draw[0] % 28),
            "REGION": REGIONS[draw[3] % 3],
            "TIMEOUT_MS": str(100 * (1 + draw[7] % 50)),
        },
    }


def drift(spec: dict[str, Any], kind: int) -> dict[str, Any]:
    """Somebody changed it by hand."""
    changed = copy.deepcopy(spec)
    if kind == 2:
        changed["replicas"] += 1
        changed["image"] += "-hotfix"
    if kind == 3:
        changed["labels"]["debug"] = "yes"
        del changed["labels"]["release"]
    if kind == 4:
        changed["env"]["LOG_LEVEL"] = "trace"
        changed["env"]["PROFILE"] = "1"
        del changed["env"]["POOL_SIZE"]
    return changed


def make(number: int, draw: bytes, work: Counter[str]) -> dict[str, Any]:
    kind = (draw[6] << 8 | draw[7]) % 20
    wanted = desired(number, draw)
    seen = {"spec": drift(wanted, kind), "hash": spec_hash(wanted)}
    if kind == 5:
        seen["hash"] = spec_hash(seen["hash"])
    work[{0: "create", 1: "delete"}.get(kind, "patch" if kind <= 5 else "none")] += 1
    return {
        "namespace": f"ns-{number % 40}",
        "name": f"app-{number}",
        "desired": None if kind == 1 else wanted,
        "observed": None if kind == 0 else seen,
    }


def generate(out: str, objects: int, seed: int) -> str:
    """Write the objects to out, whole or not at all; what is there to do?"""
    sequence = hashlib.shake_128(b"tandem reconcile %d" % seed).digest(8 * objects)
    work: Counter[str] = Counter()
    partial = f"{out}.{os.getpid()}.partial"
    try:
        with open(partial, "w", encoding="utf-8", newline="\n") as file:
            for number in range(objects):
                draw = sequence[8 * number : 8 * number + 8]
                file.write(canonical(make(number, draw, work)) + "\n")
        os.replace(partial, out)
    except BaseException:
        if os.path.exists(partial):
            os.unlink(partial)
        raise
    return f"{work['create']}/{work['patch']}/{work['delete']}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write objects to reconcile.")
    parser.add_argument("--objects", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("out")
    args = parser.parse_args()
    print(generate(args.out, args.objects, args.seed))


if __name__ == "__main__":
    main()
