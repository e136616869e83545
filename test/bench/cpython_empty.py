"""What the timed loop of the cpython worker adds to an empty operation: the
same interpreter calls the same function by turns from _tandem.batch and from
a loop written by hand (cpython_loop.c).
"""

from __future__ import annotations

import os
import statistics
import struct
import sys

from figures import BUILD, middle, verdict_most

LIMIT = 1.15
COUNT = 20000
ROUNDS = 61


def empty() -> None:
    pass


def mean_ns(pairs: bytes) -> float:
    """Of the middle 90 %: an interruption is no part of the loop's cost."""
    times = sorted(end - start for start, end in struct.iter_unpack("=QQ", pairs))
    cut = len(times) // 20
    return statistics.fmean(times[cut:-cut])


def main() -> int:
    sys.path[:0] = [str(BUILD / "libexec"), str(BUILD / "bench")]
    import _tandem
    import cpython_loop

    fd = os.memfd_create("samples")
    os.write(fd, struct.pack("=8sIIQ40x", b"TDSAMPLE", 1, 16, COUNT))
    os.ftruncate(fd, 64 + 16 * COUNT)
    _tandem.map(fd)
    expected: list[object] = []

    def by_hand() -> float:
        return mean_ns(cpython_loop.loop(empty, COUNT))

    def by_tandem() -> float:
        _tandem.batch(empty, COUNT, 1, 0, 0, expected)
        return mean_ns(os.pread(fd, 16 * COUNT, 64))

    ratios, costs = [], []
    for i in range(ROUNDS):
        if i % 2:
            hand, tandem = by_hand(), by_tandem()
        else:
            tandem, hand = by_tandem(), by_hand()
        ratios.append(tandem / hand)
        costs.append(tandem)
    print(f"a call of an empty Python function: {statistics.median(costs):.1f} ns")
    verdict_most(
        "cpython, sample of an empty operation / a loop written by hand",
        middle(ratios),
        "x",
        LIMIT,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
