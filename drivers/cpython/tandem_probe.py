# SPDX-License-Identifier: MIT
"""Print as JSON what the cpython driver asks of an interpreter.

Runs in whatever is called python3, so it keeps to what 3.3 knows.
"""

import json
import os
import sys
import sysconfig


def mapped_library():
    """The libpython that this process runs in; None: the executable's own."""
    with open("/proc/self/maps") as maps:
        for line in maps:
            path = line.split(None, 5)[-1].strip()
            name = os.path.basename(path)
            if name.startswith("libpython") and ".so" in name:
                return path
    return None


def installed(*variables):
    """The file that these build variables name, if it is there."""
    path = os.path.join(*[sysconfig.get_config_var(v) or "" for v in variables])
    return path if os.path.isfile(path) else None


def known(*marks):
    """True, or None: a build that does not say so may still have done it."""
    names = ("CONFIG_ARGS", "PY_CORE_CFLAGS", "PY_CORE_LDFLAGS")
    flags = " ".join([sysconfig.get_config_var(name) or "" for name in names])
    return any(mark in flags for mark in marks) or None


def optimization():
    """The last -O of the compiler's flags, which is the one that counts."""
    flags = (sysconfig.get_config_var("PY_CFLAGS") or "").split()
    return ([flag for flag in flags if flag.startswith("-O")] or [None])[-1]


def main():
    library = mapped_library()
    archive = installed("LIBPL", "LIBRARY")
    facts = {
        "implementation": sys.implementation.name,
        "version": sys.version.split()[0],
        "sys_version": sys.version,
        "executable": os.path.realpath(sys.executable),
        "prefix": sys.prefix,
        "base_prefix": getattr(sys, "base_prefix", sys.prefix),
        "library": library,
        "libpython": library or installed("LIBDIR", "INSTSONAME"),
        "archive": archive if archive and archive.endswith(".a") else None,
        "config_args": sysconfig.get_config_var("CONFIG_ARGS"),
        "cflags": sysconfig.get_config_var("PY_CFLAGS"),
        "optimization": optimization(),
        "pgo": known("--enable-optimizations", "-fprofile-use"),
        "lto": known("--with-lto", "-flto"),
        "debug": hasattr(sys, "gettotalrefcount"),
        "extension": sysconfig.get_config_var("EXT_SUFFIX"),
        "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    }
    print(json.dumps(facts, sort_keys=True))


if __name__ == "__main__":
    main()
