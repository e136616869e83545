"""The files that this interpreter needs for handler.py, one a line."""

import json  # noqa: F401  (what the handler imports)
import os
import sys


def main() -> None:
    found = {sys.executable, *map(os.path.abspath, sys.argv[1:])}
    for module in list(sys.modules.values()):
        spec = getattr(module, "__spec__", None)
        if spec is not None and spec.has_location:
            found.update(path for path in (spec.origin, spec.cached) if path)
    with open("/proc/self/maps", encoding="utf-8") as maps:
        found.update(line.split()[5] for line in maps if line.split()[5:])
    for path in sorted(found):
        if path.startswith("/"):
            print(path)


if __name__ == "__main__":
    main()
