"""How much of a run of primes lies inside timed samples, at default settings:
the samples' durations added up, against the wall time of the whole process,
from its start to its last line.  What a run finds in its caches (compiled
benchmarks, what the interpreters said of themselves) it found before.

n=1000000 takes fewer pairs than by default, for the sake of time; what is done
once a run then weighs more, not less.
"""

from __future__ import annotations

import sys
import time

from figures import Run, scratch, tandem_run, verdict

LEAST = 0.80


def timed_ns(run: Run) -> int:
    cases = range(len(run.read("manifest.json")["cases"]))
    return sum(row[3] for case in cases for row in run.rows(case))


def main() -> int:
    for size, words in (("20000", []), ("1000000", ["--pairs", "4"])):
        primes = ["primes", "--param", f"n={size}"]
        with scratch() as out:
            tandem_run(out, *primes, "--pairs", "1", "--count", "1")
            begin_ns = time.monotonic_ns()
            run = tandem_run(out, *primes, *words)
            wall_ns = time.monotonic_ns() - begin_ns
            said = run.read("summary.json")["groups"][0]["timed_share"]
            share = timed_ns(run) / wall_ns
        verdict(
            share >= LEAST,
            f"primes n={size}, part of a run's wall time inside samples",
            f"{share:.1%} of {wall_ns / 1e9:.1f} s (between the group's first"
            f" and last record, as the table says: {said:.1%})",
            f"at least {LEAST:.0%}",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
