"""Writes stat_oracle.json, the values that test_stat_interval compares with.

    python3 -m venv v && v/bin/pip install scipy && v/bin/python stat_oracle.py
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats

CONFIDENCES = (0.90, 0.95, 0.98)


def t_interval(x: np.ndarray, confidence: float) -> tuple[float, float]:
    low, high = stats.t.interval(
        confidence, len(x) - 1, loc=np.mean(x), scale=stats.sem(x)
    )
    return float(low), float(high)


def mean_cases(rng: np.random.Generator) -> list[dict]:
    cases = []
    for n in (2, 3, 15, 40):
        x = np.round(rng.lognormal(10, 0.2, n), 3)
        for confidence in CONFIDENCES:
            logs = t_interval(np.log(x), confidence)
            cases.append(
                {
                    "x": x.tolist(),
                    "confidence": confidence,
                    "mean": float(np.mean(x)),
                    "t": t_interval(x, confidence),
                    "geomean": float(stats.gmean(x)),
                    "geo_t": [float(np.exp(v)) for v in logs],
                    "median": float(np.median(x)),
                }
            )
    return cases


def bootstrap_t(d: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    draws = d[rng.integers(0, len(d), (200_000, len(d)))]
    t = (draws.mean(axis=1) - d.mean()) / stats.sem(draws, axis=1)
    low, high = np.quantile(t, (0.025, 0.975))
    error = stats.sem(d)
    return d.mean() - high * error, d.mean() - low * error


def added(reach: float, half: float, n: int) -> float:
    return reach + 80 / n**2 * min(reach, half / 2) if reach > 0 else 0


def ratio_cases(rng: np.random.Generator) -> list[dict]:
    cases = []
    for n in (4, 10, 15, 30):
        a = np.round(rng.lognormal(10, 0.02, n), 3)
        b = np.round(9.4 * a * np.exp(rng.exponential(0.03, n)), 3)
        d = np.log(b / a)
        t = t_interval(d, 0.95)
        case = {
            "numerator": b.tolist(),
            "denominator": a.tolist(),
            "estimate": float(np.exp(d.mean())),
            "t": [float(np.exp(v)) for v in t],
        }
        if n >= 8:
            boot = bootstrap_t(d, rng)
            half = (t[1] - t[0]) / 2
            hull = (
                t[0] - added(t[0] - boot[0], half, n),
                t[1] + added(boot[1] - t[1], half, n),
            )
            case["hull"] = [float(np.exp(v)) for v in hull]
        cases.append(case)
    return cases


def rank_cases() -> list[dict]:
    cases = []
    for p in (0.5, 0.99, 0.999):
        for n in (1, 5, 6, 50, 367, 368, 3687, 3688, 100_000, 10_000_000):
            for confidence in CONFIDENCES:
                tail = (1 - confidence) / 2
                low = int(stats.binom.ppf(tail, n, p))
                high = int(stats.binom.ppf(1 - tail, n, p)) + 1
                cases.append(
                    {"n": n, "p": p, "confidence": confidence, "ranks": [low, high]}
                )
    return cases


def main() -> None:
    rng = np.random.default_rng(20240229)
    oracle = {
        "means": mean_cases(rng),
        "ratios": ratio_cases(rng),
        "ranks": rank_cases(),
    }
    path = Path(__file__).with_name("stat_oracle.json")
    path.write_text(json.dumps(oracle, indent=None, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
