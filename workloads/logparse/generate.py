"""Write a log of JSON lines, the same bytes for the same seed everywhere.

The random sequence is the output of SHAKE-128 over "tandem logparse SEED",
twelve bytes an entry, read as little-endian: u16 slot, u16 step, u32 request,
u16 a, u16 b. The slot (modulo 1024) picks a template, the step (modulo 8) is
the number of milliseconds since the entry before and (modulo 16) the stream,
a and b are the numbers in the message. A shorter log is therefore the
beginning of a longer one.

The answer that is printed comes from counting the templates drawn, not from
reading what was written.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import struct
from collections.abc import Iterator
from typing import NamedTuple

SLOTS = 1024
RECORD = struct.Struct("<HHIHH")
START_MS = 1767225600000  # 2026-01-01T00:00:00Z


class Template(NamedTuple):
    weight: int
    group: str
    level: str
    message: str  # as it stands inside the JSON string, with %d twice


# The pattern of an error is the part of its message before the first colon.
# Two of the INFO messages talk about errors to catch careless readers.
TEMPLATES = [
    Template(208, "orders", "INFO", "GET /orders/%d 200 in %d ms"),
    Template(160, "catalog", "INFO", "GET /catalog/items?page=%d 200 in %d ms"),
    Template(128, "orders", "INFO", "order %d accepted, %d lines"),
    Template(112, "auth", "INFO", "token issued for user %d, expires in %d s"),
    Template(96, "payments", "INFO", "card charged for order %d: %d cents"),
    Template(64, "auth", "INFO", 'user \\"Zo\u00eb %d\\" signed in from port %d'),
    Template(40, "catalog", "INFO", "ERROR budget left: %d of %d"),
    Template(24, "orders", "INFO", 'replayed {\\"level\\":\\"ERROR\\"} %d as %d'),
    Template(80, "catalog", "DEBUG", "cache hit: item %d, age %d s"),
    Template(32, "payments", "WARN", "retry %d: provider slow, waited %d ms"),
    Template(16, "auth", "WARN", "clock skew of %d ms seen on host %d"),
    Template(11, "orders", "ERROR", "UpstreamTimeout 504: order %d after %d ms"),
    Template(9, "payments", "ERROR", "CardDeclined 402: order %d, reason %d"),
    Template(8, "orders", "ERROR", "DatabaseDeadlock 1213: row %d, attempt %d"),
    Template(7, "catalog", "ERROR", "ItemNotFound 404: item %d on shelf %d"),
    Template(6, "auth", "ERROR", "TokenExpired 401: user %d, %d s too late"),
    Template(5, "orders", "ERROR", "ValidationFailed 422: field %d of order %d"),
    Template(4, "payments", "ERROR", "UpstreamTimeout 504: bank %d after %d ms"),
    Template(4, "catalog", "ERROR", "RateLimited 429: client %d, quota %d"),
    Template(3, "auth", "ERROR", "ConnectionReset 104: peer %d after %d bytes"),
    Template(3, "payments", "ERROR", 'BadSignature 498: \\"%d\\" is not \\"%d\\"'),
    Template(2, "orders", "ERROR", "OutOfMemory 137: %d of %d MiB"),
    Template(1, "catalog", "ERROR", "DiskFull 28: volume %d, %d bytes short"),
    Template(1, "auth", "ERROR", "KeyNotFound 17: key %d of ring %d"),
]

LINE = (
    '{"timestamp":%%d,"logGroup":"/ecs/%s","logStream":"app/%%02d",'
    '"level":"%s","requestId":"%%08x","message":"%s"}\n'
)


def slots() -> list[int]:
    """Which template each slot stands for."""
    table = [i for i, t in enumerate(TEMPLATES) for _ in range(t.weight)]
    assert len(table) == SLOTS
    return table


def lines(seed: int, entries: int, drawn: list[int]) -> Iterator[str]:
    """Yield the entries, and count in drawn how often each template came."""
    sequence = hashlib.shake_128(b"tandem logparse %d" % seed)
    numbers = sequence.digest(entries * RECORD.size)
    table = slots()
    formats = [LINE % (t.group, t.level, t.message) for t in TEMPLATES]
    now = START_MS
    for slot, step, request, a, b in RECORD.iter_unpack(numbers):
        template = table[slot % SLOTS]
        drawn[template] += 1
        now += step % 8
        yield formats[template] % (now, step % 16, request, a, b)


def digest(patterns: dict[str, int]) -> str:
    """The first 16 hexadecimal digits of the table's SHA-256."""
    table = "".join(f"{name} {n}\n" for name, n in sorted(patterns.items()))
    return hashlib.sha256(table.encode()).hexdigest()[:16]


def expected(drawn: list[int]) -> str:
    patterns: dict[str, int] = {}
    for template, count in zip(TEMPLATES, drawn):
        if template.level == "ERROR" and count:
            name = template.message.partition(":")[0]
            patterns[name] = patterns.get(name, 0) + count
    return digest(patterns)


def generate(out: str, entries: int, seed: int) -> str:
    """Write the log to out, whole or not at all, and return its answer."""
    drawn = [0] * len(TEMPLATES)
    partial = f"{out}.{os.getpid()}.partial"
    try:
        with open(partial, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(lines(seed, entries, drawn))
        os.replace(partial, out)
    except BaseException:
        if os.path.exists(partial):
            os.unlink(partial)
        raise
    return expected(drawn)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a log of JSON lines.")
    parser.add_argument("--entries", type=int, default=100000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("out")
    args = parser.parse_args()
    print(generate(args.out, args.entries, args.seed))


if __name__ == "__main__":
    main()
