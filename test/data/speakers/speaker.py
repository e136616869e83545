"""The worker protocol (drivers/PROTOCOL.md, version 1) in plain Python."""

from __future__ import annotations

import array
import os
import sys
import time
import traceback
from collections.abc import Callable
from urllib.parse import quote, unquote


def count_primes(limit: int) -> int:
    count = 0
    for candidate in range(2, limit):
        for divisor in range(2, int(candidate**0.5) + 1):
            if candidate % divisor == 0:
                break
        else:
            count += 1
    return count


def batch(fields: dict[str, str], operation: Callable[[], object], expected: str | None):
    """One batch: the answer, and the fields of the line `done`."""
    count, loops, warm, warm_ns = (int(fields[k]) for k in ("count", "loops", "warm", "warm_ns"))
    readings = array.array("Q", bytes(16 * count))
    clock = time.monotonic_ns
    warmed, begin = 0, clock()
    while warmed < warm or clock() - begin < warm_ns:
        operation()
        warmed += 1
    cpu, answer, wrong = time.process_time_ns(), expected, False
    for i in range(count):
        start = clock()
        for _ in range(loops):
            result = operation()
        end = clock()
        readings[2 * i], readings[2 * i + 1] = start, end
        answer = str(result)
        if answer != (expected := expected or answer):
            wrong = True
            break
    cpu = time.process_time_ns() - cpu
    os.pwrite(int(os.environ["TANDEM_SAMPLES"]), readings, 64)
    done = {"count": count, "warm": warmed, "answer": answer, "cpu_ns": cpu}
    return expected, done | ({"wrong": 1} if wrong else {})


def main() -> None:
    if "TANDEM_CONTROL" not in os.environ:
        sys.exit(f"started by hand: {count_primes(20000)} primes below 20000")
    control = open(int(os.environ["TANDEM_CONTROL"]), "r+b", buffering=0)

    def say(verb: str, **fields: object) -> None:
        words = (f" {name}={quote(str(value), safe='/:,+*')}" for name, value in fields.items())
        control.write((verb + "".join(words) + "\n").encode())

    say("hello", protocol=1, runtime="python", version=sys.version.split()[0])
    operation, expected, batches = None, None, 0
    while line := control.readline().decode().split():
        fields = {k: unquote(v) for k, v in (word.split("=", 1) for word in line[1:])}
        try:
            if line[0] == "setup":
                limit, expected = int(fields["p.n"]), fields.get("answer")
                operation = lambda: count_primes(limit)  # noqa: E731
                say("ready")
            elif line[0] == "run":
                expected, done = batch(fields, operation, expected)
                say("done", **done)
                batches += 1
            else:
                say("figure", name="batches", value=batches, unit="batches")
                break
        except Exception:
            say("error", message=traceback.format_exc())


main()
