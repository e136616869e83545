"""Build a Go program that a workload needs beside what it measures.

    build_go.py OUT SOURCE…

By the newest Go of 1.22 or later where the harness looks for it, too: on the
PATH, in /usr/local/go, /usr/lib/go-1.*, ~/sdk and ~/go/bin.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (1, 22)


def version(go: str) -> tuple[int, ...]:
    """Of what cannot be run: nothing, which is older than any."""
    try:
        words = [go, "env", "GOVERSION"]
        text = subprocess.run(words, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ()
    return tuple(map(int, re.findall(r"\d+", text)))


def candidates() -> list[str]:
    found = [shutil.which("go"), "/usr/local/go/bin/go"]
    found += map(str, Path("/usr/lib").glob("go-1.*/bin/go"))
    found += map(str, Path.home().glob("sdk/go*/bin/go"))
    found += map(str, Path.home().glob("go/bin/go1.*"))
    return [go for go in found if go and os.access(go, os.X_OK)]


def main() -> None:
    if len(sys.argv) < 3:
        sys.exit("usage: build_go.py OUT SOURCE…")
    out, *sources = sys.argv[1:]
    go = max(candidates(), key=version, default="")
    if not go or version(go) < OLDEST:
        sys.exit(f"{sources[0]} needs Go 1.22 or later, and there is none")
    words = [go, "build", "-trimpath", "-o", out, *sources]
    sys.exit(subprocess.run(words, check=False).returncode)


if __name__ == "__main__":
    main()
