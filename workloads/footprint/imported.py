"""Run a program and write down which files it imported.

`python imported.py LIST PROGRAM [ARGUMENT…]`; SIGTERM ends it in good order.
It imports next to nothing itself, as that would be counted too.
"""

import atexit
import signal
import sys
import types

OWN = __file__


def note(path: str) -> None:
    modules = [m for m in sys.modules.values() if isinstance(m, types.ModuleType)]
    files = {getattr(module, "__file__", None) for module in modules}
    with open(path, "w", encoding="utf-8") as out:
        out.writelines(f"{file}\n" for file in sorted(files - {None, OWN}))


def end(*_: object) -> None:
    sys.exit(0)


def main() -> None:
    _, path, program, *arguments = sys.argv
    sys.argv = [program, *arguments]
    sys.path[0] = program.rpartition("/")[0] or "."
    atexit.register(note, path)
    signal.signal(signal.SIGTERM, end)
    with open(program, "rb") as source:
        code = compile(source.read(), program, "exec")
    module = types.ModuleType("__main__")
    module.__file__ = program
    sys.modules["imported"] = sys.modules["__main__"]  # kept alive
    sys.modules["__main__"] = module
    exec(code, module.__dict__)


main()
