"""tandem tables where not every document can be written: then none is.

Run: B=build python3 test/fault/test_tables_disk.py
A limit on the size of a file stands in for a full disk.
"""

import os
import resource
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from run_case import ROOT, TANDEM

BLOCK = "<!-- tandem:begin host -->\nold\n<!-- tandem:end -->\n"
LIMIT_BYTES = 4096


def limit_files() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT_BYTES, LIMIT_BYTES))


class Documents(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory(prefix="tandem-fault-")
        self.addCleanup(place.cleanup)
        self.dir = Path(place.name)
        self.small, self.large = self.dir / "small.md", self.dir / "large.md"
        self.small.write_text(BLOCK)
        self.large.write_text("x" * LIMIT_BYTES + "\n" + BLOCK)

    def tables(self, limited: bool) -> subprocess.CompletedProcess[str]:
        words = [TANDEM, "tables", "small.md", "large.md", "--results", "none"]
        return subprocess.run(
            words,
            cwd=self.dir,
            env={**os.environ, "TANDEM_SOURCE": str(ROOT)},
            preexec_fn=limit_files if limited else None,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def test_all_or_none(self) -> None:
        before = {path: path.read_bytes() for path in self.dir.iterdir()}
        done = self.tables(limited=True)
        self.assertEqual(done.returncode, 6, done.stderr)
        self.assertIn("large.md", done.stderr)
        self.assertIn("File too large", done.stderr)
        after = {path: path.read_bytes() for path in self.dir.iterdir()}
        self.assertEqual(after, before)

    def test_written_without_the_limit(self) -> None:
        done = self.tables(limited=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        for path in (self.small, self.large):
            self.assertIn("not measured", path.read_text())
        self.assertEqual(len(list(self.dir.iterdir())), 2)


if __name__ == "__main__":
    unittest.main()
