"""The workloads of workers, memory and tasks by hand: the answers, never the
speed.

Run: python3 test/real/test_workloads_concurrent.py
"""

from __future__ import annotations

import sys
import unittest

from test_workloads import WORKLOADS, answers, by_hand, run


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


class Tasks(unittest.TestCase):
    def test_asyncio(self) -> None:
        for name, answer in answers("tasks").items():
            with self.subTest(name):
                options = ("--tasks", name.partition("=")[2])
                self.assertEqual(by_hand("tasks", *options), answer)

    def test_threads(self) -> None:
        options = ("--implementation", "threads", "--tasks", 2000)
        self.assertEqual(by_hand("tasks", *options), answers("tasks")["tasks=2000"])

    def test_figures(self) -> None:
        program = WORKLOADS / "tasks" / "tasks.py"
        _, *lines = run(sys.executable, program, "--tasks", 2000).splitlines()
        figures = {name: float(value) for name, value, _ in map(str.split, lines)}
        self.assertEqual(set(figures), {"task_bytes", "create_ns", "finish_ns"})
        # A task is an object of hundreds of bytes and does not take a page.
        self.assertGreater(figures["task_bytes"], 100)
        self.assertLess(figures["task_bytes"], 20000)


if __name__ == "__main__":
    unittest.main()
