"""tandem and wrk in turns against one Go server: closed loop, one thread,
64 connections.  Requests in a second, and CPU time of the whole process for
each of them.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
from typing import NamedTuple

from figures import verdict
from loads import Server, go_server, load, measured

ROUNDS, SECONDS = 5, 6
THREADS, CONNECTIONS = "1", "64"


class Figures(NamedTuple):
    rate: float
    cpu_us: float


def by_tandem(server: Server) -> Figures:
    found = load(
        server.url + "/",
        *("--closed", "--warmup", "0s", "--duration", f"{SECONDS}s"),
        *("--threads", THREADS, "--connections", CONNECTIONS),
    )
    books, told = found.books()
    if not books or found.failed:
        raise SystemExit(f"tandem load: {told}, {found.failed}")
    answered = found.json["answered"]
    return Figures(answered / SECONDS, found.usage.cpu_s / answered * 1e6)


def by_wrk(server: Server) -> Figures:
    out, err, usage = measured(
        ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{SECONDS}s", server.url + "/"]
    )
    found = re.search(r"(\d+) requests in ([\d.]+)s", out)
    if not found or "Non-2xx" in out or "Socket errors" in out:
        raise SystemExit(f"wrk: {out}{err}")
    answered = int(found[1])
    return Figures(answered / float(found[2]), usage.cpu_s / answered * 1e6)


def main() -> int:
    if not shutil.which("wrk"):
        raise SystemExit("wrk is not here: scripts/deps --with dev")
    ours: list[Figures] = []
    theirs: list[Figures] = []
    with go_server() as server:
        by_tandem(server)  # warms the server up
        for number in range(ROUNDS):
            ways = [(ours, by_tandem), (theirs, by_wrk)]
            for found, way in ways if number % 2 else reversed(ways):
                found.append(way(server))
            print(
                f"{number + 1}: tandem {ours[-1].rate:.0f}/s {ours[-1].cpu_us:.2f} us,"
                f" wrk {theirs[-1].rate:.0f}/s {theirs[-1].cpu_us:.2f} us",
                flush=True,
            )
    rates = [statistics.median(f.rate for f in found) for found in (ours, theirs)]
    costs = [statistics.median(f.cpu_us for f in found) for found in (ours, theirs)]
    verdict(
        rates[0] >= 0.98 * rates[1],
        "closed loop, requests in a second against wrk's",
        f"{rates[0]:.0f} / {rates[1]:.0f} = {rates[0] / rates[1]:.3f}",
        "at least 0.98",
    )
    verdict(
        costs[0] <= costs[1],
        "closed loop, CPU per request against wrk's",
        f"{costs[0]:.2f} / {costs[1]:.2f} us = {costs[0] / costs[1]:.3f}",
        "at most 1",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
