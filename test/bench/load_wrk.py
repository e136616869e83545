"""tandem and wrk in turns against one Go server: closed loop, one thread,
64 connections.  Requests in a second, and CPU time of the whole process for
each of them.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
from collections.abc import Callable
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


def hold(
    what: str,
    pairs: list[tuple[float, float]],
    is_met: Callable[[float], bool],
    target: str,
) -> None:
    """The median of the ratios of neighbours: what disturbs one, disturbs both."""
    ratios = sorted(ours / theirs for ours, theirs in pairs)
    ratio = statistics.median(ratios)
    ours, theirs = (statistics.median(side) for side in zip(*pairs))
    verdict(
        is_met(ratio),
        f"closed loop against wrk, {what}",
        f"ratio {ratio:.3f} ({ratios[0]:.3f} to {ratios[-1]:.3f}; medians {ours:.4g}"
        f" and {theirs:.4g})",
        target,
    )


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
    hold(
        "requests in a second",
        [(our.rate, their.rate) for our, their in zip(ours, theirs)],
        lambda ratio: ratio >= 0.98,
        "at least 0.98",
    )
    hold(
        "CPU us for a request",
        [(our.cpu_us, their.cpu_us) for our, their in zip(ours, theirs)],
        lambda ratio: ratio <= 1,
        "at most 1",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
