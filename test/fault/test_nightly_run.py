"""scripts/nightly with the real tandem and the null driver, whose latencies
are what a workload file says."""

import json
import subprocess
import sys
import unittest

from run_case import ROOT, TANDEM, RunCase

FILE = """[workload]
summary = take as long as a formula says
base = null
default = steady

[set size=small]
latency_ns = {latency_ns}
answer = 42
fault = {fault}
suites = quick

[implementation steady]
null = constant
"""


class NightlyRun(RunCase):
    def night(self, latency_ns: int, *more: str, fault: str = "none") -> int:
        (self.workloads / "w").mkdir(exist_ok=True)
        text = FILE.format(latency_ns=latency_ns, fault=fault)
        (self.workloads / "w" / "w.ini").write_text(text)
        command = [sys.executable, str(ROOT / "scripts" / "nightly")]
        command += [f"--tandem={TANDEM}", "--branch=main", "--host=box"]
        # No repository: revisions are unknown, which is not a reason to fail.
        command += [f"--artefacts={self.dir}/kept", f"--source={self.dir}"]
        command += ["--suite=quick", *more, "--"]
        command += ["--runtime", "null-1,null-2", "--pairs", "6", "--count", "11"]
        done = subprocess.run(
            command,
            env={**self.env, "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=self.dir,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.said = done.stdout + done.stderr
        return done.returncode

    def good(self) -> str:
        state = self.dir / "kept" / "main" / "box" / "state.json"
        return json.loads(state.read_text())["good"]["run"]

    def expect(self, found: int, wanted: int) -> None:
        self.assertEqual(found, wanted, self.said)

    def test_nights(self) -> None:
        self.expect(self.night(20000), 0)
        first = self.good()
        self.expect(self.night(20000), 0)
        second = self.good()
        self.assertLess(first, second)
        # Slower by less than the threshold, then by more.
        self.expect(self.night(20200), 0)
        third = self.good()
        self.expect(self.night(21200, "--no-rerun"), 1)
        self.assertIn("# Nightly: slower than allowed", self.said)
        self.assertEqual(self.good(), third)
        # A suspect that cannot be measured again stays undecided.
        self.expect(self.night(21200), 4)
        self.assertIn("not in this clone", self.said)
        self.assertEqual(self.good(), third)
        self.expect(self.night(20200), 0)
        lines = (self.dir / "kept/main/box/history.jsonl").read_text().splitlines()
        self.assertEqual(len(lines), 6 * 2)
        self.assertEqual(len(json.loads(lines[0])["log_ratios"]), 6)

    def test_wrong_answer(self) -> None:
        self.expect(self.night(20000), 0)
        good = self.good()
        self.expect(self.night(20000, fault="wrong"), 3)
        self.assertEqual(self.good(), good)


if __name__ == "__main__":
    unittest.main()
