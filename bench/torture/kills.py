"""kill -9 of a run with all its children at random moments of every step."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress

from bench.torture.ground import LIMIT_S, STEPS, Ground, events
from tests.flows.conftest import Fazhi

MOST_IN_A_ROW = 6  # then the run is let through, so that every kill finds something left to do
MOST_TRIES = 4  # of one point, each in half of the time of the one before: a step may be quicker than it was


def points_of(ground: Ground, points: int) -> list[tuple[str, float]]:
    """Step and share of it for each point; they follow from the seed."""
    moments = [(STEPS[number % len(STEPS)], ground.chance.random()) for number in range(points)]
    ground.chance.shuffle(moments)
    return moments


def strike(ground: Ground, points: int, numbers: Sequence[int] = ()) -> int:
    """Kill so often, or until the time is up; returns how often. numbers: these points of them alone."""
    chosen = [(number, *at) for number, at in enumerate(points_of(ground, points), start=1)]
    chosen = [point for point in chosen if point[0] in numbers] if numbers else chosen
    fazhi, row, struck = ground.copy("killed"), 0, 0
    for position, (number, step, share) in enumerate(chosen):
        if ground.time_is_up(f"kills {', '.join(str(point[0]) for point in chosen[position:])}"):
            break
        for attempt in range(MOST_TRIES):
            what = f"kill {number} in {step} at {share / 2**attempt:.0%}"
            alive = _kill(fazhi, step, share / 2**attempt * float(ground.seconds.get(step, 1.0)))
            state, row = ground.old_or_new(what, fazhi), row + 1
            print(f"  {what}: {'killed' if alive else 'had ended before'}, {state}", flush=True)
            if state != "old" or row == MOST_IN_A_ROW:
                ground.recovers(what, fazhi)
                fazhi, row = ground.copy("killed"), 0
            if alive:
                struck += 1
                break
    ground.recovers("after the last kill", fazhi)
    return struck


def _kill(fazhi: Fazhi, step: str, after_s: float) -> bool:
    """Start a run and kill it so long after the step has begun; False where it ended before."""
    seen = _started(fazhi, step)
    run = fazhi.start("run")
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline and run.poll() is None:
        if _started(fazhi, step) > seen:
            time.sleep(after_s)
            break
        time.sleep(0.02)
    alive = run.poll() is None
    # once polled, a run that ended is gone, and so may its group be
    with suppress(ProcessLookupError):
        os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    return alive


def _started(fazhi: Fazhi, step: str) -> int:
    return sum(event["step"] == step and event["event"] == "started" for event in events(fazhi))
