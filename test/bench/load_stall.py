"""The stall proof: does a server that stops for a second show in the figures
as it would to those who come by the clock?

The server is stopped (SIGSTOP) for X seconds once in P seconds, n times, while
requests come at rate l.  It answers at rate u when it catches up (measured here:
closed loop, as many connections), r = l/u.  Take a request that is due v seconds
after a stall's beginning.  l v others are before it, so it is answered X + r v
after that beginning: its latency is X - (1 - r) v, until that is as small as an
undisturbed one, s.  A latency above q is thus had by those with
v < (X - q) / (1 - r): a share n (X - q) / ((1 - r) T) of all, T being the measured
time.  That this is 1 - p gives

    Q(p) = max(s, X - (1 - p) (1 - r) T / n)        (T / n = P)

It does not depend on the number of connections: those that are due while every
connection is stuck wait in the generator in place of the server.

A stall under way when time ends: n whole stalls and one that begins Y < X before
the end of T.  Requests stop coming then, but those that came are awaited (the
drain), and the last stall's have latencies as above with v < Y: none of them is
below X - (1 - r) Y.  With a = (1 - p) T, the time of coming of the slowest,

    Q(p) = X - (1 - r) a / (n + 1)          where a <= (n + 1) Y,
           X - (1 - r) (a - Y) / n          above that.

A server that does not return within the drain D of the end: nothing is answered
after the stall's beginning.  The first c of it, c = connections, are sent and time
out D after their sending (D is the time-out too), and count as failed, at that
age; the others are censored at their age at the end, Y + D - v, with v from c/l to
Y.  Where D > X those are the slowest:

    Q(p) = Y + D - c/l - a                  where a <= Y - c/l,
           X - (1 - r) (a - Y) / n          where a > Y.

With c/l < Y only; the time-outs' connections are free again too late for more.

Sampling: where arrivals are Poisson, the share of those that come in a piece of
time is not that piece's share of it: p has a standard deviation of
sqrt(p (1 - p) / (l T)), and Q(p) one (1 - r) P times as large: 5 ms at p90 below.
X is what the signals made it.
"""

from __future__ import annotations

import heapq
import itertools
import signal
import statistics
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

from figures import verdict
from loads import (
    Loaded,
    Server,
    first_arrival_s,
    load,
    meanwhile,
    origin,
    sleep_until,
    verdict_within,
)

RATE, PERIOD_S, STALL_S, WARMUP_S = 2000.0, 3.0, 1.0, 1.0
CONNECTIONS = (1, 64, 1000)
ARRIVALS = ("constant", "poisson")
SHARE, MS = 0.03, 5.0  # what is allowed, whichever is more


class Case(NamedTuple):
    whole: int  # stalls
    total_s: float  # T
    cut_s: float = 0.0  # Y; 0: none is under way at the end
    drain_s: float = 10.0  # D
    returns: bool = True  # within the drain

    def begins_s(self) -> list[float]:
        """Stalls, after the beginning of the measured time."""
        begins = [i * PERIOD_S + PERIOD_S / 3 for i in range(self.whole)]
        return begins + ([self.total_s - self.cut_s] if self.cut_s else [])


class Held(NamedTuple):
    key: str
    found_ms: float
    theory_ms: float

    def is_met(self) -> bool:
        return abs(self.found_ms - self.theory_ms) <= max(SHARE * self.theory_ms, MS)


WHOLE = Case(whole=4, total_s=12.0)
CUT = Case(whole=2, total_s=8.0, cut_s=0.5)
GONE = Case(whole=2, total_s=8.0, cut_s=0.5, drain_s=2.0, returns=False)


def quantile_s(
    case: Case, p: float, stall_s: float, rho: float, connections: int
) -> float:
    """The closed form above."""
    slowest, cut = (1 - p) * case.total_s, case.cut_s
    if not case.returns:
        stuck = connections / RATE
        if slowest <= cut - stuck:
            return cut + case.drain_s - stuck - slowest
        if slowest <= cut:
            return case.drain_s
    elif slowest <= (case.whole + 1) * cut:
        return stall_s - (1 - rho) * slowest / (case.whole + 1)
    return stall_s - (1 - rho) * (slowest - cut) / case.whole


def simulated_s(case: Case, rate: float, connections: int) -> Callable[[float], float]:
    """The quantiles of a generator and a server of that rate, request by request."""
    count, end_s = int(RATE * case.total_s), case.total_s + case.drain_s
    stops = [
        (begin_s, begin_s + STALL_S if case.returns else end_s)
        if begin_s + case.cut_s == case.total_s
        else (begin_s, begin_s + STALL_S)
        for begin_s in case.begins_s()
    ]
    free_s, served_s, latencies_s = [0.0] * connections, 0.0, []
    for due_s in (number / RATE for number in range(count)):
        sent_s = max(due_s, heapq.heappop(free_s))
        start_s = max(sent_s, served_s)
        for stop_s, go_s in stops:
            if stop_s <= start_s < go_s:
                start_s = go_s
        done_s = start_s + 1 / rate
        if done_s > sent_s + case.drain_s:
            done_s = sent_s + case.drain_s  # timed out
        else:
            served_s = done_s
        heapq.heappush(free_s, done_s)
        latencies_s.append(min(done_s, end_s) - due_s)
    latencies_s.sort()
    return lambda p: latencies_s[int(p * count)]


