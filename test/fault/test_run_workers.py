"""Workers that fail: each costs its own invocation, and says why.

Run: B=build python3 test/fault/test_run_workers.py
"""

import unittest

from run_case import HEAD, IMPLEMENTATION, LIBEXEC, RunCase

PAIRS, COUNT = 3, 5

# Fault of the null worker, in its third batch -> what the table says.
FAULTS = {
    "exit": "exited with status 3 during batch 3",
    "kill": "killed by SIGKILL from outside (out of memory?) during batch 3",
    "crash": "killed by SIGABRT during batch 3",
    "hang": "did not answer within 2 s during batch 3",
    "mute": "closed its control channel during batch 3",
    "flood": "more than 16777216 bytes on stdout and stderr",
    "garbage": 'garbage on the control channel during batch 3: "\\x00\\x01\\xfe',
    "nonsense": 'a line that is none during batch 3: "Hello, world!"',
    "endless": "a line of more than 65536 bytes on the control channel",
    "toomany": "claims 6 samples where 5 were asked for",
    "extra": "stored more than the 5 samples that were asked for",
    "absent": "impossible times during batch 3: sample 5 of 5 starts before the batch began",
    "early": "impossible times during batch 3: sample 1 of 5 starts before the batch began",
    "late": "impossible times during batch 3: sample 5 of 5 ends after the batch was over",
    "overlap": "impossible times during batch 3: sample 2 of 5 starts before the previous one",
    "backwards": "impossible times during batch 3: sample 1 of 5 ends before it starts",
    "oom": "killed by SIGABRT during batch 3",
    "error": "reported an error during batch 3: Traceback (most recent call last):",
}

# In the second turn: the first one's warming up is a batch of its own.
HURRIED = {
    "cold": "warmed up less than the 1 times it was asked to",
    "rush": "ns after it was asked to warm up for 5000000 ns during batch 4",
}

# A speaker that answers what is no text.
ODD = r"""
import os, sys, time
control = open(int(os.environ["TANDEM_CONTROL"]), "r+b", buffering=0)
control.write(b"hello protocol=1 runtime=odd\n")
for line in control:
    words = line.decode().split()
    if words[0] == "setup":
        control.write(b"ready\n")
    elif words[0] == "run":
        fields = dict(word.split("=") for word in words[1:])
        time.sleep(int(fields["warm_ns"]) / 1e9)
        times = []
        for _ in range(int(fields["count"])):
            times += [time.monotonic_ns(), time.monotonic_ns()]
        data = b"".join(t.to_bytes(8, sys.byteorder) for t in times)
        os.pwrite(int(os.environ["TANDEM_SAMPLES"]), data, 64)
        control.write(b"done warm=1 answer=ANSWER count=" + fields["count"].encode() + b"\n")
    else:
        break
"""

# Put before a speaker: it never rests.
BUSY = r"""
import threading
def spin():
    while True:
        pass
threading.Thread(target=spin, daemon=True).start()
"""


