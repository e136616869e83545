"""Count the primes below n by trial division, in several workers at once.

The range is cut into chunks of equal length, more of them than workers,
because the later ones take longer; a worker that is done takes the next. Each
factory imports its own pool, so that a process holds only what it measures.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable


def count_primes(numbers: range) -> int:
    count = 0
    for candidate in numbers:
        for divisor in range(2, int(candidate**0.5) + 1):
            if candidate % divisor == 0:
                break
        else:
            count += 1
    return count


def split(limit: int, chunks: int) -> list[range]:
    """The numbers from 2 to limit - 1, in chunks of almost equal length."""
    edges = [2 + (limit - 2) * i // chunks for i in range(chunks + 1)]
    return [range(start, stop) for start, stop in zip(edges, edges[1:])]


def one(n: int) -> Callable[[], int]:
    return lambda: count_primes(range(2, n))


def threads(n: int, workers: int, chunks: int) -> Callable[[], int]:
    from concurrent.futures import ThreadPoolExecutor

    pool = ThreadPoolExecutor(workers)
    return lambda: sum(pool.map(count_primes, split(n, chunks)))


def processes(n: int, workers: int, chunks: int) -> Callable[[], int]:
    """The processes start with the first operation and stay."""
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers)
    return lambda: sum(pool.map(count_primes, split(n, chunks)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    implementations = {"one": one, "threads": threads, "processes": processes}
    parser.add_argument("--implementation", choices=implementations, default="one")
    parser.add_argument("--n", type=int, default=200000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--chunks", type=int, default=32)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    if args.implementation == "one":
        operation = one(args.n)
    else:
        factory = implementations[args.implementation]
        operation = factory(args.n, args.workers, args.chunks)
    elapsed = []
    for _ in range(args.times):
        start = time.perf_counter()
        answer = operation()
        elapsed.append(time.perf_counter() - start)
    print(f"answer {answer}  median {statistics.median(elapsed) * 1e3:.3f} ms/op")


if __name__ == "__main__":
    main()
