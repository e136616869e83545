"""Makes the small run directories beside it, and expected.json: the figures
that tandem must read out of them, computed with NumPy and SciPy.

    python3 -m venv v && v/bin/pip install scipy && v/bin/python make_runs.py

Same script, same bytes.  The runs are made up: no time here was measured.
"""

import json
import shutil
from pathlib import Path

import numpy as np
from scipy import stats

HERE = Path(__file__).parent
DTYPE = np.dtype(
    [
        ("invocation", "<u4"),
        ("batch", "<u4"),
        ("start_ns", "<u8"),
        ("duration_ns", "<u8"),
        ("loops", "<u4"),
        ("flags", "<u4"),
    ]
)
HEADER_BYTES = 256
FIRST, WARM = 1, 2


def case(group: int, runtime: str, implementation: str, **more) -> dict:
    family, version = runtime.split("-")
    return {
        "group": group,
        "runtime": runtime,
        "family": family,
        "version": version,
        "hosting": "static" if family == "cpython" else None,
        "path": f"/usr/bin/{family}",
        "build": {},
        "implementation": implementation,
        "entry": implementation,
        "hashes": {},
        "base": None,
        "problem": None,
    } | more


class Run:
    """Writes one run as the harness would."""

    def __init__(self, name: str, seed: int, groups: list, cases: list, **more):
        self.dir = HERE / name
        shutil.rmtree(self.dir, ignore_errors=True)
        (self.dir / "samples").mkdir(parents=True)
        self.rng = np.random.default_rng(seed)
        self.ns = 5_000_000_000
        self.lines: list[str] = []
        self.rows: list[list[tuple]] = [[] for _ in cases]
        self.used = [0] * len(cases)
        self.cases = cases
        self.manifest = {
            "schema": 1,
            "id": name,
            "tandem": "0.1.0",
            "command": ["tandem", "run"],
            "seed": str(seed),
            "started": "2026-11-21T03:15:00Z",
            "status": "complete",
            "quick": False,
            "settings": {"pairs": 10, "repetitions": 1, "confidence": 0.95},
            "host": {},
            "noise": {},
            "clock_pair_ns": 50.0,
            "groups": groups,
            "cases": cases,
        } | more

    def note(self, kind: str, **fields) -> None:
        self.ns += 1000
        record = {"type": kind, "ns": self.ns} | fields
        self.lines.append(json.dumps(record, separators=(",", ":")))

    def batch(
        self,
        c: int,
        number: int,
        batch: int,
        times: list,
        loops: int,
        **more,
    ) -> None:
        first, begin = len(self.rows[c]), self.ns
        flags = more.get("flags", FIRST if batch == 0 else 0)
        for duration in times:
            start, self.ns = self.ns + 20, self.ns + 40 + duration
            self.rows[c].append((number, batch, start, duration, loops, flags))
        self.note(
            "batch",
            case=c,
            invocation=number,
            batch=batch,
            turn=max(batch - 1, 0),
            first=first,
            count=len(times),
            loops=loops,
            warm=1,
            begin_ns=begin,
            end_ns=self.ns + 10,
            cpu_ns=int(sum(times) * 1.01),
            **more,
        )

    def invocation(
        self,
        c: int,
        pair: int,
        level: float,
        answer: str,
        count: int = 25,
        loops: int = 1,
        failed: str | None = None,
        wrong: bool = False,
        rss: int = 9_000_000,
    ) -> None:
        number, self.used[c] = self.used[c], self.used[c] + 1
        self.ns += 2_000_000
        self.note(
            "invocation",
            case=c,
            pair=pair,
            invocation=number,
            pid=1000 + number,
            hello={"protocol": "1"},
            setup_ns=int(1e6 * self.rng.lognormal(0, 0.05)),
        )
        level *= self.rng.lognormal(0, 0.01)
        self.batch(c, number, 0, [int(level * 1.7)], 1)
        end = {"case": c, "invocation": number, "answer": answer, "wrong": wrong}
        if failed:
            more = {
                "status": "failed",
                "code": -20003 if wrong else -20005,
                "message": failed,
                "last_words": "" if wrong else "panic: out of\nmemory\n",
            }
            self.note("end", **end, **more, usage={"hwm_bytes": None})
            return
        for turn in (1, 2):
            noise = self.rng.exponential(0.02, count)
            times = [int(level * loops * (1 + x)) for x in noise]
            self.batch(c, number, turn, times, loops)
        usage = {
            "hwm_bytes": int(rss * self.rng.lognormal(0, 0.01)),
            "maxrss_bytes": rss,
            "pss_bytes": int(rss * 0.8),
        }
        self.note("end", **end, status="ok", usage=usage)

    def write(self, torn: str = "") -> None:
        def dump(name: str, value: dict) -> None:
            (self.dir / name).write_text(json.dumps(value, indent=1) + "\n")

        dump("manifest.json", self.manifest)
        text = "".join(line + "\n" for line in self.lines) + torn
        (self.dir / "journal.jsonl").write_text(text)
        for c, rows in enumerate(self.rows):
            array = np.array(rows, DTYPE)
            header = repr(
                {
                    "descr": DTYPE.descr,
                    "fortran_order": False,
                    "shape": (len(rows),),
                }
            ).encode()
            room = HEADER_BYTES - 10
            data = b"\x93NUMPY\x01\x00" + room.to_bytes(2, "little")
            data += header.ljust(room - 1) + b"\n" + array.tobytes()
            (self.dir / "samples" / f"{c:03}.npy").write_bytes(data)


