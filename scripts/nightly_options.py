"""The options of scripts/nightly, from its arguments and its environment."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

from nightly_store import host_kind

ROOT = Path(__file__).resolve().parent.parent
UNITS = {"kB": 10**3, "MB": 10**6, "GB": 10**9}


def size_bytes(text: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(kB|MB|GB)", text)
    if not found:
        raise argparse.ArgumentTypeError(f'not a size such as 500MB or 2GB: "{text}"')
    return int(float(found[1]) * UNITS[found[2]])


def default_branch(source: Path) -> str:
    for name in ("GITHUB_REF_NAME", "CI_COMMIT_REF_NAME"):
        if os.environ.get(name):
            return os.environ[name]
    done = subprocess.run(
        ["git", "-C", str(source), "rev-parse", "--abbrev-ref", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "main"


def parser(about: str) -> argparse.ArgumentParser:
    """Every option has a variable: --keep-days, NIGHTLY_KEEP_DAYS."""
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    out = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawDescriptionHelpFormatter
    )

    def add(name: str, default: str, text: str, **more: Any) -> None:
        variable = "NIGHTLY_" + name.upper().replace("-", "_")
        out.add_argument(
            f"--{name}",
            default=os.environ.get(variable) or default,
            help=f"{text} ({variable}; default: {default or 'none'})".replace(
                "%", "%%"
            ),
            **more,
        )

    add("suite", "bench", "what to measure; all: every workload")
    add("threshold", "2%", "the least slowdown that matters")
    add("artefacts", f"{state}/tandem/nightly", "where all is kept", type=Path)
    add("branch", "", "whose runs are compared; else CI's or git's word")
    add("host", "", "kind of machine; else processor and CPUs")
    add("keep-days", "60", "runs and reports that are older go", type=float)
    add("keep-size", "2GB", "the oldest go until all fits", type=size_bytes)
    add("attempts", "2", "measurements of an undecided suspect", type=int)
    add("rerun-options", "", "what `tandem compare --rerun` is told besides")
    add("tandem", str(ROOT / "build/bin/tandem"), "the program")
    add("source", str(ROOT), "the git repository", type=Path)
    add("summary", os.environ.get("GITHUB_STEP_SUMMARY", ""), "also append the report")
    out.add_argument("--workload", action="append", default=[], help="only this one")
    out.add_argument("--no-rerun", dest="rerun", action="store_false")
    out.add_argument("--accept", metavar="RUN", help="make RUN the good run")
    out.add_argument("--dry-run", action="store_true", help="only say what would be")
    return out


def read_options(about: str, words: list[str]) -> argparse.Namespace:
    """What follows "--" is for `tandem run`."""
    at = words.index("--") if "--" in words else len(words)
    options = parser(about).parse_args(words[:at])
    options.rerun_options = shlex.split(options.rerun_options)
    options.extra = words[at + 1 :]
    options.branch = options.branch or default_branch(options.source)
    options.host = options.host or host_kind()
    options.artefacts = options.artefacts.expanduser().absolute()
    return options
