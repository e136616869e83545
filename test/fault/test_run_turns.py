"""How the turns of a pair are cut, and on which CPU they are taken.

Run: B=build python3 test/fault/test_run_turns.py
"""

import json
import os
import unittest

from run_case import RunCase

SERIAL = "serial = yes\n"


class Turns(RunCase):
    def turns(self) -> list[int]:
        return [len(pair["turns"]) for pair in self.journal("pair")]

    def same_cpu(self) -> list[bool]:
        return [end["same_cpu"] for end in self.journal("pair_end")]

    def test_turns_are_cut_once_the_operation_is_known(self) -> None:
        self.faulty(fault="none", latency_ns=1000000)
        case = self.measure("faulty", "--pairs", 3, "--turn", "60ms", status=0).case(0)
        self.assertEqual(self.turns(), [4, 8, 8])  # 60 / 25 ms
        counts = [e["count"] for e in self.journal("batch") if e["case"] == 0]
        self.assertEqual(case["invocations"], 3)
        self.assertEqual(len(set(counts[-4:])), 1)

    def test_a_turn_holds_an_operation(self) -> None:
        self.faulty(fault="none", latency_ns=45000000)  # of null-2: 90 ms
        self.measure("faulty", "--pairs", 2, "--turn", "200ms", status=0)
        self.assertEqual(self.turns(), [4, 8])  # 2 operations of null-2

    def test_what_was_asked_for_is_not_cut(self) -> None:
        self.faulty(fault="none", latency_ns=1000000)
        self.measure(
            "faulty", "--pairs", 2, "--turn", "60ms", "--repetitions", 1, status=0
        )
        self.assertEqual(self.turns(), [4, 4])

    def test_a_set_may_ask_for_longer_turns(self) -> None:
        self.faulty(fault="none", latency_ns=1000000, turn="100ms")
        self.measure("faulty", "--pairs", 2, "--turn", "60ms", status=0)
        self.assertEqual(self.turns(), [4, 16])  # 100 / 25 ms
        (manifest,) = self.results.glob("*/manifest.json")
        group = json.loads(manifest.read_text())["groups"][0]
        self.assertEqual(group["turn_ns"], 100000000)

    def test_a_quick_run_takes_short_turns(self) -> None:
        self.faulty(fault="none", latency_ns=1000000, turn="1min")
        self.measure("faulty", "--quick", "--pairs", 2, "--turn", "60ms", status=0)
        self.assertEqual(self.turns(), [4, 8])

    def test_serial_workers_share_a_cpu(self) -> None:
        self.faulty(fault="none", latency_ns=1000000, more=SERIAL)
        self.measure("faulty", "--pairs", 2, "--turn", "60ms", status=0)
        several = len(os.sched_getaffinity(0)) > 1
        self.assertEqual(self.same_cpu(), [several] * 2)

    def test_others_stay_where_they_are(self) -> None:
        self.faulty(fault="none", latency_ns=1000000)
        self.measure("faulty", "--pairs", 1, "--turn", "60ms", status=0)
        self.assertEqual(self.same_cpu(), [False])


if __name__ == "__main__":
    unittest.main()
