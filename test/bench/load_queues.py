"""Waiting times in a queue whose theory is known: M/D/1 and M/M/1.

`tandem origin` serves queues by virtual service; a Poisson load is split among
several of them at random, so each has Poisson arrivals of its own, and so many
requests come in little time.  The mean wait is that of one queue (Pollaczek 1930,
Khinchine 1932), in services, r the utilisation:

    M/D/1  r / (2 (1 - r))        M/M/1  r / (1 - r)

How many requests are needed?  Waits of neighbours are alike.  For M/M/1 n times the
variance of the mean of n, over the squared mean, tends to

    (2 + 5 r - 4 r^2 + r^3) / (r (1 - r)^2)

(Daley 1968; Whitt 1989, "Planning queueing simulations"), 29 at r = .5 and 62 at
.7; M/D/1 has about half of that, by simulation.  5 % shall be three standard
deviations: n = 3600 times that.

Of these figures 0.3 % miss by chance, and a pause of the machine makes a queue of
its own, so one that misses is measured again with another seed, and the second one
counts.

Services of 100 ms: what the machine and the generator add (0.1 ms; 1 ms where others
work beside) is part of the figure.  Services of 1 ms: what the same load has on
/delay/1ms, where nobody waits for another, before and after, is taken off; that
needs a quiet machine, or real-time priority, which is asked for.

An empty server is not a typical one: the warm-up is three relaxation times, of
1 / (1 - sqrt(r))^2 services each.
"""

from __future__ import annotations

import contextlib
import math
import os
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from figures import scratch, verdict
from loads import Loaded, load, origin, verdict_within

SHARE = 0.05
CONNECTIONS = 6000  # more than ever are in the queues at once


def mean_wait(law: str, rho: float) -> float:
    return rho / (1 - rho) / (2 if law == "constant" else 1)


def requests_needed(law: str, rho: float) -> float:
    relative = (2 + 5 * rho - 4 * rho**2 + rho**3) / (rho * (1 - rho) ** 2)
    return (3 / SHARE) ** 2 * relative / (2 if law == "constant" else 1)


class Queue(NamedTuple):
    law: str
    rho: float
    service_ms: int
    queues: int

    @property
    def rate(self) -> float:
        return self.rho * self.queues * 1e3 / self.service_ms

    def load(self, url: str, mix: Path, seconds: float, seed: int) -> Loaded:
        relaxation_ms = self.service_ms / (1 - math.sqrt(self.rho)) ** 2
        warmup = f"{max(1000, 3 * relaxation_ms):.0f}ms"
        return load(
            url,
            *("--requests", str(mix), "--rate", f"{self.rate:g}"),
            *("--arrivals", "poisson", "--seed", str(seed), "--warmup", warmup),
            *("--duration", f"{seconds}s", "--connections", str(CONNECTIONS)),
        )

    def measure(self, out: Path, seed: int) -> tuple[float, Loaded]:
        """The mean wait in ms, and the load that had it."""
        mix, alone = out / "mix", out / "alone"
        mix.write_text("".join(f"GET /queue/{i}\n" for i in range(self.queues)))
        alone.write_text(f"GET /delay/{self.service_ms}ms/x\n")
        seconds = math.ceil(requests_needed(self.law, self.rho) / self.rate)
        alone_ms = [float(self.service_ms)]
        options = ("--service-law", self.law, "--seed", str(seed))
        with origin("--service", f"{self.service_ms}ms", *options) as server:
            if self.service_ms == 1:
                alone_ms = [self.load(server.url, alone, 5, seed).latency("mean")]
            found = self.load(server.url, mix, seconds, seed)
            if self.service_ms == 1:
                alone_ms += [self.load(server.url, alone, 5, seed).latency("mean")]
        return found.latency("mean") - statistics.fmean(alone_ms), found


def hold(out: Path, queue: Queue) -> None:
    theory = queue.service_ms * mean_wait(queue.law, queue.rho)
    name = "M/D/1" if queue.law == "constant" else "M/M/1"
    name += f", utilisation {queue.rho}, service {queue.service_ms} ms"
    for seed in (1, 2):
        wait, found = queue.measure(out, seed)
        if abs(wait / theory - 1) <= SHARE:
            break
        print(f"{name}: {wait:.2f} ms with seed {seed}", flush=True)
    verdict_within(f"{name}, mean wait", wait, theory, SHARE)
    books, told = found.books()
    verdict(books and not found.failed, f"{name}, accounting", told, "none lost")


@contextlib.contextmanager
def undisturbed() -> Iterator[str]:
    """Where this user may: server and generator before all that others run."""
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        yield "at the usual priority, so others disturb"
        return
    try:
        yield "at real-time priority"
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


def main() -> int:
    with scratch() as out:
        for law in ("constant", "exponential"):
            for rho in (0.5, 0.7):
                hold(out, Queue(law, rho, service_ms=100, queues=1024))
        with undisturbed() as how:
            print(f"services of 1 ms: {how}", flush=True)
            hold(out, Queue("constant", 0.7, service_ms=1, queues=4))
    return 0


if __name__ == "__main__":
    sys.exit(main())
