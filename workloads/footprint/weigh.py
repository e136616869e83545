"""Weigh all that a Python program needs to run, by part.

Prints lines `figure NAME VALUE B`. The program is run once, to learn which
modules it imports: `--arguments serve` starts a service, asks it whether it is
up and ends it, anything else are the program's arguments.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from pathlib import Path

from requirements import imported, needed_by

TIMEOUT_S = 60
# glibc's own: counted for no language.
LIBC = re.compile(r"(linux-vdso|ld-linux|lib(c|m|dl|pthread|rt|util|resolv)\.so)")
# Of the standard library's directory: what is installed by others, what only
# serves building and testing Python itself, and what Python makes anew.
APART = re.compile(r"(site-packages|dist-packages|__pycache__|test|config-.*)$")
LIBRARY = re.compile(r"=> (/\S+)|^\s*(/\S+)")


def size(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files)


def libraries(files: Iterable[Path]) -> set[Path]:
    """The shared libraries that executables and modules load, but libc."""
    names = [str(file) for file in files]
    if not names:
        return set()
    done = subprocess.run(["ldd", *names], capture_output=True, check=False, text=True)
    found = set()
    for line in done.stdout.splitlines():
        match = LIBRARY.search(line)
        if match and not line.endswith(":"):
            path = Path(match[1] or match[2])
            if not LIBC.match(path.name):
                found.add(path.resolve())
    return found


def walk(directory: Path) -> Iterator[Path]:
    for place, directories, files in os.walk(directory):
        directories[:] = [name for name in directories if not APART.match(name)]
        for name in files:
            path = Path(place, name)
            if not path.is_symlink():
                yield path


def standard_library() -> set[Path]:
    places = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    base = [p for p in places if not p.startswith(sys.prefix + "/")] or places
    return {file.resolve() for place in base for file in walk(Path(place))}


def shared(files: Iterable[Path]) -> list[Path]:
    return [file for file in files if ".so" in file.suffixes]


def packages(program: Path) -> set[Path]:
    """The files of the packages that it needs, without bytecode, which Python
    makes, and without commands."""
    files = set()
    for one in needed_by(program).values():
        for file in one.files or ():
            path = Path(one.locate_file(file))
            outside = ".." in file.parts
            if not outside and path.suffix != ".pyc" and path.is_file():
                files.add(path.resolve())
    return files


def sources(program: Path) -> set[Path]:
    """The program and the files beside it that it imports."""
    seen: set[Path] = set()
    imported(program, seen)
    return seen


def await_health(process: subprocess.Popen, port: int) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    url = f"http://127.0.0.1:{port}/healthz"
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise SystemExit(f"{url}: no answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(program: Path, arguments: str) -> set[Path]:
    """The files that it imports while it runs."""
    port = free_port()
    serve = arguments == "serve"
    with tempfile.TemporaryDirectory() as directory:
        seen = Path(directory) / "imported"
        tracer = Path(__file__).with_name("imported.py")
        words = [sys.executable, "-B", tracer, seen, program]
        process = subprocess.Popen(
            [*map(str, words), *([] if serve else shlex.split(arguments))],
            env={**os.environ, "PORT": str(port)},
            stdout=subprocess.DEVNULL,
        )
        try:
            if serve:
                await_health(process, port)
                process.terminate()
            status = process.wait(TIMEOUT_S)
        finally:
            process.kill()
            process.wait()
        if status != 0 or not seen.exists():
            raise SystemExit(f"{program}: status {status}")
        lines = seen.read_text(encoding="utf-8").splitlines()
    return {Path(line).resolve() for line in lines}


def weigh(program: Path, arguments: str) -> dict[str, int]:
    executable = Path(os.path.realpath(sys.executable))
    interpreter = {executable} | libraries([executable])
    stdlib = standard_library()
    used = stdlib & run(program, arguments)
    site = packages(program)
    parts = {
        "interpreter_bytes": interpreter,
        "stdlib_bytes": stdlib | libraries(shared(stdlib)),
        "packages_bytes": site | libraries(shared(site)),
        "program_bytes": sources(program),
    }
    figures, counted = {}, set()
    for name, files in parts.items():
        figures[name] = size(files - counted)
        counted |= files
    figures["total_bytes"] = sum(figures.values())
    lean = used | libraries(shared(used))
    figures["stdlib_used_bytes"] = size(lean - interpreter)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("--arguments", default="", help="serve: it is a service")
    args = parser.parse_args()
    for name, value in weigh(args.program.resolve(), args.arguments).items():
        print(f"figure {name} {value} B")


if __name__ == "__main__":
    main()
