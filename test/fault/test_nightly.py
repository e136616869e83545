"""scripts/nightly: what it makes of what tandem answers, what it keeps, what
it throws away.  tandem is played by a script that answers as it is told."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from nightly_fake import FAKE, comparison, run_id, tables

ROOT = Path(__file__).resolve().parent.parent.parent
NIGHTLY = ROOT / "scripts" / "nightly"


class Nightly(unittest.TestCase):
    def setUp(self) -> None:
        self.dir = Path(tempfile.mkdtemp(prefix="tandem-nightly-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.tandem = self.dir / "tandem"
        self.tandem.write_text(FAKE)
        self.tandem.chmod(0o755)
        self.source = self.dir / "source"
        (self.source / "workloads" / "w").mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        self.commit("one")
        self.artefacts = self.dir / "artefacts"
        self.home = self.artefacts / "main" / "box"
        self.nights = 0

    def git(self, *words: str) -> str:
        who = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
        return subprocess.run(
            ["git", "-C", str(self.source), *who, *words],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()

    def commit(self, text: str) -> None:
        (self.source / "workloads" / "w" / "w.py").write_text(text)
        self.git("add", ".")
        self.git("commit", "-q", "-m", text)

    def command(self, *more: str) -> list:
        return [
            sys.executable,
            str(NIGHTLY),
            f"--tandem={self.tandem}",
            f"--source={self.source}",
            f"--artefacts={self.artefacts}",
            "--branch=main",
            "--host=box",
            *more,
        ]

    def environment(self) -> dict:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("NIGHTLY_", "GITHUB_", "CI_"))
        }
        return {**kept, "PYTHONDONTWRITEBYTECODE": "1"}

    def plan(self, **answers: object) -> None:
        (self.dir / "plan.json").write_text(json.dumps(answers))
        (self.dir / "calls").write_text("")

    def run_nightly(self, *more: str, **env: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.command(*more),
            env={**self.environment(), **env},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def night(self, *more: str, status: int = 0, **answers: object) -> str:
        """One night; returns its report."""
        self.nights += 1
        self.run = run_id(self.nights)
        answers.setdefault("run", [{"makes": self.run}])
        answers.setdefault("show", [{"json": tables()}])
        answers.setdefault("analyze", [{"out": '{"results": [{}]}'}])
        self.plan(**answers)
        done = self.run_nightly(*more)
        self.assertEqual(done.returncode, status, done.stderr + done.stdout)
        return (self.home / "reports" / f"{self.run}.md").read_text()

    def calls(self, name: str) -> list:
        lines = (self.dir / "calls").read_text().splitlines()
        words = [json.loads(line) for line in lines]
        if name == "rerun":
            return [w for w in words if "--rerun" in w]
        return [w for w in words if w[0] == name and "--rerun" not in w]

    def good(self) -> str:
        return json.loads((self.home / "state.json").read_text())["good"]["run"]

    def test_first_night_becomes_good(self) -> None:
        report = self.night()
        self.assertIn("# Nightly: fine", report)
        self.assertIn("nothing to compare with", report)
        self.assertEqual(self.good(), self.run)
        self.assertEqual(self.calls("compare"), [])

    def test_second_night_is_compared_and_becomes_good(self) -> None:
        self.night()
        first = self.run
        report = self.night(compare=[{"out": "a table", "json": comparison("passed")}])
        self.assertIn("a table", report)
        self.assertEqual(self.good(), self.run)
        words = self.calls("compare")[0]
        self.assertEqual(words[1:4], [first, self.run, "--gate"])
        self.assertEqual(words[words.index("--threshold") + 1], "2%")

    def suspicious(self, *more: str, rerun: list, **how: object) -> str:
        self.night()
        self.good_revision = self.git("rev-parse", "HEAD")
        self.first = self.run
        self.commit("two")
        gate = how.pop("gate", "slower")
        status = {"slower": 1, "undecided": 4}[gate]
        suspicion = {"status": status, "json": comparison(gate)}
        return self.night(*more, compare=[suspicion], rerun=rerun, **how)

    def test_suspect_that_the_rerun_acquits(self) -> None:
        report = self.suspicious(rerun=[{"out": "side by side"}])
        self.assertIn("# Nightly: fine", report)
        self.assertIn("side by side", report)
        self.assertEqual(self.good(), self.run)
        words = self.calls("rerun")[0]
        head = self.git("rev-parse", "HEAD")
        self.assertEqual(
            words[1:6], ["--rerun", self.good_revision, head, "w", "--gate"]
        )

    def test_suspect_that_the_rerun_confirms(self) -> None:
        report = self.suspicious(rerun=[{"status": 1}], status=1)
        self.assertIn("# Nightly: slower than allowed", report)
        self.assertEqual(self.good(), self.first)

    def test_changed_sources_are_measured_again_unsuspected(self) -> None:
        """The machine may have been faster that night."""
        self.night()
        first = self.run
        self.commit("two")
        passed = {"json": comparison("passed")}
        report = self.night(compare=[passed], rerun=[{"status": 1}], status=1)
        self.assertIn("### Changed: w", report)
        self.assertEqual(len(self.calls("rerun")), 1)
        self.assertEqual(self.good(), first)

    def test_confirmed_again_next_night(self) -> None:
        """The good run stays what it was until it is right or accepted."""
        self.suspicious(rerun=[{"status": 1}], status=1)
        bad = self.run
        suspicion = {"status": 1, "json": comparison("slower")}
        self.night(compare=[suspicion], rerun=[{"status": 1}], status=1)
        self.assertEqual(self.calls("compare")[0][1], self.first)
        self.assertEqual(self.run_nightly("--accept", bad).returncode, 0)
        self.assertEqual(self.good(), bad)

    def test_undecided_is_measured_again(self) -> None:
        answers = [{"status": 4}, {"status": 0}]
        more = "--rerun-options=--max-pairs 120"
        self.suspicious(more, rerun=answers, gate="undecided")
        self.assertEqual(len(self.calls("rerun")), 2)
        self.assertEqual(self.calls("rerun")[1][-2:], ["--max-pairs", "120"])

    def test_undecided_to_the_end(self) -> None:
        report = self.suspicious("--attempts=3", rerun=[{"status": 4}], status=4)
        self.assertIn("# Nightly: undecided", report)
        self.assertEqual(len(self.calls("rerun")), 3)
        self.assertEqual(self.good(), self.first)

    def test_rerun_that_fails(self) -> None:
        self.suspicious(rerun=[{"status": 5}], status=5)
        self.assertEqual(self.good(), self.first)

    def test_no_rerun_asked_for(self) -> None:
        self.suspicious("--no-rerun", rerun=[{}], status=1)
        self.assertEqual(self.calls("rerun"), [])

    def test_same_sources_are_not_measured_again(self) -> None:
        self.night()
        suspicion = {"status": 1, "json": comparison("slower")}
        report = self.night(compare=[suspicion])
        self.assertIn("its sources are what they were", report.lower())
        self.assertEqual(self.calls("rerun"), [])
        self.assertEqual(self.good(), self.run)

    def test_good_revision_is_gone(self) -> None:
        self.night()
        state = self.home / "state.json"
        good = json.loads(state.read_text())
        good["good"]["revision"] = "0" * 40
        state.write_text(json.dumps(good))
        suspicion = {"status": 1, "json": comparison("slower")}
        report = self.night(compare=[suspicion], status=4)
        self.assertIn("not in this clone", report)

    def test_exit_codes_of_compare_pass_through(self) -> None:
        self.night()
        first = self.run
        for status, gate in ((3, "wrong"), (5, "failed"), (2, "none")):
            with self.subTest(status=status):
                answer = {"status": status, "json": comparison(gate)}
                self.night(compare=[answer], status=status)
                self.assertEqual(self.good(), first)

    def test_wrong_answer_is_graver_than_slower(self) -> None:
        both = comparison("slower")
        both["cases"].append({"workload": "v", "gate": "wrong"})
        self.night()
        self.commit("two")
        answer = {"status": 3, "json": both}
        self.night(compare=[answer], rerun=[{"status": 1}], status=3)

    def test_run_that_fails(self) -> None:
        report = self.night(run=[{"makes": run_id(1), "status": 5}], status=5)
        self.assertIn("worker or a dependency failed", report)
        self.assertFalse((self.home / "state.json").exists())

    def test_run_that_leaves_nothing(self) -> None:
        for status, expected in ((2, 2), (6, 6), (0, 6)):
            with self.subTest(status=status):
                self.plan(run=[{"status": status}])
                self.assertEqual(self.run_nightly().returncode, expected)
        text = (self.home / "reports" / "no-run.md").read_text()
        self.assertIn("No run directory", text)

    def test_no_program(self) -> None:
        done = self.run_nightly("--tandem=/nowhere/tandem")
        self.assertEqual(done.returncode, 5)
        self.assertIn("run make first", done.stderr)

    def test_two_at_once(self) -> None:
        self.artefacts.mkdir()
        self.plan()
        with open(self.artefacts / "lock", "w", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            done = self.run_nightly()
        self.assertEqual(done.returncode, 5)
        self.assertIn("another nightly", done.stderr)
        self.assertEqual(self.calls("run"), [])

    def test_stopped(self) -> None:
        self.plan(run=[{"makes": run_id(1), "sleep": 30}])
        process = subprocess.Popen(
            self.command(),
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 20
        while not (self.home / "runs" / run_id(1)).exists():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(timeout=20), 130)
        self.assertFalse((self.home / "state.json").exists())

    def test_uncommitted_changes_do_not_become_good(self) -> None:
        (self.source / "workloads" / "w" / "w.py").write_text("three")
        self.assertIn("uncommitted", self.night())
        self.assertFalse((self.home / "state.json").exists())

    def test_prunes_by_age_but_never_the_good_run(self) -> None:
        old, older = run_id(1, "20200101"), run_id(2, "20200102")
        self.plan(
            run=[{"makes": old}, {"makes": older}],
            show=[{"json": tables()}],
            compare=[{"json": comparison("passed")}],
        )
        self.run_nightly()
        self.assertEqual(self.good(), old)
        self.run_nightly("--no-rerun")
        self.assertEqual(self.good(), older)
        names = sorted(path.name for path in (self.home / "runs").iterdir())
        self.assertEqual(names, [older])
        reports = {path.name for path in (self.home / "reports").iterdir()}
        self.assertEqual(reports, {f"{older}.md", f"{older}.json", f"{older}.run.md"})

    def test_prunes_by_size(self) -> None:
        big = {"size": 40000}
        passed = [{"json": comparison("passed")}]
        for _ in range(4):
            make = {"makes": run_id(self.nights + 1), **big}
            self.night("--keep-size=100kB", run=[make], compare=passed)
        names = sorted(path.name for path in (self.home / "runs").iterdir())
        self.assertEqual(names, [run_id(3), run_id(4)])

    def test_good_run_of_another_branch_stays(self) -> None:
        other = self.artefacts / "next" / "box"
        kept = run_id(1, "20200101")
        (other / "runs" / kept).mkdir(parents=True)
        (other / "runs" / run_id(2, "20200101")).mkdir()
        (other / "state.json").write_text(json.dumps({"good": {"run": kept}}))
        self.night()
        names = [path.name for path in (other / "runs").iterdir()]
        self.assertEqual(names, [kept])

    def test_dry_run_writes_nothing(self) -> None:
        self.plan()
        done = self.run_nightly("--dry-run", "--suite=quick", "--", "--pairs", "3")
        self.assertEqual(done.returncode, 0)
        self.assertIn("run --suite quick --pairs 3", done.stdout)
        self.assertFalse(self.artefacts.exists())
        self.assertEqual(self.calls("run"), [])

    def test_options_from_the_environment(self) -> None:
        self.plan()
        done = self.run_nightly("--dry-run", NIGHTLY_SUITE="tiny")
        self.assertIn("--suite tiny", done.stdout)
        done = self.run_nightly("--dry-run", NIGHTLY_KEEP_SIZE="lots")
        self.assertEqual(done.returncode, 2)

    def test_summary_of_the_job(self) -> None:
        summary = self.dir / "summary.md"
        self.plan(run=[{"makes": run_id(1)}], show=[{"json": tables()}])
        self.run_nightly(GITHUB_STEP_SUMMARY=str(summary))
        self.assertIn("# Nightly: fine", summary.read_text())

    def test_history_is_fed_to_analyze(self) -> None:
        passed = [{"json": comparison("passed")}]
        answer = {"results": [{"change_points": [3], "suspects": [3, 4]}]}
        for night in range(6):
            level = 1000.0 if night < 3 else 1100.0
            report = self.night(
                compare=passed,
                show=[{"json": tables(level)}],
                analyze=[{"out": json.dumps(answer)}],
            )
            self.assertEqual(len(self.calls("analyze")), int(night == 5))
        self.assertIn(f"trial go-1 changed its level with run `{run_id(4)}`", report)
        self.assertEqual(report.count("may have changed"), 1)
        lines = (self.home / "history.jsonl").read_text().splitlines()
        self.assertEqual(len(lines), 6)
        line = json.loads(lines[0])
        self.assertEqual(line["reference"], "ref n=2 go-1")
        self.assertAlmostEqual(line["log_ratios"][0], 2.302585093, places=6)

    def test_history_that_cannot_be_analysed(self) -> None:
        passed = [{"json": comparison("passed")}]
        broken = [{"out": "no JSON", "status": 2}]
        for _ in range(6):
            report = self.night(compare=passed, analyze=broken)
        self.assertIn("No look at the history", report)


if __name__ == "__main__":
    unittest.main()
