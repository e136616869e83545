"""tune where it is not permitted: it says what to type and changes nothing.

Run: B=build python3 test/fault/test_tune_denied.py
As root, tandem is started as somebody else, from a copy that they may read.
"""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from run_case import ROOT, TANDEM

NOBODY = 65534
GOVERNOR = "sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"
NO_TURBO = "sys/devices/system/cpu/intel_pstate/no_turbo"


class Denied(unittest.TestCase):
    def setUp(self) -> None:
        self.dir = Path(tempfile.mkdtemp(prefix="tandem-tune-")).resolve()
        self.addCleanup(shutil.rmtree, self.dir)
        self.root = self.dir / "laptop"
        shutil.copytree(ROOT / "test/data/host/laptop", self.root)
        shutil.copy(TANDEM, self.dir / "tandem")
        (self.dir / "home").mkdir(mode=0o777)
        os.chmod(self.dir / "home", 0o777)
        os.chmod(self.dir, 0o755)
        for path in self.root.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o444)

    def allow(self, name: str) -> None:
        (self.root / name).chmod(0o666)

    def tune(self, *words: str) -> subprocess.CompletedProcess[str]:
        user = NOBODY if os.geteuid() == 0 else None
        state = str(self.dir / "home" / "tune.json")
        return subprocess.run(
            [
                str(self.dir / "tandem"),
                *("tune", "--root", str(self.root), "--state", state),
                *words,
            ],
            capture_output=True,
            text=True,
            user=user,
            cwd=self.dir,
            env={"HOME": str(self.dir / "home"), "PATH": os.environ["PATH"]},
        )

    def test_commands_are_printed(self) -> None:
        done = self.tune()
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("2 settings could not be set", done.stderr)
        self.assertIn(
            f"echo performance | sudo tee {self.root}/{GOVERNOR}", done.stdout
        )
        self.assertIn(f"echo powersave | sudo tee {self.root}/{GOVERNOR}", done.stdout)
        self.assertIn(f"echo 1 | sudo tee {self.root}/{NO_TURBO}", done.stdout)
        self.assertIn(f"sudo {self.dir}/tandem tune --root", done.stdout)
        self.assertEqual((self.root / GOVERNOR).read_text(), "powersave\n")
        self.assertFalse((self.dir / "home" / "tune.json").exists())
        self.assertEqual(self.tune("--dry-run").returncode, 0)

    def test_what_is_permitted_is_set(self) -> None:
        self.allow(NO_TURBO)
        done = self.tune()
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("1 setting could not be set", done.stderr)
        self.assertEqual((self.root / NO_TURBO).read_text(), "1\n")
        self.assertEqual((self.root / GOVERNOR).read_text(), "powersave\n")
        done = self.tune("--restore")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.root / NO_TURBO).read_text(), "0\n")

    def test_what_cannot_be_put_back_is_kept(self) -> None:
        self.allow(NO_TURBO)
        self.allow(GOVERNOR)
        self.assertEqual(self.tune().returncode, 0)
        (self.root / GOVERNOR).chmod(0o444)
        done = self.tune("--restore")
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("1 setting could not be put back", done.stderr)
        self.assertIn(f"echo powersave | sudo tee {self.root}/{GOVERNOR}", done.stdout)
        self.assertEqual((self.root / NO_TURBO).read_text(), "0\n")
        self.assertEqual(self.tune().returncode, 2)
        self.allow(GOVERNOR)
        self.assertEqual(self.tune("--restore").returncode, 0)
        self.assertEqual((self.root / GOVERNOR).read_text(), "powersave\n")
        self.assertIn("Nothing to put back", self.tune("--restore").stdout)


if __name__ == "__main__":
    unittest.main()