class Workers(RunCase):
    def assert_one_failed(self, done, message: str) -> dict:
        """null-1 has all its figures, null-2 none and the reason."""
        first, second = done.case(0), done.case(1)
        self.assertIsNone(first["problem"])
        self.assertEqual(first["invocations"], PAIRS)
        self.assertEqual(first["samples"], PAIRS * 2 * COUNT)
        self.assertEqual(first["median_ns"]["value"], 100000)
        self.assertIn(message, second["problem"])
        self.assertEqual(second["samples"], 0)
        self.assertIsNone(second["median_ns"])
        return second

    def break_worker(self, kind: str, status: int = 5, **params):
        self.faulty(fault=kind, **{"fault_batch": 3, **params})
        timeout = "2s" if kind == "hang" else "30s"
        words = ("faulty", "--pairs", PAIRS, "--count", COUNT, "--timeout", timeout)
        return self.measure(*words, status=status)

    def test_faults(self) -> None:
        for kind, message in FAULTS.items():
            with self.subTest(kind):
                done = self.break_worker(kind)
                self.assertIn("not every case could be measured", done.err)
                self.assert_one_failed(done, message)
                # Two failures in a row are enough.
                self.assertEqual([d["case"] for d in self.journal("dropped")], [1])
                self.assertEqual(len(self.journal("pair_end")), PAIRS)

    def test_no_warming_up(self) -> None:
        for kind, message in HURRIED.items():
            with self.subTest(kind):
                self.faulty(fault=kind, fault_batch=4, fault_invocation=1)
                self.measure("faulty", "--pairs", 2, "--count", COUNT, status=5)
                ends = [e for e in self.journal("end") if e["status"] == "failed"]
                self.assertEqual([e["invocation"] for e in ends], [1])
                self.assertIn(message, ends[0]["message"])

    def test_last_words(self) -> None:
        second = self.assert_one_failed(self.break_worker("crash"), "SIGABRT")
        self.assertEqual(second["last_words"], "tandem-null: these are my last words\n")
        second = self.assert_one_failed(self.break_worker("oom"), "SIGABRT")
        self.assertEqual(second["last_words"], "tandem-null: out of memory\n")

    def test_during_set_up_and_first_iteration(self) -> None:
        for batch, when in ((0, "during set-up"), (1, "during batch 1")):
            for kind in ("exit", "hang", "garbage", "error"):
                with self.subTest(kind, when=when):
                    done = self.break_worker(kind, fault_batch=batch)
                    self.assert_one_failed(done, when)

    def test_wrong_answer(self) -> None:
        for kind in ("wrong", "lie"):
            with self.subTest(kind):
                done = self.break_worker(kind, status=3)
                self.assertIn("wrong answer", done.err)
                second = self.assert_one_failed(
                    done, "WRONG ANSWER: worker returned a wrong answer during batch 3: "
                    "nonsense, expected 42",
                )  # fmt: skip
                self.assertEqual(second["answer"], "wrong")
                # Once is enough.
                self.assertEqual(second["voided"] + second["invocations"], 1)

    def test_one_failure_costs_one_invocation(self) -> None:
        self.faulty(fault="crash", fault_batch=2, fault_invocation=1)
        done = self.measure("faulty", "--pairs", 4, "--count", COUNT, status=5)
        group, case = done.json()["groups"][0], done.case(1)
        self.assertEqual((group["pairs"], group["pairs_failed"]), (3, 1))
        self.assertIsNone(case["problem"])
        self.assertEqual((case["invocations"], case["pairs"]), (3, 3))
        self.assertEqual(case["ratio"]["value"], 2)
        self.assertTrue(any("SIGABRT" in note for note in case["notes"]), case["notes"])

    def test_a_word_too_many_is_noticed_in_the_next_batch(self) -> None:
        self.faulty(fault="chatter", fault_batch=2)
        done = self.measure("faulty", "--pairs", PAIRS, "--count", COUNT, status=5)
        self.assert_one_failed(done, " batch 3")

    def test_children_do_not_outlive_their_worker(self) -> None:
        done = self.break_worker("orphan", status=0)
        self.assertEqual(done.case(1)["invocations"], PAIRS)
        self.assert_no_orphans(within_s=0.5)

    def test_other_groups_go_on(self) -> None:
        self.faulty("a-bad", fault="exit", fault_batch=0)
        self.faulty("b-good")
        words = ("a-bad", "b-good", "--pairs", 2, "--count", COUNT)
        done = self.measure(*words, status=5)
        self.assertIsNotNone(done.case(1, 0)["problem"])
        self.assertEqual(done.case(1, 1)["invocations"], 2)
        self.assertIsNone(done.case(1, 1)["problem"])


