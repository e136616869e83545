"""A time budget: who has how many pairs when it is over.

Run: B=build python3 test/fault/test_run_budget.py
"""

import signal
import unittest

from run_case import HEAD, Done, RunCase

LEAST, FIRST = 5, 15
# True clock readings: no interval over them gets as narrow as asked for here.
NOISY = "\n[implementation steady]\nnull = empty\n"


class Budget(RunCase):
    def groups(self, count: int) -> None:
        sets = "".join(f"\n[set s{i}]\nanswer = 42\nn = {i}\n" for i in range(count))
        self.workload("many", HEAD + sets + NOISY)

    def run_for(self, budget: str, *words: object) -> dict:
        fixed = ("--time-budget", budget, "--count", 5, "--target", "0.01%")
        return self.measure("many", *fixed, *words, status=0).json()

    def order(self) -> list[tuple[int, int]]:
        """Of each pair its group, and how many that group had before."""
        seen: dict[int, int] = {}
        out = []
        for record in self.journal("pair"):
            group = record["group"]
            out.append((group, seen.get(group, 0)))
            seen[group] = seen.get(group, 0) + 1
        return out

    def test_first_looks_come_before_precision(self) -> None:
        self.groups(3)
        done = self.run_for("5s")
        order = self.order()
        extra = [at for at, (_, before) in enumerate(order) if before >= FIRST]
        first = [at for at, (_, before) in enumerate(order) if before < FIRST]
        if extra:  # a busy machine may leave no time for any
            self.assertLess(max(first), min(extra))
        for group in done["groups"]:
            self.assertGreaterEqual(group["pairs"], LEAST)
            self.assertIn(group["why"], ("precise", "most", "time"))

    def test_too_little_time_for_all(self) -> None:
        self.groups(4)
        done = self.run_for("10ms")
        self.assertTrue(done["complete"])
        for group in done["groups"]:
            self.assertEqual((group["pairs"], group["why"]), (LEAST, "time"))
        # Each group is left once, and told of when all is over.
        stops = [record["group"] for record in self.journal("stop")]
        self.assertEqual(sorted(stops), list(range(len(stops))))

    def test_an_interrupted_run_goes_on(self) -> None:
        self.groups(3)
        words = ("--time-budget", "60s", "--count", 5, "--max-pairs", 6)
        process = self.start(*self.null_words("many", *words, "--target", "0.01%"))
        self.addCleanup(process.kill)
        self.wait_for(lambda: len(self.journal("pair_end")) > 7)
        process.send_signal(signal.SIGINT)
        self.assertEqual(Done(process, 30).status, 130)
        before = len(self.journal("pair_end"))
        done = self.resume().json()
        self.assertGreater(len(self.journal("pair_end")), before)
        self.assertEqual([group["pairs"] for group in done["groups"]], [6, 6, 6])

    def test_a_fixed_number_is_kept(self) -> None:
        self.groups(2)
        done = self.run_for("60s", "--pairs", 4)
        self.assertEqual([group["pairs"] for group in done["groups"]], [4, 4])
        self.assertEqual({group["why"] for group in done["groups"]}, {"pairs"})


if __name__ == "__main__":
    unittest.main()
