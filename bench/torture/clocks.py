"""A clock that jumps: the whole process tree is given another date by a preloaded library; where no compiler is,
$FAZHI_NOW does it for our own part. (libfaketime breaks CPython's sleeping.)"""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.torture.ground import Ground, Home
from flows.errors import Exit
from tests.flows.conftest import Fazhi

JUMPS = (("+400 days", timedelta(days=400)), ("-400 days", timedelta(days=-400)), ("back to now", timedelta(0)))
SOURCE = Path(__file__).with_name("shifted_clock.c")


def jump(ground: Ground) -> str:
    """Run at three times in turn; returns how the time was set."""
    fazhi, library = ground.copy("clock"), _compiled(ground.folder)
    reports = ground.new.rows("select report_id from marts.fct_report order by 1")
    for name, by in JUMPS:
        what = f"clock {name}"
        if ground.time_is_up(what):
            break
        shifted = _shifted(fazhi, by, library)
        result = shifted("run", "--force")
        ground.check(f"{what}: the run ends well", result.returncode == Exit.OK, result.stderr)
        found = fazhi.rows("select report_id from marts.fct_report order by 1")
        ground.check(f"{what}: no report lost or doubled", found == reports, (len(found), len(reports)))
        listed = fazhi("snapshots")
        ground.check(f"{what}: snapshots are listed", listed.returncode == 0, listed.stderr)
    ground.recovers("clock, afterwards", fazhi, "run", "--force", any_run=True)
    return "the date of all processes" if library else "the date of our own part"


def _compiled(folder: Path) -> Path | None:
    """The library that shifts the date; None without a compiler."""
    compiler, library = shutil.which("cc"), folder / "shifted_clock.so"
    if not compiler:
        return None
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE)], check=True)
    return library


def _shifted(fazhi: Fazhi, by: timedelta, library: Path | None) -> Fazhi:
    """The same home at another time."""
    other = Home(fazhi.home, fazhi.environment["PREFECT_API_URL"])
    if not by:
        return other
    if library:
        other.environment |= {"LD_PRELOAD": str(library), "CLOCK_AHEAD_S": str(int(by.total_seconds()))}
    else:
        other.environment["FAZHI_NOW"] = (datetime.now(UTC) + by).isoformat()
    return other
