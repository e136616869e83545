"""`tandem service`: servers whose limit, cost and faults are known.

Run: B=build python3 test/fault/test_service.py

Figures are asserted for being there, in order and explained, not for speed:
the machine may be busy.
"""

import json
import shutil
import signal
import sys
import time
import unittest
from pathlib import Path

from run_case import TANDEM, RunCase

STUB = Path(__file__).resolve().parent / "server_stub.py"
QUEUE = """[workload]
kind = server
summary = one queue
base = one
default = queue

[set one]
get = /queue
connections = 8
rate = 0
memory = 0

[implementation queue]
one = origin

[runtime one]
driver = exec
command = {tandem} {{entry}} --port {{port}} --service 10ms --servers 1
"""
SETS = """
[set two]
get = /queue
connections = 8
rate = 10
memory = 1GB
"""
STUBS = """[workload]
kind = server
summary = a stub
base = one
default = stub

[set one]
get = /users/1
connections = 2

[implementation stub]
one = stub.py {one}
two = stub.py {two}

[runtime one]
driver = exec
command = {python} {{entry}}
[runtime two]
driver = exec
command = {python} {{entry}}
"""
HELPER = """
[service word]
command = {python} -c "import time; print({word}, flush=True); time.sleep(60)"
"""
NEEDS_A_WORD = """import os, sys
if os.environ.get("TANDEM_P_word") != "7":
    sys.exit("no word")
os.execv(sys.executable, [sys.executable, "stub.py"])
"""
SHORT = (
    *("--duration", "150ms", "--warmup", "10ms", "--low", 10, "--high", 20),
    *("--start", 40, "--highest", 320, "--precision", "20%", "--trials", 8),
    *("--repeats", 1, "--invocations", 2, "--seed", 1),
    *("--slo", "p50<150ms,errors<50%", "--format", "json"),
)


