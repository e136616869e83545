"""The servers of rest-get against each other, field by field; never the speed.

Run: build/venv/bin/python test/real/test_rest_get.py
"""

from __future__ import annotations

import signal
import subprocess
import tempfile
import unittest
from datetime import datetime, timedelta

from rest_client import Answer, Server, build, missing

NOT_FOUND = Answer(404, {"detail": "no such user"})


def user(id: int) -> dict[str, object]:
    created = datetime(2024, 1, 1) + timedelta(hours=id)
    return {
        "id": id,
        "name": f"User {id}",
        "email": f"user{id}@example.com",
        "created": created.isoformat() + "Z",
        "active": id % 3 != 0,
    }


@unittest.skipIf(missing(), missing())
class RestGet(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = tempfile.TemporaryDirectory(prefix="tandem-rest-")
        cls.addClassCleanup(cls.directory.cleanup)
        cls.commands = build("rest-get", cls.directory.name)

    def test_every_path_of_every_implementation(self) -> None:
        for name, command in self.commands.items():
            with self.subTest(name), Server(command) as server:
                connection = server.connect()
                self.check_found(connection)
                self.check_refused(connection)
                connection.close()
                self.assertNotIn("/users", server.said(), "a request was logged")

    def check_found(self, connection) -> None:
        self.assertEqual(
            connection.ask("GET", "/healthz"), Answer(200, {"status": "ok"})
        )
        for id in (*range(1, 30), 500, 999, 1000):
            answer = connection.ask("GET", f"/users/{id}")
            self.assertEqual(answer, Answer(200, user(id)))
            self.assertEqual(list(answer.body), list(user(id)), "the fields' order")
        for id in (1001, 2**63 - 1):
            self.assertEqual(connection.ask("GET", f"/users/{id}"), NOT_FOUND)

    def check_refused(self, connection) -> None:
        for id in ("ten", "1e3", "1.5", "0", "-1", str(2**63), "%20", "0x10"):
            answer = connection.ask("GET", f"/users/{id}")
            self.assertIn(answer.status, (400, 422), id)
            self.assertEqual(list(answer.body), ["detail"])
        self.assertEqual(connection.ask("POST", "/users/1", {}).status, 405)
        self.assertEqual(connection.ask("GET", "/nothing").status, 404)

    def test_refusals_are_the_frameworks_own(self) -> None:
        for name, command in self.commands.items():
            with self.subTest(name), Server(command) as server:
                connection = server.connect()
                status = connection.ask("GET", "/users/ten").status
                connection.close()
                go = name in ("nethttp", "gin")
                self.assertEqual(status, 400 if go else 422)

    def test_the_parameter_is_the_number_of_users(self) -> None:
        for name, command in self.commands.items():
            with self.subTest(name), Server(command, users=3) as server:
                connection = server.connect()
                self.assertEqual(connection.ask("GET", "/users/3").body, user(3))
                self.assertEqual(connection.ask("GET", "/users/4"), NOT_FOUND)
                connection.close()

    def test_sigterm_ends_it_with_a_connection_open(self) -> None:
        for name, command in self.commands.items():
            with self.subTest(name), Server(command) as server:
                connection = server.connect()
                connection.ask("GET", "/users/1")
                # uvicorn ends in good order, then by the signal itself.
                self.assertIn(server.terminate(), (0, -signal.SIGTERM))
                connection.close()

    def test_workers_are_processes_that_end_with_it(self) -> None:
        command = self.commands["fastapi"]
        with Server(command, workers=2) as server:
            pids = subprocess.run(
                ["ps", "-o", "args=", "-g", str(server.process.pid)],
                capture_output=True,
                check=True,
                text=True,
            ).stdout
            self.assertGreaterEqual(pids.count("spawn_main"), 2, pids)
            connection = server.connect()
            self.assertEqual(connection.ask("GET", "/users/7").body, user(7))
            connection.close()
            self.assertIn(server.terminate(), (0, -signal.SIGTERM))

    def test_a_port_that_is_taken(self) -> None:
        for name, command in self.commands.items():
            with self.subTest(name), Server(command) as first:
                done = subprocess.run(
                    command,
                    env={"PORT": str(first.port), "UVICORN_PORT": str(first.port)},
                    capture_output=True,
                    timeout=30,
                )
                self.assertNotEqual(done.returncode, 0)
                self.assertIn(b"address already in use", done.stderr.lower())


if __name__ == "__main__":
    unittest.main()
