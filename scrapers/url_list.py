"""A file with urls in, their pages in the archive and a HarvestRun out: fetched as politely as any portal's."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from scrapers.archive import Archive, HarvestRun
from scrapers.errand import Errand, OnEvent
from scrapers.harvest import recorded
from scrapers.limits import HarvestSettings
from scrapers.links import absolute, canonical
from scrapers.pace import host_of
from scrapers.registry import Source
from scrapers.visits import Visits

SOURCE_ID = "ingest-urls"


class UrlListError(Exception):
    """A list of urls cannot be used; the message names file and line."""


def read_url_list(path: Path) -> list[str]:
    """The urls of a file, one a line; empty lines and lines that begin with # are left out, repetitions too.

    Raises UrlListError.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UrlListError(f"{path}: cannot be read as text in UTF-8: {error}") from error
    urls: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        url = absolute(text, text)
        if url is None:
            raise UrlListError(f"{path}: line {number}: {text[:80]!r} is no http or https url: one whole url a line")
        urls.setdefault(canonical(url), url)
    if not urls:
        raise UrlListError(f"{path}: no url in it: one whole url a line, such as http://www.example.gov.cn/report.html")
    return list(urls.values())


def ingest_urls(
    urls: Iterable[str],
    archive: Archive,
    run_id: str,
    *,
    source: Source | None = None,
    settings: HarvestSettings | None = None,
    on_event: OnEvent | None = None,
) -> HarvestRun:
    """Fetch these pages and their attachments; what is known already is asked whether it is still the same.

    As with a portal nothing is raised for what the network does, and a killed run is gone on with. source: how to
    treat the hosts (delay, local addresses); public ones at the usual pace where it is not given.
    """
    wanted = list(_by_turns(urls))
    source = source or Source(id=SOURCE_ID, name=SOURCE_ID, start_urls=tuple(wanted[:1]))

    def work(errand: Errand) -> None:
        errand.story.named = {canonical(url) for url in wanted}
        visits = Visits(errand, full_sweep=False)
        for url in wanted:
            visits.single(url)

    return recorded(source, archive, run_id, work, settings or HarvestSettings(), on_event)


def _by_turns(urls: Iterable[str]) -> Iterator[str]:
    """One url of each host, then the next of each: while a host rests, others are asked."""
    hosts: dict[str, deque[str]] = {}
    for url in urls:
        hosts.setdefault(host_of(url), deque()).append(url)
    while hosts:
        for host in list(hosts):
            yield hosts[host].popleft()
            if not hosts[host]:
                del hosts[host]
