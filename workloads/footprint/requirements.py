"""Which installed packages a program needs: those that it imports, and theirs.

What it imports is read from its source; where workloads/requirements.in asks
for one of these with extras, they count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.metadata import (
    Distribution,
    PackageNotFoundError,
    distribution,
    distributions,
)
from pathlib import Path

try:
    from packaging.requirements import InvalidRequirement, Requirement
    from packaging.utils import canonicalize_name
except ImportError:  # every virtual environment has pip
    from pip._vendor.packaging.requirements import InvalidRequirement, Requirement
    from pip._vendor.packaging.utils import canonicalize_name

WANTED = Path(__file__).resolve().parent.parent / "requirements.in"


def imported(program: Path, seen: set[Path] | None = None) -> set[str]:
    """Top-level modules that the program and the files beside it import."""
    seen = set() if seen is None else seen
    seen.add(program)
    names = set()
    for node in ast.walk(ast.parse(program.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    for name in list(names):
        beside = program.with_name(f"{name}.py")
        if beside.is_file():
            names.discard(name)
            if beside not in seen:
                names |= imported(beside, seen)
    return names


def providers(modules: set[str]) -> set[str]:
    """The canonical names of the distributions that the modules come from."""
    names = set()
    for one in distributions():
        tops = {file.parts[0].partition(".")[0] for file in one.files or ()}
        if tops & modules:
            names.add(canonicalize_name(one.metadata["Name"]))
    return names


def asked_for() -> Iterator[Requirement]:
    for line in WANTED.read_text(encoding="utf-8").splitlines():
        try:
            yield Requirement(line)
        except InvalidRequirement:  # a comment, or nothing
            continue


def applies(requirement: Requirement, extra: str) -> bool:
    marker = requirement.marker
    return marker is None or marker.evaluate({"extra": extra})


def closure(requirements: list[Requirement]) -> dict[str, Distribution]:
    """Name -> distribution of all that is needed, as it is installed."""
    found: dict[str, Distribution] = {}
    done: set[tuple[str, str]] = set()
    waiting = [(r, extra) for r in requirements for extra in ("", *r.extras)]
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        if (name, extra) in done:
            continue
        done.add((name, extra))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            raise SystemExit(f"{name} is needed and not installed") from None
        for text in found[name].requires or ():
            needed = Requirement(text)
            if applies(needed, extra):
                waiting += [(needed, e) for e in ("", *needed.extras)]
    return found


def needed_by(program: Path) -> dict[str, Distribution]:
    direct = providers(imported(program))
    wanted = [
        r for r in asked_for() if canonicalize_name(r.name) in direct and applies(r, "")
    ]
    named = {canonicalize_name(r.name) for r in wanted}
    return closure(wanted + [Requirement(name) for name in sorted(direct - named)])
