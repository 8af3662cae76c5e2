"""A number of reports in, a warehouse built from their archive out: what each step took, then 100 reports more.

Parts c, d, e and g speak of the same warehouse, which one run builds once.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from bench.archived import FIRST_AT, bodies_of, make_archive
from bench.machine import ROOT
from bench.tree import measured
from flows.settings import Settings

INCREMENT = 100
# at the smallest size the years of the made bodies end behind two
INCREMENTS = 2
MOST_S = 3 * 3600
# what `fazhi build` does, but going on from the published warehouse where there is one
RUN = """
from flows.settings import Settings
from flows.temporary_server import temporary_server
settings = Settings.from_environment()
with temporary_server(settings.prefect):
    from flows.pipeline import rebuild_flow
    rebuild_flow(str(settings.home), force=False)
"""


@dataclass(frozen=True)
class Built:
    """Figures of the whole and of the quickest increment, and where the warehouse lies until the process ends."""

    reports: int
    home: Path
    about: dict[str, Any]
    whole: dict[str, Any]
    increment: dict[str, Any]


@cache
def built(reports: int, folder: Path | None) -> Built:
    """Make the archive, build it, add reports, build those."""
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="fazhi-bench-", dir=folder))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    settings, bodies, scratch = Settings(home), bodies_of(reports), home / "made.duckdb"
    started = time.monotonic()
    make_archive(settings.archive, 0, reports, bodies=bodies, at=FIRST_AT, scratch=scratch)
    about = {"making_s": round(time.monotonic() - started, 1)}
    about["archive_gb"] = _gb(*settings.archive.glob("*.warc.gz"))
    whole = _run(settings)
    about |= {"staging_gb": _gb(settings.staging), "warehouse_gb": _gb(settings.warehouse)}
    increments = []
    for week in range(INCREMENTS):
        first, later = reports + week * INCREMENT, FIRST_AT + timedelta(days=7 * (week + 1))
        make_archive(settings.archive, first, first + INCREMENT, bodies=bodies, at=later, scratch=scratch)
        increments.append(_run(settings))
    # noise only adds
    return Built(reports, home, about, whole, min(increments, key=itemgetter("seconds")))


def exponent(sizes: list[tuple[int, float]]) -> float | None:
    """p of cost ~ size^p between the two largest sizes; None where there is one size alone."""
    from math import log

    if len(sizes) < 2:
        return None
    (less, cheap), (more, dear) = sorted(sizes)[-2:]
    return round(log(dear / cheap) / log(more / less), 2)


def environment(home: Path) -> dict[str, str]:
    """Of a process that works on this home alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "FAZHI"))}
    return {**kept, "FAZHI_HOME": str(home), "PYTHONPATH": str(ROOT)}


def _run(settings: Settings) -> dict[str, Any]:
    """One build in a process of its own, with the seconds of its steps."""
    seen = settings.log.stat().st_size if settings.log.exists() else 0
    found = measured([sys.executable, "-c", RUN], env=environment(settings.home), most_s=MOST_S)
    with settings.log.open("rb") as log:
        log.seek(seen)
        events = [json.loads(line) for line in log]
    ended = {event["step"]: event for event in events if event["event"] == "finished"}
    found["steps"] = {name: round(event["seconds"], 1) for name, event in ended.items()}
    extracted = ended["extract"]
    return found | {name: extracted[name] for name in ("captures", "reports", "quantities")}


def _gb(*files: Path) -> float:
    return round(sum(file.stat().st_size for file in files) / 1024**3, 3)
