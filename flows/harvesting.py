"""Sources in, archive filled, one HarvestRun a source out; a portal's fault is a result here, never an exception."""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from flows.events import name_run
from flows.registry import INGEST_SOURCE, URLS_SOURCE, remember_sources, source_row
from flows.settings import Settings, now
from scrapers.archive import Archive, HarvestRun
from scrapers.harvest import HarvestSettings, harvest_source, unharvested
from scrapers.ingest import ingest
from scrapers.limits import DEFAULT_USER_AGENT
from scrapers.pace import SHARED, host_of, pace_in
from scrapers.registry import Source
from scrapers.threads import ease_threads
from scrapers.url_list import ingest_urls

OnEvent = Callable[[str, dict[str, object]], None]


def fetch_settings() -> HarvestSettings:
    """Limits and habits; the User-Agent names whoever $FAZHI_CONTACT (a mail or web address) is. Processes that are given
    the same folder in $FAZHI_HOST_LOCKS share the hosts' turns."""
    contact = os.environ.get("FAZHI_CONTACT", "").strip()
    plain = contact.isprintable() and contact.isascii()
    agent = f"{DEFAULT_USER_AGENT.partition('; +contact')[0]}; +{contact})" if contact and plain else DEFAULT_USER_AGENT
    turns = os.environ.get("FAZHI_HOST_LOCKS", "").strip()
    pace = pace_in(Path(turns).absolute()) if turns else SHARED
    return HarvestSettings(user_agent=agent, now=now, pace=pace)


def share_of(sources: Sequence[Source], number: int, count: int) -> list[Source]:
    """The sources that harvester `number` of `count` serves; sources that share a host always go together."""
    leaders: dict[str, str] = {}

    def leader(host: str) -> str:
        while (above := leaders.setdefault(host, host)) != host:
            host = above
        return host

    hosts = [[host_of(url) for url in source.start_urls] for source in sources]
    for first, *others in hosts:
        for host in others:
            low, high = sorted((leader(first), leader(host)))
            leaders[high] = low
    digests = (hashlib.sha256(leader(first).encode()).digest() for first, *_ in hosts)
    return [
        source
        for source, digest in zip(sources, digests, strict=True)
        if int.from_bytes(digest[:8], "big") % count == number - 1
    ]


def open_run(settings: Settings, sources: Sequence[Source]) -> str:
    """The id of the harvest run to work in: a killed run's, or a new one; remembers the sources' definitions."""
    ease_threads()
    remember_sources(settings.archive, [source_row(source) for source in sources])
    with Archive(settings.archive) as archive:
        run_id = archive.begin_run(now())
    name_run(run_id)
    return run_id


def harvest_one(
    source: Source, archive_root: Path, run_id: str, *, full_sweep: bool = False, on_event: OnEvent | None = None
) -> HarvestRun:
    """Harvest one source into the archive. Never raises: whatever goes wrong is this source's failure."""
    started = now()
    try:
        with Archive(archive_root) as archive:
            return harvest_source(
                source, archive, run_id, settings=fetch_settings(), full_sweep=full_sweep, on_event=on_event
            )
    except Exception as error:  # noqa: BLE001 - one source must not end a run over all
        if on_event:
            on_event("source crashed", {"error": repr(error), "traceback": traceback.format_exc()})
        return unharvested(source, run_id, started, fetch_settings(), error)


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
        name_run(run_id)
        return ingest(paths, archive, run_id)


def ingest_url_list(settings: Settings, urls: Sequence[str], *, on_event: OnEvent | None = None) -> HarvestRun:
    """Fetch these urls into the archive, as politely as a portal's."""
    remember_sources(settings.archive, [URLS_SOURCE])
    with Archive(settings.archive) as archive:
        run_id = archive.begin_run(now())
        name_run(run_id)
        return ingest_urls(urls, archive, run_id, settings=fetch_settings(), on_event=on_event)
