"""Count the error patterns in a log of JSON lines, in four ways.

An error is an entry of level ERROR; its pattern is the part of its message
before the first colon. The answer is a digest of the table of counts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable

ERROR = re.compile(rb'"level":"ERROR".*"message":"([^:"]*):')


def digest(patterns: Counter[str]) -> str:
    table = "".join(f"{name} {n}\n" for name, n in sorted(patterns.items()))
    return hashlib.sha256(table.encode()).hexdigest()[:16]


def pattern(entry: dict) -> str:
    return entry["message"].partition(":")[0]


def decoded(patterns: Counter[bytes]) -> Counter[str]:
    return Counter({name.decode(): n for name, n in patterns.items()})


def json_stream(log: str) -> Callable[[], str]:
    """Decode line by line, hold one entry at a time."""

    def operation() -> str:
        patterns = Counter()
        with open(log, encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                if entry["level"] == "ERROR":
                    patterns[pattern(entry)] += 1
        return digest(patterns)

    return operation


def json_load_all(log: str) -> Callable[[], str]:
    """Decode every entry into memory first, then count."""

    def operation() -> str:
        with open(log, encoding="utf-8") as lines:
            entries = [json.loads(line) for line in lines]
        return digest(Counter(pattern(e) for e in entries if e["level"] == "ERROR"))

    return operation


def regex(log: str) -> Callable[[], str]:
    """Search every line for one regular expression; decode no JSON."""

    def operation() -> str:
        patterns = Counter()
        with open(log, "rb") as lines:
            for line in lines:
                match = ERROR.search(line)
                if match:
                    patterns[match[1]] += 1
        return digest(decoded(patterns))

    return operation


def substring(log: str) -> Callable[[], str]:
    """Look for the bytes that mark an error, cut the pattern out."""

    def operation() -> str:
        patterns = Counter()
        with open(log, "rb") as lines:
            for line in lines:
                if b'"level":"ERROR"' in line:
                    _, _, message = line.partition(b'"message":"')
                    patterns[message.partition(b":")[0]] += 1
        return digest(decoded(patterns))

    return operation


IMPLEMENTATIONS = {
    "json-stream": json_stream,
    "json-load-all": json_load_all,
    "regex": regex,
    "substring": substring,
}


def measure(factory: Callable, log: str, times: int) -> None:
    operation = factory(log=log)
    elapsed = []
    for _ in range(times):
        start = time.perf_counter()
        answer = operation()
        elapsed.append(time.perf_counter() - start)
    print(f"answer {answer}  median {statistics.median(elapsed):.3f} s/op")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--implementation", choices=IMPLEMENTATIONS, default="json-stream"
    )
    parser.add_argument("--log", help="default: one of 100,000 entries, made")
    parser.add_argument("--times", type=int, default=3)
    args = parser.parse_args()
    factory = IMPLEMENTATIONS[args.implementation]
    if args.log:
        measure(factory, args.log, args.times)
        return
    import generate

    with tempfile.TemporaryDirectory() as directory:
        log = os.path.join(directory, "log")
        generate.generate(log, entries=100000, seed=1)
        measure(factory, log, args.times)


if __name__ == "__main__":
    main()
