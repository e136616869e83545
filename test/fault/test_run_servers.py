"""Servers in `tandem run`: they take turns under load, and fail in every way.

Run: B=build python3 test/fault/test_run_servers.py
"""

import json
import os
import shutil
import signal
import sys
import unittest
from pathlib import Path

from run_case import TANDEM, Done, RunCase

STUB = Path(__file__).resolve().parent / "server_stub.py"
WORKLOAD = """[workload]
kind = server
summary = a stub
base = one
default = stub

[set one]
limit = 7
requests = mix
{load}

[implementation stub]
one = stub.py
two = stub.py {two}

[runtime one]
driver = exec
command = {python} {{entry}}
[runtime two]
driver = exec
command = {python} {{entry}}
"""
CLOSED = "rate = 0\nconnections = 2"
OPEN = "rate = 400\nconnections = 8"
MIX = """# weights, and a path that is not there
3 GET /users/1
  GET /users/2
  GET /nothing expect=404
"""
COUNT = 20


class Servers(RunCase):
    def server(self, two: str = "", load: str = CLOSED, mix: str = MIX) -> None:
        text = WORKLOAD.format(two=two, load=load, python=sys.executable)
        directory = self.workload("stub", text)
        shutil.copy(STUB, directory / "stub.py")
        (directory / "mix").write_text(mix)

    def run_it(self, *words: object, status: int = 0) -> Done:
        fixed = ("--pairs", 2, "--count", COUNT, "--seed", 1, "--format", "json")
        done = self.tandem("run", "stub", *fixed, *words)
        self.assertEqual(done.status, status, done.err)
        return done

    def loads(self, case: int = 1) -> list[dict]:
        return [b for b in self.journal("batch") if "load" in b and b["case"] == case]

    def manifest(self) -> dict:
        return json.loads((self.run_dir() / "manifest.json").read_text())

    def assert_counts(self, line: dict) -> None:
        load = line["load"]
        lost = sum(load["failed"].values()) + load["censored"]
        self.assertEqual(load["sent"], load["answered"] + lost)