class Service(RunCase):
    def stubs(self, one: str = "", two: str = "") -> None:
        text = STUBS.format(one=one, two=two, python=sys.executable)
        shutil.copy(STUB, self.workload("stub", text) / "stub.py")

    def service(self, *words: object, status: int = 0) -> dict:
        done = self.tandem("service", *words, timeout_s=90)
        self.assertEqual(done.status, status, done.err)
        return json.loads(done.out)[0]

    def assert_explained(self, row: dict) -> None:
        """Every figure is in its interval, every gap has its reason."""
        self.assertEqual(len(row["figures"]), 17)
        for name, at in row["figures"].items():
            if at["value"] is None:
                self.assertTrue(at["why"], name)
            elif at["lower"] is not None:
                self.assertLessEqual(at["lower"], at["value"], name)
                self.assertGreaterEqual(at["upper"], at["value"], name)
            if at["values"]:
                self.assertEqual(at["invocations"], len(at["values"]), name)

    def test_a_queue(self) -> None:
        self.workload("queue", QUEUE.format(tandem=TANDEM))
        out = self.dir / "service.json"
        done = self.service("queue", *SHORT, "--memory-limit", 0, "--out", out)
        self.assertEqual(json.loads(out.read_text())[0], done)
        (row,) = done["rows"]
        self.assert_explained(row)
        self.assertIsNone(row["memory_limit_bytes"])
        self.assertGreater(row["search"]["trials"], 1)
        self.assertEqual(len(row["search"]["trace"]), row["search"]["trials"])
        self.assertEqual(len(row["requests"]), 3)
        for requests in row["requests"]:
            self.assertGreaterEqual(requests["sent"], requests["failed"])
        held = [t for t in row["search"]["trace"] if t["outcome"] == "held"]
        # One request takes 10 ms: 20 % more than 100/s cannot have held.
        self.assertTrue(all(t["rate"] < 200 for t in held), held)
        for name in ("first_answer_ns", "idle_rss_bytes", "idle_pss_bytes"):
            self.assertEqual(row["figures"][name]["invocations"], 2)
        self.assertLess(
            row["figures"]["idle_pss_bytes"]["value"],
            row["figures"]["idle_rss_bytes"]["value"],
        )

    def test_is_kept_as_a_run(self) -> None:
        self.workload("queue", QUEUE.format(tandem=TANDEM))
        words = (*SHORT[:-2], "--memory-limit", 0, "--quick", "--format", "md")
        done = self.tandem("service", "queue", *words, timeout_s=90)
        self.assertEqual(done.status, 0, done.err)
        (directory,) = self.results.iterdir()
        manifest = json.loads((directory / "manifest.json").read_text())
        self.assertEqual(manifest["kind"], "service")
        self.assertEqual(manifest["status"], "complete")
        self.assertTrue(manifest["quick"])
        self.assertEqual(manifest["settings"]["invocations"], 2)
        kept = json.loads((directory / "service.json").read_text())
        self.assertEqual((kept[0]["workload"], kept[0]["set"]), ("queue", "one"))
        row = kept[0]["rows"][0]
        self.assertEqual((row["implementation"], row["family"]), ("queue", "one"))
        # The same tables again, and the file itself.
        self.assertEqual(self.tandem("show", "--format", "md").out, done.out)
        again = self.tandem("show", "last", "--format", "json")
        self.assertEqual(again.json(), kept)
        for words in (("compare", "last", "last"), ("run", "--resume", "last")):
            refused = self.tandem(*words)
            self.assertEqual(refused.status, 2, refused.err)
            self.assertIn("was made by `tandem service`", refused.err)
        # And from an archive, which a quick look becomes by force alone.
        self.assertEqual(self.tandem("archive", "last").status, 2)
        self.assertEqual(self.tandem("archive", "last", "--force").status, 0)
        archive = self.results / "reference" / directory.name
        names = sorted(path.name for path in archive.iterdir())
        self.assertEqual(names, ["manifest.json", "service.json"])
        for form in ("text", "md", "json"):
            shown = (
                self.tandem("show", at, "--format", form) for at in ("last", archive)
            )
            self.assertEqual(*(done.out for done in shown))
        self.assertEqual(self.tandem("show", archive, "queue").status, 2)

    def test_in_words(self) -> None:
        self.workload("queue", QUEUE.format(tandem=TANDEM))
        fixed = (*SHORT[:-2], "--format", "text", "--memory-limit", "1GB")
        done = self.tandem("service", "queue", *fixed, timeout_s=90)
        self.assertEqual(done.status, 0, done.err)
        for part in ("highest rate /s", "queue, one, 1.00 GB", "is kept by "):
            self.assertIn(part, done.out)

    def test_too_little_memory(self) -> None:
        self.stubs()
        words = ("--runtime", "one", "--memory-limit", "6MB")
        free, limited = self.service("stub", *SHORT, *words)["rows"]
        self.assert_explained(free)
        self.assert_explained(limited)
        self.assertIsNotNone(free["figures"]["first_answer_ns"]["value"])
        self.assertEqual(limited["memory_limit_bytes"], 6000000)
        self.assertIsNone(limited["figures"]["first_answer_ns"]["value"])

    def test_addresses(self) -> None:
        self.stubs()
        words = ("--memory-limit", "2GB", "--memory-by", "rlimit")
        done = self.service("stub", *SHORT, "--runtime", "one", *words)
        self.assertEqual(done["rows"][1]["memory_by"], "rlimit-as")
        self.assertEqual(done["rows"][1]["figures"]["idle_pss_bytes"]["invocations"], 2)

    def test_a_wrong_answer(self) -> None:
        self.stubs(two="--say bob")
        words = ("--memory-limit", 0)
        one, two = self.service("stub", *SHORT, *words, status=3)["rows"]
        self.assert_explained(one)
        self.assertIsNotNone(one["figures"]["idle_rss_bytes"]["value"])
        self.assertIn("bob", two["figures"]["max_rate"]["why"])
        self.assertIsNone(two["search"])

    def test_sets_that_differ_in_the_rate_are_one(self) -> None:
        text = QUEUE.format(tandem=TANDEM) + SETS
        self.workload("queue", text)
        done = self.tandem("service", "queue", *SHORT, timeout_s=90)
        self.assertEqual(done.status, 0, done.err)
        (only,) = json.loads(done.out)
        self.assertEqual(only["title"], "queue, one")
        self.assertEqual(
            [r["memory_limit_bytes"] for r in only["rows"]], [None, 64000000]
        )

    def test_one_that_does_not_start(self) -> None:
        self.stubs(two="--refuse")
        words = ("--memory-limit", 0)
        one, two = self.service("stub", *SHORT, *words, status=5)["rows"]
        self.assertIsNotNone(one["figures"]["idle_rss_bytes"]["value"])
        for at in two["figures"].values():
            self.assertIsNone(at["value"])
            self.assertIn("exited with status 1: no such table", at["why"])

    def needs_a_word(self, word: str) -> None:
        text = STUBS.format(one="", two="", python=sys.executable)
        text = text.replace("stub.py", "needs.py")
        text += HELPER.format(python=sys.executable, word=word)
        directory = self.workload("stub", text)
        shutil.copy(STUB, directory / "stub.py")
        (directory / "needs.py").write_text(NEEDS_A_WORD)

    def test_what_servers_need_is_there(self) -> None:
        self.needs_a_word("7")
        done = self.service("stub", *SHORT, "--memory-limit", 0)
        for row in done["rows"]:
            self.assertGreater(row["figures"]["first_answer_ns"]["invocations"], 0)

    def test_what_servers_need_is_not_there(self) -> None:
        self.needs_a_word("1/0")
        done = self.service("stub", *SHORT, "--memory-limit", 0, status=5)
        for row in done["rows"]:
            why = row["figures"]["first_answer_ns"]["why"]
            self.assertIn("service word", why)
            self.assertIn("ZeroDivisionError", why)

    def test_one_that_dies_under_load_is_started_again(self) -> None:
        self.stubs(one="--die 30")
        words = ("--runtime", "one", "--memory-limit", 0)
        done = self.tandem("service", "stub", *SHORT, *words, timeout_s=90)
        self.assertIn(done.status, (0, 5), done.err)
        (row,) = json.loads(done.out)[0]["rows"]
        self.assert_explained(row)
        died = [t for t in row["search"]["trace"] if "status 9" in t["why"]]
        self.assertTrue(died)
        self.assertTrue(all(t["outcome"] == "broke" for t in died))

    def test_interrupted(self) -> None:
        self.workload("queue", QUEUE.format(tandem=TANDEM))
        long = ("--duration", "1s", *SHORT[2:], "--memory-limit", 0)
        process = self.start("service", "queue", *long)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, err)
        (row,) = json.loads(out)[0]["rows"]
        self.assertEqual(row["figures"]["max_rate"]["why"], "interrupted")
        (manifest,) = self.results.glob("*/manifest.json")
        self.assertEqual(json.loads(manifest.read_text())["status"], "interrupted")

    def test_usage(self) -> None:
        self.stubs()
        self.faulty()
        cases = (
            (("faulty",), "none of these workloads is a server"),
            (("stub", "--slo", "p99<1"), "with its unit"),
            (("stub", "--low", 10, "--high", 5), "--low must not exceed"),
            (("stub", "--start", 10, "--highest", 5), "start <= highest"),
            (("stub", "--duration", 0), "more than 0"),
        )
        for words, said in cases:
            done = self.tandem("service", *words)
            self.assertEqual(done.status, 2, done.err)
            self.assertIn(said, done.err)


if __name__ == "__main__":
    unittest.main()
