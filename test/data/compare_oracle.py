"""Writes compare_oracle.json, the values that test_stat_compare compares with.

    python3 -m venv v && v/bin/pip install scipy statsmodels
    v/bin/python compare_oracle.py
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from scipy import stats
from statsmodels.stats.multitest import multipletests

CONFIDENCE = 0.95


def mann_whitney(rng: np.random.Generator) -> list[dict]:
    cases = []
    for nx, ny in ((2, 2), (3, 5), (8, 8), (15, 12), (30, 30), (60, 20)):
        for tied in (False, True):
            x, y = rng.normal(0, 1, nx), rng.normal(0.5, 1, ny)
            if tied:
                x, y = np.round(x), np.round(y)
            exact = not tied and max(nx, ny) <= 50
            has_ties = len(set(x) | set(y)) < nx + ny
            if tied and not has_ties:
                continue
            found = stats.mannwhitneyu(x, y, method="exact" if exact else "asymptotic")
            cases.append(
                {"x": x.tolist(), "y": y.tolist(), "exact": exact}
                | {"u": float(found.statistic), "p": float(found.pvalue)}
            )
    return cases


def fieller(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """The r for which the mean of a - r b is not significantly off 0, found
    by solving the inequality itself."""
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    ratio = a.mean() / b.mean()
    v = va + ratio**2 * vb
    df = v**2 / (va**2 / (len(a) - 1) + (ratio**2 * vb) ** 2 / (len(b) - 1))
    t = stats.t.ppf((1 + CONFIDENCE) / 2, df)
    roots = np.roots(
        [
            b.mean() ** 2 - t**2 * vb,
            -2 * a.mean() * b.mean(),
            a.mean() ** 2 - t**2 * va,
        ]
    )
    return float(min(roots)), float(max(roots))


def hodges_lehmann(a: np.ndarray, b: np.ndarray) -> dict:
    """Keeps the shifts that the exact Mann-Whitney test does not refuse."""
    d = np.sort(np.subtract.outer(np.log(a), np.log(b)).ravel())
    alpha = 1 - CONFIDENCE
    kept = [
        (low + high) / 2
        for low, high in zip(d, d[1:], strict=False)
        if stats.mannwhitneyu(
            np.log(a) - (low + high) / 2, np.log(b), method="exact"
        ).pvalue
        > alpha
    ]
    lower = d[np.searchsorted(d, kept[0]) - 1]
    upper = d[np.searchsorted(d, kept[-1])]
    return {
        "hl": float(np.exp(np.median(d))),
        "hl_lower": float(np.exp(lower)),
        "hl_upper": float(np.exp(upper)),
    }


def unpaired(rng: np.random.Generator) -> list[dict]:
    cases = []
    for na, nb in ((6, 7), (10, 10), (15, 9)):
        a, b = rng.lognormal(0.05, 0.02, na), rng.lognormal(0, 0.03, nb)
        lower, upper = fieller(a, b)
        for threshold in (0.0, 0.02):
            welch = stats.ttest_ind(
                np.log(a) - np.log1p(threshold),
                np.log(b),
                equal_var=False,
                alternative="greater",
            )
            cases.append(
                {"a": a.tolist(), "b": b.tolist(), "threshold": threshold}
                | {"fieller_lower": lower, "fieller_upper": upper}
                | {"p_above": float(welch.pvalue)}
                | hodges_lehmann(a, b)
            )
    return cases


def paired(rng: np.random.Generator) -> list[dict]:
    cases = []
    for n in (6, 15, 30):
        a, b = rng.lognormal(0.03, 0.02, n), rng.lognormal(0, 0.02, n)
        d = np.log(a / b)
        test = stats.ttest_1samp(d, np.log1p(0.01), alternative="greater")
        ranks = stats.binom.ppf([0.025, 0.975], n, 0.5).astype(int)
        lower, upper = np.exp(np.sort(d)[[ranks[0] - 1, ranks[1]]])
        correction = 1 - 3 / (4 * (n - 1) - 1)
        cases.append(
            {"a": a.tolist(), "b": b.tolist(), "p_above": float(test.pvalue)}
            | {"median": float(np.exp(np.median(d)))}
            | {"median_lower": float(lower), "median_upper": float(upper)}
            | {"effect": float(correction * d.mean() / d.std(ddof=1))}
        )
    return cases


def holm(rng: np.random.Generator) -> list[dict]:
    cases = []
    for n in (1, 4, 12):
        p = rng.uniform(0, 1, n) ** 3
        adjusted = multipletests(p, method="holm")[1]
        cases.append({"p": p.tolist(), "adjusted": adjusted.tolist()})
    return cases


def variance(rng: np.random.Generator) -> list[dict]:
    """Kalibera and Jones's sums, written out as they stand in the paper."""
    cases = []
    for n, r in ((4, 6), (15, 10)):
        x = rng.normal(10, 0.2, (n, 1)) + rng.normal(0, 0.5, (n, r))
        means = x.mean(axis=1)
        s1 = ((x - means[:, None]) ** 2).sum() / (n * (r - 1))
        s2 = ((means - x.mean()) ** 2).sum() / (n - 1)
        cases.append(
            {"x": x.tolist(), "s1": float(s1), "s2": float(s2)}
            | {"t2": float(s2 - s1 / r)}
        )
    return cases


def main() -> None:
    rng = np.random.default_rng(20)
    parts = (mann_whitney, unpaired, paired, holm, variance)
    out = {part.__name__: part(rng) for part in parts}
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(out, indent=1) + "\n")


if __name__ == "__main__":
    main()
