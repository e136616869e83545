"""Decode a batch of events, route each by its type, count by tenant.

The answer is a digest of the table of a batch, or of all: a row a tenant.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, repeat
from typing import Any


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


def read(batches: str, batch: int) -> list[list[bytes]]:
    with open(batches, "rb") as file:
        lines = file.readlines()
    return [lines[i : i + batch] for i in range(0, len(lines), batch)]


class Consumer:
    """Takes one batch after the other, again and again."""

    def __init__(self, batches: str, batch: int) -> None:
        self.batches = cycle(read(batches, batch))
        self.events = 0
        self.took_ns = 0

    def __call__(self) -> str:
        start = time.perf_counter_ns()
        batch = next(self.batches)
        answer = digest(process(batch))
        self.took_ns += time.perf_counter_ns() - start
        self.events += len(batch)
        return answer

    def figures(self) -> dict[str, tuple[float, str]]:
        return {"events_per_s": (self.events * 1e9 / self.took_ns, "1/s")}


stream: list[list[bytes]] = []  # of a consumer in a process of its own


def load(batches: str, batch: int) -> None:
    stream.extend(read(batches, batch))


def consume(part: int, parts: int) -> dict[str, Totals]:
    """The totals of every parts-th batch."""
    tenants: defaultdict[str, Totals] = defaultdict(Totals)
    for batch in stream[part::parts]:
        merge(tenants, process(batch))
    return tenants


class Consumers:
    """Have all batches processed, each consumer its part of them."""

    events = 0
    took_ns = 0

    def __init__(self, batches: str, batch: int, events: int, consumers: int) -> None:
        from concurrent.futures import ProcessPoolExecutor

        self.pool = ProcessPoolExecutor(
            consumers, initializer=load, initargs=(batches, batch)
        )
        self.parts = range(consumers)
        self.stream_events = events
        self()  # starts the processes, which read the stream
        self.events = self.took_ns = 0

    def __call__(self) -> str:
        start = time.perf_counter_ns()
        tenants: defaultdict[str, Totals] = defaultdict(Totals)
        for totals in self.pool.map(consume, self.parts, repeat(len(self.parts))):
            merge(tenants, totals)
        answer = digest(tenants)
        self.took_ns += time.perf_counter_ns() - start
        self.events += self.stream_events
        return answer

    def figures(self) -> dict[str, tuple[float, str]]:
        return {"events_per_s": (self.events * 1e9 / self.took_ns, "1/s")}


def consumer(batches: str, batch: int) -> Consumer:
    return Consumer(batches, batch)


def all_consumers(batches: str, batch: int, events: int, consumers: int) -> Consumers:
    return Consumers(batches, batch, events, consumers)


def measure(operation: Consumer | Consumers, times: int) -> None:
    elapsed = []
    for _ in range(times):
        start = time.perf_counter()
        answer = operation()
        elapsed.append(time.perf_counter() - start)
    per_s, _ = operation.figures()["events_per_s"]
    median = statistics.median(elapsed) * 1e3
    print(f"answer {answer}  median {median:.3f} ms/op  {per_s:,.0f} events/s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--batches", help="default: made")
    parser.add_argument("--events", type=int, default=100000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--consumers", type=int, default=1, help="more: all batches")
    parser.add_argument("--times", type=int, default=20)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        batches = args.batches
        if not batches:
            import generate_events

            batches = os.path.join(directory, "batches")
            generate_events.generate(batches, args.events, args.batch, seed=1)
        if args.consumers > 1:
            operation = Consumers(batches, args.batch, args.events, args.consumers)
        else:
            operation = Consumer(batches, args.batch)
        measure(operation, args.times)


if __name__ == "__main__":
    main()
