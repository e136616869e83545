"""Put the archives in place for an execution that shall find them; not timed.

`fill.py no …` does nothing: the cache stays cold. What is there already is
not fetched again.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path


def fill_pip(wheels: Path) -> None:
    if any(wheels.glob("*.whl")):
        return
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    wanted = ["--requirement", "service.txt", "--constraint", "../requirements.txt"]
    environment = {**os.environ, "PIP_NO_INDEX": "no"}
    words = [*pip, "download", "--dest", str(wheels), *wanted]
    subprocess.run(words, env=environment, check=True)


def forget_unpacked(modules: Path) -> None:
    """Leave the archives and drop what was unpacked from them."""
    for entry in modules.iterdir():
        if entry.name != "cache":
            shutil.rmtree(entry)


def fill_go(cache: Path) -> None:
    modules = cache / "modules"
    if not modules.exists():
        environment = {**os.environ, "GOMODCACHE": str(modules)}
        subprocess.run(["go", "mod", "download"], env=environment, check=True)
    forget_unpacked(modules)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("filled", choices=("yes", "no"))
    parser.add_argument("tool", choices=("pip", "go"))
    parser.add_argument("cache", type=Path)
    args = parser.parse_args()
    if args.filled == "yes":
        (fill_pip if args.tool == "pip" else fill_go)(args.cache)


if __name__ == "__main__":
    main()