def group(workload: str, name: str, answer: str | None, ideal_ns: int = 0) -> dict:
    return {
        "workload": workload,
        "set": name,
        "params": dict([name.split("=")]),
        "answer": answer,
        "ideal_ns": ideal_ns,
        "base": "go",
        "default": "trial",
    }


def whole() -> Run:
    """Three groups: all well; failures and grouping; a wrong answer."""
    cases = [
        case(0, "cpython-3.11.2", "trial", base=1),
        case(0, "go-1.26.8", "trial"),
        case(1, "cpython-3.11.2", "stream", base=4),
        case(1, "cpython-3.11.2", "regex", base=4),
        case(1, "go-1.26.8", "stream"),
        case(1, "cpython-3.9", "stream", base=4, problem="no such interpreter"),
        case(2, "cpython-3.11.2", "httpx", base=7),
        case(2, "go-1.26.8", "net-http"),
    ]
    groups = [
        group("primes", "n=1000", "168"),
        group("logparse", "entries=10", None),
        group("fanout", "delay=1ms", "d1g3st", 1_000_000),
    ]
    run = Run("20261121T031500Z-000001", 42, groups, cases)
    run.note("group", group=0)
    for pair in range(10):
        if pair == 6:  # cut off here, and taken up again
            run.note("pair", group=0, pair=pair, turns=[0, 1])
            run.invocation(0, pair, 9.4e5, "168")
            run.ns += 3600 * 10**9
            run.note("resume", command=["tandem", "run", "--resume", "last"])
        run.note("pair", group=0, pair=pair, turns=[0, 1, 1, 0])
        run.invocation(0, pair, 9.4e5, "168")
        run.invocation(1, pair, 1.0e5, "168", rss=3_000_000)
        run.note("pair_end", group=0, pair=pair, complete=True, cut=False)
    run.note("stop", group=0, why="pairs")
    run.note("group", group=1)
    for pair in range(8):
        run.note("pair", group=1, pair=pair, turns=[2, 3, 4])
        run.invocation(2, pair, 5.0e4, "table")
        oom = "worker was killed by signal 9" if pair == 3 else None
        run.invocation(3, pair, 4.0e4, "table", failed=oom)
        run.invocation(4, pair, 450, "table", count=10, loops=64)
        run.note("pair_end", group=1, pair=pair, complete=not oom, cut=False)
    run.note("stop", group=1, why="time")
    run.note("group", group=2)
    for pair in range(3):
        run.note("pair", group=2, pair=pair, turns=[6, 7])
        if pair == 0:
            wrong = 'answered "other" where "d1g3st" is right'
            run.invocation(6, pair, 1.5e6, "other", failed=wrong, wrong=True)
            run.note("dropped", case=6, message=wrong)
        run.invocation(7, pair, 1.1e6, "d1g3st", count=5)
        run.note("pair_end", group=2, pair=pair, complete=pair > 0, cut=False)
    run.note("stop", group=2, why="pairs")
    run.note("finish", status="complete")
    run.write()
    return run


