"""Makes the small runs in results/, as an archive keeps them: a manifest and
the figures made from samples that are no longer there.

    python3 make_claims.py

Same script, same bytes.  The runs are made up: nothing here was measured.
"""

import json
import math
import shutil
from pathlib import Path
from statistics import geometric_mean

RESULTS = Path(__file__).parent / "results"
HOST = {"cpu": {"model": "Example CPU", "threads": 2}, "kernel": {"release": "6.1.0"}}
OTHER = {"cpu": {"model": "Other CPU", "threads": 4}, "kernel": {"release": "6.1.0"}}


def wave(level: float, n: int, shift: int) -> list[float]:
    """n values around level, 1 % up and down."""
    return [round(level * (1 + 0.01 * math.sin(2 * i + shift)), 3) for i in range(n)]


def figure(values: list[float]) -> dict:
    middle = geometric_mean(values)
    return {"value": middle, "lower": middle * 0.99, "upper": middle * 1.01}


def case(
    runtime: str,
    implementation: str,
    ns: float,
    n: int = 15,
    rss: float = 1e7,
    figures: dict[str, tuple[float, str]] | None = None,
    problem: str | None = None,
) -> dict:
    shift = len(runtime)
    mean, memory = wave(ns, n, shift), wave(rss, n, shift + 1)
    reported = {
        name: figure([value] * n) | {"unit": unit}
        for name, (value, unit) in (figures or {}).items()
    }
    return {
        "runtime": runtime,
        "implementation": implementation,
        "invocations": 0 if problem else n,
        "mean_ns": None if problem else figure(mean),
        "median_ns": None if problem else figure(mean),
        "p99_ns": None,
        "rss_bytes": None if problem else figure(memory),
        "problem": problem,
        "figures": reported,
        "series": {
            "pair": list(range(n)),
            "mean_ns": mean,
            "median_ns": mean,
            "rss_bytes": memory,
            "max_ns": [2 * at for at in mean],
            "figures": {name: [v] * n for name, (v, _) in (figures or {}).items()},
        },
    }


def save(name: str, file: str, value: object) -> None:
    path = RESULTS / name / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=1) + "\n")


def run(name: str, groups: list[tuple[str, str, str, list[dict]]], **more) -> None:
    """groups: workload, set, default implementation, cases."""
    every = [(i, c) for i, group in enumerate(groups) for c in group[3]]
    manifest = {
        "schema": 1,
        "id": Path(name).name,
        "seed": "1",
        "status": "complete",
        "quick": False,
        "host": HOST,
        "groups": [
            {"workload": w, "set": s, "default": d, "reference": False}
            for w, s, d, _ in groups
        ],
        "cases": [
            {
                "group": i,
                "runtime": c["runtime"],
                "family": c["runtime"].split("-")[0],
                "implementation": c["implementation"],
                "problem": None,
            }
            for i, c in every
        ],
    }
    for index, (_, c) in enumerate(every):
        c["case"] = index
    save(name, "manifest.json", manifest | more)
    summary = {
        "schema": 1,
        "run": Path(name).name,
        "confidence": 0.95,
        "target": 0.0,
        "groups": [
            {"workload": w, "set": s, "reference": False, "cases": cases}
            for w, s, _, cases in groups
        ],
    }
    save(name, "summary.json", summary)


def service_value(value: float, n: int = 15, why: str | None = None) -> dict:
    if why:
        return {"value": None, "lower": None, "upper": None, "why": why} | {
            "invocations": 0,
            "values": [],
        }
    return figure([value] * n) | {"invocations": n, "why": None, "values": [value] * n}


def row(runtime: str, implementation: str, rate: float | None, **more) -> dict:
    start = 5e6 if runtime.startswith("go") else 4e8
    rates = (
        service_value(rate) | {"invocations": 1}
        if rate
        else service_value(0, why="it was killed at its start")
    )
    return {
        "name": f"{implementation}, {runtime}",
        "implementation": implementation,
        "runtime": runtime,
        "family": runtime.split("-")[0],
        "memory_limit_bytes": None,
        "memory_by": None,
        "at_least": False,
        "search": {"trials": 20},
        "figures": {"max_rate": rates, "first_answer_ns": service_value(start)},
    } | more


def main() -> None:
    shutil.rmtree(RESULTS, ignore_errors=True)
    primes = [
        case("cpython-3.11.2", "trial", 1e6, rss=4e7),
        case("cpython-3.11.2", "threads", 1.2e6),
        case("cpython-3.13t.5", "trial", 1.1e6),
        case("go-1.26.8", "trial", 1e5),
    ]
    lines = [
        case(
            "cpython-3.11.2",
            "code",
            1e6,
            figures={"lines_a": (30, "lines"), "lines_b": (50, "lines")},
        ),
        case(
            "go-1.26.8",
            "code",
            1e6,
            figures={"lines_a": (45, "lines"), "lines_b": (80, "lines")},
        ),
    ]
    run("20261123T000001Z-000001", [("primes", "n=1000", "trial", primes)])
    # Newer, but it decides nothing: a quick run.
    quick = [
        case("cpython-3.11.2", "trial", 9e6, 3),
        case("go-1.26.8", "trial", 1e5, 3),
    ]
    run("20261123T000002Z-000002", [("primes", "n=1000", "trial", quick)], quick=True)
    # In the newer one Go failed, and in the reference's it did not.
    failed = [
        case("cpython-3.11.2", "trial", 3e6, 5),
        case("go-1.26.8", "trial", 1e5, 6, problem="it crashed"),
    ]
    run("20261123T000003Z-000003", [("primes", "n=2000", "trial", failed)])
    good = [case("cpython-3.11.2", "trial", 3e6, 6), case("go-1.26.8", "trial", 1e5, 6)]
    run(
        "reference/20261122T000000Z-000009",
        [("primes", "n=2000", "trial", good), ("lines", "all", "code", lines)],
        host=OTHER,
    )
    limit = {"memory_limit_bytes": 64000000, "memory_by": "cgroup-v2"}
    rows = [
        row("cpython-3.11.2", "framework", 7000),
        row("go-1.26.8", "net/http", 70000),
        row("cpython-3.11.2", "framework", None, **limit),
        row("go-1.26.8", "net/http", 60000, at_least=True, **limit),
    ]
    name = "20261123T000004Z-000004"
    manifest = {"schema": 1, "id": name, "kind": "service", "status": "complete"}
    save(name, "manifest.json", manifest | {"quick": False, "host": HOST})
    title = {"title": "web, closed", "workload": "web", "set": "closed"}
    more = {"slo": "p99.9<100ms", "confidence": 0.95, "rows": rows}
    save(name, "service.json", [title | more])


if __name__ == "__main__":
    main()
