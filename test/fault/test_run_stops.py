"""A run that is stopped: by Ctrl-C, by Ctrl-C twice, by SIGKILL.

Nothing recorded is lost, nobody is left behind, and --resume finishes it.

Run: B=build python3 test/fault/test_run_stops.py
"""

import os
import signal
import subprocess
import time
import unittest
from collections.abc import Callable

from run_case import Done, RunCase

PAIRS, COUNT = 6, 20
WORDS = ("faulty", "--pairs", PAIRS, "--count", COUNT)


class Stops(RunCase):
    def begin(
        self, until: Callable[[], object], *words: object
    ) -> subprocess.Popen[str]:
        process = self.start(*self.null_words(*(words or WORDS)))
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        self.wait_for(lambda: until() or process.poll() is not None)
        self.assertIsNone(process.poll(), "it ended before it could be stopped")
        return process

    def interrupt(
        self, process: subprocess.Popen[str], times: int, within_s: float
    ) -> Done:
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.2)
        begin = time.monotonic()
        done = Done(process, 30)
        self.assertEqual(done.status, 130, done.err)
        self.assertLess(time.monotonic() - begin, within_s)
        self.assert_no_orphans(within_s=0.5)
        return done

    def batches(self, case: int) -> Callable[[], bool]:
        """There are two batches of a case."""
        return lambda: len([b for b in self.journal("batch") if b["case"] == case]) >= 2

    def assert_resumable(self) -> None:
        """All that was there is still there, and the rest is added."""
        before = self.journal()
        rows = sum(record["count"] for record in self.journal("batch"))
        self.assert_whole(self.resume().json(), PAIRS, COUNT)
        self.assertEqual(self.journal()[: len(before)], before)
        after = sum(record["count"] for record in self.journal("batch"))
        self.assertGreater(after, rows)
        self.assertEqual(len(self.journal("resume")), 1)
        self.assertEqual(self.journal()[-1]["status"], "complete")

    def test_interrupt_once(self) -> None:
        self.faulty(latency_ns=2000000)
        done = self.interrupt(self.begin(self.batches(1)), 1, 2)
        self.assertIn("--resume " + self.run_dir().name, done.err)
        # The batch was finished, the tables were printed and saved.
        summary = done.json()
        self.assertFalse(summary["complete"])
        self.assertEqual(summary, self.show())
        self.assertTrue((self.run_dir() / "summary.json").exists())
        self.assertEqual(self.journal("stop")[-1]["why"], "interrupted")
        self.assertEqual(self.journal("finish")[-1]["status"], "interrupted")
        self.assertEqual(
            [e["status"] for e in self.journal("end")][-2:], ["cut", "cut"]
        )
        self.assert_resumable()

    def test_terminate_is_as_interrupt(self) -> None:
        self.faulty()
        process = self.begin(self.batches(0))
        process.terminate()
        self.assertEqual(Done(process, 10).status, 130)
        self.assert_resumable()

    def test_interrupt_of_the_whole_group(self) -> None:
        """As a terminal does it: the workers must not die of it."""
        self.faulty(latency_ns=1000000)
        process = self.begin(self.batches(1))
        os.killpg(process.pid, signal.SIGINT)
        done = Done(process, 10)
        self.assertEqual(done.status, 130, done.err)
        self.assertFalse([e for e in self.journal("end") if e["status"] == "failed"])
        self.assert_resumable()

    def test_interrupt_twice(self) -> None:
        self.faulty(fault="hang", fault_batch=3, fault_invocation=1)
        process = self.begin(
            lambda: len(self.journal("pair")) > 1 and self.batches(1)()
        )
        time.sleep(0.3)
        done = self.interrupt(process, 2, 2)
        self.assertIn("--resume " + self.run_dir().name, done.err)
        self.assertFalse(self.show()["complete"])
        self.assert_resumable()

    def test_interrupt_while_preparing(self) -> None:
        """A generator of an input that takes long: once is enough."""
        self.faulty(more="\n[input big]\ncommand = sleep 100\n")
        process = self.begin(
            lambda: [w for w in self.mine().values() if w.startswith("sleep")]
        )
        done = self.interrupt(process, 1, 2)
        self.assertIn("interrupted before anything was measured", done.err)
        self.assertFalse(self.results.exists())

    def test_interrupt_while_a_service_starts(self) -> None:
        """Its cases must not be dropped for it."""
        script = self.faulty(more="\n[service web]\ncommand = sh wait.sh\n") / "wait.sh"
        script.write_text("sleep 1; echo here; exec sleep 100\n")
        process = self.begin(
            lambda: [w for w in self.mine().values() if w.startswith("sleep 1 ")]
        )
        self.interrupt(process, 1, 2)
        self.assertEqual(self.journal("dropped"), [])
        self.assert_resumable()

    def test_kill_anywhere(self) -> None:
        moments = {
            "the first lines": lambda: self.journal("pair"),
            "the first worker": lambda: self.journal("invocation"),
            "the first batch": lambda: self.journal("batch"),
            "the second worker's turn": self.batches(1),
            "the first pair's end": lambda: self.journal("pair_end"),
            "the third pair": lambda: len(self.journal("pair")) >= 3,
        }
        for moment, condition in moments.items():
            with self.subTest(moment):
                self.tearDown()
                self.setUp()
                self.faulty(latency_ns=300000)
                process = self.begin(condition)
                process.kill()
                process.wait(5)
                self.assert_no_orphans(within_s=2)
                summary = self.show()
                self.assertFalse(summary["complete"])
                kept = sum(e["status"] == "ok" for e in self.journal("end"))
                ended = {e["pair"] for e in self.journal("pair_end")}
                shown = sum(c["invocations"] for c in summary["groups"][0]["cases"])
                self.assertEqual(shown, 2 * len(ended))
                self.assertGreaterEqual(kept, shown)
                self.assert_resumable()

    def test_kill_while_preparing(self) -> None:
        self.faulty(more="\n[input big]\ncommand = sleep 100\n")
        process = self.begin(
            lambda: [w for w in self.mine().values() if w.startswith("sleep")]
        )
        process.kill()
        process.wait(5)
        self.assert_no_orphans(within_s=2)

    def test_kill_with_a_service(self) -> None:
        directory = self.faulty(more="\n[service web]\ncommand = sh wait.sh\n")
        (directory / "wait.sh").write_text("sleep 1000 & echo here; exec sleep 1001\n")
        process = self.begin(lambda: self.journal("batch"))
        self.assertGreater(
            len([w for w in self.mine().values() if w.startswith("sleep")]), 1
        )
        process.kill()
        process.wait(5)
        self.assert_no_orphans(within_s=2)

    def test_one_writer_at_a_time(self) -> None:
        self.faulty(latency_ns=2000000)
        process = self.begin(self.batches(1))
        done = self.resume(status=6)
        self.assertIn("another process is writing", done.err)
        self.assertFalse(self.show()["complete"])
        process.send_signal(signal.SIGINT)
        self.assertEqual(Done(process, 10).status, 130)

    def test_a_failure_is_remembered(self) -> None:
        """A wrong answer before the interruption is one after it."""
        self.faulty(fault="wrong", fault_batch=2, latency_ns=1000000)
        process = self.begin(lambda: self.journal("dropped"))
        self.interrupt(process, 1, 2)
        done = self.resume(status=3)
        self.assertIn("WRONG ANSWER", done.case(1)["problem"])
        self.assertEqual(done.case(0)["invocations"], PAIRS)

    def test_a_finished_run_needs_no_more(self) -> None:
        self.faulty()
        self.measure(*WORDS, status=0)
        self.assert_whole(self.resume().json(), PAIRS, COUNT)
        self.assertEqual(len(self.journal("pair")), PAIRS)

    def test_changed_sources_are_refused(self) -> None:
        more = "\n[implementation other]\nown = x\n"
        more += "\n[runtime own]\ndriver = exec\ncommand = cat x\n"
        directory = self.faulty(more=more)
        (directory / "x").write_text("one")
        words = ("faulty", "--runtime", "null-1,own", "--pairs", 3, "--count", COUNT)
        self.assertEqual(self.tandem("run", *words).status, 5)
        self.resume(status=5)
        (directory / "x").write_text("two")
        self.assertIn("cases 1: hashes changed since", self.resume(status=2).err)
        (directory / "x").write_text("one")
        self.faulty(more=more, latency_ns=7)
        self.assertIn("groups 0: params changed since", self.resume(status=2).err)
        self.faulty(more=more + "[set two]\nlatency_ns = 1\nfault_runtime = none\n")
        self.assertIn("had 1 groups, now there are 2", self.resume(status=2).err)
        self.faulty(more=more)
        self.resume(status=5)


if __name__ == "__main__":
    unittest.main()
