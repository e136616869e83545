"""The workloads of workers, memory and tasks by hand: the answers, never the
speed.

Run: python3 test/real/test_workloads_concurrent.py
"""

from __future__ import annotations

import unittest

from test_workloads import answers, by_hand


class PrimesParallel(unittest.TestCase):
    def check(self, implementation: str) -> None:
        for name, answer in answers("primes-parallel").items():
            with self.subTest(name):
                workers = name.partition("=")[2]
                options = ("--implementation", implementation, "--workers", workers)
                self.assertEqual(by_hand("primes-parallel", *options), answer)

    def test_one(self) -> None:
        self.check("one")

    def test_threads(self) -> None:
        self.check("threads")

    def test_processes(self) -> None:
        self.check("processes")


if __name__ == "__main__":
    unittest.main()
