# SPDX-License-Identifier: MIT
"""A CPython worker: speaks drivers/PROTOCOL.md and leaves the timing to C.

The interpreter runs this file as its script, in the workload's directory.
It imports as little as it can: the process's memory is one of the figures.
"""

from __future__ import annotations

import os
import sys

import _tandem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    Operation = Callable[[], object]

LINE_BYTES = 65536
TRACEBACK_CHARS = 5000  # each may take 12 bytes once it is coded
PLAIN = frozenset(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/:,+*"
)


def encode(text: str) -> str:
    data = text.replace("\0", "\\0").encode("utf-8", "backslashreplace")
    return "".join(chr(byte) if byte in PLAIN else f"%{byte:02X}" for byte in data)


def decode(value: bytes) -> str:
    head, *tail = value.split(b"%")
    parts = [bytes.fromhex(part[:2].decode()) + part[2:] for part in tail]
    return (head + b"".join(parts)).decode("utf-8", "surrogateescape")


class Channel:
    """The control channel: lines of a verb and named texts."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.lines = open(fd, "rb", closefd=False)

    def receive(self) -> tuple[str, dict[str, str]]:
        line = self.lines.readline(LINE_BYTES)
        if not line:
            return "", {}
        verb, *words = line.split()
        pairs = (word.partition(b"=") for word in words)
        return verb.decode(), {name.decode(): decode(value) for name, _, value in pairs}

    def send(self, verb: str, **fields: object) -> None:
        words = [f"{name}={encode(str(value))}" for name, value in fields.items()]
        line = (" ".join([verb, *words]) + "\n").encode()
        if len(line) > LINE_BYTES:
            raise ValueError(
                f"a line of {len(line)} bytes is too long for the control channel;"
                " let the operation return a digest of its answer"
            )
        while line:
            line = line[os.write(self.fd, line) :]


def identity() -> dict[str, object]:
    """What `hello` says; all of it is known without another import."""
    library = _tandem.library()
    shared = ".so" in os.path.basename(library)
    hosting = "shared" if shared else "static"
    if "_tandem" not in sys.builtin_module_names:
        hosting = "stock"
    gil_enabled = getattr(sys, "_is_gil_enabled", lambda: True)
    return {
        "protocol": 1,
        "runtime": sys.implementation.name,
        "version": sys.version.split()[0],
        "build": " ".join(sys.version.split()),
        "hosting": hosting,
        # For code of its own, the linker gives argv[0] as the file's name.
        "library": library if shared else os.readlink("/proc/self/exe"),
        "executable": sys.executable,
        "prefix": sys.prefix,
        "gil": int(gil_enabled()),
        "debug": int(hasattr(sys, "gettotalrefcount")),
        "optimize": sys.flags.optimize,
        "hash_randomization": sys.flags.hash_randomization,
        "hashseed": os.environ.get("PYTHONHASHSEED", "random"),
    }


def load_factory(entry: str) -> Callable[..., Operation]:
    """primes.py:trial -> the function trial of ./primes.py, imported under its
    own name and from its own directory, as the same file run by hand would."""
    file, colon, name = entry.rpartition(":")
    directory, base = os.path.split(os.path.join(os.getcwd(), file))
    module_name, extension = os.path.splitext(base)
    if not colon or extension != ".py":
        raise ValueError(f'entry "{entry}": expected FILE.py:FUNCTION')
    sys.path[0] = directory  # until here the directory of this script
    module = __import__(module_name)
    if not os.path.samefile(module.__file__ or "", os.path.join(directory, base)):
        raise ImportError(f"{file}: {module.__file__} goes by that name; rename it")
    return getattr(module, name)


def convert(text: str, annotation: object) -> object:
    """Annotations are objects, or texts under `from __future__`."""
    if annotation in (str, "str"):
        return text
    if annotation in (float, "float"):
        return float(text)
    try:
        return int(text)
    except ValueError:
        return text


def arguments(factory: Callable[..., Any], fields: dict[str, str]) -> dict[str, object]:
    """The parameters that the factory names (all, if it takes **anything)."""
    given = {name[2:]: text for name, text in fields.items() if name[:2] == "p."}
    code = getattr(factory, "__code__", None)
    takes_any = 0x08  # inspect.CO_VARKEYWORDS
    if code and not code.co_flags & takes_any:
        known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        given = {name: text for name, text in given.items() if name in known}
    notes = getattr(factory, "__annotations__", {})
    return {name: convert(text, notes.get(name)) for name, text in given.items()}


def make_operation(fields: dict[str, str]) -> Operation:
    """From what `setup` holds; also called by what runs `timeit`."""
    factory = load_factory(fields["entry"])
    operation = factory(**arguments(factory, fields))
    if not callable(operation):
        raise TypeError(
            f"{fields['entry']} returned {operation!r}:"
            " expected a callable without arguments, the operation"
        )
    return operation


def describe(failure: BaseException) -> str:
    """The traceback, without this file's frames at its top."""
    frames = failure.__traceback__
    while frames and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    try:
        import traceback  # not before there is a use for it

        lines = traceback.format_exception(type(failure), failure, frames)
        return "".join(lines)[-TRACEBACK_CHARS:].strip()
    except BaseException as second:  # no memory, most likely
        return f"{type(failure).__name__}, then {type(second).__name__}"


class Worker:
    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.expected: list[object] = []  # [], [text] or [text, object]
        self.operation: Operation | None = None

    def setup(self, fields: dict[str, str]) -> None:
        self.operation = make_operation(fields)
        self.expected = [fields["answer"]] if "answer" in fields else []
        self.channel.send("ready")

    def run(self, fields: dict[str, str]) -> None:
        keys = ("count", "loops", "warm", "warm_ns")
        sizes = [int(fields[key]) for key in keys]
        warmed, timed, cpu_ns, gc_cycles, wrong = _tandem.batch(
            self.operation, *sizes, self.expected
        )
        known = self.expected[0] if self.expected else ""
        result = {"answer": known} if wrong is None else {"answer": wrong, "wrong": 1}
        self.channel.send(
            "done",
            count=timed,
            warm=warmed,
            cpu_ns=cpu_ns,
            gc_cycles=gc_cycles,
            **result,
        )

    def quit(self, fields: dict[str, str]) -> None:
        """What the operation has to tell besides its times, if anything."""
        figures = getattr(self.operation, "figures", dict)
        for name, (value, unit) in figures().items():
            self.channel.send("figure", name=name, value=float(value), unit=unit)

    def serve(self) -> int:
        self.channel.send("hello", **identity())
        verbs = {"setup": self.setup, "run": self.run, "quit": self.quit}
        verb = ""
        while verb != "quit":
            verb, fields = self.channel.receive()
            if not verb:  # the harness is gone
                break
            try:
                verbs[verb](fields)
            except BaseException as failure:  # SystemExit too: it is the workload's
                self.channel.send("error", message=describe(failure))
                return 1
        return 0


def main() -> int:
    if "TANDEM_CONTROL" not in os.environ:
        print("tandem starts this program; it is of no use by hand", file=sys.stderr)
        return 2
    # A process that the workload starts must not take itself for a worker.
    names = ("TANDEM_CONTROL", "TANDEM_SAMPLES", "TANDEM_PROTOCOL")
    control, samples, _ = (int(os.environ.pop(name)) for name in names)
    os.set_inheritable(control, False)
    os.set_inheritable(samples, False)
    _tandem.map(samples)
    return Worker(Channel(control)).serve()


if __name__ == "__main__":
    sys.exit(main())
