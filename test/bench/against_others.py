"""Does tandem find the same time as the measuring tool of each language?

primes with n=20000: pyperf for the same interpreter, in the hosting `stock`;
`go test -bench` for the very binary that tandem ran.  Every round runs both
tools once, next to each other, the second round in the other order, and so on.

Of each tool one round is one process, its first operation left out, and all
that follows is cut into values of about 10 ms: in Python one operation, in Go
20, since `go test` tells only the mean of -benchtime=20x.  A process counts
with the median of its values; the same on both sides, and one value that was
interrupted moves it on neither.

Usage: against_others.py pyperf|gotest
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from figures import BUILD, Interval, Run, geometric, scratch, tandem_run, verdict_equal

HALF = 0.03
ENOUGH = 0.01  # narrower is not asked for
LEAST, MOST_S = 20, 80.0
PRIMES = Path("workloads/primes").absolute()
VALUES = {"cpython": 75, "go": 45}  # about 0.5 s, two turns of tandem's
GROUP = {"cpython": 1, "go": 20}


def grouped(values: list[float], size: int) -> list[float]:
    """Means of size values each; what is left over is left out."""
    whole = len(values) - len(values) % size
    return [statistics.fmean(values[i : i + size]) for i in range(0, whole, size)]


def run_primes(out: Path, runtime: str) -> Run:
    words = ["primes", "--param", "n=20000", "--runtime", runtime]
    return tandem_run(out, *words, "--pairs", "1")


def by_tandem(out: Path, runtime: str, family: str) -> float:
    (invocation,) = run_primes(out, runtime).invocations(family)
    return statistics.median(grouped(invocation.steady_ns, GROUP[family]))


def padding() -> str:
    """The environment's size moves the stack, and with it a loop's speed by a
    hundredth: tandem gives each pair another one, so the others get one too."""
    return "x" * random.randrange(4096)


def by_pyperf(out: Path, python: Path) -> float:
    result = out / "pyperf.json"
    result.unlink(missing_ok=True)
    subprocess.run(
        [
            *(python, "test/bench/primes_pyperf.py", "--quiet", "--processes=1"),
            *("--warmups=1", f"--values={VALUES['cpython']}", "--loops=1"),
            *("--inherit-environ=PYTHONPATH,PADDING", f"--output={result}"),
        ],
        env={**os.environ, "PYTHONPATH": str(PRIMES), "PADDING": padding()},
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=60,
    )
    (benchmark,) = json.loads(result.read_text())["benchmarks"]
    (run,) = benchmark["runs"]
    return statistics.median(run["values"]) * 1e9


def by_gotest(binary: Path) -> float:
    done = subprocess.run(
        [
            *(binary, "-test.run=^$", "-test.bench=^BenchmarkTrial$"),
            *(f"-test.benchtime={GROUP['go']}x", f"-test.count={VALUES['go'] + 1}"),
        ],
        cwd=PRIMES,
        env={**os.environ, "TANDEM_P_n": "20000", "PADDING": padding()},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    lines = [line.split() for line in done.stdout.splitlines()]
    values = [float(words[2]) for words in lines if words[3:] == ["ns/op"]]
    if len(values) != VALUES["go"] + 1:
        raise SystemExit(f"go test printed what is not known here: {done.stdout}")
    return statistics.median(values[1:])


def compare(tandem: Callable[[], float], other: Callable[[], float]) -> Interval:
    """tandem / other, until the interval is narrow or the time is up."""
    ratios: list[float] = []
    end = time.monotonic() + MOST_S
    found = None
    while len(ratios) < LEAST or (
        found and found.half > ENOUGH and time.monotonic() < end
    ):
        if len(ratios) % 2:
            theirs, ours = other(), tandem()
        else:
            ours, theirs = tandem(), other()
        ratios.append(ours / theirs)
        if len(ratios) >= LEAST:
            found = geometric(ratios)
    assert found
    return found


def against_pyperf(out: Path) -> None:
    python = BUILD / "bench" / "venv" / "bin" / "python"
    runtime = f"cpython@{python}:stock"
    run_primes(out, runtime)
    verdict_equal(
        "primes n=20000 in cpython, tandem / pyperf",
        lambda: compare(
            lambda: by_tandem(out, runtime, "cpython"),
            lambda: by_pyperf(out, python),
        ),
        HALF,
    )


def against_gotest(out: Path) -> None:
    run = run_primes(out, "go")
    hashes = run.read("manifest.json")["cases"][0]["hashes"]
    (binary,) = (Path(path).absolute() for path in hashes if path.endswith(".test"))
    verdict_equal(
        "primes n=20000 in go, tandem / go test -bench",
        lambda: compare(lambda: by_tandem(out, "go", "go"), lambda: by_gotest(binary)),
        HALF,
    )


def main() -> int:
    parts = {"pyperf": against_pyperf, "gotest": against_gotest}
    for name in sys.argv[1:] or parts:
        with scratch() as out:
            parts[name](out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
