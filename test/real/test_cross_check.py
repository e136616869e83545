"""`tandem run --cross-check` with real runtimes: structure, never speed.

Run: python3 test/real/test_cross_check.py   (needs $B/bin/tandem)
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TANDEM = Path(os.environ.get("B", "build")).absolute() / "bin" / "tandem"
PAIRS = 3


class Run:
    """A short run of primes; what it printed and what it wrote."""

    def __init__(self, results: str, *options: str) -> None:
        done = subprocess.run(
            [TANDEM, "run", "primes", "--param", "n=2000", "--pairs", str(PAIRS)]
            + ["--turn", "10ms", "--no-reference", "--no-truncate"]
            + ["--out", results, *options],
            cwd=ROOT,
            capture_output=True,
            check=False,
            text=True,
            timeout=300,
        )
        if done.returncode:
            raise AssertionError(f"{done.returncode}\n{done.stdout}{done.stderr}")
        self.text = " ".join(done.stdout.split())
        self.dir = max(Path(results).iterdir())
        self.manifest = json.loads((self.dir / "manifest.json").read_text())
        self.summary = json.loads((self.dir / "summary.json").read_text())
        self.cases = self.summary["groups"][0]["cases"]

    def own(self) -> list[dict]:
        lines = (self.dir / "journal.jsonl").read_text().splitlines()
        return [line for line in map(json.loads, lines) if line["type"] == "own"]


class CrossCheck(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.results = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.results.cleanup)
        cls.run_ = Run(cls.results.name, "--cross-check")

    def check_ratio(self, of: dict) -> None:
        self.assertEqual(of["pairs"], PAIRS)
        self.assertLess(0, of["ratio"]["lower"])
        self.assertLessEqual(of["ratio"]["lower"], of["ratio"]["value"])
        self.assertLessEqual(of["ratio"]["value"], of["ratio"]["upper"])

    def test_own_tools_measured_every_pair(self) -> None:
        tools = {}
        for case in self.run_.cases:
            if not case["own_tool"]:
                continue
            tools[case["own_tool"]["name"]] = case
            self.check_ratio(case["own_tool"])
            self.assertEqual(case["own_tool"]["failures"], 0)
        self.assertEqual(set(tools), {"go test -bench", "timeit"})
        self.assertEqual(tools["timeit"]["hosting"], "stock")

    def test_tools_ran_for_as_long_as_the_turns(self) -> None:
        for record in self.run_.own():
            case = self.run_.cases[record["case"]]
            self.assertNotIn("message", record)
            self.assertEqual(record["iterations"] * PAIRS, case["operations"])
            whole_ns = record["iterations"] * record["ns_per_op"]
            self.assertLess(whole_ns, record["end_ns"] - record["begin_ns"])
        self.assertEqual(len(self.run_.own()), 2 * PAIRS)

    def test_embedded_runtimes_have_a_counterpart(self) -> None:
        embedded = [c for c in self.run_.cases if c["hosting"] in ("static", "shared")]
        counterparts = [c for c in self.run_.manifest["cases"] if c["counterpart"]]
        self.assertEqual(len(counterparts), len(embedded))
        for case, other in zip(embedded, counterparts):
            self.assertEqual(other["runtime"], case["runtime"] + ":stock")
            self.assertEqual(case["hosting_bias"]["stock"], other["runtime"])
            self.check_ratio(case["hosting_bias"])
            self.assertIn(f"Hosting bias: {case['runtime']} trial", self.run_.text)

    def test_report_says_it(self) -> None:
        self.assertTrue(self.run_.summary["cross_checked"])
        self.assertIn("by tandem as by go test -bench (95 % interval", self.run_.text)
        self.assertIn("by tandem as by timeit (95 % interval", self.run_.text)
        self.assertNotIn("was not measured", self.run_.text)

    def test_one_that_was_chosen_is_no_counterpart(self) -> None:
        with tempfile.TemporaryDirectory() as results:
            run = Run(results, "--cross-check", "--runtime", "cpython:stock,go")
        self.assertEqual(len(run.cases), 2)
        self.assertFalse(any(c["counterpart"] for c in run.manifest["cases"]))
        self.assertFalse(any(c["hosting_bias"] for c in run.cases))
        self.assertEqual(sum(c["own_tool"] is not None for c in run.cases), 2)

    def test_without_it_the_report_says_so(self) -> None:
        with tempfile.TemporaryDirectory() as results:
            run = Run(results, "--runtime", "go")
            self.assertEqual(run.own(), [])
        self.assertFalse(run.summary["cross_checked"])
        self.assertIn("(`tandem run --cross-check` does)", run.text)


if __name__ == "__main__":
    unittest.main()
