"""`tandem run` of whole processes: what they do, and what can go wrong.

Run: B=build python3 test/fault/test_run_commands.py
"""

from __future__ import annotations

import signal
import struct
import subprocess
import time
import unittest
from pathlib import Path

from run_case import Done, RunCase

HEAD = """[workload]
kind = command
summary = a process
base = one
default = plain

[runtime one]
driver = exec
command = python3 -S {entry}

[runtime two]
driver = exec
command = python3 -S {entry}
"""

# Notes, in the invocation's own directory, who was called when with what.
NOTE = """import os, sys
with open(sys.argv[1] + "/log", "a") as log:
    print(sys.argv[2], len(os.listdir(sys.argv[3])), file=log)
"""


class Commands(RunCase):
    def commands(
        self, source: str, keys: str = "", settings: str = "answer = 42"
    ) -> Path:
        """Runtime two runs the source, one only prints 42."""
        (
            directory := self.workload(
                "whole",
                f"{HEAD}\n[set one]\n{settings}\n[implementation plain]\n"
                f"one = fine.py\ntwo = two.py {{scratch}} {{fresh}}\n{keys}\n",
            )
        ).joinpath("two.py").write_text(source, encoding="utf-8")
        (directory / "fine.py").write_text("print(42)\n", encoding="utf-8")
        (directory / "note.py").write_text(NOTE, encoding="utf-8")
        return directory

    def words(self, *more: object) -> list[object]:
        fixed = ("--no-reference", "--seed", 1, "--format", "json", "--pairs", 2)
        return ["run", "whole", *fixed, "--count", 2, "--repetitions", 1, *more]

    def run_it(self, status: int, *more: object) -> Done:
        done = self.tandem(*self.words(*more))
        self.assertEqual(done.status, status, done.err)
        return done

    def test_every_execution_is_a_sample(self) -> None:
        self.commands("print(40 + 2)")
        done = self.run_it(0)
        self.assert_whole(done.json(), 2, 2)
        group = done.json()["groups"][0]
        self.assertTrue(group["command"])
        for case in group["cases"]:
            self.assertGreater(case["cpu_ns"]["value"], 1e5)
            self.assertGreater(case["rss_bytes"]["value"], 1e6)
            # A whole process of Python takes more CPU time than a millisecond.
            self.assertGreater(case["mean_ns"]["value"], 1e6)
        first = [b for b in self.journal("batch") if b["flags"] & 2]
        self.assertEqual({b["invocation"] for b in first}, {0})
        self.assertFalse([b for b in self.journal("batch") if b["flags"] & 1])
        for batch in self.journal("batch"):
            self.assertEqual(len(batch["executions"]), batch["count"])
        self.assertIn("whole process", self.tandem("show").out)
        self.assertFalse(list(self.results.glob("*/scratch")))

    def test_steps_and_directories(self) -> None:
        """Each execution has an empty directory; steps see it and are no time."""
        self.commands(
            "import os, sys, time\n"
            "open(sys.argv[2] + '/made', 'x').close()\n"
            "log = open(sys.argv[1] + '/log').read().split('\\n')\n"
            "assert log[-2] == 'before 0', log\n"
            "assert len(log) == 2 or log[-3] == 'after 1', log\n"
            "print(42, os.environ['A'], os.environ['B'].replace(sys.argv[1], ''))\n",
            "two.prepare = python3 -S note.py {scratch} before {fresh}\n"
            "two.cleanup = python3 -S note.py {scratch} after {fresh}\n"
            "env = A=1 B=1\n"
            "two.env = B={scratch}/2\n",
            "answer = none",
        )
        self.assert_whole(self.run_it(0).json(), 2, 2)
        self.assertIn("output not compared", self.tandem("show").out)

    def test_only_the_process_is_timed(self) -> None:
        """It waits for 50 ms; the steps around it for 100 ms each."""
        self.commands(
            "import time\ntime.sleep(.05)\nprint(42)",
            "two.prepare = sleep .1\ntwo.cleanup = sleep .1",
        )
        case = self.run_it(0).json()["groups"][0]["cases"][1]
        self.assertGreaterEqual(case["mean_ns"]["value"], 5e7)
        self.assertIsNone(case["warmup"])
        self.assertIsNone(case["first_ns"])
        self.assertIsNone(case["setup_ns"])
        samples = list(self.run_dir().glob("samples/*1*.npy"))
        self.assertEqual(len(samples), 1)
        timed = self.durations(samples[0])
        for batch in self.journal("batch"):
            if batch["case"] == 1:
                rows = timed[batch["first"] : batch["first"] + batch["count"]]
                around_ns = batch["end_ns"] - batch["begin_ns"] - sum(rows)
                self.assertGreaterEqual(around_ns, 2e8 * batch["count"])

    def durations(self, path: Path) -> list[int]:
        """Rows are 32 bytes: two u4, start and duration u8, two u4."""
        rows = struct.iter_unpack("<IIQQII", path.read_bytes()[256:])
        return [row[3] for row in rows]

    def test_figures(self) -> None:
        self.commands("print('figure total_bytes 12 B')\nprint(42)")
        case = self.run_it(0).json()["groups"][0]["cases"][1]
        self.assertEqual(case["answer"], "verified")
        self.assertEqual(case["figures"]["total_bytes"]["value"], 12)
        self.assertEqual(case["figures"]["total_bytes"]["unit"], "B")

    def assert_failed(self, done: Done, message: str, words: str) -> None:
        cases = done.json()["groups"][0]["cases"]
        self.assertIsNone(cases[0]["problem"])
        self.assertIn(message, cases[1]["problem"])
        self.assertIn(words, cases[1]["last_words"] or "")

    def test_status(self) -> None:
        self.commands("import sys\nprint(42)\nsys.exit('it cannot be done')\n")
        done = self.run_it(5)
        self.assert_failed(done, "command: exited with status 1", "it cannot be done")

    def test_steps_that_fail(self) -> None:
        for step in "prepare", "cleanup":
            with self.subTest(step):
                self.commands("print(42)", f"two.{step} = python3 -S gone.py")
                done = self.run_it(5)
                self.assert_failed(done, f"{step}: python3: exited with", "gone.py")

    def test_timeout(self) -> None:
        self.commands(
            "import subprocess\nsubprocess.run(['sleep', '100'])\n",
            settings="answer = 42\ntimeout = 300ms",
        )
        done = self.run_it(5)
        self.assert_failed(done, "did not end within 0.3 s", "")

    def test_until_output(self) -> None:
        """A process that answers and stays is ended, children and all."""
        self.commands(
            "import subprocess, sys, time\n"
            "print(42, flush=True)\n"
            "subprocess.run(['sleep', '100'])\n",
            settings="answer = 42\nuntil = output",
        )
        summary = self.run_it(0).json()
        self.assert_whole(summary, 2, 2)
        for case in summary["groups"][0]["cases"]:
            self.assertLess(case["mean_ns"]["value"], 50e9)

    def test_until_output_that_never_comes(self) -> None:
        self.commands("", settings="answer = 42\nuntil = output")
        done = self.run_it(5)
        self.assert_failed(done, "ended without having printed anything", "")

    def test_wrong_answer(self) -> None:
        self.commands("print(41)")
        done = self.run_it(3)
        self.assertIn('answered "41"', done.case(1)["problem"])

    def test_an_answer_that_changes(self) -> None:
        self.commands("import os\nprint(os.getpid())", settings="")
        done = self.run_it(3)
        self.assertIn("after having answered", done.case(1)["problem"])

    def test_much_output_is_refused(self) -> None:
        self.commands("print('x' * 3000000)")
        done = self.run_it(5)
        self.assertIn("printed 3000001 bytes", done.case(1)["problem"])

    def test_the_environment_is_built(self) -> None:
        self.env["PIP_INDEX_URL"] = self.env["https_proxy"] = "http://127.0.0.1:9"
        source = "import os\nprint(42 if 'https_proxy' in os.environ else 0)\n"
        self.commands(source)
        self.run_it(3)
        file = self.commands(source) / "whole.ini"
        text = file.read_text().replace("kind =", "network = yes\nkind =")
        file.write_text(text)
        self.run_it(0)
        for path in self.run_dir().rglob("*"):
            if path.is_file():
                self.assertNotIn(b"127.0.0.1:9", path.read_bytes(), path)

    # Stopping

    def begin_long(self) -> subprocess.Popen[str]:
        self.commands("import subprocess\nsubprocess.run(['sleep', '30'])\nprint(42)")
        process = self.start(*self.words())
        self.wait_for(
            lambda: [w for w in self.mine().values() if w.startswith("sleep")]
        )
        return process

    def test_interrupt_twice(self) -> None:
        process = self.begin_long()
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)  # two at once would be one
        process.send_signal(signal.SIGINT)
        self.assertEqual(Done(process, 10).status, 130)
        self.assertFalse(self.journal("dropped"))

    def test_kill(self) -> None:
        process = self.begin_long()
        process.kill()
        process.communicate()
        self.assert_no_orphans()

    def test_interrupt_and_resume(self) -> None:
        self.commands("import time\ntime.sleep(.2)\nprint(42)")
        process = self.start(*self.words())
        self.wait_for(lambda: len(self.journal("invocation")) > 1)
        process.terminate()
        done = Done(process, 10)
        self.assertEqual(done.status, 130, done.err)
        self.assertFalse(list(self.results.glob("*/scratch/*")))
        self.assert_whole(self.resume().json(), 2, 2)


if __name__ == "__main__":
    unittest.main()
