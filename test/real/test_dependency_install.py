"""dependency-install: what is pinned, and what a warm cache is.  No network.

Run: python3 test/real/test_dependency_install.py
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOAD = ROOT / "workloads" / "dependency-install"
sys.path[:0] = [str(WORKLOAD), str(ROOT / "workloads" / "footprint")]

import fill  # noqa: E402
import requirements as needs  # noqa: E402


def required(go_mod: Path) -> dict[str, str]:
    text = go_mod.read_text(encoding="utf-8")
    return dict(re.findall(r"^(?:require|\t)\s*(\S+\.\S+) (v\S+)", text, re.MULTILINE))


class Pinned(unittest.TestCase):
    def test_go_requires_what_the_repository_requires(self) -> None:
        ours, all_of_it = required(WORKLOAD / "go.mod"), required(ROOT / "go.mod")
        self.assertGreater(len(ours), 10)
        self.assertEqual(ours, {path: all_of_it.get(path) for path in ours})

    @unittest.skipUnless(shutil.which("go"), "no Go here")
    def test_go_requires_all_that_the_service_links(self) -> None:
        words = ("go", "list", "-deps", "-json=Module", "./workloads/rest-get/gin")
        done = subprocess.run(
            words, cwd=ROOT, capture_output=True, check=True, text=True, timeout=120
        )
        decoder, text, linked = json.JSONDecoder(), done.stdout.strip(), set()
        while text:
            package, end = decoder.raw_decode(text)
            text = text[end:].lstrip()
            module = package.get("Module", {"Main": True})
            linked |= set() if module.get("Main") else {module["Path"]}
        self.assertIn("github.com/gin-gonic/gin", linked)
        self.assertLessEqual(linked, set(required(WORKLOAD / "go.mod")))

    @unittest.skipUnless(importlib.util.find_spec("fastapi"), "no fastapi here")
    def test_pip_installs_all_that_the_service_imports(self) -> None:
        wanted = (WORKLOAD / "service.txt").read_text(encoding="utf-8").splitlines()
        names = {line for line in wanted if not line.startswith("#")}
        asked = [needs.Requirement(name) for name in names]
        server = ROOT / "workloads" / "rest-get" / "server.py"
        self.assertEqual(set(needs.closure(asked)), set(needs.needed_by(server)))


class Fill(unittest.TestCase):
    def test_unpacked_modules_are_dropped_and_archives_kept(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            modules = Path(directory)
            for name in ("cache/download/x/a.zip", "golang.org/x/net/b.go"):
                (modules / name).parent.mkdir(parents=True)
                (modules / name).write_text("x")
            fill.forget_unpacked(modules)
            left = [p.name for p in modules.rglob("*") if p.is_file()]
        self.assertEqual(left, ["a.zip"])

    def test_cold_stays_empty(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            for tool in ("pip", "go"):
                words = [sys.executable, "-B", WORKLOAD / "fill.py", "no", tool]
                subprocess.run([*words, directory], check=True, timeout=60)
            self.assertEqual(list(Path(directory).iterdir()), [])


if __name__ == "__main__":
    unittest.main()
