"""The servers of rest-crud against each other, field by field; never the speed.

Run: build/venv/bin/python test/real/test_rest_crud.py
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
import unittest
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from rest_client import WORKLOADS, Answer, Connection, Server, build, missing

sys.path.append(str(WORKLOADS / "rest-crud"))
import cluster  # noqa: E402

ROWS = 5
NOT_FOUND = Answer(404, {"detail": "no such item"})
SMALL = {"name": "n", "price_cents": 1}
LARGE = {
    "name": "Zoë \U0001f600 <b>&amp;</b> \"'\\\t\n" + "\U0001f600" * 76,
    "description": "é" * 1000,
    "price_cents": 1_000_000_000,
    "available": True,
}
REFUSED = [
    {},
    {"name": "n"},
    {"price_cents": 1},
    {"name": "", "price_cents": 1},
    {"name": "n" * 101, "price_cents": 1},
    {"name": 7, "price_cents": 1},
    {"name": "n", "price_cents": 0},
    {"name": "n", "price_cents": -1},
    {"name": "n", "price_cents": 1_000_000_001},
    {"name": "n", "price_cents": 2**63},
    {"name": "n", "price_cents": "1"},
    {"name": "n", "price_cents": 1.5},
    {"name": "n", "price_cents": 1, "available": "yes"},
    {"name": "n", "price_cents": 1, "available": 1},
    {"name": "n", "price_cents": 1, "description": "d" * 1001},
    {"name": "n", "price_cents": 1, "description": 7},
    [],
    "text",
    b"",
    b"{",
    b'{"name": "n", "price_cents": 1',
]


def seeded(id: int) -> dict[str, object]:
    return {
        "id": id,
        "name": f"Item {id}",
        "description": f"Description of item {id}",
        "price_cents": 100 + id,
        "available": id % 3 != 0,
        "revision": 1,
    }


def item(id: int, fields: dict[str, object], revision: int = 1) -> dict[str, object]:
    defaults = {"description": "", "available": False}
    return {"id": id, **defaults, **fields, "revision": revision}


class Crud:
    """What holds for either database. parameters() gives an empty one."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = tempfile.TemporaryDirectory(prefix="tandem-rest-")
        cls.addClassCleanup(cls.directory.cleanup)
        cls.commands = build("rest-crud", cls.directory.name)
        cls.made = 0

    def each(self, check: Callable[[Server, Connection], None]) -> None:
        """Calls check with every implementation on a database of its own."""
        for name, command in self.commands.items():
            parameters = {"rows": ROWS, **self.parameters()}
            with self.subTest(name), Server(command, **parameters) as server:
                self.refusal = 400 if name in ("nethttp", "gin") else 422
                connection = server.connect()
                check(server, connection)
                connection.close()
                self.assertNotIn("/items", server.said(), "a request was logged")

    def check_list(self, connection: Connection, ids: list[int]) -> None:
        """The items, without looking into them."""
        body = connection.ask("GET", "/items?limit=100").body
        self.assertEqual([each["id"] for each in body["items"]], ids)

    def test_life_of_an_item(self) -> None:
        self.each(self.check_life)

    def check_life(self, _: Server, connection: Connection) -> None:
        ask = connection.ask
        self.assertEqual(ask("GET", "/healthz"), Answer(200, {"status": "ok"}))
        for id, fields in ((ROWS + 1, SMALL), (ROWS + 2, LARGE)):
            path, first = f"/items/{id}", item(id, fields)
            answer = ask("POST", "/items", fields)
            self.assertEqual(answer, Answer(201, first))
            self.assertEqual(list(answer.body), list(seeded(1)), "the fields' order")
            self.assertEqual(connection.location, path)
            self.assertEqual(ask("GET", path), Answer(200, first))
            # A field that is left out has its default again.
            second = item(id, {**SMALL, "name": "other"}, 2)
            answer = ask("PUT", path, {"name": "other", "price_cents": 1})
            self.assertEqual(answer, Answer(200, second))
            self.assertEqual(ask("PUT", path, fields).body, item(id, fields, 3))
            self.assertEqual(ask("GET", path).body, item(id, fields, 3))
            self.assertEqual(ask("DELETE", path), Answer(204, None))
            for method, body in (("GET", None), ("PUT", SMALL), ("DELETE", None)):
                self.assertEqual(ask(method, path, body), NOT_FOUND)
        # An id is not given twice.
        self.assertEqual(ask("POST", "/items", SMALL).body["id"], ROWS + 3)
        self.check_list(connection, [*range(1, ROWS + 1), ROWS + 3])

    def test_list(self) -> None:
        self.each(self.check_pages)

    def check_pages(self, _: Server, connection: Connection) -> None:
        for query, limit, offset in (
            ("", 20, 0),
            ("?limit=2", 2, 0),
            ("?limit=2&offset=1", 2, 1),
            ("?offset=4", 20, 4),
            ("?limit=1&offset=5", 1, 5),
            (f"?limit=100&offset={2**63 - 1}", 100, 2**63 - 1),
        ):
            ids = range(1 + offset, min(ROWS, offset + limit) + 1)
            body = {"items": [seeded(id) for id in ids]}
            body.update(limit=limit, offset=offset)
            answer = connection.ask("GET", f"/items{query}")
            self.assertEqual(answer, Answer(200, body))
            self.assertEqual(list(answer.body), list(body), "the fields' order")

    def test_refusals(self) -> None:
        self.each(self.check_refusals)

    def check_refusals(self, _: Server, connection: Connection) -> None:
        for method, path in (("POST", "/items"), ("PUT", "/items/1")):
            for body in REFUSED:
                self.check_refused(connection.ask(method, path, body), body)
        for id in ("ten", "0", "-1", "1.5", str(2**63)):
            for method, body in (("GET", None), ("PUT", SMALL), ("DELETE", None)):
                self.check_refused(connection.ask(method, f"/items/{id}", body), id)
        for query in ("limit=0", "limit=101", "limit=x", "offset=-1", "offset=x"):
            self.check_refused(connection.ask("GET", f"/items?{query}"), query)
        self.assertEqual(connection.ask("PATCH", "/items/1", SMALL).status, 405)
        self.assertEqual(connection.ask("GET", "/nothing").status, 404)
        # All of that changed nothing.
        self.assertEqual(connection.ask("GET", "/items/1").body, seeded(1))
        self.check_list(connection, list(range(1, ROWS + 1)))

    def check_refused(self, answer: Answer, what: object) -> None:
        self.assertEqual(answer.status, self.refusal, what)
        self.assertEqual(list(answer.body), ["detail"], what)

    def test_concurrent_writes(self) -> None:
        self.each(self.check_concurrent)

    def check_concurrent(self, server: Server, _: Connection) -> None:
        threads, times = 8, 10

        def work(number: int) -> list[dict[str, object]]:
            connection = server.connect()
            made = []
            for i in range(times):
                fields = {"name": f"{number}-{i}", "price_cents": 1 + number}
                answer = connection.ask("POST", "/items", fields)
                self.assertEqual(answer.status, 201)
                self.assertEqual(answer.body, item(answer.body["id"], fields))
                made.append(answer.body)
                answer = connection.ask("PUT", "/items/1", fields)
                self.assertEqual(answer.status, 200)
            connection.close()
            return made

        with ThreadPoolExecutor(threads) as pool:
            made = [each for some in pool.map(work, range(threads)) for each in some]
        ids = sorted(each["id"] for each in made)
        self.assertEqual(ids, list(range(ROWS + 1, ROWS + 1 + threads * times)))
        connection = server.connect()
        for each in made:
            found = connection.ask("GET", f"/items/{each['id']}")
            self.assertEqual(found, Answer(200, each))
        revision = connection.ask("GET", "/items/1").body["revision"]
        self.assertEqual(revision, 1 + threads * times, "an update was lost")
        connection.close()

    def test_one_database_serves_all_in_turn(self) -> None:
        parameters = {"rows": ROWS, **self.parameters()}
        for turn, (name, command) in enumerate(self.commands.items(), 1):
            with self.subTest(name), Server(command, **parameters) as server:
                connection = server.connect()
                self.check_list(connection, list(range(1, ROWS + turn)))
                made = connection.ask("POST", "/items", LARGE)
                self.assertEqual(made, Answer(201, item(ROWS + turn, LARGE)))
                for id in range(ROWS + 1, ROWS + turn + 1):
                    found = connection.ask("GET", f"/items/{id}")
                    self.assertEqual(found, Answer(200, item(id, LARGE)))
                connection.close()
                server.terminate()

    def test_workers_fill_the_table_once(self) -> None:
        parameters = {"rows": ROWS, "workers": 3, **self.parameters()}
        with Server(self.commands["fastapi"], **parameters) as server:
            self.check_concurrent(server, None)

    def test_an_unknown_database(self) -> None:
        for name, command in self.commands.items():
            with self.subTest(name):
                server = Server(command, database="paper")
                self.assertNotEqual(server.process.wait(30), 0)
                self.assertIn("TANDEM_P_database", server.said())
                server.kill()


