"""Workload health by hand: the answers, never the speed.

Run: python3 test/real/test_workloads_health.py   (needs $B/bin/tandem; httpx
and aiohttp are those of the interpreter that runs this file)
"""

from __future__ import annotations

import importlib.util
import unittest

from test_workloads import TANDEM, WORKLOADS, Origin, answers, by_hand


@unittest.skipUnless(TANDEM.exists(), f"{TANDEM} is not built")
class Health(unittest.TestCase):
    def check(self, implementation: str) -> None:
        options = ("--implementation", implementation, "--origin")
        with Origin() as url:
            got = by_hand("health", *options, url)
            self.assertEqual(got, answers("health")["endpoints=50"])
            seven = by_hand("health", *options, url, "--endpoints", 7)
        source = WORKLOADS / "health" / "health_test.go"
        self.assertIn(f'const seven = "{seven}"', source.read_text("utf-8"))

    @unittest.skipUnless(importlib.util.find_spec("httpx"), "no httpx")
    def test_httpx(self) -> None:
        self.check("httpx")

    @unittest.skipUnless(importlib.util.find_spec("aiohttp"), "no aiohttp")
    def test_aiohttp(self) -> None:
        self.check("aiohttp")


if __name__ == "__main__":
    unittest.main()
