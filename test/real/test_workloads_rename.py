"""Workload rename by hand: what is renamed, and what is said of a cold cache.

Run: python3 test/real/test_workloads_rename.py
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

from test_workloads import WORKLOADS, answers, run

FOLDER = WORKLOADS / "rename"
DIRECTORY = (sys.executable, FOLDER / "directory.py")


class Rename(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.files = Path(temporary.name) / "files"

    def check(self, *script: object) -> None:
        run(*DIRECTORY, "make", self.files)
        self.assertEqual(len(os.listdir(self.files)), 1000)
        text = run(*script, self.files)
        answer = "\n".join(re.findall(r"(?m)^(?!figure ).*$", text)).strip()
        self.assertEqual({answer}, set(answers("rename").values()))
        self.assertRegex(text, r"(?m)^figure rename_ns [1-9]\d* ns$")
        run(*DIRECTORY, "check", self.files)

    def test_python(self) -> None:
        self.check(sys.executable, FOLDER / "rename.py")

    @unittest.skipUnless(shutil.which("go"), "no go")
    def test_go(self) -> None:
        self.check("go", "run", FOLDER / "script" / "main.go")

    def test_nothing_renamed_is_noticed(self) -> None:
        run(*DIRECTORY, "make", self.files)
        with self.assertRaisesRegex(AssertionError, "1400 names"):
            run(*DIRECTORY, "check", self.files)

    def test_nothing_is_overwritten(self) -> None:
        self.files.mkdir()
        for name in ("A b.csv", "a_b.csv"):
            (self.files / name).touch()
        with self.assertRaisesRegex(AssertionError, "FileExistsError"):
            run(sys.executable, FOLDER / "rename.py", self.files)

    def test_cold_is_refused_where_it_is_not_to_be_had(self) -> None:
        words = (*DIRECTORY, "permission", self.files, "--cache")
        run(*words, "warm")
        self.assertEqual(self.files.read_text(), "permitted\n")
        if os.access("/proc/sys/vm/drop_caches", os.W_OK):
            self.skipTest("permitted here")
        with self.assertRaisesRegex(AssertionError, "a cold directory is not"):
            run(*words, "cold")


if __name__ == "__main__":
    unittest.main()
