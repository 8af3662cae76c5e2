"""A clock that jumps: libfaketime gives the whole process tree another time; without it $FAZHI_NOW does for our own part."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

from bench.torture.ground import ENDED_WELL, Ground, Home
from tests.flows.conftest import Fazhi

JUMPS = (("+400 days", timedelta(days=400)), ("-400 days", timedelta(days=-400)), ("back to now", timedelta(0)))


def jump(ground: Ground) -> str:
    """Build at three times in turn; returns how the time was set."""
    fazhi, tool = ground.copy("clock"), shutil.which("faketime")
    reports = ground.new.rows("select report_id from marts.fct_report order by 1")
    for name, by in JUMPS:
        what = f"clock {name}"
        if ground.time_is_up(what):
            break
        shifted = _shifted(fazhi, by, tool)
        result = shifted("run", "--force")
        ground.check(f"{what}: the run ends well", result.returncode in ENDED_WELL, result.stderr)
        found = fazhi.rows("select report_id from marts.fct_report order by 1")
        ground.check(f"{what}: no report lost or doubled", found == reports, (len(found), len(reports)))
        listed = fazhi("snapshots")
        ground.check(f"{what}: snapshots are listed", listed.returncode == 0, listed.stderr)
    ground.recovers("clock, afterwards", fazhi, "run", "--force")
    return "faketime" if tool else "FAZHI_NOW"


def _shifted(fazhi: Fazhi, by: timedelta, tool: str | None) -> Fazhi:
    """The same home at another time."""
    other = Home(fazhi.home, fazhi.environment["PREFECT_API_URL"])
    if not by:
        return other
    if tool:
        other.command = [tool, "-f", f"{int(by.total_seconds()):+d}s", *other.command]
        other.environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1"
    else:
        other.environment["FAZHI_NOW"] = (datetime.now(UTC) + by).isoformat()
    return other
