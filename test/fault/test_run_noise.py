"""A machine that is made up, tick by tick: what is disturbed is set aside, by
the rules alone, and shown both ways."""

import os
import threading
import unittest

from run_case import RunCase

STAT = "cpu  {user} 0 0 1000 0 0 0 {steal} 0 0\nctxt 1\n"


class Noise(RunCase):
    """The machine's counters are below self.root: a hypervisor takes half of
    the CPU time while the first pairs are measured."""

    def setUp(self) -> None:
        super().setUp()
        self.root = self.dir / "machine"
        (self.root / "proc").mkdir(parents=True)
        self.env["TANDEM_NOISE_ROOT"] = str(self.root)
        self.ticks = 0
        self.tick(0)

    def tick(self, steal: int) -> None:
        self.ticks += steal
        new = self.root / "proc" / "stat.new"
        new.write_text(STAT.format(user=self.ticks, steal=self.ticks))
        os.replace(new, self.root / "proc" / "stat")

    def steal_from(self, pairs: int) -> threading.Event:
        """Takes ticks until so many pairs have ended; then the run goes on."""
        over = threading.Event()

        def steal() -> None:
            while not over.wait(0.002):
                if len(self.journal("pair_end")) >= pairs:
                    return
                self.tick(20)

        thread = threading.Thread(target=steal)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(over.set)
        return over

    def run_pairs(self, pairs: int, stolen: int) -> dict:
        self.faulty(fault="none", latency_ns=1000000)
        over = self.steal_from(stolen)
        words = ("faulty", "--pairs", pairs, "--count", 20)
        summary = self.measure(*words, status=0).json()
        over.set()
        return summary["groups"][0]

    def test_stolen_pairs_are_set_aside_and_made_up_for(self) -> None:
        group = self.run_pairs(4, 2)
        ends = self.journal("pair_end")
        aside = [end["pair"] for end in ends if end.get("set_aside") == "stolen"]
        self.assertIn(len(aside), (2, 3))  # the third may have begun in time
        self.assertEqual(group["pairs"], 4)
        self.assertEqual(group["set_aside"]["stolen"], len(aside))
        self.assertEqual(len(ends), 4 + len(aside))
        self.assertEqual(group["why"], "pairs")
        for case in group["cases"]:
            self.assertFalse(set(case["series"]["pair"]) & set(aside))
            self.assertEqual(case["invocations"], 4)
        other = group["cases"][1]
        self.assertAlmostEqual(other["ratio"]["value"], 2)
        self.assertAlmostEqual(other["ratio_all"]["value"], 2)
        notes = " ".join(group["notes"] + other["notes"])
        self.assertIn(f"in {len(aside)} pairs a hypervisor took", notes)
        self.assertIn("its ratio is 2", notes)

    def test_a_machine_that_is_always_disturbed_ends_in_time(self) -> None:
        group = self.run_pairs(2, 10**6)
        self.assertEqual(group["why"], "disturbed")
        aside = {"throttled": 0, "stolen": 2, "all_used": True}
        self.assertEqual(group["set_aside"], aside)
        self.assertEqual(group["pairs"], 2)
        self.assertAlmostEqual(group["cases"][1]["ratio"]["value"], 2)
        self.assertIsNone(group["cases"][1]["ratio_all"])
        stolen = group["cases"][0]["disturbances"]["stolen"]
        self.assertEqual(stolen["samples"], group["cases"][0]["samples"])
        self.assertAlmostEqual(stolen["time_share"], 1)

    def test_what_was_set_aside_is_known_after_a_cut(self) -> None:
        self.run_pairs(3, 1)
        journal = next(self.results.glob("*/journal.jsonl"))
        lines = journal.read_text().splitlines(keepends=True)
        ends = [i for i, line in enumerate(lines) if '"pair_end"' in line]
        journal.write_text("".join(lines[: ends[1] + 1]))
        before = sum("set_aside" in end for end in self.journal("pair_end"))
        self.assertGreater(before, 0)
        group = self.resume().json()["groups"][0]
        self.assertEqual(group["pairs"], 3)
        self.assertEqual(group["set_aside"]["stolen"], before)


class Records(RunCase):
    def test_noise_before_and_after_every_invocation(self) -> None:
        self.faulty(fault="crash", fault_batch=2, fault_invocation=0, gc_cycles=3)
        self.measure("faulty", "--pairs", 2, "--count", 5, status=5)
        lives = {(e["case"], e["invocation"]): e["status"] for e in self.journal("end")}
        noise = self.journal("noise")
        self.assertEqual(len(lives), 4)
        for life, status in lives.items():
            before, after = [n for n in noise if (n["case"], n["invocation"]) == life]
            self.assertEqual((before["when"], after["when"]), ("before", "after"))
            self.assertNotIn("process", before)
            self.assertEqual(after["process"] is None, status == "failed")
            for record in (before["system"], after["system"]):
                self.assertIn("throttling", record)
                self.assertGreater(record["ctxt"], 0)

    def test_batches_say_what_disturbed_them(self) -> None:
        self.faulty(fault="none", gc_cycles=3)
        summary = self.measure("faulty", "--pairs", 1, "--count", 5, status=0).json()
        for batch in self.journal("batch"):
            self.assertEqual(batch["gc_cycles"], 3)
            self.assertTrue(batch["flags"] & 16)
            self.assertEqual(batch["flags"] & 4 > 0, (batch["switches"] or 0) > 0)
            self.assertEqual(batch["flags"] & 8 > 0, (batch["steal_ns"] or 0) > 0)
        for case in summary["groups"][0]["cases"]:
            gc = case["disturbances"]["gc"]
            self.assertEqual(gc, {"samples": case["samples"], "time_share": 1})
            self.assertEqual(case["samples"], 10)


if __name__ == "__main__":
    unittest.main()
