"""A PostgreSQL of the test's own: in a temporary directory, on a socket."""

from __future__ import annotations

import glob
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time

START_S = 30


def programs() -> str:
    """The directory of initdb and postgres, or nothing. Debian keeps them off
    the PATH, by version."""
    initdb = shutil.which("initdb")
    if initdb:
        return os.path.dirname(os.path.realpath(initdb))
    found = glob.glob("/usr/lib/postgresql/*/bin/initdb")
    found.sort(key=lambda path: [int(n) for n in re.findall(r"\d+", path)])
    return os.path.dirname(found[-1]) if found else ""


def missing() -> str:
    """Why no cluster can be made here, or nothing."""
    if not programs():
        return "no PostgreSQL here: scripts/deps --with postgresql"
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            return "PostgreSQL refuses to run as root, and there is no setpriv"
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "PostgreSQL refuses to run as root, and there is no user postgres"
    return ""


class Cluster:
    """Runs from the start until stop; databases are made by name."""

    def __init__(self) -> None:
        self.directory = tempfile.mkdtemp(prefix="tandem-pg-")
        self.prefix: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.directory, "postgres", "postgres")
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres"]
            self.prefix += ["--clear-groups", "--pdeathsig=INT"]
        self.process: subprocess.Popen[bytes] | None = None
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def command(self, name: str, *options: str) -> list[str]:
        return [*self.prefix, os.path.join(programs(), name), *options]

    def run(self, name: str, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(name, *options),
            cwd=self.directory,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def start(self) -> None:
        data = f"{self.directory}/data"
        made = self.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N")
        if made.returncode:
            raise AssertionError(f"initdb: {made.stdout}{made.stderr}")
        with open(f"{self.directory}/log", "wb") as log:
            self.process = subprocess.Popen(
                self.command("postgres", "-D", data, "-k", self.directory)
                + ["-c", "listen_addresses=", "-c", "fsync=off"],
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_S
        while self.run("pg_isready", "-h", self.directory).returncode:
            if time.monotonic() > deadline or self.process.poll() is not None:
                with open(f"{self.directory}/log", encoding="utf-8") as log:
                    raise AssertionError(f"postgres: {log.read()}")
            time.sleep(0.05)

    def database(self, name: str) -> str:
        """Makes an empty database; its DSN."""
        made = self.run("createdb", "-h", self.directory, "-U", "postgres", name)
        if made.returncode:
            raise AssertionError(made.stderr)
        return f"postgresql://postgres@/{name}?host={self.directory}"

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory)
