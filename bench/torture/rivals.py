"""Two runs at once, and readers all the while: one writes, the other is told who does; nobody reads anything between."""

from __future__ import annotations

import subprocess
import time

from bench.torture.ground import ENDED_WELL, LIMIT_S, Ground, tells
from flows.errors import Exit


def rival(ground: Ground) -> int:
    """Returns how often the published file was read meanwhile."""
    fazhi = ground.copy("rivals")
    writer = subprocess.Popen(
        [*fazhi.command, "run"], env=fazhi.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + LIMIT_S
    lock = fazhi.home / "write.lock"
    while (
        time.monotonic() < deadline
        and writer.poll() is None
        and not (lock.exists() and lock.read_text("utf-8").strip())
    ):
        time.sleep(0.02)
    second = fazhi("run")
    ground.check("two runs: the second ends with status 5", second.returncode == Exit.LOCKED, second.stderr)
    tells(ground, "two runs", second.stderr, "held by pid", "wait until it ends")
    reads = 0
    counts = {tuple(state.rows("select count(*) from marts.fct_report")) for state in (ground.old, ground.new)}
    while writer.poll() is None and time.monotonic() < deadline:
        found = tuple(fazhi.rows("select count(*) from marts.fct_report"))
        reads += 1
        if found not in counts:
            ground.check("two runs: a reader sees the old or the new", False, found)
        time.sleep(0.5)
    said = writer.communicate(timeout=30)[1]
    ground.check("two runs: the first ends well", writer.returncode in ENDED_WELL, said)
    ground.check("two runs: the published file is the new one", ground.old_or_new("two runs", fazhi) == "new")
    return reads
