"""Local files in, captures in the archive out: single files, folders of saved pages, WARC files (Common Crawl's too)."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from scrapers.archive import Archive, HarvestRun, Response
from scrapers.articles import Article, not_the_article
from scrapers.limits import HarvestSettings
from scrapers.links import absolute, canonical
from scrapers.pages import trouble
from scrapers.records import media_type_of

if TYPE_CHECKING:
    from _typeshed import SupportsRead

SOURCE_ID = "ingest"
WARC_SUFFIXES = (".warc", ".warc.gz")
SUFFIXES = (".html", ".htm", ".shtml", ".txt", ".pdf", ".docx", ".doc", ".wps")
PAGE_TYPES = ("text/html", "application/xhtml+xml", "application/pdf", "application/msword", "text/plain")
# what a file that is none, or is damaged, makes its readers raise
# (warcio: AttributeError for a record without a type)
UNREADABLE = (OSError, EOFError, ValueError, AttributeError, zlib.error, ArchiveLoadFailed)
# a crawl's file holds index pages, challenges and the like by the thousand
LEFT_OUT = "left out"
MOST_BYTES = HarvestSettings.max_bytes
CHUNK = 1024**2
# state of one document, its file or url, and why it was not taken
Taken = tuple[str, str, str | None]


def ingest(paths: Iterable[Path], archive: Archive, run_id: str, *, now: datetime | None = None) -> HarvestRun:
    """Copy files into the archive. What is there already is counted as unchanged.

    Of a WARC file, what is no page of its own (challenges, "not found", index pages) is left out and counted in the
    reasons. A file is known by its content (`urn:fazhi:file:<sha256>`), a WARC record by its url. A file that cannot be read is
    counted as failed with its reason; the others go on.
    """
    started = now or datetime.now(UTC)
    states: Counter[str] = Counter()
    left_out: Counter[tuple[str, str]] = Counter()
    reasons: list[dict[str, str]] = []
    for path in _files(paths):
        try:
            for state, url, reason in _take(path, archive, run_id, started):
                if state == LEFT_OUT:
                    left_out[path.name, reason or ""] += 1
                    continue
                states[state] += 1
                if reason:
                    reasons.append({"url": url, "reason": reason})
        except UNREADABLE as error:
            states["failed"] += 1
            reasons.append({"url": path.name, "reason": f"cannot be read: {error or type(error).__name__}"})
    reasons += [
        {"url": name, "reason": f"{reason}: {count:,} records left out"} for (name, reason), count in left_out.items()
    ]
    run = HarvestRun(
        run_id=run_id,
        source_id=SOURCE_ID,
        started_at=started,
        finished_at=now or datetime.now(UTC),
        status="partial" if states["failed"] else "ok",
        requests=0,
        listed=sum(states.values()),
        new=states["new"],
        changed=states["changed"],
        unchanged=states["unchanged"],
        gone=0,
        failed=states["failed"],
        reasons=json.dumps(reasons, ensure_ascii=False),
    )
    archive.record_run(run)
    return run


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and inner.name.lower().endswith((*SUFFIXES, *WARC_SUFFIXES)):
                    yield inner
        else:
            yield path


def _take(path: Path, archive: Archive, run_id: str, now: datetime) -> Iterator[Taken]:
    if path.name.lower().endswith(WARC_SUFFIXES):
        yield from _take_warc(path, archive, run_id)
        return
    body = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    target = f"urn:fazhi:file:{hashlib.sha256(body).hexdigest()}"
    response = Response(target, 0, "", [("Content-Type", media_type)], body, [], now)
    state, _ = archive.store(
        response, source_id=SOURCE_ID, run_id=run_id, canonical_url=target, role="file", link_text=path.name
    )
    yield state, path.name, None


def _take_warc(path: Path, archive: Archive, run_id: str) -> Iterator[Taken]:
    with path.open("rb") as file:
        records = 0
        for record in ArchiveIterator(file):
            records += record.format == "warc"
            if record.rec_type != "response" or record.http_headers is None:
                continue
            headers = [(str(name), str(value)) for name, value in record.http_headers.headers]
            status = int(record.http_headers.get_statuscode() or 0)
            media_type = media_type_of(record.http_headers.get_header("content-type"))
            if status != 200 or media_type not in PAGE_TYPES:
                continue
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            if absolute(url, url) is None:
                yield "failed", str(url)[:200], "the record's WARC-Target-URI is no web address"
                continue
            body = _bounded(record.content_stream())
            if body is None:
                yield "failed", url, f"the record unpacks to more than {MOST_BYTES // 1024**2} MB"
                continue
            page = Article(url, body, media_type)
            if problem := trouble(status, media_type, body) or not_the_article(url, page, None):
                yield LEFT_OUT, url, problem
                continue
            fetched = _date_of(record.rec_headers.get_header("WARC-Date"))
            if fetched is None:
                yield "failed", url, "the record's WARC-Date is no date"
                continue
            response = Response(url, status, "OK", headers, body, [], fetched)
            state, _ = archive.store(
                response, source_id=SOURCE_ID, run_id=run_id, canonical_url=canonical(url), role="page", live=False
            )
            yield state, url, None
        if not records:
            raise ArchiveLoadFailed("no WARC record in it")


def _bounded(stream: SupportsRead[bytes]) -> bytes | None:
    """All that a stream unpacks to, or None where that is more than a page can be (a bomb)."""
    parts: list[bytes] = []
    size = 0
    while size <= MOST_BYTES and (part := stream.read(CHUNK)):
        parts.append(part)
        size += len(part)
    return b"".join(parts) if size <= MOST_BYTES else None


def _date_of(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat((text or "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
