"""Decode a batch of events, route each by its type, count by tenant.

The answer is a digest of the table of a batch, or of all: a row a tenant.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, repeat
from typing import Any

BATCH = 100
TAIL_LEAST = 1000  # of fewer batches a p99.9 is only the slowest


@dataclass
class Totals:
    """What is known of a tenant after a batch."""

    orders: int = 0
    revenue: int = 0
    payments: int = 0
    settled: int = 0
    views: int = 0
    milliseconds: int = 0
    users: set[int] = field(default_factory=set)
    errors: Counter[int] = field(default_factory=Counter)

    def add(self, other: Totals) -> None:
        self.orders += other.orders
        self.revenue += other.revenue
        self.payments += other.payments
        self.settled += other.settled
        self.views += other.views
        self.milliseconds += other.milliseconds
        self.users |= other.users
        self.errors += other.errors

    def __str__(self) -> str:
        errors = ",".join(f"{code}:{n}" for code, n in sorted(self.errors.items()))
        return (
            f"{self.orders} {self.revenue} {self.payments} {self.settled} "
            f"{self.views} {self.milliseconds} {len(self.users)} {errors}"
        )


Data = Any  # a dict of what the type has


def page_viewed(totals: Totals, data: Data) -> None:
    totals.views += 1
    totals.milliseconds += data["milliseconds"]


def user_signed_in(totals: Totals, data: Data) -> None:
    totals.users.add(data["user"])


def order_created(totals: Totals, data: Data) -> None:
    totals.orders += 1
    totals.revenue += sum(line["quantity"] * line["cents"] for line in data["lines"])


def payment_settled(totals: Totals, data: Data) -> None:
    totals.payments += 1
    totals.settled += data["cents"]


def error_raised(totals: Totals, data: Data) -> None:
    totals.errors[data["code"]] += 1


HANDLERS: dict[str, Callable[[Totals, Data], None]] = {
    "page.viewed": page_viewed,
    "user.signed_in": user_signed_in,
    "order.created": order_created,
    "payment.settled": payment_settled,
    "error.raised": error_raised,
}


def process(batch: list[bytes]) -> dict[str, Totals]:
    tenants: defaultdict[str, Totals] = defaultdict(Totals)
    for line in batch:
        event = json.loads(line)
        handle = HANDLERS[event["type"]]
        handle(tenants[event["tenant"]], event["data"])
    return tenants


def merge(tenants: dict[str, Totals], more: dict[str, Totals]) -> None:
    for name, totals in more.items():
        tenants[name].add(totals)


def digest(tenants: dict[str, Totals]) -> str:
    table = "".join(f"{name} {totals}\n" for name, totals in sorted(tenants.items()))
    return hashlib.sha256(table.encode()).hexdigest()[:16]


def read(batches: str) -> list[list[bytes]]:
    with open(batches, "rb") as file:
        lines = file.readlines()
    return [lines[i : i + BATCH] for i in range(0, len(lines), BATCH)]


class Consumer:
    """Takes one batch after the other, again and again."""

    def __init__(self, batches: list[list[bytes]]) -> None:
        self.batches = cycle(batches)
        self.took_ns: list[int] = []

    def __call__(self) -> str:
        start = time.perf_counter_ns()
        answer = digest(process(next(self.batches)))
        self.took_ns.append(time.perf_counter_ns() - start)
        return answer

    def figures(self) -> dict[str, tuple[float, str]]:
        batches = len(self.took_ns)
        rate = batches * BATCH * 1e9 / sum(self.took_ns)
        figures = {"events_per_s": (rate, "1/s")}
        if batches >= TAIL_LEAST:
            rank = math.ceil(0.999 * batches)
            figures["batch_p999_ns"] = (sorted(self.took_ns)[rank - 1], "ns")
        return figures


def consumer(batches: str) -> Consumer:
    return Consumer(read(batches))


stream: list[list[bytes]] = []  # of a consumer in a process of its own


def consume(part: int, parts: int) -> dict[str, Totals]:
    """The totals of every parts-th batch."""
    tenants: defaultdict[str, Totals] = defaultdict(Totals)
    for batch in stream[part::parts]:
        merge(tenants, process(batch))
    return tenants


class Consumers:
    """Have all batches processed, each consumer its part of them."""

    def __init__(self, batches: str, consumers: int) -> None:
        from concurrent.futures import ProcessPoolExecutor

        stream.extend(read(batches))
        self.events = sum(map(len, stream))
        self.parts = range(consumers)
        self.pool = ProcessPoolExecutor(consumers)
        self.took_ns: list[int] = []
        self()  # starts the processes, which hold the stream
        self.took_ns.clear()

    def __call__(self) -> str:
        start = time.perf_counter_ns()
        tenants: defaultdict[str, Totals] = defaultdict(Totals)
        for totals in self.pool.map(consume, self.parts, repeat(len(self.parts))):
            merge(tenants, totals)
        answer = digest(tenants)
        self.took_ns.append(time.perf_counter_ns() - start)
        return answer

    def figures(self) -> dict[str, tuple[float, str]]:
        rate = len(self.took_ns) * self.events * 1e9 / sum(self.took_ns)
        return {"events_per_s": (rate, "1/s")}


def all_consumers(batches: str, consumers: int) -> Consumers:
    return Consumers(batches, consumers)


def measure(batches: str, consumers: int, times: int) -> None:
    if consumers > 1:
        operation = all_consumers(batches, consumers)
    else:
        operation = consumer(batches)
    elapsed = []
    for _ in range(times):
        start = time.perf_counter()
        answer = operation()
        elapsed.append(time.perf_counter() - start)
    rate, _ = operation.figures()["events_per_s"]
    median = statistics.median(elapsed) * 1e3
    print(f"answer {answer}  median {median:.3f} ms/op  {rate:,.0f} events/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batches", help="default: 100,000 events, made")
    parser.add_argument("--consumers", type=int, default=1, help="more: all batches")
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    if args.batches:
        measure(args.batches, args.consumers, args.times)
        return
    import generate_events

    with tempfile.TemporaryDirectory() as directory:
        batches = os.path.join(directory, "batches")
        generate_events.generate(batches, events=100000, seed=1)
        measure(batches, args.consumers, args.times)


if __name__ == "__main__":
    main()