def cut_off() -> Run:
    """A quick run, cut off in the middle of a line of its second pair."""
    cases = [
        case(0, "cpython-3.11.2", "trial", base=1),
        case(0, "go-1.26.8", "trial"),
    ]
    groups = [group("primes", "n=1000", "168")]
    run = Run("20261121T032000Z-000002", 7, groups, cases, quick=True, status="running")
    run.note("group", group=0)
    for pair in range(2):
        run.note("pair", group=0, pair=pair, turns=[0, 1, 1, 0])
        run.invocation(0, pair, 9.4e5, "168")
        run.invocation(1, pair, 1.0e5, "168", rss=3_000_000)
        if pair == 0:
            run.note("pair_end", group=0, pair=pair, complete=True, cut=False)
    run.write(torn='{"type":"pair_e')
    return run


WARM_UP = 40  # samples, all kinds together


def warming(run: Run, c: int, pair: int, level: float, slow: float) -> None:
    """An invocation whose first samples take `slow` times as long."""
    number, run.used[c] = run.used[c], run.used[c] + 1
    run.note("invocation", case=c, pair=pair, invocation=number, setup_ns=1_000_000)
    level *= run.rng.lognormal(0, 0.01)
    done = 0
    for batch, (count, flags) in enumerate([(1, FIRST), (20, WARM), (60, 0), (60, 0)]):
        noise = run.rng.lognormal(0, 0.01, count)
        before = np.arange(done, done + count) < WARM_UP
        times = [int(x) for x in level * noise * np.where(before, slow, 1)]
        run.batch(c, number, batch, times, 1, flags=flags)
        done += count
        if pair == 0 and batch == 0:  # thousands of operations, not recorded
            run.note("calibrated", case=c, loops=1, count=60, operation_ns=level)
            slow = 1
    usage = {"hwm_bytes": 9_000_000, "maxrss_bytes": 9_000_000}
    run.note(
        "end",
        case=c,
        invocation=number,
        status="ok",
        answer="168",
        wrong=False,
        usage=usage,
    )


def warmed_up() -> Run:
    """A runtime that compiles while it runs, against one that does not."""
    cases = [
        case(0, "pypy-7.3", "trial", base=1),
        case(0, "go-1.26.8", "trial"),
    ]
    groups = [group("primes", "n=1000", "168")]
    run = Run("20261121T031000Z-000003", 11, groups, cases)
    run.note("group", group=0)
    for pair in range(8):
        run.note("pair", group=0, pair=pair, turns=[0, 1, 1, 0])
        warming(run, 0, pair, 3.0e5, 5)
        warming(run, 1, pair, 1.0e5, 1)
        run.note("pair_end", group=0, pair=pair, complete=True, cut=False)
    run.note("stop", group=0, why="pairs")
    run.note("finish", status="complete")
    run.write()
    return run


def expect_warm_up(run: Run, c: int) -> dict:
    """Of the invocations that were not calibrated; the mean is of all."""
    rows = np.array(run.rows[c], DTYPE)
    each = [rows[rows["invocation"] == i]["duration_ns"] for i in range(8)]
    until = [float(x[:WARM_UP].sum()) for x in each[1:]]
    low, high = stats.t.interval(
        0.95, len(until) - 1, loc=np.mean(until), scale=stats.sem(until)
    )
    return {
        "cut": WARM_UP,
        "left_out": WARM_UP - 21,
        "until": [float(np.mean(until)), float(low), float(high)],
        "steady": t_of_logs(np.array([x[WARM_UP:].mean() for x in each[1:]])),
        "mean": t_of_logs(np.array([x[WARM_UP:].mean() for x in each])),
        "whole_mean": t_of_logs(np.array([x[21:].mean() for x in each])),
    }


