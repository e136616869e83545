"""`tandem run` of real servers: what they answer, and what is recorded.

Run: B=build python3 test/real/test_servers.py   (needs build/venv and Go)
"""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TANDEM = Path(os.environ.get("B", ROOT / "build")).absolute() / "bin" / "tandem"


class RestGet(unittest.TestCase):
    def measure(
        self, *words: str, workload: str = "rest-get"
    ) -> tuple[dict, list[dict]]:
        directory = tempfile.TemporaryDirectory(prefix="tandem-servers-")
        self.addCleanup(directory.cleanup)
        done = subprocess.run(
            [
                TANDEM,
                "run",
                workload,
                *("--pairs", "2", "--format", "json", "--no-reference"),
                *("--out", directory.name, *words),
            ],
            cwd=ROOT,
            capture_output=True,
            check=False,
            text=True,
            timeout=180,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        (run,) = Path(directory.name).iterdir()
        lines = (run / "journal.jsonl").read_text().splitlines()
        return json.loads(done.stdout), [json.loads(line) for line in lines]

    def assert_all_agree(self, group: dict, state: str = "agreed") -> None:
        self.assertEqual(group["answer_state"], state)
        for case in group["cases"]:
            self.assertIsNone(case["problem"])
            self.assertEqual(case["invocations"], 2)
            for name in ("idle_rss_bytes", "load_rss_bytes", "per_s"):
                self.assertGreater(case["service"][name]["value"], 0)
            self.assertGreater(case["setup_ns"]["value"], 0)
            self.assertGreater(case["cpu_ns"]["value"], 0)

    def test_closed_loop(self) -> None:
        words = ("--param", "rate=0", "--loops", "64", "--count", "10")
        summary, journal = self.measure(*words)
        (group,) = summary["groups"]
        names = {(c["implementation"], c["runtime"][:2]) for c in group["cases"]}
        self.assertEqual(
            names,
            {
                ("framework", "cp"),
                ("framework", "go"),
                ("net/http", "go"),
                ("uvicorn", "cp"),
                ("workers", "cp"),
            },
        )
        self.assert_all_agree(group, "verified")
        for line in journal:
            if line["type"] == "batch" and "load" in line:
                load = line["load"]
                lost = sum(load["failed"].values()) + load["censored"]
                self.assertEqual(load["sent"], load["answered"] + lost)
                self.assertEqual(load["failed"].get("body", 0), 0)

    def test_stock_and_embedded(self) -> None:
        summary, _ = self.measure(
            *("--param", "rate=200", "--count", "40", "--impl", "framework"),
            *("--runtime", "cpython,cpython:stock,go"),
        )
        (group,) = summary["groups"]
        self.assertEqual(len(group["cases"]), 3)
        self.assertIn("stock", [case["hosting"] for case in group["cases"]])
        self.assert_all_agree(group)
        for case in group["cases"]:
            self.assertEqual(case["samples"], 2 * 2 * 40)

    def test_database(self) -> None:
        words = ("--param", "rate=500", "--count", "50")
        summary, journal = self.measure(*words, workload="rest-crud")
        self.assert_all_agree(summary["groups"][0], "verified")
        self.assertEqual(len(summary["groups"][0]["cases"]), 3)
        for line in journal:
            if line["type"] == "batch" and "load" in line:
                self.assertEqual(line["load"]["failed"], {})

    def test_workers(self) -> None:
        summary, journal = self.measure(
            *("--param", "rate=100", "--param", "workers=2", "--count", "20"),
            *("--runtime", "cpython,go", "--impl", "framework"),
        )
        self.assert_all_agree(summary["groups"][0])
        most = max(
            line["load"]["processes"]
            for line in journal
            if line["type"] == "batch" and "load" in line
        )
        self.assertGreaterEqual(most, 3)


if __name__ == "__main__":
    unittest.main()
