"""kill -9 at five places of a run, then the same command again: the tables of an undisturbed run, nothing doubled."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.flows.conftest import Fazhi, differences

PLACES = ("harvest", "extract", "build", "marts-gate", "publish")
LIMIT_S = 240.0


def started(log: Path, step: str) -> int:
    if not log.exists():
        return 0
    events = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.endswith("}")]
    return sum(event["step"] == step and event["event"] == "started" for event in events)


def kill_in(fazhi: Fazhi, step: str, seen: int) -> bool:
    """Start a run and kill it, with all its children, when the step begins; False where it ended before."""
    run = fazhi.start("run")
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline and run.poll() is None:
        if started(fazhi.home / "logs" / "events.jsonl", step) > seen:
            if step in ("harvest", "build"):
                time.sleep(0.4)  # well inside the step, not at its edge
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            return True
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    return False


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_killed_at_five_places(undisturbed: tuple[Fazhi, str], prefect_api: str, tmp_path: Path) -> None:
    fazhi = Fazhi(tmp_path / "home", prefect_api)
    for step in PLACES:
        seen = started(fazhi.home / "logs" / "events.jsonl", step)
        assert kill_in(fazhi, step, seen), f"the run ended before {step} began"
        if fazhi.warehouse.exists():
            assert differences(fazhi, undisturbed[0]) == {}
    result = fazhi("run")
    assert result.returncode == 0, result.stderr
    assert differences(fazhi, undisturbed[0]) == {}
