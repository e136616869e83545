"""`tandem load` against `tandem origin`: accounting, classes of failures, files,
Ctrl-C, the search for the highest rate.

No speed is asserted.  The machine may be so busy that the generator is late; an
open loop may therefore end with 4 as well as with 0, and says which it is.
"""

import json
import signal
import socket
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from run_case import Done, RunCase  # noqa: E402

ROWS = ("latency_ms", "service_ms", "send_lag_ms")
FIGURES = {"p50", "p90", "p99", "p99.9", "max", "count"}
KEYS = {
    "requested_rate",
    "achieved_rate",
    "sent",
    "answered",
    "failed",
    "censored",
    "valid",
    "invalid_reason",
    *ROWS,
}
SHORT = ("--duration", "500ms", "--warmup", "100ms", "--connections", 8)


class LoadCase(RunCase):
    def setUp(self) -> None:
        super().setUp()
        self.origin = self.start("origin", "--port", 0)
        self.addCleanup(self.origin.communicate)
        assert self.origin.stdout is not None
        self.url = self.origin.stdout.readline().strip()

    def tearDown(self) -> None:
        self.origin.terminate()
        self.origin.wait(10)
        super().tearDown()

    def load(self, path: str, *words: object, statuses: tuple[int, ...]) -> Done:
        done = self.tandem("load", self.url + path, *SHORT, *words, timeout_s=30)
        self.assertIn(done.status, statuses, done.err)
        return done

    def load_json(
        self, path: str, *words: object, statuses: tuple[int, ...] = (0, 4)
    ) -> dict:
        found = self.load(path, "--json", *words, statuses=statuses).json()
        self.assert_accounted(found)
        return found

    def assert_accounted(self, found: dict) -> None:
        failed = sum(found["failed"].values())
        self.assertEqual(found["sent"], found["answered"] + failed + found["censored"])
        self.assertLessEqual(found["unsent"], found["censored"])
        self.assertEqual(found["service_ms"]["count"], found["answered"])
        self.assertEqual(sum(s["sent"] for s in found["seconds"]), found["sent"])
        self.assertEqual(
            sum(s["answered"] for s in found["seconds"]), found["answered"]
        )

    def only_failure(self, found: dict) -> str:
        """The one class that all the failures are of."""
        self.assertEqual(found["answered"], 0)
        self.assertGreater(found["sent"], 0)
        classes = [name for name, count in found["failed"].items() if count]
        self.assertEqual(len(classes), 1, found["failed"])
        self.assertTrue(found["first_failure"])
        return classes[0]