class Turns(Servers):
    def test_closed_loop(self) -> None:
        self.server("--delay .006")
        done = self.run_it("--loops", 2)
        group = done.json()["groups"][0]
        self.assertEqual(group["answer_state"], "agreed")
        self.assertEqual(group["pairs"], 2)
        for case in group["cases"]:
            self.assertIsNone(case["problem"])
            self.assertEqual(case["samples"], 2 * 2 * COUNT)
            self.assertEqual(case["operations"], 2 * case["samples"])
            self.assertIsNone(case["p99_ns"])
            self.assertLess(group["timed_share"], 1)
            service = case["service"]
            self.assertEqual(service["turns"], 4)
            self.assertEqual(service["sent"], service["answered"])
            product = service["per_s"]["value"] * case["mean_ns"]["value"]
            self.assertAlmostEqual(product, 1e9, delta=100)
        # Not a speed: of two connections' requests four in five wait 6 ms.
        self.assertGreater(group["cases"][1]["mean_ns"]["value"], 1.5e6)
        for line in self.loads():
            self.assert_counts(line)
            self.assertGreater(line["load"]["rss_bytes"], 1 << 20)
            self.assertEqual(line["load"]["processes"], 1)
        self.assert_archive_shows_the_same()

    def test_open_loop(self) -> None:
        self.server("--delay .006", load=OPEN)
        done = self.run_it()
        for index, case in enumerate(done.json()["groups"][0]["cases"]):
            self.assertIsNone(case["problem"])
            self.assertEqual(case["samples"], 2 * 2 * COUNT)
            for line in self.loads(index):
                self.assertEqual(line["loops"], 1)
                self.assertEqual(line["load"]["requested_rate"], 400)
                self.assert_counts(line)
            self.assertTrue(case["service"]["open"])
            self.assertIsNone(case["warmup"])
        self.assert_archive_shows_the_same()
        self.assertLess(done.json()["groups"][0]["timed_share"], 1)
        self.assertGreater(done.case(1)["median_ns"]["value"], 6e6)
        shown = self.tandem("show", "last").out
        for words in ("400 requests/s, constant, on 8 connections", "in 1 GiB"):
            self.assertIn(words, shown)
        self.assertIn("loaded PSS", self.tandem("show", "last", "--format", "md").out)

    def test_who_serves_what(self) -> None:
        self.server(load=OPEN + "\narrivals = poisson")
        self.run_it()
        (group,) = self.manifest()["groups"]
        self.assertEqual(
            group["load"],
            {
                "rate": 400.0,
                "arrivals": "poisson",
                "connections": 8,
                "keepalive": True,
                "memory_bytes": 0,
            },
        )
        settings = self.manifest()["settings"]
        if len(os.sched_getaffinity(0)) > 1:
            self.assertNotEqual(settings["server_cpus"], settings["load_cpus"])
            self.assertIn(settings["load_cpus"], settings["server_placement"])
        self.assertFalse((self.run_dir() / "scratch").exists())
        for line in self.journal("invocation"):
            self.assertGreater(line["setup_ns"], 0)
            self.assertGreater(line["server"]["idle_rss_bytes"], 1 << 20)

    def test_memory_limit(self) -> None:
        self.server(load=OPEN + "\nmemory = 512MB")
        done = self.run_it()
        for line in self.journal("invocation"):
            by = line["server"]["memory_by"]
            self.assertIn(by, ("cgroup-v1", "cgroup-v2", "rlimit-as"))
            self.assertIn(f"its memory was limited by {by}", str(done.json()))

    def test_cut_off_and_resumed(self) -> None:
        self.server()
        process = self.start("run", "stub", "--pairs", 3, "--count", COUNT)
        self.wait_for(lambda: len(self.journal("pair_end")) >= 1)
        process.kill()
        process.communicate(timeout=20)
        self.assert_no_orphans()
        self.resume()
        whole = {e["pair"] for e in self.journal("pair_end") if e["complete"]}
        self.assertEqual(len(whole), 3)

    def test_interrupted(self) -> None:
        self.server()
        process = self.start("run", "stub", "--pairs", 50, "--count", COUNT)
        self.wait_for(lambda: self.journal("batch"))
        os.killpg(process.pid, signal.SIGINT)
        done = Done(process, 20)
        self.assertEqual(done.status, 130, done.err)


QUEUES = """[workload]
kind = server
summary = two queues whose service times are exact
base = two_ms
default = queue

[set closed]
connections = 4
rate = 0
get = /queue
[set open]
connections = 4
rate = 50
get = /queue

[implementation queue]
two_ms = 2ms
six_ms = 6ms

[runtime two_ms]
driver = exec
command = {tandem} origin --port {{port}} --service {{entry}}
[runtime six_ms]
driver = exec
command = {tandem} origin --port {{port}} --service {{entry}}
"""


class KnownTimes(Servers):
    """The origin's queue serves one request after the other, in just its
    service time: so what must come out is known, on any machine that is not
    overwhelmed.  Above it is bounded loosely."""

    def setUp(self) -> None:
        super().setUp()
        self.workload("queues", QUEUES.format(tandem=TANDEM))

    def measure_set(self, rate: int) -> list[dict]:
        words = ("--pairs", 2, "--turn", "400ms", "--seed", 1, "--format", "json")
        done = self.tandem("run", "queues", "--param", f"rate={rate}", *words)
        self.assertEqual(done.status, 0, done.err)
        return done.json()["groups"][0]["cases"]

    def test_throughput_is_the_inverse_of_the_service_time(self) -> None:
        for case, ms in zip(self.measure_set(0), (2, 6), strict=True):
            self.assertGreater(case["mean_ns"]["value"], 0.98e6 * ms)
            self.assertLess(case["mean_ns"]["value"], 20e6 * ms)

    def test_latency_is_the_service_time(self) -> None:
        for case, ms in zip(self.measure_set(50), (2, 6), strict=True):
            self.assertGreater(case["median_ns"]["value"], 1e6 * ms)
            self.assertLess(case["median_ns"]["value"], 1e6 * ms + 200e6)