def check_closed_form() -> None:
    worst_s = 0.0
    for case, connections in itertools.product((WHOLE, CUT, GONE), CONNECTIONS[:2]):
        for rate in (5e3, 50e3):
            simulated = simulated_s(case, rate, connections)
            for p in (0.5, 0.9, 0.99):
                closed = quantile_s(case, p, STALL_S, RATE / rate, connections)
                worst_s = max(worst_s, abs(max(1 / rate, closed) - simulated(p)))
    verdict(
        worst_s <= 1e-3,
        "the closed form against a simulation",
        f"{worst_s * 1e3:.2f} ms apart at most",
        "1 ms",
    )


class Stopper:
    """Stops and continues a server at the times of a case."""

    def __init__(self, server: Server, case: Case) -> None:
        self.server, self.case = server, case
        self.stalls_s: list[float] = []

    def __call__(self) -> None:
        begin_s = first_arrival_s(self.server) + WARMUP_S
        for after_s in self.case.begins_s():
            sleep_until(begin_s + after_s)
            self.server.process.send_signal(signal.SIGSTOP)
            stopped_s = time.monotonic()
            last = after_s + self.case.cut_s == self.case.total_s
            if last and not self.case.returns:
                return
            sleep_until(begin_s + after_s + STALL_S)
            self.server.process.send_signal(signal.SIGCONT)
            self.stalls_s.append(time.monotonic() - stopped_s)


def capacity(connections: int) -> float:
    """Answers in a second when every connection always has a request."""
    with origin() as server:
        found = load(
            server.url + "/queue",
            *("--closed", "--duration", "1s", "--warmup", "200ms"),
            *("--connections", str(connections)),
        )
    return found.json["achieved_rate"]


def stalled(
    case: Case, connections: int, arrivals: str, seed: int
) -> tuple[Loaded, float]:
    """A load, and how long the stalls were."""
    with origin() as server:
        stopper = Stopper(server, case)
        found = meanwhile(
            stopper,
            server.url + "/queue",
            *("--rate", f"{RATE:g}", "--arrivals", arrivals, "--seed", str(seed)),
            *("--duration", f"{case.total_s}s", "--warmup", f"{WARMUP_S}s"),
            *("--timeout", f"{case.drain_s}s", "--connections", str(connections)),
        )
    return found, statistics.fmean(stopper.stalls_s)


def quantiles(
    case: Case, connections: int, arrivals: str, seed: int
) -> tuple[Loaded, list[Held]]:
    rho = RATE / capacity(connections)
    found, stall_s = stalled(case, connections, arrivals, seed)
    usual_ms = found.json["service_ms"]["p50"]
    return found, [
        Held(
            key,
            found.latency(key),
            max(usual_ms, 1e3 * quantile_s(case, p, stall_s, rho, connections)),
        )
        for key, p in (("p90", 0.9), ("p99", 0.99))
    ]


def prove(name: str, case: Case, connections: int, arrivals: str) -> None:
    """What misses is measured once more, and the second one counts: here too
    others work on the machine, and one in a hundred misses by chance."""
    name = f"{name}, {connections} connections, {arrivals}"
    for seed in (1, 2):
        found, held = quantiles(case, connections, arrivals, seed)
        missed = [one for one in held if not one.is_met()]
        if not missed:
            break
        print(f"{name}: {missed} with seed {seed}", flush=True)
    for one in held:
        verdict_within(f"{name}, {one.key}", one.found_ms, one.theory_ms, SHARE, MS)
    books, told = found.books()
    json = found.json
    expected = RATE * case.total_s
    spread = 4 * expected**0.5 if arrivals == "poisson" else 1
    right = books and abs(json["sent"] - expected) <= spread
    if case.returns:
        right = right and json["answered"] == json["sent"]
    else:
        right = right and set(found.failed) == {"timeout"} and json["censored"] > 0
    verdict(right, f"{name}, accounting", told, f"about {expected:.0f}, none lost")


def main() -> int:
    check_closed_form()
    for name, case, some in (
        ("stalls of 1 s in 3 s", WHOLE, CONNECTIONS),
        ("a stall as time ends", CUT, CONNECTIONS),
        ("a stall that outlasts the drain", GONE, CONNECTIONS[:2]),
    ):
        for connections, arrivals in itertools.product(some, ARRIVALS):
            prove(name, case, connections, arrivals)
    return 0


if __name__ == "__main__":
    sys.exit(main())
