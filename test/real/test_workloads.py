"""Every workload by hand, in both languages: the answers, never the speed.

Run: python3 test/real/test_workloads.py   (fanout needs $B/bin/tandem; httpx
and aiohttp are those of the interpreter that runs this file)
"""

from __future__ import annotations

import ast
import configparser
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
TANDEM = Path(os.environ.get("B", "build")).absolute() / "bin" / "tandem"
FILES = sorted(WORKLOADS.glob("*/*.ini"))


def read(file: Path) -> configparser.ConfigParser:
    ini = configparser.ConfigParser(inline_comment_prefixes=";", interpolation=None)
    ini.read(file, encoding="utf-8")
    return ini


def sections(ini: configparser.ConfigParser, kind: str) -> dict:
    """Name -> keys of every section [kind NAME]."""
    return {
        name.partition(" ")[2]: ini[name]
        for name in ini.sections()
        if name.startswith(kind + " ")
    }


def answers(workload: str) -> dict[str, str]:
    ini = read(WORKLOADS / workload / f"{workload}.ini")
    return {name: keys["answer"] for name, keys in sections(ini, "set").items()}


def run(*words: object, **settings: str) -> str:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=ROOT,
        env={**os.environ, **settings},
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    if done.returncode:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def by_hand(workload: str, *options: object) -> str:
    """The answer that the workload's Python program prints."""
    program = WORKLOADS / workload / (workload.replace("-", "_") + ".py")
    text = run(sys.executable, program, "--times", 1, *options)
    return re.match(r"answer (\S+) ", text)[1]


class Files(unittest.TestCase):
    """What a workload file names exists."""

    def test_there_are_workloads(self) -> None:
        self.assertLessEqual(
            {"primes", "logparse", "fanout"}, {file.stem for file in FILES}
        )

    def test_entries_exist(self) -> None:
        for file in FILES:
            ini = read(file)
            kind = ini["workload"].get("kind")
            if kind in ("server", "command"):
                self.programs(file.parent, ini)
                continue
            for name, keys in sections(ini, "implementation").items():
                with self.subTest(file=file.name, implementation=name):
                    self.assertTrue({"cpython", "go"} & set(keys))
                    if "cpython" in keys:
                        self.python_entry(file.parent, keys["cpython"])
                    if "go" in keys:
                        self.go_entry(file.parent, keys["go"])

    def programs(self, directory: Path, ini: configparser.ConfigParser) -> None:
        """Of servers and commands, in each set, since a set may name one."""
        for name, keys in sections(ini, "implementation").items():
            for params in sections(ini, "set").values():
                with self.subTest(directory=directory.name, implementation=name):
                    self.program(directory, keys, params)
        for keys in sections(ini, "set").values():
            if "requests" in keys:
                self.assertTrue((directory / keys["requests"]).is_file())

    def program(self, directory: Path, keys: dict, params: dict) -> None:
        def first_word(family: str) -> str:
            word = keys.get(family, "{runtime}").split()[0]
            for name, value in params.items():
                word = word.replace("{" + name + "}", value)
            return word

        if (word := first_word("cpython")) != "{runtime}":
            self.assertTrue((directory / word.partition(":")[0]).is_file(), word)
        if (word := first_word("go")) != "{runtime}":
            package = directory / word
            self.assertIn("package main", (package / "main.go").read_text())

    def python_entry(self, directory: Path, entry: str) -> None:
        source, _, function = entry.partition(":")
        tree = ast.parse((directory / source).read_text(encoding="utf-8"))
        names = [n.name for n in tree.body if isinstance(n, ast.FunctionDef)]
        self.assertIn(function, names)

    def go_entry(self, directory: Path, entry: str) -> None:
        source = "".join(f.read_text("utf-8") for f in directory.glob("*_test.go"))
        self.assertIn(f"func {entry}(b *testing.B)", source)

    def test_sets_and_default_exist(self) -> None:
        for file in FILES:
            ini = read(file)
            implementations = sections(ini, "implementation")
            with self.subTest(file=file.name):
                self.assertIn(ini["workload"]["default"], implementations)
                for keys in implementations.values():
                    only = keys.get("sets", "").split()
                    self.assertLessEqual(set(only), set(sections(ini, "set")))