class Answers(Servers):
    def test_a_field_differs(self) -> None:
        self.server("--say bob")
        done = self.run_it(status=3)
        self.assertEqual(
            done.case(1)["problem"],
            'WRONG ANSWER: GET /users/1: body.user.name is "bob" where others say "ann"',
        )
        self.assertEqual(done.case(1)["answer"], "wrong")
        self.assertEqual(self.loads(), [])
        self.assertIsNone(done.case(0)["problem"])

    def test_another_status_than_expected(self) -> None:
        self.server(mix="GET /users/1 expect=201\n")
        problem = self.run_it(status=3).case(0)["problem"]
        self.assertIn("answered with status 200 where 201 was expected", problem)

    def test_another_answer_under_load(self) -> None:
        self.server("--later 60")
        done = self.run_it(status=3)
        self.assertIn("were not the one that it gave before", done.case(1)["problem"])


class Failures(Servers):
    def words(self) -> str:
        return next(e["last_words"] for e in self.journal("end") if e["case"] == 1)

    def problem(self, two: str, *words: object) -> str:
        self.server(two)
        done = self.run_it(*words, status=5)
        self.assertIsNone(done.case(0)["problem"])
        return done.case(1)["problem"]

    def test_does_not_start(self) -> None:
        self.assertIn("exited with status 1", self.problem("--refuse"))
        self.assertIn("no such table", self.words())

    def test_is_never_ready(self) -> None:
        problem = self.problem("--never-ready", "--timeout", "1s")
        self.assertIn("did not answer GET /healthz", problem)
        self.assertIn("with 200 within 1 s", problem)

    def test_dies_under_load(self) -> None:
        self.assertIn("exited with status 9", self.problem("--die 60"))
        self.assertIn("had enough", self.words())

    def test_fails_too_often(self) -> None:
        problem = self.problem("--fail-every 5 --fail-after 20")
        self.assertRegex(problem, r"under load \d+ of \d+ requests failed")
        self.assertIn("status 5xx", problem)

    def test_fails_seldom(self) -> None:
        self.server(
            "--fail-every 300 --fail-after 500 --delay 0",
            load="rate = 0\nconnections = 4",
        )
        words = ("--pairs", 2, "--loops", 4, "--count", 100, "--seed", 1)
        done = self.tandem("run", "stub", *words, timeout_s=90)
        self.assertEqual(done.status, 0, done.err)
        failed = [line["load"]["failed"] for line in self.loads()]
        self.assertTrue(any(one.get("status_5xx", 0) for one in failed))
        for line in self.loads():
            self.assert_counts(line)

    def test_runtime_without_servers(self) -> None:
        self.server()
        path = self.workloads / "stub" / "stub.ini"
        path.write_text(path.read_text().replace("two = stub.py", "null = stub.py"))
        done = self.run_it("--runtime", "one,null", status=5)
        self.assertIn("runs no servers", done.case(1)["problem"])


class Mistakes(Servers):
    def refused(self, load: str, *words: str) -> str:
        self.server(load=load)
        done = self.tandem("run", "stub", *words)
        self.assertEqual(done.status, 2, done.err)
        return done.err

    def test_load(self) -> None:
        self.assertIn("stub.ini", self.refused("rate = fast\nconnections = 1"))
        self.assertIn("needs a rate", self.refused(CLOSED + "\narrivals = poisson"))
        self.assertIn("give one of them", self.refused(CLOSED + "\nget = /users/1"))
        self.assertIn("connections", self.refused(CLOSED, "--param", "connections=0"))


if __name__ == "__main__":
    unittest.main()
