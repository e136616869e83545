"""Does taking turns change what is measured?  primes with n=20000 in CPython and
Go, each alone and both in turns: the figures must agree.

Idling while the other has its turn costs a runtime its warm caches and its
place on the CPU; that is what the untimed warm-up after each turn is for.
Every round runs all three once, in an order that changes from round to round.  An
invocation counts with the median of its samples.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import time
from pathlib import Path

from figures import Interval, Run, geometric, scratch, tandem_run, verdict_equal

FAMILIES = ("cpython", "go")
WAYS = (("cpython",), ("go",), FAMILIES)
HALF = 0.03
ENOUGH = 0.01  # narrower is not asked for
LEAST, MOST_S = 12, 150.0


def measure(out: Path, families: tuple[str, ...]) -> dict[str, float]:
    """Per runtime: the geometric mean over invocations, in ns."""
    primes = ("primes", "--param", "n=20000", "--pairs", "2")
    run: Run = tandem_run(out, *primes, "--runtime", ",".join(families))
    found = {}
    for family in families:
        medians = (statistics.median(i.steady_ns) for i in run.invocations(family))
        found[family] = statistics.geometric_mean(medians)
    return found


def compare(out: Path) -> Interval:
    """The ratio cpython / go in turns, over that of each alone."""
    ratios: dict[str, list[float]] = {family: [] for family in FAMILIES}
    both: list[float] = []
    orders = itertools.cycle(itertools.permutations(WAYS))
    end = time.monotonic() + MOST_S
    while len(both) < LEAST or (
        geometric(both).half > ENOUGH and time.monotonic() < end
    ):
        found = {way: measure(out, way) for way in next(orders)}
        for family in FAMILIES:
            alone, turns = found[(family,)][family], found[FAMILIES][family]
            ratios[family].append(turns / alone)
        both.append(ratios["cpython"][-1] / ratios["go"][-1])
    for family in FAMILIES:
        one = geometric(ratios[family])
        print(f"{family}, in turns / alone: {one.value:.4f} ±{one.half:.1%}")
    return geometric(both)


def main() -> int:
    what = "primes n=20000, ratio cpython / go in turns / one after the other"
    with scratch() as out:
        verdict_equal(what, lambda: compare(out), HALF)
    return 0


if __name__ == "__main__":
    sys.exit(main())