class Loads(LoadCase):
    def test_open_loop(self) -> None:
        found = self.load_json("/delay/10ms/x", "--rate", 200)
        self.assertLessEqual(KEYS, found.keys())
        for row in ROWS:
            self.assertLessEqual(FIGURES, found[row].keys())
        self.assertAlmostEqual(found["sent"], 100, delta=1)
        self.assertEqual(found["answered"], found["sent"])
        self.assertEqual(found["requested_rate"], 200)
        # The origin is never early, and latency is never less than service.
        self.assertGreaterEqual(found["service_ms"]["p50"], 10)
        self.assertGreaterEqual(
            found["latency_ms"]["p50"], found["service_ms"]["p50"] * 0.999
        )
        self.assertEqual(found["valid"], found["invalid_reason"] is None)

    def test_poisson_is_the_same_for_a_seed(self) -> None:
        words = ("--rate", 300, "--arrivals", "poisson", "--seed")
        first = self.load_json("/healthz", *words, 5)
        again = self.load_json("/healthz", *words, 5)
        self.assertEqual(first["arrivals"], "poisson")
        self.assertEqual(first["sent"], again["sent"])

    def test_closed_loop(self) -> None:
        found = self.load_json("/delay/20ms/x", "--closed", statuses=(0,))
        self.assertIsNone(found["requested_rate"])
        self.assertGreater(found["answered"], 8)
        self.assertLessEqual(found["answered"], 8 * 500 / 20 + 8)

    def test_text(self) -> None:
        done = self.load(
            "/healthz", "--rate", 100, "--progress", "yes", statuses=(0, 4)
        )
        self.assertIn("50 sent = 50 answered + 0 failed + 0 censored", done.out)
        self.assertEqual("INVALID" in done.out, done.status == 4)
        for row in ("latency ", "service ", "send lag "):
            self.assertIn(f"\n{row}", done.out)

    def test_a_connection_a_request(self) -> None:
        found = self.load_json("/healthz", "--rate", 100, "--no-keepalive")
        self.assertFalse(found["keepalive"])
        self.assertGreaterEqual(found["connects"], found["answered"])

    def test_expectations(self) -> None:
        wrong = self.load_json("/none", "--rate", 50, statuses=(5,))
        self.assertEqual(self.only_failure(wrong), "status_4xx")
        right = self.load_json("/none", "--rate", 50, "--expect-status", 404)
        self.assertEqual(right["answered"], right["sent"])
        body = self.dir / "body"
        body.write_text("tandem origin item x\n" * 16)
        right = self.load_json("/delay/0ms/x", "--rate", 50, "--expect-body", body)
        self.assertEqual(right["answered"], right["sent"])
        body.write_text("tandem origin item y\n" * 16)
        words = ("--rate", 50, "--expect-body", body)
        wrong = self.load_json("/delay/0ms/x", *words, statuses=(5,))
        self.assertEqual(self.only_failure(wrong), "body")

    def test_mix(self) -> None:
        mix = self.dir / "mix"
        (self.dir / "item").write_text("tandem origin item a\n" * 16)
        mix.write_text(
            "3 GET /delay/0ms/a expect-file=item\n"
            "GET /none expect=404\n"
            'HEAD /healthz header="X-Id: 1, 2"\n'
        )
        found = self.load_json("", "--rate", 200, "--requests", mix)
        self.assertEqual(found["answered"], found["sent"])
        self.assertIsNone(found["method"])

    def test_mix_is_drawn_by_weight(self) -> None:
        mix = self.dir / "mix"
        mix.write_text("3 GET /healthz\n1 GET /none\n")
        found = self.load_json("", "--rate", 800, "--requests", mix, "--seed", 3)
        self.assertEqual(
            found["failed"]["status_4xx"], found["sent"] - found["answered"]
        )
        # 300 of 400; the standard deviation is 9.
        self.assertAlmostEqual(found["answered"] / found["sent"], 0.75, delta=0.12)

    def test_histograms(self) -> None:
        words = ("--rate", 100, "--hlog", "l.hlog", "--hgrm", "l.hgrm")
        found = self.load_json("/healthz", *words)
        hlog = (self.dir / "l.hlog").read_text()
        lines = [line for line in hlog.splitlines() if line[0] not in '#"']
        self.assertEqual(
            [line.split(",")[0] for line in lines],
            ["0.000", "Tag=service", "Tag=send-lag"],
        )
        for name, row in (
            ("l.hgrm", "latency_ms"),
            ("l.service.hgrm", "service_ms"),
            ("l.send-lag.hgrm", "send_lag_ms"),
        ):
            text = (self.dir / name).read_text()
            self.assertRegex(text, rf"Total count +=? +{found[row]['count']}\]")


