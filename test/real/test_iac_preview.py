"""iac-preview by hand in both languages: the same resources.

Run: build/venv/bin/python test/real/test_iac_preview.py
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOAD = ROOT / "workloads" / "iac-preview"


def said(*words: object) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=WORKLOAD,
        capture_output=True,
        check=False,
        text=True,
        timeout=280,
    )
    if done.returncode:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.strip()


def answer() -> str:
    text = (WORKLOAD / "iac-preview.ini").read_text(encoding="utf-8")
    return re.search(r"^answer = (\S+)$", text, re.MULTILINE)[1]


class Preview(unittest.TestCase):
    @unittest.skipUnless(importlib.util.find_spec("pulumi"), "no pulumi here")
    def test_python(self) -> None:
        self.assertEqual(said(sys.executable, "-B", "preview.py"), answer())

    @unittest.skipUnless(shutil.which("go"), "no Go here")
    def test_go(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            said("go", "build", "-o", directory, "./preview")
            self.assertEqual(said(Path(directory) / "preview"), answer())

    def test_both_have_the_same_release(self) -> None:
        pinned = (ROOT / "workloads" / "requirements.txt").read_text("utf-8")
        python = re.search(r"^pulumi==(\S+)", pinned, re.MULTILINE)[1]
        module = (WORKLOAD / "go.mod").read_text("utf-8")
        go = re.search(r"pulumi/sdk/v3 v(\S+)", module)[1]
        self.assertEqual(python, go)


if __name__ == "__main__":
    unittest.main()
