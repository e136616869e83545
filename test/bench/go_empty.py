"""What the timed loop of the Go package adds to an empty operation: runs the
package's own BenchmarkOverhead, which measures both loops by turns.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys

from figures import middle, verdict_most

LIMIT = 1.2
ROUNDS = 21  # each the median of as many turns as the benchmark takes
METRICS = re.compile(r"([\d.]+) hand-ns/op\s+([\d.]+) run-ns/op")


def main() -> int:
    done = subprocess.run(
        [
            *("go", "test", "-run=^$", "-bench=^BenchmarkOverhead$"),
            *("-benchtime=1x", f"-count={ROUNDS}", "./drivers/gotest/tandem"),
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        timeout=300,
    )
    found = [(float(h), float(r)) for h, r in METRICS.findall(done.stdout)]
    if done.returncode or len(found) != ROUNDS:
        raise SystemExit(f"go test:\n{done.stdout}")
    print(f"a clock pair of Go: {statistics.median(h for h, _ in found):.1f} ns")
    verdict_most(
        "go, time of an empty iteration / a loop written by hand",
        middle([run / hand for hand, run in found]),
        "x",
        LIMIT,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
