"""What the programs of `make bench-load` share: servers to load, runs of
`tandem load`, and the check that no request was lost from the books.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from figures import BUILD, TANDEM, verdict

Json = dict[str, Any]


class Server(NamedTuple):
    process: subprocess.Popen[str]
    url: str

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def stats(self) -> dict[str, int]:
        """Of an origin."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", "/stats")
        found = json.loads(connection.getresponse().read())
        connection.close()
        return found


@contextlib.contextmanager
def serving(*command: str | Path) -> Iterator[Server]:
    """A program that prints its address as its first line."""
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            url = process.stdout.readline().strip()
            if not url:
                raise SystemExit(f"{command[0]} did not start")
            yield Server(process, url)
        finally:
            process.kill()


def origin(*options: str) -> contextlib.AbstractContextManager[Server]:
    return serving(TANDEM, "origin", *options)


def go_server() -> contextlib.AbstractContextManager[Server]:
    return serving(BUILD / "bench" / "httpserver")


class Usage(NamedTuple):
    cpu_s: float  # of the whole life of the child
    peak_kib: int  # VmHWM; ru_maxrss would count the parent's pages too


class Loaded(NamedTuple):
    json: Json
    usage: Usage

    @property
    def failed(self) -> dict[str, int]:
        """The classes that have any."""
        return {key: n for key, n in self.json["failed"].items() if n}

    def latency(self, key: str) -> float:
        return self.json["latency_ms"][key]

    def books(self) -> tuple[bool, str]:
        """sent = answered + failed + censored, and the sentence that says so."""
        found, failed = self.json, sum(self.json["failed"].values())
        told = (
            f"sent {found['sent']} = answered {found['answered']} + failed {failed}"
            f" + censored {found['censored']}"
        )
        return (
            found["sent"] == found["answered"] + failed + found["censored"],
            told,
        )


def peak_kib(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) if found else 0


def measured(command: list[str | Path]) -> tuple[str, str, Usage]:
    """Runs it to its end: its output, what it complained of, what it cost."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        # wait4 is what says the child's CPU time, so nobody else may wait.
        process = subprocess.Popen(command, stdout=out, stderr=err)
        peak = 0
        while True:
            peak = max(peak, peak_kib(process.pid))
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        cpu_s = usage.ru_utime + usage.ru_stime
        return out.read(), err.read(), Usage(cpu_s, peak)


def load(url: str, *words: str) -> Loaded:
    """One `tandem load`; that it was invalid or had no answers is no error here."""
    out, err, usage = measured([TANDEM, "load", url, "--json", *words])
    if not out:
        raise SystemExit(f"tandem load {url} {' '.join(words)}: {err}")
    return Loaded(json.loads(out), usage)


def meanwhile(act: Callable[[], None], url: str, *words: str) -> Loaded:
    """A load, and something that is done at the same time."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as failure:  # reported below, whatever it is
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    found = load(url, *words)
    thread.join()
    if failures:
        raise failures[0]
    return found


def first_arrival_s(server: Server) -> float:
    """Waits for the first request to /queue; its CLOCK_MONOTONIC."""
    while not (first_ns := server.stats()["first_ns"]):
        time.sleep(0.002)
    return first_ns / 1e9


def sleep_until(at_s: float) -> None:
    time.sleep(max(0.0, at_s - time.monotonic()))


def verdict_within(
    what: str, found: float, expected: float, share: float, floor: float = 0.0
) -> None:
    """Milliseconds: within that share of what is expected, or floor."""
    verdict(
        abs(found - expected) <= max(share * expected, floor),
        what,
        f"{found:.2f} ms, theory {expected:.2f} ms ({found / expected - 1:+.1%})",
        f"within {share:.0%}" + (f" or {floor:g} ms" if floor else ""),
    )
