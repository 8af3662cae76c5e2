"""The flows that a Prefect server runs on its schedules: wait for the write lock, run, and tell the server what is new.

Folders come from the environment, which `fazhi deploy` gives to the deployments of prefect.yaml. What there is to tell
leaves as events (`fazhi.reports.new`, `fazhi.source.broken`); automations make messages of them (flows/notifying.py).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from prefect import flow
from prefect.events import emit_event

from flows.events import Events
from flows.lock import waiting
from flows.pipeline import RunSummary, rebuild_flow, run_flow
from flows.settings import Settings
from flows.upkeep_staging import upgrade_staging
from scrapers.archive import Archive, HarvestRun

# a harvest over all sources may take a night; after that somebody should look
LOCK_WAIT_S = 12 * 3600.0
NEW_REPORTS = "fazhi.reports.new"
SOURCE_BROKEN = "fazhi.source.broken"


@flow(name="fazhi harvest and publish")
def harvest_and_publish(full_sweep: bool = False) -> dict[str, int]:
    """Harvest → extract → build → gates → publish, once nobody else writes."""
    settings = Settings.from_environment()
    with waiting(settings.lock, "scheduled run", LOCK_WAIT_S):
        upgrade_staging(settings.staging)
        before = _states(settings)
        summary = run_flow(str(settings.home), [str(folder) for folder in settings.sources], full_sweep=full_sweep)
        return _told(settings, summary, newly_broken(before, summary.runs))


@flow(name="fazhi rebuild when changed")
def rebuild_when_changed() -> dict[str, int]:
    """Extract and build where catalogue, models, extractor or corrections changed since; else nothing."""
    settings = Settings.from_environment()
    if not settings.archive.exists():
        return {"reports_new": 0}
    with waiting(settings.lock, "scheduled rebuild", LOCK_WAIT_S):
        upgrade_staging(settings.staging)
        return _told(settings, rebuild_flow(str(settings.home), force=False), [])


def newly_broken(before: dict[str, str], runs: Sequence[HarvestRun]) -> list[HarvestRun]:
    """The sources that failed or are blocked now and were not the last time; a source's first run counts as news."""
    return [run for run in runs if _broken(run.status) and not _broken(before.get(run.source_id, "ok"))]


def _broken(status: str) -> bool:
    # a run that got a part goes on by itself the next time
    return status not in ("ok", "partial")


def _states(settings: Settings) -> dict[str, str]:
    """By source, how its last run ended."""
    if not settings.archive.exists():
        return {}
    with Archive(settings.archive) as archive:
        return {run.source_id: run.status for run in archive.harvest_runs()}


def _told(settings: Settings, summary: RunSummary, broken: Sequence[HarvestRun]) -> dict[str, int]:
    """Tell of news as events and in the log; returns the figures, which are the flow run's result."""
    log = Events(settings.log)
    fresh = summary.published.new_reports if summary.published else 0
    for run in broken:
        reasons = json.loads(run.reasons)
        _emit(log, SOURCE_BROKEN, run.source_id, status=run.status, reason=str(reasons[0] if reasons else ""))
    if fresh:
        _emit(log, NEW_REPORTS, "warehouse", count=fresh, home=str(settings.home))
    return {"reports_new": fresh, "sources": len(summary.runs), "sources_failed": summary.sources_failed}


def _emit(log: Events, event: str, about: str, **fields: Any) -> None:
    log.emit("notify", event, about=about, **fields)
    emit_event(
        event,
        resource={"prefect.resource.id": f"fazhi.{about}", "prefect.resource.name": about},
        payload={"about": about, **fields},
    )
