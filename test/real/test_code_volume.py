"""code-volume counts what it says, in both languages.

Run: python3 test/real/test_code_volume.py
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOADS = ROOT / "workloads"

INI = """[workload]
summary = a pair
default = plain

[set one]
answer = 1

[implementation other]
cpython = pair.py:other
go = BenchmarkOther

[implementation plain]
cpython = pair.py:plain
go = BenchmarkPlain
"""
# A letter at the end of each line that counts for `plain`: c.
PYTHON = '''"""A docstring
of two lines."""

from __future__ import annotations  # c

import os
import helper  # c
from collections import (  # c
    Counter,  # c
)  # c

# A comment.
LIMIT = """a text  # c

of three lines, one blank"""  # c


class Kept:  # c
    """Documented."""

    size = 1  # c

    @property  # c
    def double(self) -> int:  # c
        # Why.
        return 2 * self.size  # c


def plain(n: int) -> Counter:  # c
    """What it does."""
    return Counter({Kept().double: helper.used(n), LIMIT: 1})  # c


def other(n: int) -> str:
    return os.name * n


if __name__ == "__main__":
    print(plain(1))
'''
HELPER = '''def used(n: int) -> int:  # c
    return n  # c


def unused() -> None:
    """Not reached."""
'''
GO = """// Package pair is documented.
package pair // c

import ( // c
    "fmt" // c
    "os"
) // c

/* A comment
of two lines. */
const text = `raw // c

text` // c

type kept struct{ size int } // c

// double is documented.
func (k kept) double() int { // c
    // Why.
    return 2 * k.size // c
} // c

// Plain does it.
func Plain(n int) string { // c
    return fmt.Sprint(n, text, kept{1}.double()) // c
} // c

func Other() string { return os.Args[0] }
"""
GO_TEST = """package pair

import "testing"

func BenchmarkPlain(b *testing.B) { Plain(1) }

func BenchmarkOther(b *testing.B) { Other() }
"""
SERVER_INI = """[workload]
kind = server
default = framework
[set closed]
users = 1
[implementation framework]
cpython = server.py --workers 2
go = ./server
"""
SERVER = """def main() -> None:
    print("up")


if __name__ == "__main__":
    main()
"""
GO_SERVER = """package main

import (
    "fmt"

    "tandem/workloads/serve/words"
)

func main() { fmt.Println(words.Up()) }
"""
GO_WORDS = """package words

func Up() string { return "up" }

func Down() string { return "down" }
"""
NO_PAIR = INI.replace("answer = 1", "answer = none")
FILES = {
    "pair/pair.ini": INI,
    "pair/pair.py": PYTHON,
    "pair/helper.py": HELPER,
    "pair/pair.go": GO,
    "pair/pair_test.go": GO_TEST,
    "serve/serve.ini": SERVER_INI,
    "serve/server.py": SERVER,
    "serve/server/main.go": GO_SERVER,
    "serve/words/words.go": GO_WORDS,
    "not-one/not-one.ini": NO_PAIR,
    "python-only/python-only.ini": re.sub("go = .*\n", "", INI),
}


def figures(*words: object) -> dict[str, int]:
    done = subprocess.run(
        [str(word) for word in words],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    )
    found = re.findall(r"^figure (\S+) (\d+) \S+$", done.stdout, re.MULTILINE)
    return {name: int(value) for name, value in found}


def by_python(workloads: Path) -> dict[str, int]:
    counted = figures(
        sys.executable, "-B", WORKLOADS / "code-volume" / "count.py", workloads
    )
    if shutil.which("ruff") is None:
        counted["unformatted"] = 0
    return counted


def by_go(workloads: Path) -> dict[str, int]:
    return figures("go", "run", "./workloads/code-volume/count", workloads)


class Fixture(unittest.TestCase):
    def setUp(self) -> None:
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.workloads = Path(directory.name)
        for name, text in FILES.items():
            file = self.workloads / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")

    def test_python(self) -> None:
        known = (PYTHON + HELPER).count("  # c")
        counted = by_python(self.workloads)
        self.assertEqual(counted["lines_pair"], known)
        self.assertEqual(counted["lines_serve"], 4)
        self.assertEqual(counted["total_lines"], known + 4)
        self.assertNotIn("lines_not_one", counted)
        self.assertNotIn("lines_python_only", counted)

    @unittest.skipUnless(shutil.which("go"), "no Go here")
    def test_go(self) -> None:
        counted = by_go(self.workloads)
        self.assertEqual(counted["lines_pair"], GO.count("// c"))
        self.assertEqual(counted["lines_serve"], 8)
        self.assertEqual(counted["total_lines"], GO.count("// c") + 8)
        self.assertNotIn("lines_not_one", counted)
        self.assertNotIn("lines_python_only", counted)


class Repository(unittest.TestCase):
    @unittest.skipUnless(shutil.which("go"), "no Go here")
    def test_both_find_the_same_pairs(self) -> None:
        python, go = by_python(WORKLOADS), by_go(WORKLOADS)
        self.assertLessEqual({"lines_primes", "lines_rest_get"}, set(python))
        self.assertEqual(set(python), set(go))
        for counted in (python, go):
            self.assertEqual(counted.pop("unformatted"), 0)
            self.assertGreater(min(counted.values()), 5)


if __name__ == "__main__":
    unittest.main()