class Failures(LoadCase):
    def test_nobody_listens(self) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
            words = ("load", url, *SHORT, "--rate", 50, "--json")
            done = self.tandem(*words, timeout_s=30)
        self.assertEqual(done.status, 5, done.err)
        found = done.json()
        self.assert_accounted(found)
        self.assertEqual(self.only_failure(found), "connect_refused")

    def test_each_fault_of_the_origin_has_its_class(self) -> None:
        body = self.dir / "body"
        body.write_text("ok")
        for path, words, expected in (
            ("/short", (), "short_body"),
            ("/garbage", (), "bad_http"),
            ("/reset", (), "reset"),
            ("/close", (), "reset"),
            ("/status/503", (), "status_5xx"),
            ("/status/302", (), "status_1xx_3xx"),
            ("/status/204", ("--expect-status", 200), "status_2xx"),
            ("/wrong", ("--expect-body", body), "body"),
            ("/hang", ("--timeout", "50ms"), "timeout"),
            ("/endless", ("--timeout", "50ms", "--connections", 2), "timeout"),
        ):
            with self.subTest(path=path):
                few = ("--rate", 20, "--duration", "200ms", "--warmup", 0)
                found = self.load_json(path, *few, *words, statuses=(5,))
                self.assertEqual(self.only_failure(found), expected)

    def test_time_out(self) -> None:
        words = ("--rate", 20, "--timeout", "50ms")
        found = self.load_json("/delay/5s/x", *words, statuses=(5,))
        self.assertEqual(found["answered"], 0)
        self.assertGreater(found["failed"]["timeout"], 0)

    def test_interrupt_prints_what_there_is(self) -> None:
        words = ("--rate", 100, "--duration", "60s", "--warmup", "0", "--json")
        process = self.start("load", self.url + "/healthz", *words)
        time.sleep(1.3)
        process.send_signal(signal.SIGINT)
        done = Done(process, 20)
        self.assertEqual(done.status, 130, done.err)
        found = json.loads(done.out)
        self.assertTrue(found["stopped"])
        self.assertGreater(found["answered"], 0)
        self.assert_accounted(found)
        self.assertLess(found["measured_s"], 20)

    def test_interrupt_waits_for_no_answer(self) -> None:
        words = ("--rate", 20, "--duration", "60s", "--timeout", "60s", "--json")
        process = self.start("load", self.url + "/delay/50s/x", *words)
        time.sleep(2.3)
        process.send_signal(signal.SIGINT)
        done = Done(process, 20)
        self.assertEqual(done.status, 130, done.err)
        found = json.loads(done.out)
        self.assertTrue(found["stopped"])
        self.assertGreater(found["censored"], 0)
        self.assert_accounted(found)

    def test_second_interrupt_ends_at_once(self) -> None:
        words = ("--rate", 20, "--duration", "60s", "--timeout", "60s")
        process = self.start("load", self.url + "/delay/50s/x", *words)
        time.sleep(1.1)
        for _ in range(2):
            process.send_signal(signal.SIGINT)
            time.sleep(0.4)
        self.assertEqual(Done(process, 5).status, -signal.SIGINT)


class FindMax(LoadCase):
    def test_highest_allowed_rate_holds(self) -> None:
        words = ("--find-max", "--slo", "p50<5s", "--start", 50, "--highest", 100)
        kept = self.dir / "trace.json"
        words = (*words, "--json", "--out", kept)
        found = self.load("/healthz", *words, statuses=(0, 4)).json()
        self.assertEqual(json.loads(kept.read_text()), found)
        self.assertTrue(found["found"])
        self.assertTrue(found["trials"])
        if found["at_limit"] and found["why"] == "highest":
            self.assertEqual(found["max_rate"], 100)
            self.assertIsNone(found["upper"])
        for trial in found["trials"]:
            self.assertIn(trial["outcome"], ("held", "broke", "invalid"))
            self.assertLessEqual(trial["rate"], 100)

    def test_nothing_holds(self) -> None:
        words = ("--find-max", "--slo", "p50<1ms", "--start", 40, "--trials", 6)
        done = self.load("/delay/20ms/x", *words, statuses=(4,))
        self.assertIn("no rate kept the objective", done.out)
        self.assertRegex(done.out, "broke: p50 2|invalid: the generator")

    def test_interrupt_ends_the_search(self) -> None:
        words = ("--find-max", "--slo", "p99<30s", "--json", "--highest", 300)
        process = self.start("load", self.url + "/healthz", *SHORT, *words)
        time.sleep(1.5)
        # As `timeout` does: to the process and to its group.
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGINT)
        sent = time.monotonic()
        done = Done(process, 20)
        self.assertEqual(done.status, 130, done.err)
        self.assertLess(time.monotonic() - sent, 10)
        self.assertFalse(json.loads(done.out)["conclusive"])

    def test_nobody_there(self) -> None:
        words = ("--find-max", "--slo", "p50<1s", "--json")
        done = self.load("/none", *words, statuses=(5,))
        self.assertFalse(done.json()["found"])
        self.assertIn("404", done.err)


if __name__ == "__main__":
    unittest.main()
