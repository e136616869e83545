"""What fails before a worker can measure: sources, services, workload files.

Run: B=build python3 test/fault/test_run_setup.py
"""

import json
import re
import shutil
import subprocess
import unittest

from run_case import HEAD, IMPLEMENTATION, ROOT, TANDEM, Done, RunCase

COUNT = 5
WORDS = ("--pairs", 2, "--count", COUNT)
SET = "\n[set one]\nanswer = 42\nlatency_ns = 100000\n"


class Sources(RunCase):
    """A case that cannot be prepared; null-1 beside it always can."""

    def need(self, family: str) -> None:
        found = json.loads(self.tandem("runtimes", "--format", "json").out)
        if not any(r["family"] == family and not r["problem"] for r in found):
            self.skipTest(f"no usable {family} on this machine")

    def beside_null(
        self, family: str, entry: str, files: dict[str, str], status: int
    ) -> Done:
        directory = self.workload(
            "mixed", HEAD + SET + IMPLEMENTATION + f"{family} = {entry}\n"
        )
        for name, text in files.items():
            (directory / name).write_text(text)
        words = (
            "run",
            "mixed",
            "--runtime",
            f"null-1,{family}",
            *WORDS,
            "--format",
            "json",
        )
        done = self.tandem(*words, timeout_s=200)
        self.assertEqual(done.status, status, done.err)
        self.assertEqual(done.case(0)["invocations"], 2)
        self.assertIsNone(done.case(0)["problem"])
        return done

    def test_go_does_not_compile(self) -> None:
        self.need("go")
        files = {
            "go.mod": "module broken\n\ngo 1.21\n",
            "mixed_test.go": "package broken\n\nfunc BenchmarkSteady( {\n}\n",
        }
        done = self.beside_null("go", "BenchmarkSteady", files, 5)
        self.assertIn("mixed_test.go:3", done.case(1)["problem"])
        self.assertIn("cannot compile workload mixed", done.case(1)["problem"])

    def test_go_without_a_source(self) -> None:
        self.need("go")
        files = {"go.mod": "module broken\n\ngo 1.21\n"}
        done = self.beside_null("go", "BenchmarkSteady", files, 5)
        self.assertIn("no Go files in", done.case(1)["problem"])

    def python(self, text: str, status: int = 5) -> dict:
        self.need("cpython")
        return self.beside_null(
            "cpython", "mixed.py:steady", {"mixed.py": text}, status
        ).case(1)

    def test_python_import_fails(self) -> None:
        problem = self.python("import no_such_module_at_all\n")["problem"]
        self.assertIn("during set-up", problem)
        self.assertIn(
            "ModuleNotFoundError: No module named 'no_such_module_at_all'", problem
        )

    def test_python_syntax_error(self) -> None:
        problem = self.python("def steady(:\n")["problem"]
        self.assertIn("SyntaxError", problem)
        self.assertIn("mixed.py", problem)

    def test_python_lacks_the_function(self) -> None:
        self.assertIn("steady", self.python("def stead():\n    return 42\n")["problem"])

    def test_python_raises(self) -> None:
        text = "def steady(**parameters):\n    raise ValueError('no luck today')\n"
        self.assertIn("no luck today", self.python(text)["problem"])

    def test_python_exits(self) -> None:
        text = (
            "import os\n\ndef steady(**parameters):\n    return lambda: os._exit(7)\n"
        )
        self.assertIn(
            "exited with status 7 during batch 1", self.python(text)["problem"]
        )

    def test_python_answers_wrong(self) -> None:
        case = self.python(
            "def steady(**parameters):\n    return lambda: 41\n", status=3
        )
        self.assertIn("WRONG ANSWER", case["problem"])

    def test_input_fails(self) -> None:
        text = HEAD + SET + IMPLEMENTATION
        directory = self.workload(
            "a-fed", text + "\n[input log]\ncommand = sh make.sh {out}\n"
        )
        (directory / "make.sh").write_text(
            "echo half >$1; echo no rows left >&2; exit 4\n"
        )
        self.workload("b-good", text)
        done = self.measure("a-fed", "b-good", *WORDS, status=5)
        self.assertIn(
            "a-fed: input log: sh ended with status 4", done.case(0)["problem"]
        )
        self.assertIn("no rows left", done.case(0)["problem"])
        self.assertEqual(done.case(0, 1)["invocations"], 2)


