"""A command in, seconds, processor time and peak memory of it and of all its children together out."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

EVERY_S = 0.5


def measured(command: list[str], *, env: dict[str, str], most_s: float) -> dict[str, Any]:
    """Run it; memory is the largest sum of proportional set sizes seen, twice a second.

    Raises SystemExit with the end of what it said where it fails.
    """
    started, before = time.perf_counter(), os.times()
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    done = threading.Event()
    peaks: list[int] = []
    watcher = threading.Thread(target=_watch, args=(process.pid, done, peaks), daemon=True)
    watcher.start()
    try:
        said = process.communicate(timeout=most_s)[0].decode(errors="replace")
    except BaseException:
        os.killpg(process.pid, 9)
        process.wait()
        raise
    finally:
        done.set()
        watcher.join()
    seconds, after = time.perf_counter() - started, os.times()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)[:200]} ended with status {process.returncode}:\n{said[-3000:]}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"seconds": round(seconds, 1), "cpu_s": round(cpu, 1), "peak_gb": round(max(peaks, default=0) / 1024**2, 2)}


def _watch(session: int, done: threading.Event, peaks: list[int]) -> None:
    while not done.wait(EVERY_S):
        peaks.append(sum(_proportional_kb(pid) for pid in _of_session(session)))


def _of_session(session: int) -> list[str]:
    """Processes of the session, found by its number, which children inherit."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                after_name = (folder / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            except OSError:
                continue  # it has ended
            if int(after_name[3]) == session:
                found.append(folder.name)
    return found


def _proportional_kb(pid: str) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:  # it has ended
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
