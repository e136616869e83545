"""Fetch URLs that answer after a delay, all at the same time, in three ways.

The answer is a digest of the bodies in the order of the URLs. Each factory
imports its own library, so that a process holds only the one it measures.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import statistics
import time
from collections.abc import Callable, Iterable


def urls(origin: str, delay: str, requests: int) -> list[str]:
    return [f"{origin}/delay/{delay}/{item}" for item in range(requests)]


def digest(bodies: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(bodies)).hexdigest()[:16]


def with_httpx(origin: str, delay: str, requests: int) -> Callable[[], str]:
    import httpx

    async def fetch(client: httpx.AsyncClient, url: str) -> bytes:
        response = await client.get(url)
        response.raise_for_status()
        return response.content

    async def fetch_all() -> list[bytes]:
        async with httpx.AsyncClient() as client:
            tasks = [fetch(client, url) for url in urls(origin, delay, requests)]
            return await asyncio.gather(*tasks)

    return lambda: digest(asyncio.run(fetch_all()))


def with_aiohttp(origin: str, delay: str, requests: int) -> Callable[[], str]:
    import aiohttp

    async def fetch(session: aiohttp.ClientSession, url: str) -> bytes:
        async with session.get(url) as response:
            response.raise_for_status()
            return await response.read()

    async def fetch_all() -> list[bytes]:
        async with aiohttp.ClientSession() as session:
            tasks = [fetch(session, url) for url in urls(origin, delay, requests)]
            return await asyncio.gather(*tasks)

    return lambda: digest(asyncio.run(fetch_all()))


def with_threads(origin: str, delay: str, requests: int) -> Callable[[], str]:
    from concurrent.futures import ThreadPoolExecutor
    from urllib.request import urlopen

    def fetch(url: str) -> bytes:
        with urlopen(url) as response:
            return response.read()

    def operation() -> str:
        with ThreadPoolExecutor(max_workers=requests) as pool:
            return digest(pool.map(fetch, urls(origin, delay, requests)))

    return operation


IMPLEMENTATIONS = {
    "httpx": with_httpx,
    "aiohttp": with_aiohttp,
    "threads": with_threads,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--implementation", choices=IMPLEMENTATIONS, default="httpx")
    parser.add_argument("--origin", required=True, help="URL of `tandem origin`")
    parser.add_argument("--delay", default="100ms")
    parser.add_argument("--requests", type=int, default=10)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args()
    factory = IMPLEMENTATIONS[args.implementation]
    operation = factory(args.origin, args.delay, args.requests)
    elapsed = []
    for _ in range(args.times):
        start = time.perf_counter()
        answer = operation()
        elapsed.append(time.perf_counter() - start)
    print(f"answer {answer}  median {statistics.median(elapsed) * 1e3:.1f} ms/op")


if __name__ == "__main__":
    main()