def t_of_logs(x: np.ndarray) -> list[float]:
    logs = np.log(x)
    low, high = stats.t.interval(
        0.95, len(x) - 1, loc=logs.mean(), scale=stats.sem(logs)
    )
    return [float(np.exp(v)) for v in (logs.mean(), low, high)]


def variance(each: list[np.ndarray], cost: float) -> dict:
    """Two levels (Kalibera & Jones 2013); cost: of an invocation's start."""
    iterations = len(each) / sum(1 / len(x) for x in each)
    within = float(np.mean([x.var(ddof=1) for x in each]))
    means = np.array([x.mean() for x in each])
    between = float(means.var(ddof=1)) - within / iterations
    best = np.ceil(np.sqrt(cost / means.mean() * within / between))
    return {
        "t2": [within, between],
        "iterations": iterations,
        "best_iterations": int(best) if between > 0 else 0,
    }


def start_ns(run: Run, c: int, invocations: list[int], loops: int) -> float:
    """Spawn to ready and the first iteration, in ns a looped operation."""
    records = [json.loads(line) for line in run.lines]
    setups = [
        r["setup_ns"]
        for r in records
        if r["type"] == "invocation"
        and r["case"] == c
        and r["invocation"] in invocations
    ]
    rows = np.array(run.rows[c], DTYPE)
    rows = rows[np.isin(rows["invocation"], invocations) & (rows["flags"] == FIRST)]
    return float(stats.gmean(setups) + stats.gmean(rows["duration_ns"])) / loops


def companions(a: np.ndarray, b: np.ndarray) -> dict:
    """Of ten pairs: order statistics 2 and 9 bound the median at 95 %."""
    d = np.sort(np.log(a / b))
    return {
        "pair_median": [float(np.exp(x)) for x in (np.median(d), d[1], d[8])],
        "cohens_d": float(d.mean() / d.std(ddof=1)),
    }


def expect(run: Run, c: int, invocations: list[int]) -> dict:
    """The figures of one case, from the samples of these invocations."""
    rows = np.array(run.rows[c], DTYPE)
    rows = rows[np.isin(rows["invocation"], invocations) & (rows["flags"] == 0)]
    values = rows["duration_ns"] / rows["loops"]
    each = [values[rows["invocation"] == i] for i in invocations]
    out = {
        "case": c,
        "samples": len(values),
        "operations": int(rows["loops"].sum()),
        "invocations": len(invocations),
        "mean": t_of_logs(np.array([x.mean() for x in each])),
        "median": t_of_logs(np.array([np.median(x) for x in each])),
        "means": [float(x.mean()) for x in each],
        "p99": None,
        "variance": variance(
            each, start_ns(run, c, invocations, int(rows["loops"].max()))
        ),
    }
    n = len(values)
    low = int(stats.binom.ppf(0.025, n, 0.99))
    high = int(stats.binom.ppf(0.975, n, 0.99)) + 1
    if low >= 1 and high <= n:
        ranks = [int(np.ceil(0.99 * n)), low, high]
        out["p99"] = [float(np.sort(values)[r - 1]) for r in ranks]
    return out


def main() -> None:
    run = whole()
    # Invocation 6 of case 0 was left behind by the cut; 3 of case 3 failed.
    expected = [
        expect(run, 0, [0, 1, 2, 3, 4, 5, 7, 8, 9, 10]),
        expect(run, 1, list(range(10))),
        expect(run, 2, list(range(8))),
        expect(run, 3, [0, 1, 2, 4, 5, 6, 7]),
        expect(run, 4, list(range(8))),
        expect(run, 7, list(range(3))),
    ]
    a, b = (np.array(expected[i].pop("means")) for i in (0, 1))
    for one in expected[2:]:
        del one["means"]
    out = {
        "cases": expected,
        "ratio_0_1": t_of_logs(a / b),
        "companions_0_1": companions(a, b),
        "warm_up": expect_warm_up(warmed_up(), 0),
    }
    (HERE / "expected.json").write_text(json.dumps(out, indent=1) + "\n")
    cut_off()


if __name__ == "__main__":
    main()
