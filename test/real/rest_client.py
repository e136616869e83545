"""What the tests of the REST servers share: building, starting, asking."""

from __future__ import annotations

import http.client
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORKLOADS = ROOT / "workloads"
START_S, QUIT_S = 30, 10


def missing() -> str:
    """Why the servers cannot be tested here, or nothing."""
    if not shutil.which("go"):
        return "no Go here"
    for module in ("fastapi", "uvicorn", "aiosqlite", "asyncpg"):
        if not importlib.util.find_spec(module):
            return f"{sys.executable} lacks {module}: make workload-deps"
    return ""


def build(workload: str, into: str) -> dict[str, list[str]]:
    """Every way to start a workload's server: name -> command."""
    commands = {
        "fastapi": [sys.executable, str(WORKLOADS / workload / "server.py")],
        "uvicorn": [sys.executable, "-m", "uvicorn", "server:app"]
        + ["--app-dir", str(WORKLOADS / workload), "--no-access-log"],
    }
    for name in ("nethttp", "gin"):
        binary = f"{into}/{workload}-{name}"
        package = f"./workloads/{workload}/{name}"
        subprocess.run(
            ["go", "build", "-trimpath", "-o", binary, package], cwd=ROOT, check=True
        )
        commands[name] = [binary]
    return commands


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@dataclass(frozen=True)
class Answer:
    status: int
    body: object  # decoded JSON, or None when there is none


class Connection:
    """A connection that is kept; used by one thread."""

    def __init__(self, port: int) -> None:
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """A body of bytes is sent as it is, anything else as JSON."""
        data = body
        if body is not None and not isinstance(body, bytes):
            data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} if data is not None else {}
        self.http.request(method, path, data, headers)
        response = self.http.getresponse()
        text = response.read()
        self.location = response.getheader("Location")
        if not text:
            return Answer(response.status, None)
        kind = response.getheader("Content-Type", "")
        is_json = kind.startswith("application/json")
        return Answer(response.status, json.loads(text) if is_json else text)

    def close(self) -> None:
        self.http.close()


class Server:
    """A server in a process group of its own; a context manager."""

    def __init__(self, command: list[str], **parameters: object) -> None:
        self.port = free_port()
        self.output = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command,
            env={
                **os.environ,
                "PORT": str(self.port),
                "UVICORN_PORT": str(self.port),
                "PYTHONDONTWRITEBYTECODE": "1",
                **{f"TANDEM_P_{name}": str(p) for name, p in parameters.items()},
            },
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            start_new_session=True,
        )

    def __enter__(self) -> Server:
        try:
            self.wait_until_ready()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None:
            connection = self.connect()
            try:
                if connection.ask("GET", "/healthz").status == 200:
                    return
            except OSError:
                time.sleep(0.02)
            finally:
                connection.close()
        raise AssertionError(f"{self.process.args}: not ready\n{self.said()}")

    def connect(self) -> Connection:
        return Connection(self.port)

    def said(self) -> str:
        self.output.seek(0)
        return self.output.read()

    def terminate(self) -> int:
        """SIGTERM; the exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(QUIT_S)

    def kill(self) -> None:
        """Nothing of the group is left."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.output.close()