class Services(RunCase):
    def serve(self, script: str, *words: object, status: int = 5) -> Done:
        """a-served has the service, b-alone is measured without it."""
        text = HEAD + SET + IMPLEMENTATION
        directory = self.workload(
            "a-served", text + "\n[service web]\ncommand = sh serve.sh\n"
        )
        (directory / "serve.sh").write_text(script)
        self.workload("b-alone", text)
        done = self.measure("a-served", "b-alone", *WORDS, *words, status=status)
        for case in (0, 1):
            self.assertIsNone(done.case(case, 1)["problem"])
            self.assertGreater(done.case(case, 1)["invocations"], 1)
        return done

    def test_does_not_start(self) -> None:
        done = self.serve("echo cannot bind >&2; exit 3\n")
        for case in (0, 1):
            problem = done.case(case)["problem"]
            self.assertIn("service web: service sh exited with status 3", problem)
            self.assertIn("cannot bind", problem)
            self.assertIsNone(done.case(case)["median_ns"])

    def test_says_nothing(self) -> None:
        done = self.serve("exec sleep 100\n", "--timeout", "1s")
        self.assertIn("service sh said nothing within 1 s", done.case(0)["problem"])

    def test_is_missing(self) -> None:
        self.workload(
            "served",
            HEAD + SET + IMPLEMENTATION + "\n[service web]\ncommand = no-such-server\n",
        )
        done = self.measure("served", *WORDS, status=5)
        self.assertIn("cannot start no-such-server", done.case(0)["problem"])

    def test_dies_meanwhile(self) -> None:
        done = self.serve(
            "echo here; sleep 0.3; echo out of luck >&2; exit 9\n", "--pairs", 30
        )
        notes = "\n".join(done.case(0)["notes"])
        said = "service web: service sh exited with status 9: out of luck"
        self.assertIn(said, notes)
        self.assertGreater(done.case(0)["invocations"], 1)

    def test_port_is_taken(self) -> None:
        first = self.start("origin", "--port", 0)
        try:
            port = re.search(r":(\d+)", first.stdout.readline())[1]
            second = self.tandem("origin", "--port", port)
            self.assertEqual(second.status, 5, second.err)
            self.assertIn(port, second.err)
            self.assertIn("address already in use", second.err.lower())
            # The same as a service: said by name, nothing else is lost.
            self.workload(
                "served",
                f"{HEAD}{SET}{IMPLEMENTATION}\n[service web]\n"
                f"command = tandem origin --port {port}\n",
            )
            done = self.measure("served", *WORDS, status=5)
            self.assertIn("service web", done.case(0)["problem"])
            self.assertIn("address already in use", done.case(0)["problem"].lower())
        finally:
            first.terminate()
            first.communicate(timeout=10)


class Files(RunCase):
    def test_every_kind_of_mistake(self) -> None:
        """Status 2, and file:line in the words that the parser's own test has."""
        bad = ROOT / "test" / "data" / "workloads" / "bad"
        names = sorted(path.name for path in bad.iterdir())
        self.assertGreater(len(names), 40)
        for name in names:
            with self.subTest(name):
                done = self.tandem("run", name, "--workloads", bad, "--dry-run")
                self.assertEqual((done.status, done.out), (2, ""), done.err)
                expected = (bad / name / f"{name}.expected").read_text().splitlines()[0]
                self.assertIn(f"tandem: {bad / name}/{expected}", done.err)

    def test_one_bad_file_does_not_hide_the_others(self) -> None:
        """Named workloads run although another one's file is wrong."""
        self.workload("bad", "nonsense\n")
        self.faulty()
        self.measure("faulty", *WORDS, status=0)
        done = self.tandem("run", "--dry-run")
        self.assertEqual(done.status, 2)
        self.assertIn("bad.ini:1", done.err)

    def test_odd_files(self) -> None:
        for name, text in (
            ("empty", b""),
            ("binary", bytes(range(256)) * 4),
            (
                "latin",
                HEAD.encode()
                + b"\n[set \xe9t\xe9]\nn = \xff\n"
                + IMPLEMENTATION.encode(),
            ),
        ):
            with self.subTest(name):
                (self.workload(name, "") / f"{name}.ini").write_bytes(text)
                done = self.tandem("run", name, "--runtime", "null-1", *WORDS)
                self.assertEqual(done.status, 2, done.err)
                self.assertIn(f"{name}.ini", done.err)

    def test_parameter_that_is_no_text(self) -> None:
        self.faulty()
        done = self.tandem("run", "faulty", "--param", b"latency_ns=\xff", "--dry-run")
        self.assertEqual(done.status, 2, done.err)
        self.assertIn("not UTF-8", done.err)

    def test_no_workloads(self) -> None:
        done = self.tandem("run")
        self.assertEqual(done.status, 2)
        self.assertIn("no workload in", done.err)


class Programs(RunCase):
    """Plain Python and plain Node, as PROTOCOL.md promises."""

    def test_speakers(self) -> None:
        names = ["python"] + (["node"] if shutil.which("node") else [])
        done = self.tandem(
            "run", "speakers", "--runtime", ",".join(names), *WORDS, "--turn", "5ms",
            "--workloads", ROOT / "test" / "data" / "workloads", "--format", "json",
        )  # fmt: skip
        self.assertEqual(done.status, 0, done.err)
        summary = done.json()
        self.assertEqual([g["answer"] for g in summary["groups"]], ["2262", "168"])
        self.assert_whole(summary, 2, COUNT)
        self.assertEqual(len(summary["groups"][0]["cases"]), len(names))

    def test_closed_stdout(self) -> None:
        """Nobody reads the tables; they are on disk all the same."""
        self.faulty()
        words = self.null_words("faulty", *WORDS)
        with open("/dev/full", "w") as full:
            process = subprocess.run(
                [TANDEM, *map(str, words)], cwd=self.dir, env=self.env, timeout=60,
                stdout=full, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
        self.assertEqual(process.returncode, 6)
        self.assertIn(
            "cannot write the report: No space left on device", process.stderr
        )
        self.assert_whole(self.show(), 2, COUNT)


if __name__ == "__main__":
    unittest.main()
