"""The flows that a Prefect server runs on its schedules: wait for the write lock, run, and tell the server what is new.

Folders come from the environment, which `fazhi deploy` gives to the deployments of prefect.yaml. What there is to tell
leaves as events (`fazhi.reports.new`, `fazhi.source.broken`); automations make messages of them (flows/notifying.py).
"""

from __future__ import annotations

from typing import Any

from prefect import flow
from prefect.events import emit_event

from flows import telling
from flows.events import Events
from flows.lock import waiting
from flows.metrics import write_metrics
from flows.pipeline import RunSummary, rebuild_flow, run_flow
from flows.settings import Settings
from flows.site import PAGES, build_site
from flows.upkeep_staging import upgrade_staging
from flows.upkeep_tidy import tidy

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
        told = telling.read(settings)
        summary = run_flow(str(settings.home), [str(folder) for folder in settings.sources], full_sweep=full_sweep)
        return _finish(settings, summary, told)


@flow(name="fazhi rebuild when changed")
def rebuild_when_changed() -> dict[str, int]:
    """Extract and build where catalogue, models, extractor or corrections changed since; else nothing."""
    settings = Settings.from_environment()
    if not settings.archive.exists():
        return {"reports_new": 0}
    with waiting(settings.lock, "scheduled rebuild", LOCK_WAIT_S):
        upgrade_staging(settings.staging)
        told = telling.read(settings)
        return _finish(settings, rebuild_flow(str(settings.home), force=False), told)


def _finish(settings: Settings, summary: RunSummary, told: telling.Told) -> dict[str, int]:
    """Tell of news, as events and in the log, show it, clear up; returns the figures, which are the run's result."""
    log = Events(settings.log)
    news = telling.news(settings, told, summary.runs)
    for source, status, reason in news.broken:
        _emit(log, SOURCE_BROKEN, source, status=status, reason=reason)
    if news.reports:
        _emit(log, NEW_REPORTS, "warehouse", count=news.reports, home=str(settings.home))
    telling.remember(settings, news.told)  # last: what a killed run did not tell is told by the next
    if summary.published and not summary.published.skipped and (PAGES / "index.html").exists():
        with log.step("site", "site"):
            build_site(settings, None)
    tidy(settings, log)
    write_metrics(settings)
    return {"reports_new": news.reports, "sources": len(summary.runs), "sources_failed": summary.sources_failed}


def _emit(log: Events, event: str, about: str, **fields: Any) -> None:
    log.emit("notify", event, about=about, **fields)
    emit_event(
        event,
        resource={"prefect.resource.id": f"fazhi.{about}", "prefect.resource.name": about},
        payload={"about": about, **fields},
    )
