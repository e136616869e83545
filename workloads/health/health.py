"""Check the health of many endpoints at the same time, in two ways.

The answer counts, region by region, the endpoints that are healthy, those that
are unhealthy and those that did not answer in time. Each factory imports its
own library, so that a process holds only the one it measures.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from enum import Enum
from typing import NamedTuple

REGIONS = ("eu-north", "eu-west", "us-east", "us-west", "ap-south")
REFUSALS = ("/status/503", "/status/500", "/status/404")
BREAKS = ("/close", "/reset", "/short", "/garbage")
STALLS = ("/hang", "/delay/2s/late", "/drip/100ms/50")


class Health(Enum):
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    TIMED_OUT = "timed out"


class Endpoint(NamedTuple):
    region: str
    url: str


def path(number: int) -> str:
    """Of seven endpoints four answer, one refuses, one breaks, one stalls."""
    turn, kind = divmod(number, 7)
    if kind == 4:
        return REFUSALS[turn % len(REFUSALS)]
    if kind == 5:
        return BREAKS[turn % len(BREAKS)]
    if kind == 6:
        return STALLS[turn % len(STALLS)]
    return f"/delay/{10 + number * 37 % 90}ms/{number}"


def list_endpoints(origin: str, count: int) -> list[Endpoint]:
    return [
        Endpoint(REGIONS[number % len(REGIONS)], origin + path(number))
        for number in range(count)
    ]


def table(endpoints: Iterable[Endpoint], found: Iterable[Health]) -> str:
    """`region:healthy/unhealthy/timed-out` of each region."""
    counts = {region: Counter() for region in REGIONS}
    for endpoint, health in zip(endpoints, found):
        counts[endpoint.region][health] += 1
    return ",".join(
        f"{region}:" + "/".join(str(count[health]) for health in Health)
        for region, count in counts.items()
    )


def seconds(text: str) -> float:
    if not text.endswith("ms"):
        raise ValueError(f"{text!r}: expected milliseconds, as 500ms")
    return int(text[:-2]) / 1000


def with_httpx(origin: str, endpoints: int, timeout: str) -> Callable[[], str]:
    import httpx

    targets = list_endpoints(origin, endpoints)
    limit = seconds(timeout)

    async def check(client: httpx.AsyncClient, url: str) -> Health:
        try:
            response = await asyncio.wait_for(client.get(url), limit)
        except asyncio.TimeoutError:
            return Health.TIMED_OUT
        except httpx.HTTPError:
            return Health.UNHEALTHY
        return Health.HEALTHY if response.status_code == 200 else Health.UNHEALTHY

    async def check_all() -> list[Health]:
        async with httpx.AsyncClient() as client:
            return await asyncio.gather(*(check(client, t.url) for t in targets))

    return lambda: table(targets, asyncio.run(check_all()))


def with_aiohttp(origin: str, endpoints: int, timeout: str) -> Callable[[], str]:
    import aiohttp

    targets = list_endpoints(origin, endpoints)
    limit = seconds(timeout)

    async def get(session: aiohttp.ClientSession, url: str) -> int:
        async with session.get(url) as response:
            await response.read()
            return response.status

    async def check(session: aiohttp.ClientSession, url: str) -> Health:
        try:
            status = await asyncio.wait_for(get(session, url), limit)
        except asyncio.TimeoutError:
            return Health.TIMED_OUT
        except aiohttp.ClientError:
            return Health.UNHEALTHY
        return Health.HEALTHY if status == 200 else Health.UNHEALTHY

    async def check_all() -> list[Health]:
        async with aiohttp.ClientSession() as session:
            return await asyncio.gather(*(check(session, t.url) for t in targets))

    return lambda: table(targets, asyncio.run(check_all()))


IMPLEMENTATIONS = {"httpx": with_httpx, "aiohttp": with_aiohttp}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--implementation", choices=IMPLEMENTATIONS, default="httpx")
    parser.add_argument("--origin", required=True, help="URL of `tandem origin`")
    parser.add_argument("--endpoints", type=int, default=50)
    parser.add_argument("--timeout", default="500ms")
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    factory = IMPLEMENTATIONS[args.implementation]
    operation = factory(args.origin, args.endpoints, args.timeout)
    elapsed = []
    for _ in range(args.times):
        start = time.perf_counter()
        answer = operation()
        elapsed.append(time.perf_counter() - start)
    print(f"answer {answer}  median {statistics.median(elapsed) * 1e3:.1f} ms/op")


if __name__ == "__main__":
    main()
