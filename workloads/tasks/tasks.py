"""Start many tasks that wait for one event, release them, wait for all.

The answer is the sum of the numbers that the tasks return. Besides, figures
say how much memory a waiting task takes, and how long it takes to create and
to finish one.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import threading
import time
from collections.abc import Callable
from time import perf_counter_ns
from typing import NamedTuple


class Result(NamedTuple):
    total: int
    create_ns: int  # until all wait
    finish_ns: int  # from the release on
    seen: int  # what look() returned while all waited


def nothing() -> int:
    return 0


async def with_asyncio(tasks: int, look: Callable[[], int]) -> Result:
    release = asyncio.Event()
    waiting = 0

    async def wait(number: int) -> int:
        nonlocal waiting
        waiting += 1
        await release.wait()
        return number

    begun = perf_counter_ns()
    started = [asyncio.create_task(wait(number)) for number in range(tasks)]
    while waiting < tasks:
        await asyncio.sleep(0)
    create_ns = perf_counter_ns() - begun
    seen = look()
    released = perf_counter_ns()
    release.set()
    total = sum(await asyncio.gather(*started))
    return Result(total, create_ns, perf_counter_ns() - released, seen)


def with_threads(tasks: int, look: Callable[[], int]) -> Result:
    release = threading.Event()
    waiting = threading.Semaphore(0)
    numbers: list[int] = []

    def wait(number: int) -> None:
        waiting.release()
        release.wait()
        numbers.append(number)

    begun = perf_counter_ns()
    started = [threading.Thread(target=wait, args=(i,)) for i in range(tasks)]
    for thread in started:
        thread.start()
    for _ in started:
        waiting.acquire()
    create_ns = perf_counter_ns() - begun
    seen = look()
    released = perf_counter_ns()
    release.set()
    for thread in started:
        thread.join()
    return Result(sum(numbers), create_ns, perf_counter_ns() - released, seen)


def rss_bytes() -> int:
    with open("/proc/self/smaps_rollup") as lines:
        return next(int(s.split()[1]) for s in lines if s.startswith("Rss:")) * 1024


class Operation:
    """An operation, and what is said of all of them in the end."""

    def __init__(self, tasks: int, run: Callable[..., Result]) -> None:
        self.tasks = tasks
        self.run = run
        self.times = 0
        self.create_ns = 0
        self.finish_ns = 0
        # Only in a process that has had no tasks yet is the growth all theirs.
        before = rss_bytes()
        self.task_bytes = (run(tasks, rss_bytes).seen - before) / tasks

    def __call__(self) -> int:
        result = self.run(self.tasks, nothing)
        self.times += 1
        self.create_ns += result.create_ns
        self.finish_ns += result.finish_ns
        return result.total

    def figures(self) -> dict[str, tuple[float, str]]:
        each = self.tasks * max(self.times, 1)
        return {
            "task_bytes": (self.task_bytes, "B"),
            "create_ns": (self.create_ns / each, "ns"),
            "finish_ns": (self.finish_ns / each, "ns"),
        }


def asyncio_tasks(tasks: int) -> Callable[[], int]:
    return Operation(tasks, lambda n, look: asyncio.run(with_asyncio(n, look)))


def os_threads(tasks: int) -> Callable[[], int]:
    return Operation(tasks, with_threads)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    implementations = {"tasks": asyncio_tasks, "threads": os_threads}
    parser.add_argument("--implementation", choices=implementations, default="tasks")
    parser.add_argument("--tasks", type=int, default=2000)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    operation = implementations[args.implementation](args.tasks)
    elapsed = []
    for _ in range(args.times):
        start = time.perf_counter()
        answer = operation()
        elapsed.append(time.perf_counter() - start)
    print(f"answer {answer}  median {statistics.median(elapsed) * 1e3:.3f} ms/op")
    for name, (value, unit) in operation.figures().items():
        print(f"{name} {value:.0f} {unit}")


if __name__ == "__main__":
    main()
