"""Count the primes below n by trial division."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable


def count_primes(limit: int) -> int:
    count = 0
    for candidate in range(2, limit):
        for divisor in range(2, int(candidate**0.5) + 1):
            if candidate % divisor == 0:
                break
        else:
            count += 1
    return count


def trial(n: int) -> Callable[[], int]:
    return lambda: count_primes(n)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--n", type=int, default=20000)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    operation = trial(args.n)
    elapsed = []
    for _ in range(args.times):
        start = time.perf_counter()
        answer = operation()
        elapsed.append(time.perf_counter() - start)
    print(f"answer {answer}  median {statistics.median(elapsed) * 1e3:.3f} ms/op")


if __name__ == "__main__":
    main()
