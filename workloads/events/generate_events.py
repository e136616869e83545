"""Write batches of events as JSON lines, the same bytes for the same seed.

The random sequence is the output of SHAKE-128 over "tandem events SEED". Its
first part draws the blueprint of a batch: type, tenant and numbers of each
event. Every batch holds the events of the blueprint in an order of its own,
with identities and times of their own, so that all batches have the same
answer although no two have the same bytes.

The answers that are printed, of a batch and of all, come from the blueprint,
not from reading what was written.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import struct
from collections.abc import Iterator
from typing import NamedTuple

START_MS = 1767225600000  # 2026-01-01T00:00:00Z
DRAWN = struct.Struct("<HHHHH")  # of an event in the blueprint
PLACED = struct.Struct("<II")  # of an event in a batch: order, identity

TYPES = [
    ("page.viewed", 52),
    ("user.signed_in", 18),
    ("order.created", 15),
    ("payment.settled", 10),
    ("error.raised", 5),
]
TENANTS = ["acme"] * 6 + ["globex"] * 4 + ["initech"] * 3
TENANTS += ["umbrella", "stark", "wayne"]
PATHS = ["/", "/search?q=caf\u00e9", "/items/4711", "/cart", "/checkout"]
METHODS = ["card", "invoice", "transfer"]
CODES = [401, 404, 429, 500, 503, 504]


class Event(NamedTuple):
    kind: str
    tenant: str
    a: int
    b: int
    c: int


def lines_of(event: Event) -> list[tuple[int, int]]:
    """Quantity and price of each line of an order."""
    return [(1 + event.b % 4 + i, 100 + event.c % 9000) for i in range(1 + event.a % 3)]


def data(event: Event) -> str:
    """What lies under "data", as JSON."""
    _, _, a, b, c = event
    if event.kind == "page.viewed":
        return f'{{"path":"{PATHS[a % 5]}","milliseconds":{b % 800}}}'
    if event.kind == "user.signed_in":
        return f'{{"user":{a % 97},"address":"10.0.{b % 256}.{c % 256}"}}'
    if event.kind == "order.created":
        lines = ",".join(
            f'{{"sku":"A-{a + i}","quantity":{quantity},"cents":{cents}}}'
            for i, (quantity, cents) in enumerate(lines_of(event))
        )
        return f'{{"order":{a},"lines":[{lines}]}}'
    if event.kind == "payment.settled":
        return f'{{"order":{a},"method":"{METHODS[b % 3]}","cents":{c}}}'
    message = f'upstream \\"bank {b}\\" said {{\\"type\\":\\"order.created\\"}}'
    return f'{{"code":{CODES[a % 6]},"message":"{message}"}}'


def blueprint(sequence: bytes) -> list[Event]:
    kinds = [kind for kind, weight in TYPES for _ in range(weight)]
    return [
        Event(kinds[kind % len(kinds)], TENANTS[tenant % len(TENANTS)], a, b, c)
        for kind, tenant, a, b, c in DRAWN.iter_unpack(sequence)
    ]


def lines(events: list[Event], sequence: bytes, now: int) -> Iterator[str]:
    placed = sorted(zip(PLACED.iter_unpack(sequence), events))
    for place, ((_, identity), event) in enumerate(placed):
        yield (
            f'{{"id":"{identity:08x}","type":"{event.kind}","tenant":"{event.tenant}",'
            f'"at":{now + place},"data":{data(event)}}}\n'
        )


def row(tenant: str, events: list[Event]) -> str:
    """What workloads/events counts for a tenant."""
    orders = [e for e in events if e.kind == "order.created"]
    payments = [e for e in events if e.kind == "payment.settled"]
    views = [e for e in events if e.kind == "page.viewed"]
    users = {e.a % 97 for e in events if e.kind == "user.signed_in"}
    codes = [CODES[e.a % 6] for e in events if e.kind == "error.raised"]
    revenue = sum(quantity * cents for e in orders for quantity, cents in lines_of(e))
    errors = ",".join(f"{code}:{codes.count(code)}" for code in sorted(set(codes)))
    return (
        f"{tenant} {len(orders)} {revenue} {len(payments)} {sum(e.c for e in payments)} "
        f"{len(views)} {sum(e.b % 800 for e in views)} {len(users)} {errors}\n"
    )


def expected(events: list[Event]) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the events' table."""
    tenants = sorted({event.tenant for event in events})
    table = [row(t, [e for e in events if e.tenant == t]) for t in tenants]
    return hashlib.sha256("".join(table).encode()).hexdigest()[:16]


def generate(out: str, events: int, batch: int, seed: int) -> tuple[str, str]:
    """Write the batches to out, whole or not at all; the answer of each batch,
    and that of all together."""
    if events <= 0 or events % batch:
        raise ValueError(f"{events} events: expected a multiple of {batch}")
    head, each = batch * DRAWN.size, batch * PLACED.size
    shake = hashlib.shake_128(b"tandem events %d" % seed)
    sequence = shake.digest(head + events // batch * each)
    drawn = blueprint(sequence[:head])
    partial = f"{out}.{os.getpid()}.partial"
    try:
        with open(partial, "w", encoding="utf-8", newline="\n") as file:
            for number in range(events // batch):
                start = head + number * each
                now = START_MS + number * batch
                file.writelines(lines(drawn, sequence[start : start + each], now))
        os.replace(partial, out)
    except BaseException:
        if os.path.exists(partial):
            os.unlink(partial)
        raise
    return expected(drawn), expected(drawn * (events // batch))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write batches of events.")
    parser.add_argument("--events", type=int, default=100000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("out")
    args = parser.parse_args()
    print(*generate(args.out, args.events, args.batch, args.seed))


if __name__ == "__main__":
    main()
