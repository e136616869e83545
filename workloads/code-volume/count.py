"""Count the lines of Python code of every pair of programs in workloads/.

A pair is the default implementation of a workload in both languages. Counted
are lines that hold code: no blank ones, no comments, no docstrings; and only
statements that the implementation's entry needs, directly or not.
"""

from __future__ import annotations

import argparse
import ast
import configparser
import io
import shutil
import subprocess
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

LANGUAGE = "cpython"
LANGUAGES = ("cpython", "go")
LAYOUT = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def docstrings(tree: ast.Module) -> set[tuple[int, int]]:
    """Where the docstrings begin."""
    places = set()
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False):
            places.add((node.body[0].lineno, node.body[0].col_offset))
    return places


def code_lines(source: str, tree: ast.Module) -> set[int]:
    """The numbers of the lines that hold code."""
    lines = set()
    documentation = docstrings(tree)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT and token.start not in documentation:
            lines.update(range(token.start[0], token.end[0] + 1))
    text = source.splitlines()
    return {line for line in lines if text[line - 1].strip()}


def bound(statement: ast.stmt) -> set[str]:
    """The names that a statement of a module gives a value."""
    if isinstance(statement, DEFINITIONS):
        return {statement.name}
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name.partition(".")[0])
    return names


def imports(node: ast.AST) -> Iterator[tuple[str, str | None, str]]:
    """(module, name in it or None, name here) of every import in it."""
    for child in ast.walk(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield alias.name, None, alias.asname or alias.name
        elif isinstance(child, ast.ImportFrom):
            for alias in child.names:
                yield child.module or "", alias.name, alias.asname or alias.name


def used(statement: ast.stmt) -> set[str]:
    """The names that it reads; `module.name` beside `module`."""
    names = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            names.add(f"{node.value.id}.{node.attr}")
    return names


class Module:
    """A file, and which of its statements have been reached."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.source = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.source)
        self.reached: set[int] = set()

    def binders(self, name: str) -> Iterable[int]:
        return [i for i, s in enumerate(self.tree.body) if name in bound(s)]

    def lines(self) -> int:
        code = code_lines(self.source, self.tree)
        spans = set()
        for i in self.reached:
            statement = self.tree.body[i]
            decorators = getattr(statement, "decorator_list", [])
            first = min([statement.lineno, *(d.lineno for d in decorators)])
            spans.update(range(first, statement.end_lineno + 1))
        return len(code & spans)


class Program:
    """What an entry needs, found from name to name and from file to file."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.modules: dict[str, Module] = {}

    def module(self, name: str) -> Module | None:
        """The module, if it is one of the workload's own."""
        path = self.directory / f"{name}.py"
        if name not in self.modules and path.is_file():
            self.modules[name] = Module(path)
            self.reach_future(self.modules[name])
        return self.modules.get(name)

    def reach_future(self, module: Module) -> None:
        for i, statement in enumerate(module.tree.body):
            if isinstance(statement, ast.ImportFrom):
                if statement.module == "__future__":
                    module.reached.add(i)

    def reach_name(self, module: Module, name: str) -> None:
        for i in module.binders(name):
            self.reach(module, i)

    def reach_all(self, module: Module) -> None:
        for i, statement in enumerate(module.tree.body):
            is_text = isinstance(statement, ast.Expr) and isinstance(
                statement.value, ast.Constant
            )
            if not is_text:
                self.reach(module, i)

    def reach(self, module: Module, i: int) -> None:
        if i in module.reached:
            return
        module.reached.add(i)
        statement = module.tree.body[i]
        for name in used(statement):
            self.reach_name(module, name)
            self.follow(module, name)
        if isinstance(statement, DEFINITIONS):
            for origin, name, here in imports(statement):
                self.cross(origin, name, here, used(statement))

    def follow(self, module: Module, name: str) -> None:
        """Into the workload's own modules, where the name came from one."""
        for statement in module.tree.body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                for origin, original, here in imports(statement):
                    self.cross(origin, original, here, {name})

    def cross(self, origin: str, name: str | None, here: str, names: set[str]) -> None:
        if name is None:
            wanted = {n.partition(".")[2] for n in names if n.startswith(here + ".")}
        else:
            wanted = {name} if here in names else set()
        other = self.module(origin) if wanted else None
        for one in wanted if other else ():
            self.reach_name(other, one)


def count(directory: Path, entries: list[str], kind: str) -> dict[str, int]:
    """File -> lines that the entries need."""
    program = Program(directory)
    for entry in entries:
        file, _, name = entry.split()[0].partition(":")
        module = program.module(Path(file).stem)
        if module is None:
            raise SystemExit(f"{directory / file}: there is no such file")
        if kind == "function":
            program.reach_name(module, name)
        else:
            program.reach_all(module)
    return {m.path.name: m.lines() for m in program.modules.values() if m.reached}


def sections(ini: configparser.ConfigParser, kind: str) -> dict[str, dict[str, str]]:
    names = [name for name in ini.sections() if name.startswith(kind + " ")]
    return {name.partition(" ")[2]: dict(ini[name]) for name in names}


def expanded(entry: str, sets: Iterable[dict[str, str]]) -> list[str]:
    """The entry with each set's parameters; once, if it has none."""
    found = []
    for keys in sets:
        text = entry
        for parameter, value in keys.items():
            text = text.replace("{" + parameter + "}", value)
        found.append(text)
    return list(dict.fromkeys(found))


def entries_of(ini: configparser.ConfigParser, language: str) -> list[str]:
    """Those of the default implementation, or of the first that the language
    has."""
    implementations = sections(ini, "implementation")
    sets = sections(ini, "set").values()
    first = ini["workload"].get("default", "")
    for name in [first, *implementations]:
        entry = implementations.get(name, {}).get(language, "{runtime}")
        entries = expanded(entry, sets)
        if not any("{" in one.split()[0] for one in entries):
            return entries
    return []


def is_pair(ini: configparser.ConfigParser) -> bool:
    """Both languages have it, and answers show that they do the same."""
    sets = sections(ini, "set").values()
    compared = any(keys.get("answer") != "none" for keys in sets)
    return compared and all(entries_of(ini, language) for language in LANGUAGES)


def pairs(workloads: Path) -> Iterator[tuple[Path, list[str], str]]:
    """(directory, entries, kind) of every workload that is a pair."""
    for file in sorted(workloads.glob("*/*.ini")):
        ini = configparser.ConfigParser(
            inline_comment_prefixes=";", interpolation=None, strict=False
        )
        ini.read(file, encoding="utf-8")
        if file.stem == file.parent.name and is_pair(ini):
            kind = ini["workload"].get("kind", "function")
            yield file.parent, entries_of(ini, LANGUAGE), kind


def unformatted(files: list[Path]) -> int | None:
    """How many `ruff format` would change; None without ruff."""
    ruff = shutil.which("ruff")
    if not ruff or not files:
        return None
    words = [ruff, "format", "--no-cache", "--check", *map(str, files)]
    done = subprocess.run(words, capture_output=True, check=False, text=True)
    return sum(line.startswith("Would reformat") for line in done.stdout.splitlines())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workloads", type=Path)
    parser.add_argument("--files", action="store_true", help="list the files, too")
    args = parser.parse_args()
    total, files = 0, []
    for directory, entries, kind in pairs(args.workloads):
        lines = count(directory, entries, kind)
        if args.files:
            for name, number in sorted(lines.items()):
                print(f"{number:5} {directory.name}/{name}")
        figure = directory.name.replace("-", "_")
        print(f"figure lines_{figure} {sum(lines.values())} lines")
        total += sum(lines.values())
        files += [directory / name for name in lines]
    print(f"figure total_lines {total} lines")
    changed = unformatted(files)
    if changed is not None:
        print(f"figure unformatted {changed} files")


if __name__ == "__main__":
    main()
