# SPDX-License-Identifier: MIT
"""Print what cpython.mk needs to know of this interpreter, as NAME=VALUE
words: include (directory of Python.h), extension (how the names of its own
modules end), archive (libpythonX.Y.a, if it is installed) and one lib for each
flag that linking with the archive needs."""

import os
import sysconfig


def main() -> None:
    get = sysconfig.get_config_var
    print(f"include={sysconfig.get_path('include')}")
    print(f"extension={get('EXT_SUFFIX')}")
    archive = os.path.join(get("LIBPL") or "", get("LIBRARY") or "")
    if archive.endswith(".a") and os.path.exists(archive):
        print(f"archive={archive}")
    flags = " ".join(get(name) or "" for name in ("LIBS", "SYSLIBS", "MODLIBS"))
    for flag in dict.fromkeys(flags.split()):
        print(f"lib={flag}")


if __name__ == "__main__":
    main()
