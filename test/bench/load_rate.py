"""Does the load come at the rate asked for, and on time?  10,000 requests a
second for 20 s against the Go server, by timer.
"""

from __future__ import annotations

import sys

from figures import verdict
from loads import go_server, load

RATE, SECONDS = 10000, 20


def main() -> int:
    with go_server() as server:
        found = load(
            server.url + "/", *("--rate", str(RATE), "--duration", f"{SECONDS}s")
        )
    achieved = found.json["achieved_rate"]
    lag_us = found.json["send_lag_ms"]["p50"] * 1e3
    books, told = found.books()
    verdict(
        abs(achieved / RATE - 1) <= 0.001,
        f"{RATE} requests a second for {SECONDS} s, achieved",
        f"{achieved:.1f}/s",
        "within 0.1 %",
    )
    verdict(lag_us <= 60, "the same, median send lag", f"{lag_us:.1f} us", "60 us")
    verdict(
        books and found.json["sent"] == RATE * SECONDS,
        "the same, accounting",
        told,
        f"sent {RATE * SECONDS}, all of them accounted for",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