class Primes(unittest.TestCase):
    def test_answers(self) -> None:
        for name, answer in answers("primes").items():
            with self.subTest(name):
                n = name.partition("=")[2]
                self.assertEqual(by_hand("primes", "--n", n), answer)


class Logparse(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)

    def generate(self, name: str, *options: object) -> tuple[Path, str]:
        log = Path(self.directory.name) / name
        program = WORKLOADS / "logparse" / "generate.py"
        return log, run(sys.executable, program, *options, log).strip()

    def test_every_implementation_gives_the_generators_answer(self) -> None:
        log, known = self.generate("log", "--entries", 100000, "--seed", 1)
        self.assertEqual(known, answers("logparse")["entries=100000"])
        for name in ("json-stream", "json-load-all", "regex", "substring"):
            with self.subTest(name):
                options = ("--implementation", name, "--log", log)
                self.assertEqual(by_hand("logparse", *options), known)

    def test_answer_of_the_million(self) -> None:
        log, known = self.generate("log", "--entries", 1000000, "--seed", 1)
        self.assertEqual(known, answers("logparse")["entries=1000000"])
        with open(log, "rb") as lines:
            self.assertEqual(sum(1 for _ in lines), 1000000)

    def test_seed_decides_the_bytes(self) -> None:
        first, _ = self.generate("first", "--entries", 2000, "--seed", 7)
        again, _ = self.generate("again", "--entries", 2000, "--seed", 7)
        other, _ = self.generate("other", "--entries", 2000, "--seed", 8)
        shorter, _ = self.generate("shorter", "--entries", 900, "--seed", 7)
        self.assertEqual(first.read_bytes(), again.read_bytes())
        self.assertNotEqual(first.read_bytes(), other.read_bytes())
        self.assertTrue(first.read_bytes().startswith(shorter.read_bytes()))

    def test_nothing_but_the_log_is_left(self) -> None:
        self.generate("log", "--entries", 10)
        with self.assertRaises(AssertionError):
            self.generate("log", "--entries", -1)
        self.assertEqual(os.listdir(self.directory.name), ["log"])


class Origin:
    """`tandem origin` for the time of a with statement; gives its URL."""

    def __enter__(self) -> str:
        self.process = subprocess.Popen(
            [str(TANDEM), "origin", "--port", "0"],
            stdout=subprocess.PIPE,
            text=True,
        )
        return self.process.stdout.readline().strip()

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(5)
        self.process.stdout.close()


@unittest.skipUnless(TANDEM.exists(), f"{TANDEM} is not built")
class Fanout(unittest.TestCase):
    def check(self, implementation: str) -> None:
        with Origin() as url:
            for name, answer in answers("fanout").items():
                options = ("--origin", url, "--delay", name.partition("=")[2])
                got = by_hand("fanout", "--implementation", implementation, *options)
                self.assertEqual(got, answer)

    def test_threads(self) -> None:
        self.check("threads")

    @unittest.skipUnless(importlib.util.find_spec("httpx"), "no httpx")
    def test_httpx(self) -> None:
        self.check("httpx")

    @unittest.skipUnless(importlib.util.find_spec("aiohttp"), "no aiohttp")
    def test_aiohttp(self) -> None:
        self.check("aiohttp")


@unittest.skipUnless(shutil.which("go"), "no go")
class Go(unittest.TestCase):
    """The Go tests hold the answers that the workload files hold, too."""

    def test_answers(self) -> None:
        run("go", "vet", "./workloads/...")
        run("go", "test", "-count=1", "./workloads/...")

    def test_answers_are_those_of_the_workload_files(self) -> None:
        for workload, name in (("primes", "n=20000"), ("fanout", "delay=100ms")):
            source = WORKLOADS / workload / f"{workload}_test.go"
            self.assertIn(answers(workload)[name], source.read_text("utf-8"))

    def test_every_benchmark_runs_by_hand(self) -> None:
        words = ("go", "test", "-run=^$", "-bench=.", "-benchtime=1x")
        text = run(*words, "./workloads/...")
        for ini in map(read, FILES):
            if ini["workload"].get("kind") in ("server", "command"):
                continue
            for keys in sections(ini, "implementation").values():
                if "go" in keys:
                    self.assertRegex(text, rf"(?m)^{keys['go']}\S*\s.* ns/op\b")


if __name__ == "__main__":
    unittest.main()
