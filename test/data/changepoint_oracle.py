"""Writes changepoint_oracle.json, what test_stat_changepoint and
test_stat_warmup compare with.

    python3 -m venv v && v/bin/pip install numpy ruptures
    v/bin/python changepoint_oracle.py

PELT's answers are the exact optimum, by dynamic programming without pruning;
the package ruptures must agree on them.
"""

import json
from pathlib import Path

import numpy as np
import ruptures

WINSORISED = ((25, 3.0), (15, 3.0), (5, 1.0))


def winsorised(x: np.ndarray, window: int, reach: float) -> np.ndarray:
    half = window // 2
    out = np.empty_like(x)
    for i in range(len(x)):
        near = x[max(0, i - half) : i + half + 1]
        median = np.median(near)
        fence = reach * 1.4826 * np.median(np.abs(near - median))
        out[i] = np.clip(x[i], median - fence, median + fence)
    return out


def cost(x: np.ndarray, floor: float) -> float:
    return len(x) * (np.log(2 * np.pi) + np.log(max(np.var(x), floor)) + 1)


def optimum(x: np.ndarray, penalty: float, least: int, floor: float) -> list[int]:
    n = len(x)
    best = np.full(n + 1, np.inf)
    best[0] = -penalty
    previous = [0] * (n + 1)
    for to in range(least, n + 1):
        for at in range(to - least + 1):
            value = best[at] + cost(x[at:to], floor) + penalty
            if value < best[to]:
                best[to], previous[to] = value, at
    changes, at = [], previous[n]
    while at > 0:
        changes.insert(0, at)
        at = previous[at]
    return changes


class FlooredNormal(ruptures.base.BaseCost):
    model = "floored-normal"

    def __init__(self, least: int, floor: float) -> None:
        self.min_size = least
        self.floor = floor

    def fit(self, signal: np.ndarray) -> "FlooredNormal":
        self.signal = signal
        return self

    def error(self, start: int, end: int) -> float:
        return cost(self.signal[start:end], self.floor)


def second_opinion(
    x: np.ndarray, penalty: float, least: int, floor: float
) -> list[int]:
    pelt = ruptures.Pelt(
        custom_cost=FlooredNormal(least, floor), min_size=least, jump=1
    )
    return pelt.fit(x).predict(pen=penalty)[:-1]


def energy(x: np.ndarray, y: np.ndarray) -> float:
    def within(z: np.ndarray) -> float:
        return np.abs(z[:, None] - z).sum() / (len(z) * (len(z) - 1))

    between = np.abs(x[:, None] - y).mean()
    scale = len(x) * len(y) / (len(x) + len(y))
    return scale * (2 * between - within(x) - within(y))


def best_split(x: np.ndarray, bounds: list[int], least: int) -> tuple[float, int]:
    best = (-np.inf, 0)
    for start, end in zip(bounds, bounds[1:]):
        for at in range(start + least, end - least + 1):
            for to in range(at + least, end + 1):
                best = max(best, (energy(x[start:at], x[at:to]), at))
    return best


def divided(
    x: np.ndarray, least: int, permutations: int, level: float, rng
) -> list[int]:
    bounds = [0, len(x)]
    while True:
        value, at = best_split(x, bounds, least)
        if not np.isfinite(value):
            return bounds[1:-1]
        as_good = 0
        for _ in range(permutations):
            mixed = np.concatenate(
                [rng.permutation(x[a:b]) for a, b in zip(bounds, bounds[1:])]
            )
            as_good += best_split(mixed, bounds, least)[0] >= value
        if (as_good + 1) / (permutations + 1) > level:
            return bounds[1:-1]
        bounds = sorted([*bounds, at])


def mser5(x: np.ndarray) -> int:
    means = x[: len(x) // 5 * 5].reshape(-1, 5).mean(axis=1)
    b = len(means)
    errors = [np.var(means[d:]) / (b - d) for d in range(b // 2 + 1)]
    return 5 * int(np.argmin(errors))


def steps(rng: np.random.Generator, *pieces: tuple[int, float, float]) -> np.ndarray:
    x = np.concatenate([rng.normal(mean, sd, m) for m, mean, sd in pieces])
    return np.round(x, 6)


def series(rng: np.random.Generator) -> list[np.ndarray]:
    spiky = steps(rng, (80, 1, 0.02))
    spiky[rng.integers(0, 80, 6)] *= 4
    return [
        steps(rng, (60, 1, 0.02)),
        steps(rng, (37, 1.06, 0.02), (83, 1, 0.02)),
        steps(rng, (20, 5, 1), (12, 9, 0.5), (30, 5, 0.2), (40, 5.5, 0.2)),
        steps(rng, (7, 3, 0.1), (6, 2, 0.1), (5, 1, 0.1), (31, 0.9, 0.01)),
        steps(rng, *((9, 1 + 0.1 * (i % 2), 0.01) for i in range(8))),
        spiky,
        np.array([2.0] * 20 + [1.0] * 25),
        steps(rng, (11, 1e9, 1e3)),
        steps(rng, (25, 1e9, 1e3), (25, 1.01e9, 1e3)),
        np.round(1 + np.exp(-np.arange(90) / 9) + rng.normal(0, 0.01, 90), 6),
    ]


def pelt_cases(all_series: list[np.ndarray]) -> list[dict]:
    cases = []
    for i, x in enumerate(all_series):
        for factor, least in ((15, 5), (8, 3), (4, 2)):
            penalty, floor = factor * np.log(len(x)), 1e-8
            changes = optimum(x, penalty, least, floor)
            if least > 2:
                assert changes == second_opinion(x, penalty, least, floor), i
            cases.append(
                {
                    "series": i,
                    "penalty": penalty,
                    "min_segment": least,
                    "var_floor": floor,
                    "changes": changes,
                }
            )
    return cases


def divided_cases(rng: np.random.Generator) -> list[dict]:
    cases = []
    for x in (
        steps(rng, (40, 0, 0.01)),
        steps(rng, (20, 0, 0.01), (20, 0.03, 0.01)),
        steps(rng, (12, 0, 0.01), (10, 0.04, 0.01), (14, 0, 0.01)),
        steps(rng, (9, 0, 0.01)),
        steps(rng, (40, 0, 0.01), (40, 0, 0.2)),
    ):
        changes = divided(x, 5, 199, 0.01, rng)
        cases.append({"x": x.tolist(), "changes": changes})
    return cases


def main() -> None:
    rng = np.random.default_rng(20250131)
    all_series = series(rng)
    oracle = {
        "series": [x.tolist() for x in all_series],
        "winsorised": [
            {
                "series": i,
                "window": window,
                "reach": reach,
                "out": winsorised(x, window, reach).tolist(),
            }
            for i, x in enumerate(all_series[:6])
            for window, reach in WINSORISED
        ],
        "pelt": pelt_cases(all_series),
        "mser5": [mser5(x) for x in all_series],
        "edivisive": divided_cases(rng),
    }
    path = Path(__file__).with_name("changepoint_oracle.json")
    path.write_text(json.dumps(oracle, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
