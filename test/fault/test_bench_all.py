"""`make bench-all`: its parts, in what order, with how much time.

A stand-in takes tandem's place: it writes down what it was told, makes a run
directory, and ends as the test wants it to.

Run: python3 test/fault/test_bench_all.py
"""

import json
import os
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent.parent / "scripts" / "bench-all"
FAKE = """#!{python}
import json, os, sys
from pathlib import Path

if sys.argv[1] == "list":
    print("primes: numbers\\n  set a: n=1\\nprimes-parallel: more\\nrename: files")
    sys.exit()
if sys.argv[1] == "runtimes":
    print({runtimes!r})
    sys.exit()
log = Path({log!r})
told = json.loads(log.read_text()) if log.exists() else []
told.append(sys.argv[1:])
log.write_text(json.dumps(told))
run = Path(os.environ["TANDEM_RESULTS"], f"run-{{len(told)}}")
run.mkdir(parents=True)
(run / "manifest.json").write_text("{{}}")
sys.exit({statuses}.get(sys.argv[2], 0))
"""


class BenchAll(unittest.TestCase):
    runtimes = "cpython-3.13.0  shared  python3\n  debug=no"

    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory(prefix="tandem-bench-all-")
        self.addCleanup(place.cleanup)
        self.dir = Path(place.name)
        (self.dir / "bin").mkdir()

    def run_all(self, *words: str, **statuses: int) -> tuple[int, list[list[str]]]:
        """What it ended with, and what tandem was told."""
        log = self.dir / "log.json"
        fake = self.dir / "bin" / "tandem"
        named = {name.replace("_", "-"): status for name, status in statuses.items()}
        text = FAKE.format(
            python=sys.executable, log=str(log), statuses=named, runtimes=self.runtimes
        )
        fake.write_text(text, encoding="utf-8")
        fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
        done = subprocess.run(
            [sys.executable, str(SCRIPT), "--build", str(self.dir), *words],
            env={**os.environ, "TANDEM_RESULTS": str(self.dir / "results")},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertTrue(log.exists(), done.stdout)
        return done.returncode, json.loads(log.read_text())

    def test_the_workloads_come_last_and_have_the_rest_of_the_time(self) -> None:
        status, told = self.run_all("--minutes", "10")
        self.assertEqual(status, 0)
        kinds = [words[0] for words in told]
        self.assertEqual((kinds[0], kinds[-1]), ("run", "run"))
        self.assertIn("growth", told[0])
        self.assertEqual(set(kinds[1:-3]), {"service"})
        self.assertEqual(told[-3], ["run", "--suite", "builds", "--pairs", "5"])
        last = told[-1]
        self.assertEqual(last[1:4], ["primes", "rename", "--suite"])
        self.assertEqual(last[last.index("--suite") + 1], "all")
        budget = last[last.index("--time-budget") + 1]
        self.assertTrue(240 <= float(budget.rstrip("s")) <= 600, budget)

    def test_a_free_threaded_build_is_measured_where_there_is_one(self) -> None:
        self.runtimes += (
            "\ncpython-3.14t.0  -  python3.14t\n  not usable: no headers"
            "\ncpython-3.13t.5  stock  python3.13t\n  debug=no"
        )
        _, told = self.run_all("--quick")
        (words,) = [words for words in told if "primes-parallel" in words]
        named = words[words.index("--runtime") + 1]
        self.assertEqual(named, "cpython,cpython-3.13t,go")
        self.assertEqual(told.index(words), len(told) - 2)

    def test_what_runs_in_parallel_is_measured_without_such_a_build_too(self) -> None:
        _, told = self.run_all("--quick")
        self.assertEqual(told[-2][:2], ["run", "primes-parallel"])
        self.assertNotIn("--runtime", told[-2])

    def test_the_runs_are_named(self) -> None:
        _, told = self.run_all("--quick")
        named = (self.dir / "bench-all.runs").read_text().strip().split(",")
        self.assertEqual(named, [f"run-{i + 1}" for i in range(len(told))])
        for words in told:
            self.assertIn("--quick", words)

    def test_a_part_that_fails_keeps_nobody_from_being_measured(self) -> None:
        whole = len(self.run_all("--quick")[1])
        (self.dir / "log.json").unlink()
        for path in (self.dir / "results").glob("*/manifest.json"):
            path.unlink()
            path.parent.rmdir()
        status, told = self.run_all("--quick", rest_get=5, rest_crud=3)
        self.assertEqual((status, len(told)), (3, whole))

    def test_an_interrupt_ends_it(self) -> None:
        status, told = self.run_all("--quick", rest_get=130)
        self.assertEqual(status, 130)
        self.assertEqual(told[-1][:2], ["service", "rest-get"])


if __name__ == "__main__":
    unittest.main()
