"""What the tests of `tandem run` share: a place of their own, a run, its journal.

Every process that tandem starts has its working directory below the test's
own temporary directory.  So whoever is still there after a test, whatever its
parents have become, is an orphan.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("B", ROOT / "build")).absolute()
TANDEM = os.environ.get("TANDEM") or str(BUILD / "bin" / "tandem")
LIBEXEC = Path(TANDEM).resolve().parent.parent / "libexec"

HEAD = """[workload]
summary = take as long as a formula says, until something goes wrong
base = null
default = steady
"""
IMPLEMENTATION = """
[implementation steady]
null = constant
"""


class Done:
    """How a tandem ended."""

    def __init__(self, process: subprocess.Popen[str], timeout_s: float) -> None:
        self.out, self.err = process.communicate(timeout=timeout_s)
        self.status = process.returncode

    def json(self) -> dict:
        return json.loads(self.out)

    def case(self, index: int, group: int = 0) -> dict:
        return self.json()["groups"][group]["cases"][index]


class RunCase(unittest.TestCase):
    def setUp(self) -> None:
        self.dir = Path(tempfile.mkdtemp(prefix="tandem-fault-")).resolve()
        self.workloads = self.dir / "workloads"
        self.results = self.dir / "results"
        self.workloads.mkdir()
        self.env = {
            **os.environ,
            "TANDEM_WORKLOADS": str(self.workloads),
            "TANDEM_RESULTS": str(self.results),
            "TANDEM_SOURCE": str(ROOT),
        }

    def tearDown(self) -> None:
        self.assert_no_orphans()
        shutil.rmtree(self.dir, ignore_errors=True)

    # Workloads

    def workload(self, name: str, text: str) -> Path:
        directory = self.workloads / name
        directory.mkdir(exist_ok=True)
        (directory / f"{name}.ini").write_text(text, encoding="utf-8")
        return directory

    def faulty(self, name: str = "faulty", more: str = "", **params: object) -> Path:
        """One set of the null driver's parameters; null-2 has the fault."""
        values = {"latency_ns": 100000, "fault_runtime": "null-2", **params}
        keys = "\n".join(f"{key} = {value}" for key, value in values.items())
        return self.workload(
            name, f"{HEAD}\n[set one]\nanswer = 42\n{keys}\n{IMPLEMENTATION}{more}"
        )

    # Runs

    def start(self, *words: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [TANDEM, *(w if isinstance(w, bytes) else str(w) for w in words)],
            cwd=self.dir,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )

    def tandem(self, *words: object, timeout_s: float = 60) -> Done:
        process = self.start(*words)
        try:
            return Done(process, timeout_s)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()

    def null_words(self, *words: object) -> list[object]:
        """A run of null-1 and null-2, in JSON."""
        fixed = ("--runtime", "null-1,null-2", "--seed", 1, "--format", "json")
        return ["run", *words, *fixed]

    def measure(self, *words: object, status: int) -> Done:
        done = self.tandem(*self.null_words(*words))
        self.assertEqual(done.status, status, done.err)
        return done

    def resume(self, status: int = 0) -> Done:
        done = self.tandem("run", "--resume", "last", "--format", "json")
        self.assertEqual(done.status, status, done.err)
        return done

    def show(self) -> dict:
        """What `show` says of the last run, in all its formats."""
        for form in ("text", "md"):
            done = self.tandem("show", "--format", form)
            self.assertEqual(done.status, 0, done.err)
        done = self.tandem("show", "--format", "json")
        self.assertEqual(done.status, 0, done.err)
        return done.json()

    def assert_archive_shows_the_same(self) -> None:
        """The last run and its archive: the same tables."""
        to = self.dir / "archive"
        done = self.tandem("archive", "last", "--to", to, "--force")
        self.assertEqual(done.status, 0, done.err)
        (archive,) = to.iterdir()
        for words in (
            ("--format", "text", "--details"),
            ("--format", "md"),
            ("--format", "json"),
        ):
            kept = self.tandem("show", archive, *words)
            self.assertEqual(kept.out, self.tandem("show", "last", *words).out)
        self.assertEqual(self.tandem("show", archive, "0").status, 0)

    def assert_whole(self, summary: dict, pairs: int, count: int) -> None:
        """Every case of every group has just what was asked for."""
        self.assertTrue(summary["complete"])
        for group in summary["groups"]:
            self.assertEqual(group["pairs"], pairs)
            for case in group["cases"]:
                self.assertIsNone(case["problem"])
                self.assertEqual(case["answer"], "verified")
                self.assertEqual(case["invocations"], pairs)
                self.assertEqual(case["samples"], pairs * 2 * count)

    # What is on disk

    def run_dir(self) -> Path:
        return max(self.results.iterdir())

    def journal(self, kind: str = "") -> list[dict]:
        """Its whole lines; there may be none yet."""
        found = sorted(self.results.glob("*/journal.jsonl"))
        lines = found[-1].read_bytes().splitlines(keepends=True) if found else []
        records = [json.loads(line) for line in lines if line.endswith(b"\n")]
        return [record for record in records if kind in ("", record["type"])]

    # Processes

    def mine(self) -> dict[int, str]:
        """Live processes whose working directory is the test's."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                cwd = os.readlink(entry / "cwd")
                state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
                words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if Path(cwd).is_relative_to(self.dir) and state not in "ZX":
                found[int(entry.name)] = words
        return found

    def assert_no_orphans(self, within_s: float = 2) -> None:
        end = time.monotonic() + within_s
        while (left := self.mine()) and time.monotonic() < end:
            time.sleep(0.02)
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        self.assertEqual(left, {})

    def wait_for(self, condition: Callable[[], object], timeout_s: float = 20) -> None:
        end = time.monotonic() + timeout_s
        while not condition():
            self.assertLess(time.monotonic(), end, "waited in vain")
            time.sleep(0.01)
