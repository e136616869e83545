"""Does tandem tell the truth on this machine, now?  Minutes to an hour each.

aa         primes against itself, in both runtimes at once: how often a
           difference is claimed that is not there
slowdown   primes with 3 % more work, while other load comes and goes: how
           often an adaptive run finds it at a threshold of 1 %
time       how long a ratio of +-1 % takes, and how far it wanders from
           session to session: tandem, and pyperf with go test -bench
nightly    scripts/nightly, end to end, on changes of 5 %, 2 % and nothing

Usage: live.py aa|slowdown|time|nightly [--runs N]
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from figures import BUILD, TANDEM, Run, scratch, tandem_run, verdict

N = 20000
DEFAULT_RUNS = {"aa": 60, "slowdown": 30, "time": 5, "nightly": 20}
ROOT = Path.cwd()


def work(limit: int) -> int:
    """Divisions that `primes` makes below limit."""
    divisions = 0
    for number in range(2, limit):
        root = math.isqrt(number)
        for divisor in range(2, root + 1):
            divisions += 1
            if number % divisor == 0:
                break
    return divisions


def limit_of(share: float) -> int:
    """The limit below which there is that share more work than below N.

    The numbers that come on top cost what those below them cost; a second
    count of small numbers would be mostly the loop around the divisions.
    """
    wanted, low, high = (1 + share) * work(N), N, 2 * N
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if work(middle) < wanted else (low, middle)
    return high


def git(repository: Path, *words: str) -> None:
    identity = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    subprocess.run(
        ["git", "-C", repository, *identity, *words], check=True, capture_output=True
    )


class Sources:
    """A clone of these sources, in which `primes` is made slower."""

    def __init__(self, path: Path) -> None:
        self.path = path
        subprocess.run(
            ["git", "clone", "--quiet", "--no-hardlinks", ROOT, path], check=True
        )
        self.plain = {
            name: (path / "workloads/primes" / name).read_text()
            for name in ("primes.go", "primes.py", "primes_test.go")
        }

    def commit(self, share: float, word: str) -> None:
        """Share more work in both languages; 0: only a comment differs."""
        go, python = self.plain["primes_test.go"], self.plain["primes.py"]
        if share:
            more = limit_of(share)
            go = go.replace(
                "return Count(n) }", f"return Count({more}) - above }}"
            ).replace(
                "\ttandem.Run(", f"\tabove := Count({more}) - Count(n)\n\ttandem.Run("
            )
            python = python.replace(
                "    return lambda: count_primes(n)",
                f"    above = count_primes({more}) - count_primes(n)\n"
                f"    return lambda: count_primes({more}) - above",
            )
            assert go != self.plain["primes_test.go"]
            assert python != self.plain["primes.py"]
        folder = self.path / "workloads/primes"
        (folder / "primes_test.go").write_text(go + f"\n// {word}\n")
        (folder / "primes.py").write_text(python + f"\n# {word}\n")
        git(self.path, "commit", "--quiet", "--all", "--message", word)

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "TANDEM_SOURCE": str(self.path),
            "TANDEM_WORKLOADS": str(self.path / "workloads"),
        }


@contextlib.contextmanager
def coming_and_going(seed: int) -> Iterator[None]:
    """A busy loop of up to 3 s, then nothing for up to 4 s, and so on."""
    stop, chance = threading.Event(), random.Random(seed)

    def load() -> None:
        while not stop.is_set():
            spin = subprocess.Popen([sys.executable, "-c", "while True: pass"])
            stop.wait(chance.uniform(0.5, 3))
            spin.kill()
            spin.wait()
            stop.wait(chance.uniform(1, 4))

    thread = threading.Thread(target=load)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def twins(run: Run) -> list[dict]:
    groups = run.read("summary.json")["groups"]
    return [case for group in groups for case in group["cases"] if case["twin"]]


def aa(runs: int) -> None:
    false: collections.Counter[str] = collections.Counter()
    without_1: collections.Counter[str] = collections.Counter()
    halves = []
    with scratch() as out:
        for number in range(runs):
            run = tandem_run(
                out,
                *("primes", "--param", f"n={N}", "--runtime", "go,go,cpython,cpython"),
                *("--pairs", "15", "--turn", "40ms", "--no-reference"),
            )
            for case in twins(run):
                ratio, name = case["ratio"], case["runtime"].split("-")[0]
                false[name] += case["verdict"] in ("slower", "faster")
                without_1[name] += not ratio["lower"] <= 1 <= ratio["upper"]
                halves.append(math.sqrt(ratio["upper"] / ratio["lower"]) - 1)
            shutil.rmtree(run.path.parent)
            print(f"{number + 1}: {dict(false)} {dict(without_1)}", flush=True)
    total, wrong = 2 * runs, sum(without_1.values())
    print(
        f"of {runs} runs each, verdicts slower or faster at a threshold of 1 %:"
        f" {dict(false)}; half-width: median {statistics.median(halves):.2%}"
    )
    verdict(
        wrong <= 0.06 * total,
        "A/A intervals without 1",
        f"{dict(without_1)}, {wrong} of {total} ({wrong / total:.1%})",
        "at most 6 %",
    )


def rerun(sources: Sources, runtime: str, out: Path) -> tuple[int, dict, float]:
    start = time.monotonic()
    done = subprocess.run(
        [
            *(TANDEM, "compare", "--rerun", "HEAD~1", "HEAD", "primes", "--gate"),
            *("--threshold", "1%", "--runtime", runtime, "--param", f"n={N}"),
            *("--results", out),
        ],
        env=sources.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1, 4):
        raise SystemExit(done.stderr)
    path = max(out.iterdir())
    (group,) = json.loads((path / "summary.json").read_text())["groups"]
    (case,) = [c for c in group["cases"] if not c["twin"] and c["base_runtime"]]
    return done.returncode, {**case, "why": group["why"]}, time.monotonic() - start


def shown(ratio: dict[str, float] | None) -> str:
    if not ratio:
        return "-"
    return f"{ratio['value']:.4f} [{ratio['lower']:.4f}, {ratio['upper']:.4f}]"


def slowdown(runs: int) -> None:
    found = 0
    with scratch() as out:
        sources = Sources(out / "sources")
        sources.commit(0, "before")
        sources.commit(0.03, "three percent more")
        with coming_and_going(1):
            for number in range(runs):
                runtime = ("go", "cpython")[number % 2]
                results = out / "runs"
                status, case, took = rerun(sources, runtime, results)
                found += status == 1
                print(
                    f"{number + 1} {runtime}: exit {status}, means"
                    f" {shown(case['ratio'])}, medians {shown(case['ratio_median'])},"
                    f" CPU {shown(case['ratio_cpu'])},"
                    f" {case['pairs']} pairs ({case['why']}), {took:.0f} s",
                    flush=True,
                )
                shutil.rmtree(results)
    verdict(
        found >= 0.9 * runs,
        "3 % more work found at a threshold of 1 %",
        f"{found} of {runs}",
        "at least 90 %",
    )


def by_tandem(out: Path) -> tuple[float, float]:
    start = time.monotonic()
    run = tandem_run(out, "primes", "--param", f"n={N}", "--runtime", "cpython,go")
    took = time.monotonic() - start
    group = run.read("summary.json")["groups"][0]
    (case,) = [c for c in group["cases"] if c["base_runtime"]]
    print(f"  tandem: {group['why']}, {group['pairs']} pairs", flush=True)
    return case["ratio"]["value"], took


def by_others(out: Path) -> tuple[float, float]:
    """The usual way: pyperf's defaults, go test -count=20, benchstat; all of
    one, then all of the other."""
    folder = ROOT / "workloads/primes"
    python = BUILD / "bench" / "venv" / "bin" / "python"
    result, text = out / "pyperf.json", out / "go.txt"
    result.unlink(missing_ok=True)
    start = time.monotonic()
    subprocess.run(
        [
            *(python, "test/bench/primes_pyperf.py", "--quiet"),
            *("--inherit-environ=PYTHONPATH", f"--output={result}"),
        ],
        env={**os.environ, "PYTHONPATH": str(folder)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    with text.open("w") as to:
        subprocess.run(
            ["go", "test", "-run=^$", "-bench=Trial", "-count=20", "."],
            cwd=folder,
            env={**os.environ, "TANDEM_P_n": str(N)},
            stdout=to,
            check=True,
        )
    took = time.monotonic() - start
    (benchmark,) = json.loads(result.read_text())["benchmarks"]
    ours = [value for run in benchmark["runs"] for value in run.get("values", [])]
    lines = [line.split() for line in text.read_text().splitlines()]
    theirs = [float(words[2]) for words in lines if words[3:4] == ["ns/op"]]
    # pyperf says the mean, benchstat the median.
    return statistics.fmean(ours) * 1e9 / statistics.median(theirs), took


def spread(values: list[float]) -> float:
    return max(values) / min(values) - 1


def how_long(runs: int) -> None:
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    with scratch() as out:
        for number in range(runs):
            ways = [(ours, by_tandem), (theirs, by_others)]
            for found, way in ways if number % 2 else reversed(ways):
                found.append(way(out))
            print(
                f"{number + 1}: tandem {ours[-1][0]:.3f} in {ours[-1][1]:.1f} s,"
                f" the others {theirs[-1][0]:.3f} in {theirs[-1][1]:.1f} s",
                flush=True,
            )
    took = [statistics.median(t for _, t in found) for found in (ours, theirs)]
    wander = [spread([ratio for ratio, _ in found]) for found in (ours, theirs)]
    verdict(
        took[0] <= took[1] / 2,
        "time to a ratio of +-1 %",
        f"{took[0]:.1f} s, the others {took[1]:.1f} s, medians of {runs}",
        "half of theirs",
    )
    verdict(
        wander[0] <= wander[1] / 3,
        f"spread of the ratio over {runs} sessions",
        f"{wander[0]:.2%}, the others' {wander[1]:.2%}",
        "a third of theirs",
    )


def one_night(sources: Sources, out: Path) -> int:
    done = subprocess.run(
        [
            *(sys.executable, ROOT / "scripts/nightly", "--tandem", TANDEM),
            *("--source", sources.path, "--artefacts", out, "--threshold", "1%"),
            *("--suite", "quick", "--workload", "primes"),
            *(
                "--rerun-options",
                f"--param n={N} --runtime go --pairs 15 -- --turn 50ms",
            ),
            *("--", "--turn", "30ms", "--pairs", "8"),
        ],
        env=sources.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1, 4):
        print(done.stdout[-2000:], done.stderr[-2000:], flush=True)
    return done.returncode


def nights(runs: int) -> None:
    wanted = {0.05: 1, 0.02: 1, 0.0: 0}
    counts: dict[float, collections.Counter[int]] = {}
    with scratch() as out:
        sources = Sources(out / "sources")
        sources.commit(0, "good")
        state = out / "good"
        print(f"the good night: exit {one_night(sources, state)}", flush=True)
        for share in wanted:
            counts[share] = collections.Counter()
        for number in range(runs):
            for share, count in counts.items():
                own = out / "state"
                shutil.copytree(state, own, symlinks=True)
                sources.commit(share, f"night {number} {share}")
                start = time.monotonic()
                status = one_night(sources, own)
                count[status] += 1
                git(sources.path, "reset", "--quiet", "--hard", "HEAD~1")
                shutil.rmtree(own)
                print(
                    f"{number + 1}, {share:.0%} more work: exit {status},"
                    f" {time.monotonic() - start:.0f} s",
                    flush=True,
                )
    for share, count in counts.items():
        verdict(
            count[wanted[share]] == runs,
            f"nights with {share:.0%} more work",
            ", ".join(f"exit {code}: {n}" for code, n in sorted(count.items())),
            f"exit {wanted[share]} each time",
        )


def main() -> None:
    programs = {"aa": aa, "slowdown": slowdown, "time": how_long, "nightly": nights}
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("program", choices=programs)
    parser.add_argument("--runs", type=int)
    options = parser.parse_args()
    programs[options.program](options.runs or DEFAULT_RUNS[options.program])


if __name__ == "__main__":
    main()
