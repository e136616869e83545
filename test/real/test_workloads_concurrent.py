"""The workloads of workers, tasks and data in memory by hand: the answers, never
the speed.

Run: python3 test/real/test_workloads_concurrent.py
"""

from __future__ import annotations

import importlib.util
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


@unittest.skipUnless(sys.version_info >= (3, 10), "dataclasses without slots")
class Dataproc(unittest.TestCase):
    def check(self, *options: object) -> None:
        known = answers("dataproc")["records=100000"]
        self.assertEqual(by_hand("dataproc", "--records", 100000, *options), known)

    def test_plain(self) -> None:
        self.check()

    @unittest.skipUnless(importlib.util.find_spec("pandas"), "no pandas")
    def test_pandas(self) -> None:
        self.check("--implementation", "pandas")

    def test_seed_decides_the_answer(self) -> None:
        answers_of = {
            by_hand("dataproc", "--records", 2000, "--seed", seed) for seed in (1, 2)
        }
        self.assertEqual(len(answers_of), 2)


@unittest.skipUnless(sys.version_info >= (3, 10), "dataclasses without slots")
class GCTail(unittest.TestCase):
    def test_answers(self) -> None:
        known = int(answers("gc-tail")["live=1000000"])
        for implementation in ("default", "gc-off"):
            with self.subTest(implementation):
                program = WORKLOADS / "gc-tail" / "gc_tail.py"
                options = ("--live", 100000, "--implementation", implementation)
                text = run(sys.executable, program, "--times", 150, *options)
                self.assertEqual(text.split()[:2], ["answer", str(known // 10)])


if __name__ == "__main__":
    unittest.main()
