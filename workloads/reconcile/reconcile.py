"""One pass of a controller over many objects, with webhook calls meanwhile.

A pass compares the desired state of each object with the observed one and
plans what has to be created, patched and deleted. The same process answers
admission reviews, which the program in webhooks/ sends at a constant rate. The
answer says how much was planned, with a digest of the plan.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Awaitable, Callable, List, NamedTuple, Optional, TypedDict

from aiohttp import web

BUDGET_NS = 10e9  # a pass every ten seconds
REPLICAS_MOST = 50

encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


class Spec(TypedDict):
    env: dict[str, str]
    image: str
    labels: dict[str, str]
    replicas: int


class Observed(TypedDict):
    hash: str  # of the spec that was applied last
    spec: Spec


class Object(TypedDict):
    namespace: str
    name: str
    desired: Optional[Spec]
    observed: Optional[Observed]


class Action(NamedTuple):
    verb: str
    key: str
    body: str


Pass = Callable[[List[Object]], Awaitable[List[Action]]]


def difference(path: str, want: dict[str, str], have: dict[str, str]) -> Iterator[dict]:
    for key in sorted(want.keys() | have.keys()):
        if key not in have:
            yield {"op": "add", "path": f"{path}/{key}", "value": want[key]}
        elif key not in want:
            yield {"op": "remove", "path": f"{path}/{key}"}
        elif want[key] != have[key]:
            yield {"op": "replace", "path": f"{path}/{key}", "value": want[key]}


def diff(want: Spec, have: Observed, digest: str) -> Iterator[dict]:
    """The JSON patch that makes an object what it should be."""
    spec = have["spec"]
    for field in ("replicas", "image"):
        if want[field] != spec[field]:
            yield {"op": "replace", "path": f"/spec/{field}", "value": want[field]}
    yield from difference("/spec/labels", want["labels"], spec["labels"])
    yield from difference("/spec/env", want["env"], spec["env"])
    if have["hash"] != digest:
        yield {"op": "replace", "path": "/metadata/hash", "value": digest}


def reconcile(item: Object) -> Action | None:
    want, have = item["desired"], item["observed"]
    key = f"{item['namespace']}/{item['name']}"
    if want is None:
        return Action("delete", key, encode({"propagationPolicy": "Background"}))
    digest = hashlib.sha256(encode(want).encode()).hexdigest()[:16]
    if have is None:
        metadata = {"hash": digest, "name": item["name"]}
        return Action("create", key, encode({"metadata": metadata, "spec": want}))
    patch = list(diff(want, have, digest))
    return Action("patch", key, encode(patch)) if patch else None


async def yielding(objects: list[Object]) -> list[Action]:
    """Lets the event loop answer webhooks after every object."""
    plan = []
    for item in objects:
        if action := reconcile(item):
            plan.append(action)
        await asyncio.sleep(0)
    return plan


def without_pause(objects: list[Object]) -> list[Action]:
    return [action for item in objects if (action := reconcile(item))]


async def blocking(objects: list[Object]) -> list[Action]:
    return without_pause(objects)


async def threaded(objects: list[Object]) -> list[Action]:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, without_pause, objects)


def summary(plan: list[Action]) -> str:
    """`created/patched/deleted:digest`."""
    counts = Counter(action.verb for action in plan)
    text = "".join(f"{verb} {key} {body}\n" for verb, key, body in plan)
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return f"{counts['create']}/{counts['patch']}/{counts['delete']}:{digest}"


def objection(spec: Spec) -> str:
    _, colon, tag = spec["image"].rpartition(":")
    if not colon or tag == "latest":
        return "the image has no version"
    if spec["replicas"] > REPLICAS_MOST:
        return f"more than {REPLICAS_MOST} replicas"
    if "team" not in spec["labels"]:
        return "no label says whose it is"
    return ""


async def review(request: web.Request) -> web.Response:
    asked = await request.json()
    message = objection(asked["request"]["object"]["spec"])
    response: dict[str, Any] = {"uid": asked["request"]["uid"], "allowed": not message}
    if message:
        response["status"] = {"message": message}
    return web.json_response(
        {"apiVersion": asked["apiVersion"], "kind": asked["kind"], "response": response}
    )


class Controller:
    """An operation is a pass with webhook calls from its start to its end."""

    def __init__(self, objects: str, webhooks: str, rate: int, work: Pass) -> None:
        with open(objects, encoding="utf-8") as lines:
            self.objects: list[Object] = [json.loads(line) for line in lines]
        self.work = work
        self.passes_ns: list[int] = []
        self.loop = asyncio.new_event_loop()
        self.loop.run_until_complete(self.start(webhooks, rate))

    async def start(self, webhooks: str, rate: int) -> None:
        app = web.Application()
        app.router.add_post("/validate", review)
        self.runner = web.AppRunner(app, access_log=None, keepalive_timeout=3600)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        host, port = self.runner.addresses[0]
        self.webhooks = await asyncio.create_subprocess_exec(
            webhooks,
            f"http://{host}:{port}/validate",
            str(rate),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        await self.round()
        await self.tell("forget")
        self.passes_ns.clear()

    async def tell(self, command: str) -> None:
        self.webhooks.stdin.write(f"{command}\n".encode())
        await self.webhooks.stdin.drain()

    async def ask(self, command: str) -> bytes:
        await self.tell(command)
        line = await self.webhooks.stdout.readline()
        if not line:
            raise RuntimeError("the program that calls the webhook has ended")
        return line

    async def round(self) -> list[Action]:
        await self.tell("start")
        begin = time.perf_counter_ns()
        plan = await self.work(self.objects)
        self.passes_ns.append(time.perf_counter_ns() - begin)
        await self.ask("stop")
        return plan

    def __call__(self) -> str:
        return summary(self.loop.run_until_complete(self.round()))

    def figures(self) -> dict[str, tuple[float, str]]:
        report = json.loads(self.loop.run_until_complete(self.ask("report")))
        share = statistics.fmean(self.passes_ns) / BUDGET_NS
        return {
            "webhook_p50_ns": (report["p50_ns"], "ns"),
            "webhook_p99_ns": (report["p99_ns"], "ns"),
            "webhook_max_ns": (report["max_ns"], "ns"),
            "webhook_lag_ns": (report["lag_p99_ns"], "ns"),
            "webhook_calls": (report["calls"], "calls"),
            "budget_share": (share, "x"),
        }


def controller(items: str, webhooks: str, rate: int) -> Controller:
    return Controller(items, webhooks, rate, yielding)


def controller_blocking(items: str, webhooks: str, rate: int) -> Controller:
    return Controller(items, webhooks, rate, blocking)


def controller_thread(items: str, webhooks: str, rate: int) -> Controller:
    return Controller(items, webhooks, rate, threaded)


IMPLEMENTATIONS = {
    "controller": controller,
    "blocking": controller_blocking,
    "thread": controller_thread,
}


def prepare(directory: str, items: str | None, webhooks: str | None) -> list[str]:
    """Makes what was not given."""
    if not items:
        import generate_objects

        items = f"{directory}/items"
        generate_objects.generate(items, objects=5000, seed=1)
    if not webhooks:
        webhooks = f"{directory}/webhooks"
        source = Path(__file__).with_name("webhooks") / "main.go"
        subprocess.run(["go", "build", "-o", webhooks, source], check=True)
    return [items, webhooks]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--implementation", choices=IMPLEMENTATIONS, default="controller"
    )
    parser.add_argument("--items", help="default: 5,000 objects, made")
    parser.add_argument("--webhooks", help="the program; default: built with `go`")
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        items, webhooks = prepare(directory, args.items, args.webhooks)
        operation = IMPLEMENTATIONS[args.implementation](items, webhooks, args.rate)
        elapsed = []
        for _ in range(args.times):
            begin = time.perf_counter()
            answer = operation()
            elapsed.append(time.perf_counter() - begin)
        print(f"answer {answer}  median {statistics.median(elapsed) * 1e3:.1f} ms/op")
        for name, (value, unit) in operation.figures().items():
            print(f"{name} {value:.6g} {unit}")


if __name__ == "__main__":
    main()
