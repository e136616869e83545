"""Replace some of many live records, again and again: what does the garbage
collector add to the slowest operations?

The live records are the newest ones. Their amounts follow from their
numbers, so that the sum over all of them, the answer, stays the same.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice


@dataclass(slots=True)
class Record:
    number: int
    key: str
    amounts: list[int]


def make_record(number: int) -> Record:
    return Record(number, f"record-{number:012d}", [number % 1000, number % 7])


class Window:
    """The newest records; the sum of their first amounts."""

    def __init__(self, live: int) -> None:
        self.records = deque(map(make_record, range(live)), maxlen=live)
        self.next = live
        self.total = sum(record.amounts[0] for record in self.records)

    def replace(self, count: int) -> int:
        numbers = range(self.next, self.next + count)
        arrived = [make_record(number) for number in numbers]
        self.next += count
        self.total -= sum(record.amounts[0] for record in islice(self.records, count))
        self.total += sum(record.amounts[0] for record in arrived)
        self.records.extend(arrived)  # and so drops as many of the oldest
        return self.total


def default(live: int, replaced: int) -> Callable[[], int]:
    window = Window(live)
    return lambda: window.replace(replaced)


def gc_off(live: int, replaced: int) -> Callable[[], int]:
    """Nothing here is a cycle, so that reference counts free everything."""
    gc.disable()
    return default(live, replaced)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    implementations = {"default": default, "gc-off": gc_off}
    parser.add_argument("--implementation", choices=implementations, default="default")
    parser.add_argument("--live", type=int, default=1000000)
    parser.add_argument("--replaced", type=int, default=1000)
    parser.add_argument("--times", type=int, default=4000)
    args = parser.parse_args()
    operation = implementations[args.implementation](args.live, args.replaced)
    elapsed = []
    for _ in range(args.times):
        start = time.perf_counter()
        answer = operation()
        elapsed.append((time.perf_counter() - start) * 1e3)
    elapsed.sort()
    median, p999 = (elapsed[int(share * len(elapsed))] for share in (0.5, 0.999))
    print(
        f"answer {answer}  median {median:.3f} ms/op"
        f"  p99.9 {p999:.3f} ms  max {elapsed[-1]:.3f} ms"
    )


if __name__ == "__main__":
    main()
