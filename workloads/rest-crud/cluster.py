"""A PostgreSQL cluster for as long as this program runs.

`python cluster.py postgresql` makes it, on a socket in a directory of its own,
prints what TANDEM_P_dsn must be, and waits for SIGTERM or SIGINT; then all is
removed. `python cluster.py sqlite` has nothing to do but wait: the harness
starts it for any database.
"""

from __future__ import annotations

import argparse
import glob
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

START_S = 30
# /tmp may be in memory.
ON_DISK = os.environ.get("TMPDIR", "/var/tmp")


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
        self.directory = tempfile.mkdtemp(prefix="tandem-pg-", dir=ON_DISK)
        self.prefix: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(self.directory, "postgres", "postgres")
            # The signal comes when this process has been killed.
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
            check=False,
            text=True,
            timeout=120,
        )

    def start(self) -> None:
        data = f"{self.directory}/data"
        made = self.run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N")
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stdout}{made.stderr}")
        with open(f"{self.directory}/log", "wb") as log:
            self.process = subprocess.Popen(
                self.command("postgres", "-D", data, "-k", self.directory)
                + ["-c", "listen_addresses=", "-c", "max_connections=300"],
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + START_S
        while self.run("pg_isready", "-h", self.directory).returncode:
            if time.monotonic() > deadline or self.process.poll() is not None:
                with open(f"{self.directory}/log", encoding="utf-8") as log:
                    raise RuntimeError(f"postgres: {log.read()}")
            time.sleep(0.05)

    def dsn(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={self.directory}"

    def make_database(self, name: str) -> str:
        """Its DSN."""
        made = self.run("createdb", "-h", self.directory, "-U", "postgres", name)
        if made.returncode:
            raise RuntimeError(f"createdb: {made.stderr}")
        return self.dsn(name)

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.directory)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database", choices=("sqlite", "postgresql"))
    database = parser.parse_args().database
    ends = {signal.SIGTERM, signal.SIGINT}
    if database == "sqlite":
        signal.pthread_sigmask(signal.SIG_BLOCK, ends)
        print("none", flush=True)
        signal.sigwait(ends)
        return
    if missing():
        sys.exit(missing())
    cluster = Cluster()
    # Not before: a child would inherit it.
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    try:
        print(cluster.dsn(), flush=True)
        signal.sigwait(ends)
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
