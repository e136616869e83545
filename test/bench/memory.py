"""What tandem itself holds in memory for ten million samples, from the first
worker to the last line of the table, and how long the table then takes.

The figure is VmHWM, the peak of the process's own resident set, read every few
milliseconds until it is gone; ru_maxrss would begin with this program's size.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from figures import TANDEM, Run, scratch, verdict

SAMPLES = 10_000_000
BATCH = 65_532  # what fits into the sample buffer
PAIRS = 3
TURNS = -(-SAMPLES // (BATCH * PAIRS * 2)) * 2  # an even number of them
LIMIT_MB = 32  # 10^6 bytes


def peak_bytes(process: subprocess.Popen[str]) -> int:
    """0 when the process has none left."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) * 1024 if lines else 0


def watch(*words: str | Path) -> tuple[int, int]:
    """Runs tandem; its peak in bytes, and when it ended."""
    peak = 0
    with subprocess.Popen(
        [TANDEM, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        while process.poll() is None:
            peak = max(peak, peak_bytes(process))
            time.sleep(0.003)
        end_ns = time.monotonic_ns()
        assert process.stderr is not None
        if process.returncode:
            raise SystemExit(f"tandem {words[0]}: {process.stderr.read()}")
    return peak, end_ns


def report(what: str, peak: int) -> None:
    megabytes = peak / 1e6
    verdict(
        0 < megabytes < LIMIT_MB, what, f"{megabytes:.1f} MB", f"under {LIMIT_MB} MB"
    )


def main() -> int:
    with scratch() as out:
        peak, end_ns = watch(
            *("run", "empty", "--workloads", Path("test/bench/workloads")),
            *("--runtime", "null-1", "--pairs", str(PAIRS), "--loops", "1"),
            *("--count", str(BATCH), "--repetitions", str(TURNS // 2)),
            *("--out", out),
        )
        (path,) = out.iterdir()
        run = Run(path)
        finish_ns = run.journal()[-1]["ns"]
        (group,) = run.read("summary.json")["groups"]
        samples = group["cases"][0]["samples"]
        if samples < SAMPLES:
            raise SystemExit(f"only {samples} samples")
        begin_ns = time.monotonic_ns()
        show_peak, show_end_ns = watch("show", path)
    print(
        f"{samples} samples: summary, histograms and table took"
        f" {(end_ns - finish_ns) / 1e9:.1f} s after the last of them,"
        f" tandem show {(show_end_ns - begin_ns) / 1e9:.1f} s"
    )
    report("memory of tandem run with 10 million samples", peak)
    report("memory of tandem show with 10 million samples", show_peak)
    return 0


if __name__ == "__main__":
    sys.exit(main())
