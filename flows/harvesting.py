"""Sources in, archive filled, one HarvestRun a source out; a portal's fault is a result here, never an exception."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from flows.registry import INGEST_SOURCE, remember_sources, source_row
from flows.settings import Settings, now
from scrapers.archive import Archive, HarvestRun
from scrapers.harvest import harvest_source
from scrapers.ingest import ingest
from scrapers.registry import Source

OnEvent = Callable[[str, dict[str, object]], None]


def open_run(settings: Settings, sources: Sequence[Source]) -> str:
    """The id of the harvest run to work in: a killed run's, or a new one; remembers the sources' definitions."""
    remember_sources(settings.archive, [source_row(source) for source in sources])
    with Archive(settings.archive) as archive:
        return archive.begin_run(now())


def harvest_one(
    source: Source, archive_root: Path, run_id: str, *, full_sweep: bool = False, on_event: OnEvent | None = None
) -> HarvestRun:
    """Harvest one source into the archive."""
    with Archive(archive_root) as archive:
        return harvest_source(source, archive, run_id, full_sweep=full_sweep, on_event=on_event)


def close_runs(settings: Settings) -> None:
    """Say that the run came to its end; one that was killed before is gone on with by the next command."""
    if settings.archive.exists():
        with Archive(settings.archive) as archive:
            archive.finish_runs()


def ingest_files(settings: Settings, paths: Sequence[Path]) -> HarvestRun:
    """Copy local files, folders of saved pages and WARC files into the archive, as a run of their own."""
    remember_sources(settings.archive, [INGEST_SOURCE])
    with Archive(settings.archive) as archive:
        run_id = archive.begin_run(now())
        return ingest(paths, archive, run_id)
