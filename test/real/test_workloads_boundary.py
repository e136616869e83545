"""Workload boundary by hand: the answers, never the speed.

Run: python3 test/real/test_workloads_boundary.py   (needs go; httpx is that of
the interpreter that runs this file)
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import unittest

from test_workloads import WORKLOADS, answers, by_hand, run

BUILD_GO = WORKLOADS / "internal" / "build_go.py"


@unittest.skipUnless(shutil.which("go"), "no go")
class Boundary(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.callee = f"{directory.name}/callee"
        source = WORKLOADS / "boundary" / "callee" / "main.go"
        run(sys.executable, BUILD_GO, cls.callee, source)

    def check(self, transport: str, name: str) -> None:
        options = ("--callee", self.callee, "--transport", transport)
        got = by_hand("boundary", *options)
        self.assertEqual(got, answers("boundary")[name])

    def test_pipe(self) -> None:
        self.check("pipe", "pipe")

    def test_http(self) -> None:
        self.check("http", "http")

    @unittest.skipUnless(importlib.util.find_spec("httpx"), "no httpx")
    def test_httpx(self) -> None:
        self.check("httpx", "http")

    def test_callee_ends_with_its_input(self) -> None:
        line = json.dumps({"id": 3, "method": "nothing", "params": []})
        for transport, starts in (("pipe", '{"id":3,'), ("http", "http://127.0.0.1:")):
            with self.subTest(transport):
                done = subprocess.run(
                    [self.callee, transport],
                    input=line + "\n",
                    capture_output=True,
                    check=True,
                    text=True,
                    timeout=20,
                )
                self.assertTrue(done.stdout.startswith(starts), done.stdout)


if __name__ == "__main__":
    unittest.main()
