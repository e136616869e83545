"""Where rest-crud keeps its items: SQLite or PostgreSQL.

Each store imports its own library, so that a process holds only the one it
uses.
"""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING, Protocol

from models import Item, ItemFields

if TYPE_CHECKING:
    import aiosqlite
    import asyncpg

COLUMNS = "id, name, description, price_cents, available, revision"

SCHEMA_SQLITE = """
    CREATE TABLE IF NOT EXISTS items (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        description TEXT NOT NULL,
        price_cents INTEGER NOT NULL,
        available BOOLEAN NOT NULL,
        revision INTEGER NOT NULL DEFAULT 1
    )"""

SCHEMA_POSTGRES = """
    CREATE TABLE IF NOT EXISTS items (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL,
        description text NOT NULL,
        price_cents bigint NOT NULL,
        available boolean NOT NULL,
        revision bigint NOT NULL DEFAULT 1
    )"""

# Fills an empty table; either database understands it.
SEED = """
    INSERT INTO items (name, description, price_cents, available)
    WITH RECURSIVE numbers (n) AS (
        SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows}
    )
    SELECT 'Item ' || n, 'Description of item ' || n, 100 + n, n % 3 <> 0
    FROM numbers WHERE n <= {rows} AND NOT EXISTS (SELECT 1 FROM items)"""


class Store(Protocol):
    """Where there is no item of that id the answer is None, or False."""

    async def create(self, fields: ItemFields) -> Item: ...

    async def get(self, id: int) -> Item | None: ...

    async def update(self, id: int, fields: ItemFields) -> Item | None: ...

    async def delete(self, id: int) -> bool: ...

    async def list(self, limit: int, offset: int) -> list[Item]: ...

    async def close(self) -> None: ...


def parameter(name: str, default: str) -> str:
    return os.environ.get(f"TANDEM_P_{name}", default)


async def open_store() -> Store:
    """The database that the workload's parameters name; filled when empty."""
    database = parameter("database", "sqlite")
    connections = int(parameter("pool", "8"))
    rows = int(parameter("rows", "1000"))
    if database == "sqlite":
        path = parameter("path", "items.db")
        return await SQLiteStore.open(path, connections, rows)
    if database == "postgresql":
        dsn = parameter("dsn", "postgresql:///postgres")
        schema = parameter("schema", "public")
        return await PostgresStore.open(dsn, schema, connections, rows)
    raise ValueError(f"TANDEM_P_database: {database!r}: sqlite or postgresql")


class SQLiteStore:
    """One connection writes, since SQLite has one writer; others read.

    A connection of aiosqlite is a thread with a queue, so that connections
    are taken in turn and need no pool.
    """

    def __init__(
        self, writer: aiosqlite.Connection, readers: list[aiosqlite.Connection]
    ) -> None:
        self.writer = writer
        self.readers = readers
        self.turns = itertools.cycle(readers)

    @classmethod
    async def open(cls, path: str, connections: int, rows: int) -> SQLiteStore:
        import aiosqlite

        async def connect() -> aiosqlite.Connection:
            # Without an isolation level each statement is a transaction.
            connection = await aiosqlite.connect(path, isolation_level=None)
            connection.row_factory = aiosqlite.Row
            await connection.execute("PRAGMA busy_timeout = 5000")
            await connection.execute("PRAGMA journal_mode = WAL")
            await connection.execute("PRAGMA synchronous = NORMAL")
            return connection

        writer = await connect()
        await writer.execute("BEGIN IMMEDIATE")
        await writer.execute(SCHEMA_SQLITE)
        await writer.execute(SEED.format(rows=rows))
        await writer.commit()
        return cls(writer, [await connect() for _ in range(connections)])

    async def create(self, fields: ItemFields) -> Item:
        rows = await self.writer.execute_fetchall(
            "INSERT INTO items (name, description, price_cents, available)"
            f" VALUES (?, ?, ?, ?) RETURNING {COLUMNS}",
            (fields.name, fields.description, fields.price_cents, fields.available),
        )
        return Item(**rows[0])

    async def get(self, id: int) -> Item | None:
        rows = await next(self.turns).execute_fetchall(
            f"SELECT {COLUMNS} FROM items WHERE id = ?", (id,)
        )
        return Item(**rows[0]) if rows else None

    async def update(self, id: int, fields: ItemFields) -> Item | None:
        rows = await self.writer.execute_fetchall(
            "UPDATE items SET name = ?, description = ?, price_cents = ?,"
            " available = ?, revision = revision + 1"
            f" WHERE id = ? RETURNING {COLUMNS}",
            (fields.name, fields.description, fields.price_cents, fields.available, id),
        )
        return Item(**rows[0]) if rows else None

    async def delete(self, id: int) -> bool:
        rows = await self.writer.execute_fetchall(
            "DELETE FROM items WHERE id = ? RETURNING id", (id,)
        )
        return bool(rows)

    async def list(self, limit: int, offset: int) -> list[Item]:
        rows = await next(self.turns).execute_fetchall(
            f"SELECT {COLUMNS} FROM items ORDER BY id LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return [Item(**row) for row in rows]

    async def close(self) -> None:
        # The last connection to close writes the log back into the database.
        for connection in (*self.readers, self.writer):
            await connection.close()


class PostgresStore:
    """A pool; asyncpg prepares each statement once a connection."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    @classmethod
    async def open(
        cls, dsn: str, schema: str, connections: int, rows: int
    ) -> PostgresStore:
        import asyncpg

        quoted = '"' + schema.replace('"', '""') + '"'
        pool = await asyncpg.create_pool(
            dsn,
            min_size=connections,
            max_size=connections,
            server_settings={"search_path": quoted},
        )
        # Several processes may start at the same time; the lock lets one of
        # them make the table.
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(1)")
            await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted}")
            await connection.execute(SCHEMA_POSTGRES)
            await connection.execute(SEED.format(rows=rows))
        return cls(pool)

    async def create(self, fields: ItemFields) -> Item:
        row = await self.pool.fetchrow(
            "INSERT INTO items (name, description, price_cents, available)"
            f" VALUES ($1, $2, $3, $4) RETURNING {COLUMNS}",
            fields.name,
            fields.description,
            fields.price_cents,
            fields.available,
        )
        return Item(**row)

    async def get(self, id: int) -> Item | None:
        row = await self.pool.fetchrow(f"SELECT {COLUMNS} FROM items WHERE id = $1", id)
        return Item(**row) if row else None

    async def update(self, id: int, fields: ItemFields) -> Item | None:
        row = await self.pool.fetchrow(
            "UPDATE items SET name = $1, description = $2, price_cents = $3,"
            " available = $4, revision = revision + 1"
            f" WHERE id = $5 RETURNING {COLUMNS}",
            fields.name,
            fields.description,
            fields.price_cents,
            fields.available,
            id,
        )
        return Item(**row) if row else None

    async def delete(self, id: int) -> bool:
        status = await self.pool.execute("DELETE FROM items WHERE id = $1", id)
        return status != "DELETE 0"

    async def list(self, limit: int, offset: int) -> list[Item]:
        rows = await self.pool.fetch(
            f"SELECT {COLUMNS} FROM items ORDER BY id LIMIT $1 OFFSET $2",
            limit,
            offset,
        )
        return [Item(**row) for row in rows]

    async def close(self) -> None:
        await self.pool.close()
