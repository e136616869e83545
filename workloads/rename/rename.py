"""Give the *.csv files of a directory names in lower case, without blanks.

Prints how many were renamed, and how long that took without the interpreter's
start and end.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path


def rename_all(directory: Path) -> int:
    """Others stay; so does a file whose new name is taken: that is an error."""
    renamed = 0
    for path in sorted(directory.glob("*.csv")):
        target = path.with_name(path.name.lower().replace(" ", "_"))
        if target == path:
            continue
        if target.exists():
            raise FileExistsError(f"{path}: there is a {target.name} already")
        path.rename(target)
        renamed += 1
    return renamed


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit("usage: rename.py DIRECTORY")
    start = time.perf_counter_ns()
    renamed = rename_all(Path(sys.argv[1]))
    print(f"figure rename_ns {time.perf_counter_ns() - start} ns")
    print(renamed)


if __name__ == "__main__":
    main()
