"""Nothing in, what a figure was measured on out: machine, versions, revision, and how much the machine's speed swings."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("duckdb", "dbt-core", "dbt-duckdb", "prefect", "great-expectations", "lxml", "selectolax", "pyarrow")
LOOP = 300_000
TIMES = 15
STAT = Path("/proc/stat")


def machine() -> dict[str, Any]:
    """Cores, processor, memory, system, and how busy it is now."""
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _field("/proc/cpuinfo", "model name"),
        "memory_gb": round(int(_field("/proc/meminfo", "MemTotal").split()[0]) / 1024**2, 1),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 1),
    }


def versions() -> dict[str, str]:
    """Packages whose speed is measured with ours."""
    return {name: metadata.version(name) for name in PACKAGES}


def revision() -> str:
    """The commit, with a + where files differ from it."""
    said = [
        subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
        for words in (["rev-parse", "--short=10", "HEAD"], ["status", "--porcelain", "--untracked-files=no"])
    ]
    return (said[0] or "no git") + ("+" if said[1] else "")


def noise() -> dict[str, float]:
    """The same small work several times: its median in ms of wall time, and the share by which the slowest is slower.

    A median far from that of another run, or a large share, says that something else had the processor.
    """
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        sum(number * number for number in range(LOOP))
        taken.append((time.perf_counter() - start) * 1000)
    middle = statistics.median(taken)
    return {"loop_ms": round(middle, 1), "swing": round(max(taken) / middle - 1, 2)}


class Stolen:
    """How much of a stretch of time the host of a virtual machine gave to others: walls get longer by it, work does not."""

    def __init__(self) -> None:
        self._before = _times()

    def share(self) -> float:
        """Share since the start, 0 to 1; 0 where the system does not tell."""
        spent = [now - before for now, before in zip(_times(), self._before, strict=True)]
        return round(spent[1] / spent[0], 3) if spent[0] else 0.0


def _times() -> tuple[int, int]:
    """All cores' time so far and what of it was stolen, in ticks (proc(5))."""
    if not STAT.exists():
        return 0, 0
    ticks = [int(field) for field in STAT.read_text(encoding="ascii").splitlines()[0].split()[1:9]]
    return sum(ticks), ticks[7]


def _field(file: str, name: str) -> str:
    for line in Path(file).read_text(encoding="ascii", errors="replace").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == name:
            return value.strip()
    return "unknown 0"
