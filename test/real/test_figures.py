"""Figures that workloads report, from each language's own way to the summary.

Run: B=build PYTHONPATH=test/fault python3 test/real/test_figures.py
"""

import sys
import unittest
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "fault"))

from run_case import ROOT, RunCase

SOURCES = ROOT / "test" / "data" / "reported"
RUNTIMES = "cpython@/usr/bin/python3,cpython@/usr/bin/python3:stock,go"


class Figures(RunCase):
    def test_both_languages(self) -> None:
        self.env["TANDEM_WORKLOADS"] = str(SOURCES)
        words = ("--runtime", RUNTIMES, "--pairs", 2, "--count", 20, "--format", "json")
        done = self.tandem("run", "figures", *words, timeout_s=120)
        self.assertEqual(done.status, 0, done.err)
        for case in done.json()["groups"][0]["cases"]:
            is_go = case["runtime"].startswith("go")
            figures = case["figures"]
            self.assertEqual(list(figures), ["called", "terms"])
            self.assertEqual(figures["called"]["value"], 1)
            self.assertEqual(figures["terms"]["value"], 500 if is_go else 1000)
            self.assertEqual(figures["terms"]["unit"], "terms")
            self.assertEqual(figures["terms"]["invocations"], 2)
            self.assertEqual(case["series"]["figures"]["called"], [1, 1])
            if not is_go:
                self.assertEqual(figures["terms"]["ratio"]["value"], 2)
        for end in self.journal("end"):
            self.assertEqual(end["figures"]["called"], {"value": 1, "unit": "x"})
        self.assert_archive_shows_the_same()

    def test_figures_that_fail(self) -> None:
        ini, python = (
            (SOURCES / "figures" / name).read_text()
            for name in ("figures.ini", "figures.py")
        )
        directory = self.workload("figures", ini.replace("base = go", "base = cpython"))
        wrong = python.replace("(self.n, ", "(self.nothing, ")
        (directory / "figures.py").write_text(wrong)
        words = ("--runtime", "cpython@/usr/bin/python3", "--pairs", 2, "--count", 20)
        done = self.tandem("run", "figures", *words, "--format", "json")
        self.assertEqual(done.status, 5, done.err)
        self.assertIn("no attribute 'nothing'", done.case(0)["problem"])


if __name__ == "__main__":
    unittest.main()
