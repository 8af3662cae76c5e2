"""One source in, its new and changed pages in the archive and a HarvestRun out; a portal's fault is a result."""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Callable
from datetime import datetime

from scrapers.archive import Archive, ArchiveError, HarvestRun
from scrapers.columns import Columns
from scrapers.errand import Errand, OnEvent
from scrapers.limits import HarvestSettings
from scrapers.registry import Source
from scrapers.story import Story
from scrapers.threads import on_one_core
from scrapers.visits import Visits

__all__ = ["HarvestSettings", "harvest_source", "recorded", "unharvested"]


def harvest_source(
    source: Source,
    archive: Archive,
    run_id: str,
    *,
    settings: HarvestSettings | None = None,
    full_sweep: bool = False,
    on_event: OnEvent | None = None,
) -> HarvestRun:
    """Read the source's lists, fetch what is new, and record the run.

    Never raises, whatever a portal sends: `status` is ok, partial (some pages failed), blocked or failed, and `reasons`
    say why. Called again with the same run id it goes on where it was interrupted, or returns what it recorded.
    """

    def work(errand: Errand) -> None:
        columns = Columns(errand, full_sweep=full_sweep)
        columns.read()
        visits = Visits(errand, full_sweep=full_sweep)
        for item in columns.candidates.values():
            visits.candidate(item)
        visits.owed()
        visits.rota()
        columns.remember()

    return recorded(source, archive, run_id, work, settings or HarvestSettings(), on_event)


def recorded(
    source: Source,
    archive: Archive,
    run_id: str,
    work: Callable[[Errand], None],
    settings: HarvestSettings,
    on_event: OnEvent | None,
) -> HarvestRun:
    """Do the work of a source in a run and record what came of it, whatever it raises.

    What the run recorded before is returned without work if it was without trouble.
    """
    started = settings.now()
    errand: Errand | None = None
    try:
        started = archive.start_source(run_id, source.id, started)
        done = archive.recorded_run(run_id, source.id)
        if done and done.status == "ok":
            return done
        errand = Errand(source, archive, run_id, settings, on_event)
        archive.waiting = errand.fetcher.worker.away
        with on_one_core(), errand.fetcher.worker.at_work():
            work(errand)
            run = _result(errand, started)
            archive.record_run(run)
    except Exception as error:  # noqa: BLE001 - one source must not end a run over all
        run = unharvested(source, run_id, started, settings, error, story=errand.story if errand else None)
        if on_event:
            on_event("source crashed", {"error": repr(error), "traceback": traceback.format_exc()})
        _record(archive, run, on_event)
    finally:
        if errand:
            errand.fetcher.close()
    if on_event:
        told = {name: getattr(run, name) for name in ("status", "new", "changed", "unchanged", "gone", "failed")}
        on_event(
            "source finished", told | {"may_pass": bool(errand and errand.story.passing and run.status == "failed")}
        )
    return run


def unharvested(
    source: Source,
    run_id: str,
    started: datetime,
    settings: HarvestSettings,
    error: BaseException,
    *,
    story: Story | None = None,
) -> HarvestRun:
    """The failed run of a source whose harvest broke off by an error of ours or of the archive."""
    story = story or Story()
    message = str(error) if isinstance(error, ArchiveError) else f"internal error: {type(error).__name__}: {error}"
    story.crash = message
    story.tell(source.start_urls[0], message[:500])
    return HarvestRun(
        run_id=run_id,
        source_id=source.id,
        started_at=started,
        finished_at=settings.now(),
        status=story.status,
        requests=0,
        listed=len(story.named),
        new=0,
        changed=0,
        unchanged=0,
        gone=story.outcomes["gone"],
        failed=story.outcomes["failed"],
        reasons=story.reasons_json(),
    )


def _result(errand: Errand, started: datetime) -> HarvestRun:
    archive, story = errand.archive, errand.story
    new, changed = archive.count_new_and_changed(errand.source.id, errand.run_id)
    return HarvestRun(
        run_id=errand.run_id,
        source_id=errand.source.id,
        started_at=started,
        finished_at=errand.settings.now(),
        status=story.status,
        requests=archive.count_asked(errand.run_id, errand.source.id),
        listed=len(story.named),
        new=new,
        changed=changed,
        unchanged=story.outcomes["unchanged"] + len(story.left_alone),
        gone=story.outcomes["gone"],
        failed=story.outcomes["failed"],
        reasons=story.reasons_json(),
    )


def _record(archive: Archive, run: HarvestRun, on_event: OnEvent | None) -> None:
    """Keep a failed run, in the index alone where the source's own file cannot be written."""
    for in_file in (True, False):
        try:
            archive.record_run(run, in_file=in_file)
        except (ArchiveError, sqlite3.Error, OSError) as error:
            if on_event:
                on_event("run not recorded", {"in_file": in_file, "error": repr(error)})
        else:
            return