class Speakers(RunCase):
    """The same through the exec driver."""

    def speak(
        self, command: str, status: int, known: bool = True, runtime="odd"
    ) -> dict:
        text = (
            HEAD
            + f"\n[set one]\nlatency_ns = 100000\n{'answer = 42' if known else ''}\n"
        )
        text += IMPLEMENTATION + "odd = constant\n"
        text += f"\n[runtime odd]\ndriver = exec\ncommand = {command}\n"
        self.workload("spoken", text)
        done = self.tandem(
            "run", "spoken", "--runtime", f"null-1,{runtime}", "--pairs", PAIRS,
            "--count", COUNT, "--timeout", "2s", "--format", "json",
        )  # fmt: skip
        self.assertEqual(done.status, status, done.err)
        self.assertEqual(done.case(0)["samples"], PAIRS * 2 * COUNT)
        return done.case(1)

    def test_bad_hello(self) -> None:
        case = self.speak(f"{LIBEXEC}/tandem-null null-1 1 badhello", 5)
        self.assertIn("does not speak protocol 1", case["problem"])

    def test_no_hello(self) -> None:
        case = self.speak("sleep 100", 5)
        self.assertIn("did not answer within 2 s", case["problem"])
        case = self.speak("true", 5)
        self.assertIn("exited with status 0", case["problem"])

    def test_no_program(self) -> None:
        case = self.speak("no-such-program-at-all", 5)
        self.assertIn(
            'cannot find the program "no-such-program-at-all"', case["problem"]
        )

    def test_traceback(self) -> None:
        directory = self.workloads / "spoken"
        directory.mkdir()
        (directory / "odd.py").write_text("import no_such_module\n")
        case = self.speak("python3 odd.py", 5)
        self.assertIn("exited with status 1", case["problem"])
        self.assertIn("No module named 'no_such_module'", case["last_words"])

    def answer(self, answer: str, status: int, known: bool) -> dict:
        directory = self.workloads / "spoken"
        directory.mkdir(exist_ok=True)
        (directory / "odd.py").write_text(ODD.replace("ANSWER", answer))
        return self.speak("python3 odd.py", status, known)

    def test_odd_answers(self) -> None:
        case = self.answer("%FF%FE", 5, known=True)
        self.assertIn("not printable UTF-8", case["problem"])
        case = self.answer("%00", 5, known=False)
        self.assertIn("a line that is none", case["problem"])
        case = self.answer("x" * 5000, 3, known=True)
        self.assertIn("WRONG ANSWER", case["problem"])

    def test_busy_between_batches(self) -> None:
        directory = self.workload(
            "busy",
            HEAD.replace("null", "one")
            + "\n[set n]\nn = 1\nanswer = 7\n[implementation steady]\n"
            + "one = x\ntwo = x\n"
            + "[runtime one]\ndriver = exec\ncommand = python3 one.py\n"
            + "[runtime two]\ndriver = exec\ncommand = python3 two.py\n",
        )
        (directory / "one.py").write_text(ODD.replace("ANSWER", "7"))
        (directory / "two.py").write_text(BUSY + ODD.replace("ANSWER", "7"))
        words = ("--pairs", PAIRS, "--count", COUNT, "--format", "json")
        done = self.tandem("run", "busy", "--runtime", "one,two", *words)
        self.assertEqual(done.status, 0, done.err)
        notes = [" ".join(done.case(i)["notes"]) for i in (0, 1)]
        busy_ones = ["while others had their turn" in note for note in notes]
        self.assertEqual(busy_ones, [False, True])

    def test_disagreement(self) -> None:
        """Nobody knows beforehand what is right: who ends first is believed."""
        text = (
            HEAD.replace("null", "one") + "\n[set n]\nn = 1\n[implementation steady]\n"
        )
        text += "one = x\ntwo = x\n"
        for name in ("one", "two"):
            text += f"[runtime {name}]\ndriver = exec\ncommand = python3 {name}.py\n"
        directory = self.workload("split", text)
        for name, answer in (("one", "%E2%82%AC"), ("two", "X")):
            (directory / f"{name}.py").write_text(ODD.replace("ANSWER", answer))
        words = ("--pairs", PAIRS, "--count", COUNT, "--format", "json")
        done = self.tandem("run", "split", "--runtime", "one,two", *words)
        self.assertEqual(done.status, 3, done.err)
        wrong = [c for c in (done.case(0), done.case(1)) if c["answer"] == "wrong"]
        self.assertEqual(len(wrong), 1)
        self.assertRegex(
            wrong[0]["problem"],
            'WRONG ANSWER: answered "[€X]" where others answered "[€X]"',
        )


if __name__ == "__main__":
    unittest.main()
