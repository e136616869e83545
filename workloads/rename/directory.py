"""Make the directory that is renamed in, and look at it afterwards.

    directory.py make PATH --files 1000 [--cache cold]
    directory.py check PATH --files 1000
    directory.py permission PATH --cache cold

`--cache cold` has the kernel forget what it knows of all directories and files,
which only root may ask for. `permission` writes to PATH whether that can be
done, or fails.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

DROP = "/proc/sys/vm/drop_caches"
IN_MEMORY = ("tmpfs", "ramfs")


def names(number: int) -> tuple[str, str]:
    """What a file is called before and after."""
    kind = number % 10
    if kind == 7:
        return (f"stock_{number:04}.csv",) * 2
    if kind == 8:
        return (f"Notes {number}.txt",) * 2
    if kind == 9:
        return (f"Totals {number}.CSV",) * 2
    before = f"Sales Report 2026-{1 + number % 12:02} No {number}.csv"
    return before, before.lower().replace(" ", "_")


def make(directory: Path, files: int) -> None:
    directory.mkdir()
    for number in range(files):
        (directory / names(number)[0]).touch()


def check(directory: Path, files: int) -> None:
    found = set(os.listdir(directory))
    wanted = {names(number)[1] for number in range(files)}
    if found != wanted:
        wrong = sorted(found ^ wanted)
        sys.exit(f"{len(wrong)} names are not as expected, the first: {wrong[0]}")


def file_system(path: Path) -> str:
    """The type of the file system that holds a path, from mountinfo(5)."""
    device = path.stat().st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    with open("/proc/self/mountinfo", encoding="utf-8") as mounts:
        for line in mounts:
            left, _, right = line.partition(" - ")
            if left.split()[2] == number:
                return right.split()[0]
    return "unknown"


def drop(directory: Path) -> None:
    kind = file_system(directory)
    if kind in IN_MEMORY:
        sys.exit(f"{directory} lies in a {kind}, which is never cold")
    os.sync()  # what has not been written cannot be forgotten
    with open(DROP, "w", encoding="ascii") as file:
        file.write("3\n")


def permission(out: Path, cold: bool) -> None:
    """Opening is refused already, unless one is root; nothing is written."""
    if cold:
        try:
            os.close(os.open(DROP, os.O_WRONLY))
        except OSError as refused:
            sys.exit(f"a cold directory is not to be had: {DROP}: {refused.strerror}")
    out.write_text("permitted\n", encoding="ascii")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("action", choices=["make", "check", "permission"])
    parser.add_argument("path", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--cache", choices=["warm", "cold"], default="warm")
    args = parser.parse_args()
    if args.action == "check":
        check(args.path, args.files)
    elif args.action == "permission":
        permission(args.path, args.cache == "cold")
    else:
        make(args.path, args.files)
        if args.cache == "cold":
            drop(args.path)


if __name__ == "__main__":
    main()
