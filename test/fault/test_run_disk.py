"""Disks that are full or cannot be written, and files cut off anywhere.

Run: B=build python3 test/fault/test_run_disk.py
A small tmpfs is mounted where the user may; else a limit on the size of a
file stands in for it.
"""

import os
import resource
import shutil
import signal
import subprocess
import unittest
from pathlib import Path

from run_case import TANDEM, RunCase

PAIRS, COUNT = 3, 1000
WORDS = ("faulty", "--pairs", PAIRS, "--count", COUNT, "--loops", 1)


def mount(place: Path, options: str) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


class Disks(RunCase):
    def setUp(self) -> None:
        super().setUp()
        self.faulty(latency_ns=10000)

    def mount(self, options: str) -> None:
        self.results.mkdir(exist_ok=True)
        if not mount(self.results, options):
            self.skipTest("a tmpfs cannot be mounted here (it takes root)")
        self.addCleanup(
            subprocess.run, ["umount", str(self.results)], capture_output=True
        )

    def remount(self, options: str) -> None:
        command = ["mount", "-o", "remount," + options, str(self.results)]
        subprocess.run(command, check=True, capture_output=True)

    def tearDown(self) -> None:
        subprocess.run(["umount", str(self.results)], capture_output=True)
        super().tearDown()

    def fill(self) -> None:
        done = self.tandem(*self.null_words(*WORDS))
        self.assertEqual(done.status, 6, done.err)
        self.assertIn("No space left on device", done.err)
        self.assertIn("free some space or choose another disk with --out", done.err)
        self.assertNotIn("{", done.out)

    def test_full_disk(self) -> None:
        # Samples take 384 kB in all; each step is one worker's turn.
        for size in (64, 128, 256, 384):
            with self.subTest(kilobytes=size):
                self.mount(f"size={size}k")
                self.fill()
                kept = self.journal()
                batches = [b for b in kept if b["type"] == "batch"]
                self.assertGreater(len(batches), 0)
                self.assertFalse(self.show()["complete"])
                self.remount("size=64m")
                self.assert_whole(self.resume().json(), PAIRS, COUNT)
                self.assertEqual(self.journal()[: len(kept)], kept)
                subprocess.run(["umount", str(self.results)], check=True)

    def test_no_room_to_begin(self) -> None:
        self.mount("size=8k")
        self.fill()

    def test_no_room_for_the_summary(self) -> None:
        """All is measured and recorded; only what follows from it is not."""
        self.mount("size=64m")
        self.measure(*WORDS, status=0)
        whole = self.show()
        run_dir = self.run_dir()
        (run_dir / "summary.json").unlink()
        shutil.rmtree(run_dir / "histograms")
        used = sum(p.stat().st_blocks * 512 for p in run_dir.rglob("*"))
        self.remount(f"size={used // 1024 + 8}k")
        done = self.resume(status=6)
        self.assertIn("No space left on device", done.err)
        self.assertEqual(self.show()["groups"], whole["groups"])

    def test_file_too_large(self) -> None:
        def limit() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

        # The sample buffer, 1 MiB, must fit; six turns take 6.3 MB.
        size = 3 << 20
        words = ("faulty", "--pairs", PAIRS, "--count", 32768, "--loops", 1)
        self.faulty(latency_ns=2000)
        with subprocess.Popen(
            [TANDEM, *map(str, self.null_words(*words))],
            cwd=self.dir, env=self.env, preexec_fn=limit, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:  # fmt: skip
            _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 6, err)
        self.assertIn("File too large", err)
        self.assertFalse(self.show()["complete"])
        self.assert_whole(self.resume().json(), PAIRS, 32768)

    def test_read_only(self) -> None:
        self.mount("size=64m")
        self.measure(*WORDS, status=0)
        whole = self.show()
        self.remount("ro")
        done = self.tandem(*self.null_words(*WORDS))
        self.assertEqual(done.status, 6, done.err)
        self.assertIn("Read-only file system", done.err)
        self.assertIn("choose a directory that can be written with --out", done.err)
        self.assertEqual(self.show(), whole)

    def test_no_permission(self) -> None:
        if os.geteuid() == 0:
            self.skipTest("root may write everywhere")
        self.results.mkdir(mode=0o555)
        done = self.tandem(*self.null_words(*WORDS))
        self.assertEqual(done.status, 6, done.err)
        self.assertIn("Permission denied", done.err)

    def test_results_that_are_a_file(self) -> None:
        self.results.write_text("not a directory\n")
        done = self.tandem(*self.null_words(*WORDS))
        self.assertEqual(done.status, 6, done.err)
        self.assertIn(str(self.results), done.err)
        self.results.unlink()

    def test_out(self) -> None:
        """--out is where the run goes, and where it is found again."""
        other = self.dir / "a" / "b"
        self.measure(*WORDS, "--out", other, status=0)
        self.assertFalse(self.results.exists())
        (run,) = other.iterdir()
        for word in (str(run), run.name, "last"):
            done = self.tandem("show", word, "--results", str(other))
            self.assertEqual(done.status, 0, done.err)
        done = self.tandem("run", "--resume", "last", "--out", other)
        self.assertEqual(done.status, 0, done.err)


class CutOff(RunCase):
    """A run directory in which a file ends anywhere can be shown and resumed."""

    def setUp(self) -> None:
        super().setUp()
        self.faulty()
        self.measure(*self.WORDS, status=0)
        self.whole = self.dir / "whole"
        shutil.copytree(self.run_dir(), self.whole)

    COUNT = 5
    WORDS = ("faulty", "--pairs", PAIRS, "--count", COUNT)

    def restore(self) -> Path:
        run_dir = self.run_dir()
        shutil.rmtree(run_dir)
        shutil.copytree(self.whole, run_dir)
        return run_dir

    def check(self, name: str, size: int) -> None:
        with self.subTest(name, size=size):
            path = self.restore() / name
            os.truncate(path, size)
            self.show()
            self.assert_whole(self.resume().json(), PAIRS, self.COUNT)

    def test_journal(self) -> None:
        text = (self.whole / "journal.jsonl").read_bytes()
        for cut in sorted({0, 1, len(text) - 1, *range(7, len(text), len(text) // 24)}):
            self.check("journal.jsonl", cut)

    def test_samples(self) -> None:
        name = "samples/001.npy"
        size = (self.whole / name).stat().st_size
        for cut in (
            0,
            1,
            200,
            256,
            257,
            300,
            size // 2,
            size - 33,
            size - 32,
            size - 1,
        ):
            self.check(name, cut)

    def test_missing_files(self) -> None:
        for name in (
            "samples/000.npy",
            "samples/001.npy",
            "summary.json",
            "journal.jsonl",
        ):
            with self.subTest(name):
                (self.restore() / name).unlink()
                self.show()
                self.assert_whole(self.resume().json(), PAIRS, self.COUNT)

    def test_damage_in_the_middle_is_told(self) -> None:
        """What was not cut off but altered is not guessed at."""
        path = self.restore() / "journal.jsonl"
        lines = path.read_text().splitlines(keepends=True)
        lines[3] = "not JSON\n"
        path.write_text("".join(lines))
        for done in (self.tandem("show"), self.tandem("run", "--resume", "last")):
            self.assertEqual(done.status, 2, done.err)
            self.assertIn("journal.jsonl:4: ", done.err)
        path = self.restore() / "manifest.json"
        path.write_text("{}\n")
        done = self.tandem("show")
        self.assertIn(done.status, (2,), done.err)
        self.assertIn("manifest.json", done.err)


if __name__ == "__main__":
    unittest.main()
