"""Workload events by hand: the answers, never the speed.

Run: python3 test/real/test_workloads_events.py
"""

from __future__ import annotations

import json
import sys
import tempfile
import unittest
from pathlib import Path

from test_workloads import WORKLOADS, answers, by_hand, run


class Events(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def generate(self, name: str, *options: object) -> tuple[Path, str]:
        batches = Path(self.directory.name) / name
        program = WORKLOADS / "events" / "generate_events.py"
        return batches, run(sys.executable, program, *options, batches).strip()

    def test_generator_and_consumer_agree_with_the_workload_file(self) -> None:
        batches, known = self.generate("batches", "--events", 100000, "--seed", 1)
        wanted = answers("events")
        each, every = wanted["events=100000"], wanted["consumers=2"]
        self.assertEqual(known, f"{each} {every}")
        self.assertEqual(by_hand("events", "--batches", batches), each)
        got = by_hand("events", "--batches", batches, "--consumers", 2)
        self.assertEqual(got, every)

    def test_batches_differ_but_not_in_their_events(self) -> None:
        batches, _ = self.generate("batches", "--events", 200, "--seed", 7)
        events = [json.loads(line) for line in batches.read_bytes().splitlines()]
        first, second = events[:100], events[100:]
        kinds = [[e["type"] for e in batch] for batch in (first, second)]
        self.assertNotEqual(*kinds)
        self.assertEqual(*map(sorted, kinds))
        self.assertEqual(len({e["at"] for e in events}), 200)

    def test_only_whole_batches_are_made(self) -> None:
        with self.assertRaisesRegex(AssertionError, "multiple of 100"):
            self.generate("batches", "--events", 150)


if __name__ == "__main__":
    unittest.main()
