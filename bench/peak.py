"""Peak memory of this process, from Linux's own account of it."""

from __future__ import annotations

from pathlib import Path


def peak_mb() -> float:
    """High-water mark of the resident set, in MB of 1,024 kB.

    Read from /proc/self/status: getrusage's ru_maxrss starts, in a child process, with the parent's own peak.
    """
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("/proc/self/status has no line VmHWM")
