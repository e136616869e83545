"""What compileall finds: sources copied once, with byte code or without.

    prepare.py cold|warm|touched SRC PROGRAM [DISTRIBUTION…]

SRC gets the program (below workloads/) and the Python files of the
distributions and of all that they require. Of cold there is no byte code, of
warm all of it, of touched all but that of the program, which has changed.
"""

from __future__ import annotations

import compileall
import re
import shutil
import sys
import time
from importlib import metadata
from pathlib import Path

WORKLOADS = Path(__file__).resolve().parent.parent


def closure(names: list[str]) -> dict[str, metadata.Distribution]:
    """The distributions and all that they require here, without extras."""
    found: dict[str, metadata.Distribution] = {}
    while names:
        name = re.sub(r"[-_.]+", "-", names.pop()).lower()
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another version or system
        for requirement in found[name].requires or ():
            if "extra ==" not in requirement:
                names.append(re.match(r"[\w.-]+", requirement)[0])
    return found


def copy(program: Path, distributions: list[str], to: Path) -> None:
    to.mkdir(parents=True)
    shutil.copy(program, to)
    for distribution in closure(distributions).values():
        for file in distribution.files or ():
            if file.suffix == ".py" and ".." not in file.parts:
                target = to / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(distribution.locate_file(file), target)


def forget(source: Path) -> None:
    for cache in list(source.rglob("__pycache__")):
        shutil.rmtree(cache)


def main() -> None:
    state, source, program = sys.argv[1], Path(sys.argv[2]), WORKLOADS / sys.argv[3]
    if not source.is_dir():
        copy(program, sys.argv[4:], source)
    if state == "cold":
        forget(source)
        return
    compileall.compile_dir(source, quiet=1)
    if state == "touched":
        text = program.read_text(encoding="utf-8")
        touched = f'\nTOUCHED = "{time.time_ns()}"\n'
        (source / program.name).write_text(text + touched, encoding="utf-8")


if __name__ == "__main__":
    main()
