"""How late the origin is: starts one and loads it at a constant rate with
origin_load, several times.
"""

from __future__ import annotations

import re
import subprocess
import sys

from figures import BUILD, TANDEM, middle, verdict, verdict_most

RATE, DELAY_MS, SECONDS, CONNECTIONS = 10000, 10, 2, 256
LIMIT_MS = 1.0
ROUNDS = 5
FIGURES = re.compile(r"(\d+) requests/s of .* p99 +(-?\d+) ", re.DOTALL)


def load(port: str) -> tuple[float, float]:
    """Requests answered in a second, and the 99th percentile of ms late."""
    words = [str(x) for x in (RATE, DELAY_MS, SECONDS, CONNECTIONS)]
    done = subprocess.run(
        [BUILD / "bench" / "origin_load", port, *words],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    found = FIGURES.search(done.stdout)
    if not found:
        raise SystemExit(f"origin_load printed what is not known here: {done.stdout}")
    return float(found[1]), float(found[2]) / 1e3


def main() -> int:
    with subprocess.Popen(
        [TANDEM, "origin"], stdout=subprocess.PIPE, text=True
    ) as origin:
        try:
            assert origin.stdout is not None
            port = origin.stdout.readline().strip().rpartition(":")[2]
            if not port:
                raise SystemExit("the origin did not start")
            rates, late = zip(*(load(port) for _ in range(ROUNDS)))
        finally:
            origin.terminate()
    rate = min(rates)
    verdict(
        rate >= 0.98 * RATE,
        f"origin, requests answered at {RATE} asked for in a second",
        f"{rate:.0f}/s (the worst of {ROUNDS} rounds)",
        f"at least {0.98 * RATE:.0f}/s",
    )
    verdict_most("origin, p99 of the lateness", middle(list(late)), " ms", LIMIT_MS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
