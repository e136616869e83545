"""What the programs of `make bench-overhead` share: runs of tandem, figures
with their intervals, and the one line that says a figure, its target and
whether that was met (verdict.h prints the same).

The build directory is $B or build/; programs run in the root of the sources.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import shutil
import statistics
import struct
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

BUILD = Path(os.environ.get("B", "build")).absolute()
TANDEM = BUILD / "bin" / "tandem"
Z95 = statistics.NormalDist().inv_cdf(0.975)


class Interval(NamedTuple):
    """Half is relative where the figure is a geometric mean."""

    value: float
    lower: float
    upper: float
    rounds: int

    @property
    def half(self) -> float:
        return math.sqrt(self.upper / self.lower) - 1

    def contains(self, value: float) -> bool:
        return self.lower <= value <= self.upper


def t95(degrees: int) -> float:
    """Student's t, two-sided 95 %: the expansion 26.7.5 of Abramowitz and
    Stegun (1964), right to 0.2 % from 5 degrees of freedom."""
    z, n = Z95, degrees
    return (
        z
        + (z**3 + z) / (4 * n)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * n**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * n**3)
    )


def geometric(ratios: list[float]) -> Interval:
    """The geometric mean, and the t interval of the logarithms."""
    logs = [math.log(ratio) for ratio in ratios]
    n = len(logs)
    mean = statistics.fmean(logs)
    half = t95(n - 1) * statistics.stdev(logs) / math.sqrt(n)
    return Interval(*(math.exp(x) for x in (mean, mean - half, mean + half)), n)


def middle(values: list[float]) -> Interval:
    """The median, between the order statistics that bound it at 95 %."""
    ordered, n = sorted(values), len(values)
    step = math.floor((n - Z95 * math.sqrt(n)) / 2)
    lower = max(0, step)
    return Interval(statistics.median(ordered), ordered[lower], ordered[-1 - lower], n)


def verdict(met: bool, what: str, figure: str, target: str) -> None:
    print(f"{'ok' if met else 'missed':8}{what}: {figure}; target {target}", flush=True)


def verdict_most(what: str, found: Interval, unit: str, limit: float) -> None:
    verdict(
        found.value <= limit,
        what,
        f"{found.value:.4g}{unit} (95 % interval {found.lower:.4g} to"
        f" {found.upper:.4g}, {found.rounds} rounds)",
        f"at most {limit:g}{unit}",
    )


def verdict_equal(what: str, measure: Callable[[], Interval], half: float) -> None:
    """Two ways of measuring one thing: measure() tells their ratio.

    Of twenty measurements of two equal things one misses by chance, at 95 %.  So
    a narrow one that misses is done again, and the second one counts.
    """
    for attempt in ("", ", measured again"):
        found = measure()
        figure = (
            f"{found.value:.4f} (95 % interval {found.lower:.4f} to"
            f" {found.upper:.4f}, ±{found.half:.1%}, {found.rounds} rounds{attempt})"
        )
        if found.contains(1.0) or found.half > half:
            break
        if not attempt:
            print(f"{what}: {figure}: without 1.0", flush=True)
    verdict(
        found.contains(1.0) and found.half <= half,
        what,
        figure,
        f"an interval with 1.0, of ±{half * 100:g} % at most",
    )


class Invocation(NamedTuple):
    first_ns: float
    steady_ns: list[float]  # of one operation, sample by sample


class Run:
    """A run directory, read without any of tandem's own code."""

    ROW = struct.Struct("<IIQQII")
    HEADER = 256
    UNSTEADY = 1 | 2  # flags: the first iteration, the warming up

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> dict[str, Any]:
        return json.loads((self.path / name).read_text())

    def journal(self) -> list[dict[str, Any]]:
        lines = (self.path / "journal.jsonl").read_text().splitlines()
        return [json.loads(line) for line in lines]

    def rows(self, case: int) -> Iterator[tuple[int, ...]]:
        data = (self.path / "samples" / f"{case:03}.npy").read_bytes()
        return self.ROW.iter_unpack(data[self.HEADER :])

    def case(self, family: str) -> int:
        cases = self.read("manifest.json")["cases"]
        return [case["family"] for case in cases].index(family)

    def invocations(self, family: str) -> list[Invocation]:
        found: dict[int, Invocation] = {}
        for number, _, _, ns, loops, flags in self.rows(self.case(family)):
            if flags & self.UNSTEADY:
                found[number] = Invocation(ns, [])
            else:
                found[number].steady_ns.append(ns / loops)
        return list(found.values())


@contextlib.contextmanager
def scratch() -> Iterator[Path]:
    """A directory that goes when its user has done: runs are large."""
    (BUILD / "bench").mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(prefix="run-", dir=BUILD / "bench"))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def tandem_run(out: Path, *words: str, timeout_s: float = 240) -> Run:
    """One `tandem run` of these words; its only run directory below out."""
    own = Path(tempfile.mkdtemp(dir=out))
    done = subprocess.run(
        [TANDEM, "run", *words, "--out", own],
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout_s,
    )
    if done.returncode:
        raise SystemExit(f"tandem run {' '.join(words)}: {done.stderr}")
    (path,) = own.iterdir()
    return Run(path)
