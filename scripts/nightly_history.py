"""The history of scripts/nightly: a line a night and case, and what `tandem
analyze` makes of the series.

A line holds each invocation's log ratio to the reference of its own run, so
what the machine did to both cancels.  A point of the series is the mean of a
night.  Another reference (a new toolchain) begins another series.
"""

from __future__ import annotations

import math
from typing import Any

LEAST_NIGHTS = 6  # two segments of three
RECENT_NIGHTS = 14  # change points further back were told before
KEY = ("workload", "set", "implementation", "runtime", "reference")

Series = dict[tuple, list[tuple[str, float]]]  # key -> (run, mean log ratio)


def reference_of(groups: list[dict[str, Any]]) -> tuple[str | None, float]:
    """Name and mean logarithm of the run's reference; none: 0, so that the
    series is of the times themselves."""
    for group in groups:
        first = group["cases"][0] if group["cases"] else {}
        means = first.get("series", {}).get("mean_ns", [])
        if group.get("reference") and means:
            name = f"{group['workload']} {group['set']} {first['runtime']}"
            return name, sum(map(math.log, means)) / len(means)
    return None, 0.0


def lines_of(tables: dict[str, Any], run: str, revision: str) -> list[dict[str, Any]]:
    """tables: what `tandem show --format json` prints."""
    groups = tables.get("groups", [])
    reference, level = reference_of(groups)
    lines = []
    for group in groups:
        for case in group["cases"]:
            means = case.get("series", {}).get("mean_ns", [])
            if group.get("reference") or not means:
                continue
            name = {
                "workload": group["workload"],
                "set": group["set"],
                "implementation": case["implementation"],
                "runtime": case["runtime"],
                "reference": reference,
            }
            ratios = [round(math.log(mean) - level, 9) for mean in means]
            line = {"run": run, "revision": revision, **name, "log_ratios": ratios}
            lines.append(line)
    return lines


def long_enough(lines: list[dict[str, Any]]) -> Series:
    series: Series = {}
    for line in lines:
        ratios = line.get("log_ratios")
        if ratios:
            key = tuple(line.get(name) for name in KEY)
            point = (line["run"], sum(ratios) / len(ratios))
            series.setdefault(key, []).append(point)
    return {k: points for k, points in series.items() if len(points) >= LEAST_NIGHTS}


def question(series: Series) -> dict[str, Any]:
    """For the standard input of `tandem analyze`."""
    return {
        "cases": [
            {"kind": "history", "series": [value for _, value in points]}
            for points in series.values()
        ]
    }


def change_notes(series: Series, answer: dict[str, Any]) -> list[str]:
    """Markdown items about the last nights; `answer` is analyze's.  A suspect
    that is a verdict too is told once."""
    notes = []
    for (key, points), found in zip(series.items(), answer["results"]):
        name = " ".join(str(part) for part in key[: len(KEY) - 1])
        sure = found.get("change_points") or []
        unsure = [at for at in found.get("suspects") or [] if at not in sure]
        for places, word in ((sure, "changed"), (unsure, "may have changed")):
            notes += [
                f"- {name} {word} its level with run `{points[at][0]}`"
                for at in places
                if len(points) - at <= RECENT_NIGHTS
            ]
    return notes
