"""`tandem run` of rest-crud: every answer agrees, whatever keeps the items.

Run: B=build python3 test/real/test_rest_runs.py   (needs build/venv and Go)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from rest_client import ROOT, WORKLOADS, missing

sys.path.append(str(WORKLOADS / "rest-crud"))
import cluster  # noqa: E402

TANDEM = Path(os.environ.get("B", ROOT / "build")).absolute() / "bin" / "tandem"


@unittest.skipIf(missing(), missing())
class RestCrud(unittest.TestCase):
    def measure(self, database: str, rate: int) -> dict:
        """The summary's only group; nothing is left of what the run made."""
        with tempfile.TemporaryDirectory(prefix="tandem-runs-") as directory:
            temporary = Path(directory, "tmp")
            temporary.mkdir(mode=0o711)
            os.chmod(directory, 0o711)  # the cluster runs as another user
            done = subprocess.run(
                [TANDEM, "run", "rest-crud", "--pairs", "2", "--format", "json"]
                + ["--no-reference", "--out", directory, "--count", "10"]
                + ["--param", f"database={database}", "--param", f"rate={rate}"]
                + (["--loops", "64"] if not rate else []),
                cwd=ROOT,
                env={**os.environ, "TMPDIR": str(temporary)},
                capture_output=True,
                check=False,
                text=True,
                timeout=140,
            )
            self.assertEqual(done.returncode, 0, done.stderr)
            left = [path.name for path in temporary.iterdir()]
            left += map(str, Path(directory).glob("*/scratch/*"))
            self.assertEqual(left, [])
        (group,) = json.loads(done.stdout)["groups"]
        return group

    def check(self, group: dict, implementations: set[str]) -> None:
        """The answers are those of the workload file, the same for any
        database; no server failed."""
        self.assertEqual(group["answer_state"], "verified")
        self.assertEqual({c["implementation"] for c in group["cases"]}, implementations)
        for case in group["cases"]:
            self.assertIsNone(case["problem"])
            self.assertEqual(case["invocations"], 2)

    def test_sqlite(self) -> None:
        self.check(self.measure("sqlite", 500), {"framework", "net/http"})

    @unittest.skipIf(cluster.missing(), cluster.missing())
    def test_postgresql(self) -> None:
        group = self.measure("postgresql", 0)
        self.check(group, {"framework", "net/http", "workers"})


if __name__ == "__main__":
    unittest.main()