@unittest.skipIf(missing(), missing())
class SQLite(Crud, unittest.TestCase):
    def parameters(self) -> dict[str, object]:
        type(self).made += 1
        path = os.path.join(self.directory.name, f"a b?{self.made}.db")
        return {"database": "sqlite", "path": path}

    def test_write_ahead_log(self) -> None:
        for name, command in self.commands.items():
            parameters = self.parameters()
            path = parameters["path"]
            with self.subTest(name), Server(command, **parameters) as server:
                self.assertTrue(os.path.exists(path + "-wal"))
                server.terminate()
                self.assertFalse(os.path.exists(path + "-wal"), "was not closed")
                with contextlib.closing(sqlite3.connect(path)) as database:
                    (mode,) = database.execute("PRAGMA journal_mode").fetchone()
                    (rows,) = database.execute("SELECT count(*) FROM items").fetchone()
                self.assertEqual((mode, rows), ("wal", 1000))


@unittest.skipIf(missing(), missing())
@unittest.skipIf(cluster.missing(), cluster.missing())
class PostgreSQL(Crud, unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.cluster = cluster.Cluster()
        cls.addClassCleanup(cls.cluster.stop)

    def parameters(self) -> dict[str, object]:
        type(self).made += 1
        return {
            "database": "postgresql",
            "dsn": self.cluster.make_database(f"items{self.made}"),
            "pool": 4,
        }


if __name__ == "__main__":
    unittest.main()
