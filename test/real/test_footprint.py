"""footprint weighs what it says: parts, requirements, static binaries.

Run: build/venv/bin/python test/real/test_footprint.py
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOADS = ROOT / "workloads"
FOOTPRINT = WORKLOADS / "footprint"
sys.path.insert(0, str(FOOTPRINT))

import requirements as needs  # noqa: E402
import weigh  # noqa: E402

SERVER = WORKLOADS / "rest-get" / "server.py"
HAS_SERVICE = importlib.util.find_spec("fastapi") is not None


def figures(*words: object) -> dict[str, int]:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=FOOTPRINT,
        capture_output=True,
        check=True,
        text=True,
        timeout=280,
    )
    found = re.findall(r"^figure (\S+) (\d+) B$", done.stdout, re.MULTILINE)
    return {name: int(value) for name, value in found}


def by_python(program: Path, arguments: str) -> dict[str, int]:
    words = ("-B", FOOTPRINT / "weigh.py", program, f"--arguments={arguments}")
    return figures(sys.executable, *words)


class Requirements(unittest.TestCase):
    def test_imports_are_followed_into_files_beside(self) -> None:
        program = WORKLOADS / "rest-crud" / "server.py"
        modules = needs.imported(program)
        self.assertLessEqual({"fastapi", "aiosqlite", "asyncpg"}, modules)
        self.assertNotIn("stores", modules)
        beside = {file.name for file in weigh.sources(program)}
        self.assertEqual(beside, {"server.py", "models.py", "stores.py"})

    @unittest.skipUnless(HAS_SERVICE, "no fastapi here")
    def test_closure_has_extras_and_nothing_else(self) -> None:
        names = set(needs.needed_by(SERVER))
        direct = {"fastapi", "pydantic", "uvicorn"}
        extras = {"uvloop", "httptools", "websockets", "watchfiles", "pyyaml"}
        self.assertLessEqual(direct | extras | {"starlette", "pydantic-core"}, names)
        self.assertFalse({"pip", "pandas", "aiohttp", "pulumi", "httpx"} & names)

    def test_logparse_needs_the_standard_library_alone(self) -> None:
        self.assertEqual(needs.needed_by(WORKLOADS / "logparse" / "logparse.py"), {})


class Weigh(unittest.TestCase):
    def test_a_library_is_found_and_libc_is_not(self) -> None:
        executable = Path(os.path.realpath(sys.executable))
        names = {file.name for file in weigh.libraries([executable])}
        self.assertFalse([n for n in names if n.startswith(("libc.", "ld-", "libm."))])

    def test_apart(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            for name in ("a.py", "test/b.py", "x/__pycache__/c.pyc", "config-1/d.a"):
                file = Path(directory, name)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text("x")
            found = [file.name for file in weigh.walk(Path(directory))]
        self.assertEqual(found, ["a.py"])

    def test_logparse(self) -> None:
        program = WORKLOADS / "logparse" / "logparse.py"
        weighed = by_python(program, "--log /dev/null --times 1")
        executable = Path(os.path.realpath(sys.executable))
        self.assertGreaterEqual(weighed["interpreter_bytes"], executable.stat().st_size)
        self.assertEqual(weighed["packages_bytes"], 0)
        self.assertEqual(
            weighed["program_bytes"],
            sum(
                program.with_name(n).stat().st_size
                for n in ("logparse.py", "generate.py")
            ),
        )
        self.sums(weighed)

    @unittest.skipUnless(HAS_SERVICE, "no fastapi here")
    def test_service(self) -> None:
        weighed = by_python(SERVER, "serve")
        self.assertEqual(weighed["program_bytes"], SERVER.stat().st_size)
        self.assertGreater(weighed["packages_bytes"], 1_000_000)
        self.sums(weighed)

    def sums(self, weighed: dict[str, int]) -> None:
        names = ("interpreter", "stdlib", "packages", "program")
        parts = sum(weighed[f"{name}_bytes"] for name in names)
        self.assertEqual(weighed["total_bytes"], parts)
        self.assertLess(weighed["stdlib_used_bytes"], weighed["stdlib_bytes"])
        self.assertGreater(weighed["stdlib_used_bytes"], 0)

    @unittest.skipUnless(shutil.which("go"), "no Go here")
    def test_go(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            weighed = figures("go", "run", "./weigh", "./logparse", directory)
            plain = Path(directory, "plain")
            self.assertEqual(weighed["total_bytes"], plain.stat().st_size)
            self.assertEqual(weighed["program_bytes"], weighed["total_bytes"])
            self.assertLess(weighed["stripped_bytes"], weighed["program_bytes"])
            said = subprocess.run([plain, "/dev/null"], capture_output=True, text=True)
            self.assertTrue(said.stdout.startswith("answer "), said.stderr)


if __name__ == "__main__":
    unittest.main()
