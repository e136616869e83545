"""What scripts/nightly keeps: runs, reports, the last good run, the history.

    ARTEFACTS/lock
    ARTEFACTS/BRANCH/HOST/state.json      {"good": {"run", "revision", "since"}}
    ARTEFACTS/BRANCH/HOST/history.jsonl   one line a night and case
    ARTEFACTS/BRANCH/HOST/runs/ID/        run directories
    ARTEFACTS/BRANCH/HOST/reruns/ID/      what answered the suspects
    ARTEFACTS/BRANCH/HOST/reports/ID.md, ID.json

A host is a kind of machine, not a name: runs of different processors are no
comparison.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

KEPT = ("runs", "reruns", "reports")  # what is pruned, oldest first
STAMP = re.compile(r"\d{8}T\d{6}Z")


class Busy(Exception):
    """Another nightly works in the same place."""


@dataclass(frozen=True)
class Entry:
    path: Path
    when: float  # seconds since the epoch
    size: int  # bytes


def slug(text: str) -> str:
    """A name that is safe as a directory: "feature/x" is "feature-x"."""
    return re.sub(r"[^A-Za-z0-9._]+", "-", text).strip("-.").lower() or "unknown"


def host_kind() -> str:
    """Processor and how many of them may be used."""
    model = "unknown-cpu"
    try:
        info = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
        found = re.search(r"^model name\s*:\s*(.+)$", info, re.MULTILINE)
        model = found[1] if found else model
    except OSError:
        pass
    return slug(f"{model}-{len(os.sched_getaffinity(0))}")


def write_whole(path: Path, text: str) -> None:
    """Replaces the file at once: a reader sees the old or the new text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def stamp_of(path: Path) -> float:
    """When it was made: its name says so, also where a cache gave it a new
    time; else the file's time."""
    found = STAMP.match(path.name)
    if found:
        try:
            at = datetime.strptime(found[0], "%Y%m%dT%H%M%SZ")
            return at.replace(tzinfo=timezone.utc).timestamp()
        except ValueError:
            pass
    return path.lstat().st_mtime


def size_of(path: Path) -> int:
    """Of all files in it."""
    files = path.rglob("*") if path.is_dir() else [path]
    return sum(file.lstat().st_size for file in files if not file.is_dir())


class Store:
    def __init__(self, artefacts: Path, branch: str, host: str) -> None:
        self.artefacts = artefacts
        self.home = artefacts / slug(branch) / slug(host)
        self.runs = self.home / "runs"
        self.reruns = self.home / "reruns"
        self.reports = self.home / "reports"
        self.history = self.home / "history.jsonl"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """For all branches: two that measure at once disturb each other."""
        self.artefacts.mkdir(parents=True, exist_ok=True)
        with open(self.artefacts / "lock", "a", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Busy(f"another nightly has {self.artefacts}/lock") from None
            yield

    def state(self) -> dict[str, Any]:
        try:
            value = json.loads((self.home / "state.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return value if isinstance(value, dict) else {}

    def good(self) -> dict[str, str] | None:
        """The last good run, if it is still there."""
        good = self.state().get("good")
        if isinstance(good, dict) and (self.runs / str(good.get("run"))).is_dir():
            return good
        return None

    def accept(self, run: str, revision: str) -> None:
        since = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        good = {"run": run, "revision": revision, "since": since}
        text = json.dumps({"good": good}, indent=1) + "\n"
        write_whole(self.home / "state.json", text)

    def run_ids(self) -> list[str]:
        if not self.runs.is_dir():
            return []
        return sorted(path.name for path in self.runs.iterdir() if path.is_dir())

    def remember(self, lines: list[dict[str, Any]]) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        with open(self.history, "a", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)

    def remembered(self) -> list[dict[str, Any]]:
        """Whole lines only: a night may have been cut off while writing."""
        lines = []
        if self.history.exists():
            for line in self.history.read_text(encoding="utf-8").splitlines():
                try:
                    lines.append(json.loads(line))
                except ValueError:
                    continue
        return lines

    def protected(self) -> set[str]:
        """The good runs of every branch and host."""
        names = set()
        for state in self.artefacts.glob("*/*/state.json"):
            try:
                value = json.loads(state.read_text(encoding="utf-8"))
                names.add(value["good"]["run"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
        return names

    def entries(self, kept: set[str]) -> list[Entry]:
        """What may go, oldest first."""
        found = [
            Entry(path, stamp_of(path), size_of(path))
            for kind in KEPT
            for path in self.artefacts.glob(f"*/*/{kind}/*")
            if path.name.split(".")[0] not in kept
        ]
        return sorted(found, key=lambda entry: (entry.when, str(entry.path)))

    def too_many(
        self, days: float, total: int, current: str | None = None
    ) -> list[Entry]:
        """What is older than so many days, then the oldest until all that is
        left fits into `total` bytes.  Never a good run, never the current."""
        kept = self.protected() | ({current} if current else set())
        entries = self.entries(kept)
        old = time.time() - days * 86400
        size = size_of(self.artefacts) if self.artefacts.is_dir() else 0
        gone = []
        for entry in entries:
            if entry.when < old or size > total:
                gone.append(entry)
                size -= entry.size
        return gone

    @staticmethod
    def remove(entries: list[Entry]) -> None:
        for entry in entries:
            if entry.path.is_dir() and not entry.path.is_symlink():
                shutil.rmtree(entry.path)
            else:
                entry.path.unlink(missing_ok=True)
