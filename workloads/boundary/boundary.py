"""Call a Go process, over a pipe or over HTTP on loopback.

An operation is one call: encode the request, send it, wait for the answer,
decode it. The answer is the total of an order of ten items.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Callable
from urllib.parse import urlsplit

ITEMS = [{"sku": f"A-{n}", "quantity": 1 + n, "cents": 995 + n} for n in range(10)]

Send = Callable[[bytes], bytes]


def start(callee: str, transport: str) -> subprocess.Popen[bytes]:
    """The callee ends when its standard input does."""
    return subprocess.Popen(
        [callee, transport], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def by_pipe(callee: str) -> Send:
    process = start(callee, "pipe")

    def send(request: bytes) -> bytes:
        process.stdin.write(request + b"\n")
        process.stdin.flush()
        return process.stdout.readline()

    return send


def by_http_client(callee: str) -> Send:
    from http.client import HTTPConnection

    process = start(callee, "http")
    url = urlsplit(process.stdout.readline().decode().strip())
    connection = HTTPConnection(url.hostname, url.port)
    headers = {"Content-Type": "application/json"}

    def send(request: bytes) -> bytes:
        # The process lives as long as this function, which holds its pipe.
        connection.request("POST", "/", request, headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise RuntimeError(f"status {response.status} of {process.args}: {body}")
        return body

    return send


def by_httpx(callee: str) -> Send:
    import httpx

    process = start(callee, "http")
    client = httpx.Client(base_url=process.stdout.readline().decode().strip())
    headers = {"Content-Type": "application/json"}

    def send(request: bytes) -> bytes:
        response = client.post("/", content=request, headers=headers)
        if response.status_code != 200:
            raise RuntimeError(f"{response} of {process.args}: {response.text}")
        return response.content

    return send


def caller(send: Send) -> Callable[[], int]:
    numbers = itertools.count(1)

    def operation() -> int:
        number = next(numbers)
        request = {"id": number, "method": "total", "params": ITEMS}
        response = json.loads(send(json.dumps(request).encode()))
        if response["id"] != number or "error" in response:
            raise RuntimeError(f"request {number} was answered with {response}")
        return response["result"]

    return operation


def stdlib(callee: str, transport: str) -> Callable[[], int]:
    return caller({"pipe": by_pipe, "http": by_http_client}[transport](callee))


def with_httpx(callee: str) -> Callable[[], int]:
    return caller(by_httpx(callee))


def measure(operation: Callable[[], int], times: int) -> None:
    elapsed = []
    for _ in range(times):
        begin = time.perf_counter()
        answer = operation()
        elapsed.append(time.perf_counter() - begin)
    print(f"answer {answer}  median {statistics.median(elapsed) * 1e6:.1f} us/call")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--transport", choices=["pipe", "http", "httpx"], default="pipe"
    )
    parser.add_argument("--callee", help="the program; default: built with `go build`")
    parser.add_argument("--times", type=int, default=10000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        callee = args.callee
        if not callee:
            callee = f"{directory}/callee"
            source = Path(__file__).with_name("callee") / "main.go"
            subprocess.run(["go", "build", "-o", callee, source], check=True)
        if args.transport == "httpx":
            measure(with_httpx(callee), args.times)
        else:
            measure(stdlib(callee, args.transport), args.times)


if __name__ == "__main__":
    main()
