"""The workloads of whole processes, in both languages: answers, never speed.

Run: B=build python3 test/real/test_commands.py   (needs build/venv and Go)
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOADS = ROOT / "workloads"
BUILD = Path(os.environ.get("B", ROOT / "build")).absolute()
TANDEM = BUILD / "bin" / "tandem"


@unittest.skipUnless(shutil.which("go"), "no go")
@unittest.skipUnless((BUILD / "venv").is_dir(), "no build/venv")
class Commands(unittest.TestCase):
    def measure(self, *words: object) -> dict:
        """The summary; nothing is left of what the run made."""
        with tempfile.TemporaryDirectory(prefix="tandem-runs-") as directory:
            done = subprocess.run(
                [TANDEM, "run", *map(str, words), "--pairs", "1", "--count", "1"]
                + ["--format", "json", "--no-reference", "--out", directory],
                cwd=ROOT,
                capture_output=True,
                check=False,
                text=True,
                timeout=280,
            )
            self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
            self.assertFalse(list(Path(directory).glob("*/scratch")))
            return json.loads(done.stdout)

    def assert_verified(self, summary: dict, groups: int) -> None:
        self.assertEqual(len(summary["groups"]), groups)
        for group in summary["groups"]:
            self.assertTrue(group["command"])
            for case in group["cases"]:
                self.assertEqual(case["answer"], "verified", case)
                self.assertEqual(case["invocations"], 1)

    def test_startup(self) -> None:
        self.assert_verified(self.measure("startup"), 3)

    def test_cold_start(self) -> None:
        self.assert_verified(self.measure("cold-start"), 2)

    def test_build(self) -> None:
        words = ("build", "--impl", "primes", "--param", "state=warm,touched")
        self.assert_verified(self.measure(*words), 2)

    def test_build_of_python(self) -> None:
        """Byte code beside every source, and without it again."""
        with tempfile.TemporaryDirectory() as directory:
            source = Path(directory, "src")
            python = BUILD / "venv" / "bin" / "python"
            for state, compiled in ("warm", True), ("cold", False):
                subprocess.run(
                    [python, WORKLOADS / "build" / "prepare.py", state, source]
                    + ["rest-get/server.py", "fastapi"],
                    check=True,
                )
                sources = {file.stem for file in source.rglob("*.py")}
                self.assertLessEqual({"server", "routing", "applications"}, sources)
                self.assertEqual(any(source.rglob("*.pyc")), compiled)

    def test_what_is_forgotten(self) -> None:
        """The interpreter's files are all there, its byte code among them."""
        text = subprocess.run(
            [sys.executable, "files.py", "event.json"],
            cwd=WORKLOADS / "cold-start",
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        files = [line for line in text.splitlines() if Path(line).is_file()]
        self.assertIn(sys.executable, files)
        self.assertTrue([f for f in files if f.endswith(".pyc") and "json" in f])


class Handler(unittest.TestCase):
    def test_mistakes_are_answered_alike(self) -> None:
        def event(method: str, user: str) -> str:
            http = {"http": {"method": method}}
            return json.dumps({"requestContext": http, "pathParameters": {"id": user}})

        cases = [("GET", "7", 200), ("POST", "7", 405), ("GET", "x", 400)]
        with tempfile.TemporaryDirectory() as directory:
            for number, (method, user, _) in enumerate(cases):
                Path(directory, str(number)).write_text(event(method, user))
            files = [str(Path(directory, str(n))) for n in range(len(cases))]
            programs = [[sys.executable, str(WORKLOADS / "cold-start" / "handler.py")]]
            if shutil.which("go"):
                programs.append(["go", "run", "./workloads/cold-start/handler"])
            for program in programs:
                done = subprocess.run(
                    program + files, cwd=ROOT, capture_output=True, check=True
                )
                lines = map(json.loads, done.stdout.splitlines())
                self.assertEqual(
                    [line["statusCode"] for line in lines], [c[2] for c in cases]
                )


if __name__ == "__main__":
    unittest.main()
