"""Writes tail_oracle.json, the values that test_stat_quantile and
test_stat_growth compare with.

    python3 -m venv v && v/bin/pip install scipy && v/bin/python tail_oracle.py
"""

import json
import math
from pathlib import Path

import numpy as np
from scipy import optimize, stats
from scipy.stats import mstats

MODELS = {
    "1": lambda n: np.ones_like(n),
    "lg n": np.log2,
    "n": lambda n: n,
    "n lg n": lambda n: n * np.log2(n),
    "n√n": lambda n: n * np.sqrt(n),
    "n²": lambda n: n**2,
    "n³": lambda n: n**3,
}


def quantile_cases(rng: np.random.Generator) -> list[dict]:
    cases = []
    for n in (5, 6, 30, 60, 400):
        x = np.sort(np.round(rng.lognormal(10, 0.5, n), 1))
        for p in (0.07, 0.5, 0.9, 0.99):
            low = int(stats.binom.ppf(0.025, n, p))
            high = int(stats.binom.ppf(0.975, n, p)) + 1
            value = math.ceil(round(n * p, 9))
            estimate = mstats.hdquantiles(x, [p])[0]
            error = mstats.hdquantiles_sd(x, [p])[0]
            cases.append(
                {
                    "x": x.tolist(),
                    "p": p,
                    "known": low >= 1,
                    "at_least": high > n,
                    "lower": x[max(low, 1) - 1],
                    "upper": x[min(high, n) - 1],
                    "value": x[value - 1],
                    "harrell_davis": float(estimate),
                    "error": float(error),
                }
            )
    return cases


def least_cases() -> list[dict]:
    cases = []
    for p in (0.01, 0.5, 0.9, 0.99, 0.999, 0.9999):
        for confidence in (0.9, 0.95, 0.99):
            tail = (1 - confidence) / 2
            n = 1
            while max(p, 1 - p) ** n > tail:
                n += 1
            cases.append({"p": p, "confidence": confidence, "n": n})
    return cases


def fit(n: np.ndarray, t: np.ndarray, name: str) -> dict:
    columns = [1 / t] if name == "1" else [1 / t, MODELS[name](n) / t]
    # Columns of like size: nnls stops at an absolute tolerance.
    scale = [np.linalg.norm(c) for c in columns]
    matrix = np.column_stack([c / s for c, s in zip(columns, scale)])
    found, norm = optimize.nnls(matrix, np.ones_like(t))
    found = found / scale
    free = found > 0
    freedom = len(t) - free.sum()
    active = np.column_stack([c for c, f in zip(columns, free) if f])
    covariance = np.linalg.inv(active.T @ active) * norm**2 / freedom
    halves = np.zeros(2)
    halves[: len(found)][free] = np.sqrt(np.diag(covariance)) * stats.t.ppf(
        0.975, freedom
    )
    bic = len(t) * math.log(norm**2 / len(t)) + len(columns) * math.log(len(t))
    return {
        "model": name,
        "a": float(found[0]),
        "c": float(found[1]) if len(found) > 1 else 0.0,
        "halves": halves.tolist(),
        "bic": bic,
        "error": norm / math.sqrt(len(t)),
    }


def growth_case(n: np.ndarray, t: np.ndarray) -> dict:
    sizes = np.unique(n)
    x = np.log(sizes)
    y = np.array([np.log(t[n == s]).mean() for s in sizes])
    line = stats.linregress(x, y)
    half = line.stderr * stats.t.ppf(0.975, len(x) - 2)
    octave = sizes >= sizes[-1] / 2
    if octave.sum() < 2:
        octave = sizes >= sizes[-2]
    last = n >= sizes[octave][0]
    tail = stats.linregress(np.log(n[last]), np.log(t[last]))
    fits = sorted((fit(n, t, m) for m in MODELS), key=lambda f: f["bic"])
    return {
        "size": n.tolist(),
        "time": t.tolist(),
        "exponent": line.slope,
        "interval": [line.slope - half, line.slope + half],
        "last_octave": float(np.polyfit(x[octave], y[octave], 1)[0]),
        "octave_half": float(tail.stderr * stats.t.ppf(0.975, last.sum() - 2)),
        "enough": bool(len(sizes) >= 9 and sizes[-1] / sizes[0] >= 100),
        "plausible": sum(f["bic"] - fits[0]["bic"] < 6 for f in fits),
        "fits": fits,
    }


def growth_cases(rng: np.random.Generator) -> list[dict]:
    cases = []
    wide = np.array([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600], float)
    fine = np.array([1000, 1400, 2000, 2800, 4000], float)
    for sizes, truth in (
        (wide, lambda n: 500 + 0 * n),
        (wide, lambda n: 90 * np.log2(n)),
        (wide, lambda n: 2000 + 3 * n),
        (wide, lambda n: 1.5 * n * np.log2(n)),
        (wide, lambda n: 0.2 * n * np.sqrt(n)),
        (wide, lambda n: 1e5 + 0.02 * n**2),
        (wide, lambda n: 1e-4 * n**3),
        (fine, lambda n: 3 * n),
        (wide[:3], lambda n: 1e6 / n),
    ):
        n = np.repeat(sizes, 5)
        t = np.round(truth(n) * np.exp(rng.normal(0, 0.02, len(n))), 3)
        order = rng.permutation(len(n))
        cases.append(growth_case(n[order], t[order]))
    return cases


def main() -> None:
    rng = np.random.default_rng(20240301)
    oracle = {
        "quantiles": quantile_cases(rng),
        "least": least_cases(),
        "growth": growth_cases(rng),
    }
    path = Path(__file__).with_name("tail_oracle.json")
    text = json.dumps(oracle, separators=(",", ":"), ensure_ascii=False)
    path.write_text(text + "\n")


if __name__ == "__main__":
    main()
