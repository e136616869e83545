"""Workload reconcile by hand: the answers, never the speed.

Run: python3 test/real/test_workloads_reconcile.py   (needs go; aiohttp is that
of the interpreter that runs this file)
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from test_workloads import ROOT, WORKLOADS, answers, run

FOLDER = WORKLOADS / "reconcile"
BUILD_GO = WORKLOADS / "internal" / "build_go.py"


class Generator(unittest.TestCase):
    def test_objects(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            items = Path(directory) / "items"
            known = run(sys.executable, FOLDER / "generate_objects.py", items).strip()
            objects = [json.loads(line) for line in items.read_bytes().splitlines()]
        answer = answers("reconcile")["objects=5000"]
        self.assertEqual(known, answer.partition(":")[0])
        self.assertEqual(len({item["name"] for item in objects}), 5000)
        missing = sum(item["observed"] is None for item in objects)
        unwanted = sum(item["desired"] is None for item in objects)
        self.assertEqual([str(missing), str(unwanted)], known.split("/")[::2])


@unittest.skipUnless(shutil.which("go"), "no go")
class Reconcile(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.webhooks = f"{directory.name}/webhooks"
        source = FOLDER / "webhooks" / "main.go"
        run(sys.executable, BUILD_GO, cls.webhooks, source)

    @unittest.skipUnless(importlib.util.find_spec("aiohttp"), "no aiohttp")
    def test_every_implementation_gives_the_answer_and_is_called(self) -> None:
        for name in ("controller", "blocking", "thread"):
            with self.subTest(name):
                text = run(
                    *(sys.executable, FOLDER / "reconcile.py", "--times", 8),
                    *("--webhooks", self.webhooks, "--implementation", name),
                )
                answer = re.match(r"answer (\S+) ", text)[1]
                self.assertEqual(answer, answers("reconcile")["objects=5000"])
                figures = dict(re.findall(r"(?m)^(\w+) (\S+) \w+$", text))
                self.assertGreater(int(figures["webhook_calls"]), 0)
                self.assertLess(float(figures["budget_share"]), 1)

    def test_commands(self) -> None:
        commands = "report\nstart\nstop\nforget\nreport\n"
        words = [self.webhooks, "http://127.0.0.1:1/", "1"]
        done = self.call(words, commands)
        self.assertEqual(done.returncode, 0, done.stderr)
        first, idle, second = done.stdout.splitlines()
        self.assertEqual(idle, "idle")
        for report in (first, second):
            self.assertEqual(json.loads(report)["calls"], 0)

    def test_mistakes(self) -> None:
        words = [self.webhooks, "http://127.0.0.1:1/"]
        for rate, commands in (("none", ""), ("-1", ""), ("1", "begin\n")):
            with self.subTest(rate):
                done = self.call([*words, rate], commands)
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr, r"^webhooks: ")

    @staticmethod
    def call(words: list[str], commands: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words,
            cwd=ROOT,
            input=commands,
            capture_output=True,
            check=False,
            text=True,
            timeout=20,
        )


if __name__ == "__main__":
    unittest.main()
