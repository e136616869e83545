"""Makes the small runs beside it, which differ from the first in one thing
each, and expected.json: what comparing them must find, computed with SciPy.

    python3 -m venv v && v/bin/pip install scipy && v/bin/python make_compare.py

Same script, same bytes.  The runs are made up: no time here was measured.
"""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy import stats

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "runs"))
import make_runs  # noqa: E402

make_runs.HERE = HERE
PAIRS = 12
HOST = {
    "cpu": {"model": "Example CPU", "threads": 2, "allowed": "0-1"},
    "kernel": {"release": "6.1.0"},
    "frequency": {"governor": None},
}
SETTINGS = {
    "pairs": PAIRS,
    "turn_ns": 250000000,
    "repetitions": 1,
    "cpus": None,
    "confidence": 0.95,
}


@dataclass
class Plan:
    """What is different about a run."""

    number: int
    seed: int
    cpython: str = "cpython-3.11.2"
    go: str = "go-1.26.8"
    level: float = 9.4e5  # of cpython
    machine: float = 1.0  # all times are multiplied by it
    spread: float = 0.0  # of cpython's invocations, besides 1 %
    wrong: bool = False
    fails: bool = False
    host: dict = field(default_factory=lambda: HOST)
    settings: dict = field(default_factory=lambda: SETTINGS)
    hashes: str = "aa"


def plans() -> dict[str, Plan]:
    moved = HOST | {"kernel": {"release": "6.2.0"}}
    turn = SETTINGS | {"turn_ns": 100000000}
    return {
        "before": Plan(1, 11),
        "same": Plan(2, 12),
        "slower": Plan(3, 13, level=9.4e5 * 1.06, hashes="bb"),
        "wrong": Plan(4, 14, wrong=True),
        "noisy": Plan(5, 15, spread=0.08),
        "failed": Plan(6, 16, fails=True),
        "drifted": Plan(7, 17, machine=1.05, host=moved, settings=turn),
        "others": Plan(8, 18, cpython="cpython-3.12.1", go="go-1.22.12"),
    }


def primes_pair(run: make_runs.Run, plan: Plan, pair: int) -> None:
    level = plan.level * plan.machine * run.rng.lognormal(0, plan.spread)
    run.note("pair", group=0, pair=pair, turns=[0, 1, 1, 0])
    bad = (plan.wrong and pair == 0) or (plan.fails and pair < 2)
    message = (
        'answered "169" where "168" is right' if plan.wrong else "worker was killed"
    )
    gone = (plan.wrong and pair > 0) or (plan.fails and pair > 1)
    if not gone:
        answer = "169" if bad and plan.wrong else "168"
        run.invocation(
            0,
            pair,
            level,
            answer,
            count=4,
            failed=message if bad else None,
            wrong=plan.wrong and bad,
        )
        if bad and (plan.wrong or pair == 1):
            run.note("dropped", case=0, message=message)
    run.invocation(1, pair, 1.0e5 * plan.machine, "168", count=4)
    run.note("pair_end", group=0, pair=pair, complete=not bad, cut=False)


def make(plan: Plan) -> make_runs.Run:
    hashes = {"workloads/primes/primes.py": plan.hashes}
    cases = [
        make_runs.case(0, plan.cpython, "trial", base=1, hashes=hashes),
        make_runs.case(0, plan.go, "trial"),
        make_runs.case(1, "go-1.26.8", "trial"),
        make_runs.case(1, "go-1.26.8", "trial", base=2),
    ]
    cases[3]["runtime"] += "#2"
    cases[3]["twin"] = True
    groups = [
        make_runs.group("primes", "n=1000", "168"),
        make_runs.group("primes", "n=100", "25") | {"reference": True},
    ]
    run = make_runs.Run(
        f"20261122T03150{plan.number}Z-00000{plan.number}",
        plan.seed,
        groups,
        cases,
        host=plan.host,
        settings=plan.settings,
    )
    run.note("group", group=0)
    for pair in range(PAIRS):
        primes_pair(run, plan, pair)
    run.note("stop", group=0, why="pairs")
    run.note("group", group=1)
    for pair in range(PAIRS):
        run.note("pair", group=1, pair=pair, turns=[2, 3, 3, 2])
        for c in (2, 3):
            run.invocation(c, pair, 2.0e4 * plan.machine, "25", count=4)
        run.note("pair_end", group=1, pair=pair, complete=True, cut=False)
    run.note("stop", group=1, why="pairs")
    run.note("finish", status="complete")
    run.write()
    return run


def means(run: make_runs.Run, c: int) -> np.ndarray:
    rows = np.array(run.rows[c], make_runs.DTYPE)
    rows = rows[rows["flags"] == 0]
    values = rows["duration_ns"] / rows["loops"]
    each = sorted(set(rows["invocation"]))
    return np.array([values[rows["invocation"] == i].mean() for i in each])


def fieller(b: np.ndarray, a: np.ndarray) -> list[float]:
    """All r that the t test of mean(b) - r mean(a) = 0 does not refuse."""
    vb, va = b.var(ddof=1) / len(b), a.var(ddof=1) / len(a)
    ratio = b.mean() / a.mean()
    df = (vb + ratio**2 * va) ** 2 / (
        vb**2 / (len(b) - 1) + (ratio**2 * va) ** 2 / (len(a) - 1)
    )
    t2 = stats.t.ppf(0.975, df) ** 2
    roots = np.roots(
        [a.mean() ** 2 - t2 * va, -2 * a.mean() * b.mean(), b.mean() ** 2 - t2 * vb]
    )
    return [float(ratio), float(min(roots)), float(max(roots))]


def p_above(b: np.ndarray, a: np.ndarray, threshold: float) -> float:
    return float(
        stats.ttest_ind(
            np.log(b),
            np.log(a) + np.log1p(threshold),
            equal_var=False,
            alternative="greater",
        ).pvalue
    )


def main() -> None:
    runs = {name: make(plan) for name, plan in plans().items()}
    expected = {}
    for name in ("same", "slower", "noisy", "drifted", "others"):
        pairs = [(means(runs[name], c), means(runs["before"], c)) for c in range(3)]
        expected[name] = {
            "ratios": [fieller(b, a) for b, a in pairs],
            "p": [p_above(b, a, 0.02) for b, a in pairs[:2]],
        }
    (HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main()
