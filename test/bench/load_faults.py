"""Servers that break: is every request accounted for, in the right class, and
does the generator's memory stay bounded?

Memory is the peak resident set of the whole process, its code, its histograms and
its connections included.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import NamedTuple

from figures import scratch, verdict
from loads import (
    Loaded,
    Server,
    first_arrival_s,
    load,
    meanwhile,
    origin,
    sleep_until,
)

MANY = 10000
MIB = 1024


class Fault(NamedTuple):
    path: str
    must: str | None  # the class of failure
    may: str | None = None  # another one that may come with it
    words: tuple[str, ...] = ()
    answers: bool = False  # some requests are answered

    def is_right(self, found: Loaded) -> bool:
        wanted = {self.must} - {None}
        return (
            wanted <= set(found.failed) <= (wanted | {self.may})
            and (found.json["answered"] > 0) == self.answers
        )


OPEN = ("--rate", "500")
SHORT = ("--rate", "500", "--timeout", "1s")

# A connection that ends while it waits for an answer may have ended before the
# request came: idle_reset; that is a matter of microseconds.
FAULTS = (
    Fault("/drip/100ms/1kB", "timeout", words=SHORT),
    Fault("/header/1GB", "bad_http", words=OPEN),
    Fault("/endless", "timeout", words=SHORT),
    Fault("/hang", "timeout", words=SHORT),
    Fault("/short", "short_body", words=OPEN),
    Fault("/reset", "reset", words=OPEN),
    Fault("/close", "reset", words=OPEN),
    Fault("/garbage", "bad_http", words=OPEN),
    Fault("/status/500", "status_5xx", words=OPEN),
    Fault("/wrong", "body", words=(*OPEN, "--expect-body", "{right}")),
    Fault("/chunked", None, words=(*OPEN, "--expect-body", "{right}"), answers=True),
    Fault("/bye", None, words=OPEN, answers=True),
    Fault("/bye", "idle_reset", "reset", words=("--closed",), answers=True),
)


def check(name: str, found: Loaded, right: bool, limit_kib: int, target: str) -> None:
    books, told = found.books()
    peak = found.usage.peak_kib
    verdict(
        books and right and peak <= limit_kib,
        name,
        f"{told}; {found.failed}; {peak / MIB:.1f} MiB",
        f"{target}, at most {limit_kib / MIB:g} MiB",
    )


def fault(out: Path, fault: Fault) -> None:
    """64 connections."""
    right_body = out / "body"
    right_body.write_text("ok\n")
    words = [word.format(right=right_body) for word in fault.words]
    with origin("--idle", "30s") as server:
        found = load(
            server.url + fault.path, *("--duration", "3s", "--warmup", "0s", *words)
        )
    rate = found.json["requested_rate"]
    check(
        f"{fault.path}, {'500/s' if rate else 'closed loop'}",
        found,
        fault.is_right(found) and (not rate or found.json["sent"] == 3 * rate),
        24 * MIB,
        fault.must or "no failure",
    )


def many_connections() -> None:
    with origin() as server:
        found = load(
            server.url + "/queue",
            *("--connections", str(MANY), "--rate", str(MANY), "--duration", "5s"),
        )
        most = server.stats()["most_open"]
    right = most >= MANY and not found.failed and found.json["answered"] == 5 * MANY
    check(
        f"{MANY} connections at once ({most} counted by the server)",
        found,
        right,
        100 * MIB,
        f"{5 * MANY} answered",
    )


def dies_and_returns() -> None:
    """Dead from 2 s to 3 s of 6 s."""
    with origin() as first:
        port = str(first.port)
        second: list[Server] = []

        def act() -> None:
            begin_s = first_arrival_s(first)
            sleep_until(begin_s + 2)
            first.process.kill()
            first.process.wait()
            sleep_until(begin_s + 3)
            again = origin("--port", port)
            second.append(again.__enter__())
            time.sleep(5)
            again.__exit__(None, None, None)

        found = meanwhile(
            act,
            f"{first.url}/queue",
            *("--rate", "1000", "--duration", "6s", "--warmup", "0s"),
        )
    seconds = found.json["seconds"]
    right = (
        found.json["sent"] == 6000
        and "connect_refused" in found.failed
        and set(found.failed) <= {"connect_refused", "reset", "idle_reset"}
        and all(seconds[i]["answered"] == 1000 for i in (0, 1, 4, 5))
    )
    check(
        "a server dead for the 3rd second of 6",
        found,
        right,
        24 * MIB,
        "refused while dead, all answered in the other whole seconds",
    )


def main() -> int:
    with scratch() as out:
        for each in FAULTS:
            fault(out, each)
    dies_and_returns()
    many_connections()
    return 0


if __name__ == "__main__":
    sys.exit(main())
