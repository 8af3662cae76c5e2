"""What was told last and how things stand now in; what is news out: new reports, and sources that broke since.

`told.json` in FAZHI_HOME holds what was told. A run that is killed between publishing and telling has told nothing, so
the run after it finds the news still to be told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.settings import Settings
from scrapers.archive import HarvestRun
from warehouse.connect import quoted
from warehouse.snapshots import snapshots

# a run that got a part goes on by itself the next time
FINE = ("ok", "partial")


@dataclass(frozen=True)
class Told:
    """The published state that was told of, and how each source stood then."""

    snapshot: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class News:
    """Sources that broke (id, status, first reason), how many reports are new, and what will have been told."""

    broken: list[tuple[str, str, str]]
    reports: int
    told: Told


def read(settings: Settings) -> Told:
    """What was told; where nothing is noted yet, what is published now is no news."""
    if settings.told.exists():
        kept = json.loads(settings.told.read_text(encoding="utf-8"))
        return Told(kept["snapshot"], kept["sources"])
    return Told(_current(settings))


def remember(settings: Settings, told: Told) -> None:
    """Keep it, in one step."""
    part = settings.told.with_suffix(".part")
    part.write_text(json.dumps({"snapshot": told.snapshot, "sources": dict(told.sources)}) + "\n", encoding="utf-8")
    part.replace(settings.told)


def news(settings: Settings, told: Told, runs: Sequence[HarvestRun]) -> News:
    """What there is to tell after a run with these results."""
    broken = []
    for run in runs:
        if run.status not in FINE and told.sources.get(run.source_id, FINE[0]) in FINE:
            reasons = json.loads(run.reasons)
            broken.append((run.source_id, run.status, str(reasons[0] if reasons else "")))
    current = _current(settings)
    fresh = _new_reports(settings, told.snapshot) if current != told.snapshot else 0
    return News(broken, fresh, Told(current, {**told.sources, **{run.source_id: run.status for run in runs}}))


def _current(settings: Settings) -> str | None:
    """The id of the published state."""
    known = snapshots(settings.snapshots, settings.warehouse)
    return next((item.snapshot_id for item in known if item.is_current), None)


def _new_reports(settings: Settings, since: str | None) -> int:
    """Reports that are published and were not in an earlier state, or in the oldest that is kept where it is gone."""
    if not settings.warehouse.exists():
        return 0
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        known = ""
        if since and (earlier := _kept(settings, since)):
            con.execute(f"attach {quoted(earlier)} as earlier (read_only)")
            known = "anti join earlier.marts.fct_report using (report_id)"
        row = con.execute(f"select count(*) from marts.fct_report {known}").fetchone()
    return int(row[0]) if row else 0


def _kept(settings: Settings, since: str) -> Path | None:
    kept = [item for item in snapshots(settings.snapshots, settings.warehouse) if not item.is_current]
    named = next((item for item in kept if item.snapshot_id == since), None)
    return (named or kept[-1]).path if kept else None
