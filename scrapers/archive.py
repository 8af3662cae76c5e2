"""Responses in, WARC files and captures out: what was fetched, when, why, and where it lies.

Per source one file `<source_id>.warc.gz`, each record a gzip member of its own. `index.sqlite` says up to which byte a
file is committed; whatever lies beyond is a killed run's and is cut off before the next write. The index holds nothing
that matters and that the WARC files do not say: `reindex` makes it anew.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from scrapers.records import ArchiveError, Capture, HarvestRun, KnownUrl, Payload, Response, Wanted, capture_id
from scrapers.refill import RUN_TARGET, Refill
from scrapers.runs import RESUMABLE
from scrapers.warc import payload_charset, read_payload
from scrapers.warc_writing import exchange, metadata, revisit

__all__ = [
    "RESUMABLE",
    "Archive",
    "ArchiveError",
    "Capture",
    "HarvestRun",
    "KnownUrl",
    "Payload",
    "Response",
    "Wanted",
    "capture_id",
    "read_capture",
]

CAPTURED_ROLES = ("page", "attachment", "file")
VISITED_ROLES = ("page", "attachment")
REINDEX = "`fazhi archive reindex` makes the index fit what is there"


class Archive(Refill):
    """The archive in one folder. Several may be open at once; a source has one writer at a time."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self._damage: Callable[[str], None] = lambda message: None
        # around what waits for the disk
        self.waiting: Callable[[], AbstractContextManager[None]] = nullcontext
        super().__init__(root, read_only=read_only)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ── writing

    def store(
        self,
        response: Response,
        *,
        source_id: str,
        run_id: str,
        canonical_url: str,
        role: str,
        parent_url: str | None = None,
        link_text: str | None = None,
        complete: bool = False,
        live: bool = True,
    ) -> tuple[str, Capture | None]:
        """Archive one response that is relied on; returns (`new` | `changed` | `unchanged`, the capture or None).

        Content that is known at this url is not written again; that a url has come back to it is. Roles page,
        attachment and file become captures; others (list, robots) are only kept. complete: nothing belongs to it that is
        still to be had. live: the url held it just now, whatever the clocks of this run and of earlier ones say; a copy
        from elsewhere (a crawl of years ago) says nothing of that.
        """
        digest = hashlib.sha256(response.body).hexdigest()
        key = capture_id(canonical_url, digest)
        known = self.known_url(canonical_url)
        about = {
            **{"capture_id": key, "source_id": source_id, "run_id": run_id, "canonical_url": canonical_url},
            **{"parent_url": parent_url, "role": role, "link_text": link_text, "content_sha256": digest},
            **{"media_type": response.media_type, "fetched_at": response.fetched_at.isoformat(), "url": response.url},
            **{"http_status": response.status or None, "content_bytes": len(response.body)},
            "etag": response.header("etag"),
            "last_modified": response.header("last-modified"),
        }
        seen = self._one("select 1 from capture where capture_id = ?", key)
        state = "unchanged" if seen else "changed" if known and known.content_sha256 else "new"
        overtaken = _overtaken(known, response.fetched_at)
        current = live or not overtaken
        turned_back = overtaken if live else {}
        about |= turned_back
        written = None
        if not seen:
            written = self._append(source_id, *exchange(response, about))
        elif known and current and (turned_back or known.gone or known.content_sha256 != digest):
            written = self._append(source_id, revisit(response, about))
        with self._transaction():
            self._commit(written)
            if written and not seen:
                self._index_capture(about, *written[:2], complete=complete)
            elif current:
                self._touch(about, self.known_url(canonical_url), complete=complete)
            if role in VISITED_ROLES:
                self._settle(run_id, source_id, canonical_url, state)
        return state, self._capture(key) if role in CAPTURED_ROLES else None

    def note_presence(
        self,
        canonical_url: str,
        *,
        source_id: str,
        run_id: str,
        at: datetime,
        status: int,
        gone: bool,
        reason: str | None = None,
    ) -> None:
        """Note that a known url was asked again and is as it was (304), or is gone; its captures stay.

        The file gets a record where this is news, or where the clock was ahead before, which reindex reads there. reason:
        kept with the visit.
        """
        known = self.known_url(canonical_url)
        capture = self.latest(canonical_url)
        written = None
        turned_back = _overtaken(known, at)
        if known and (turned_back or known.gone != gone):
            about = {"event": "gone" if gone else "back", "canonical_url": canonical_url, "http_status": status}
            about |= {"run_id": run_id, "at": at.isoformat(), **turned_back}
            written = self._append(source_id, metadata(canonical_url, about, at))
        with self._transaction():
            self._commit(written)
            self._checked(canonical_url, run_id, at, gone=gone)
            if capture and capture.role in VISITED_ROLES:
                self._settle(run_id, source_id, canonical_url, "gone" if gone else "unchanged", reason)

    def record_run(self, run: HarvestRun, *, in_file: bool = True) -> None:
        """Keep what a run found at a source, in the source's WARC file and in the index; a second time replaces it.

        in_file: False where the file itself is what is wrong.
        """
        row = run.to_row()
        written = None
        if in_file:
            written = self._append(run.source_id, metadata(RUN_TARGET, row, run.finished_at))
        with self._transaction():
            self._commit(written)
            self._insert("harvest_run", row)

    # ── reading

    def latest(self, canonical_url: str) -> Capture | None:
        """The content that a url held when it was last asked; of lists and robots.txt too."""
        query = "select capture.* from capture join url using (canonical_url, content_sha256) where canonical_url = ?"
        row = self._db.execute(query, (canonical_url,)).fetchone()
        return _to_capture(row) if row else None

    def captures(self, *, but: Collection[str] = ()) -> Iterator[Capture]:
        """All captures, or those whose ids are not in `but`: by source, then in the order of commit."""
        query = f"select capture_id from ({_CAPTURES}) order by source_id, seq"
        for (key,) in self._db.execute(query).fetchall():
            if key not in but:
                yield self._capture(key)

    def read(self, capture: Capture) -> Payload:
        """A capture's content. Raises ArchiveError where the record is damaged or not the one that was stored."""
        return read_capture(self.root, capture)

    # ── the index

    def reindex(self, on_damage: Callable[[str], None] | None = None) -> int:
        """Rebuild the index from the WARC files alone; returns the number of captures.

        Damaged records are left out, the others go on; `on_damage` is told of each.
        """
        self._damage = on_damage or self._damage
        with self._transaction():
            self._db.execute("pragma user_version = 0")
            self._renew()
        return int(self._one(f"select count(*) from ({_CAPTURES})"))

    # ── inside

    def _append(self, source_id: str, records: bytes, inner: int = 0) -> tuple[str, int, int]:
        """Write records behind the committed end, on disk before the index knows of them; returns the file, where the record
        `inner` bytes into them lies, and the new end, for `_commit`."""
        name = f"{source_id}.warc.gz"
        path = self.root / name
        start = int(self._one("select committed from file where warc_file = ?", name) or 0)
        size = path.stat().st_size if path.exists() else 0
        if size < start:
            what = f"has {size:,} bytes" if path.exists() else "is missing"
            raise ArchiveError(
                f"{path}: {what} where the index knows of {start:,}: put the whole file back, or go on without what is "
                f"lost: {REINDEX}"
            )
        with path.open("ab") as file:
            if size > start:
                file.truncate(start)
            file.write(records)
            file.flush()
            with self.waiting():
                os.fsync(file.fileno())
        return name, start + inner, start + len(records)

    def _commit(self, written: tuple[str, int, int] | None) -> None:
        """Make what `_append` wrote part of the archive, if it wrote anything."""
        if written:
            self._insert("file", {"warc_file": written[0], "committed": written[2]})

    def _settle(self, run_id: str, source_id: str, canonical_url: str, outcome: str, reason: str | None = None) -> None:
        """Note how a visit ended, in one transaction with what it brought: a killed run's figures stay right."""
        self.note_visit(run_id, source_id, canonical_url, outcome, reason)
        self.no_more_wanted(canonical_url)

    def _capture(self, key: str) -> Capture:
        return _to_capture(self._db.execute("select * from capture where capture_id = ?", (key,)).fetchone())


def read_capture(root: Path, capture: Capture) -> Payload:
    """A capture's content from the WARC file alone, wherever the folder is to be seen. Raises ArchiveError as `read`."""
    path = root / capture.warc_file
    body, content_type = read_payload(path, capture.warc_offset)
    if hashlib.sha256(body).hexdigest() != capture.content_sha256:
        raise ArchiveError(f"{path}: the record at byte {capture.warc_offset} is not what was stored")
    charset = payload_charset(content_type or capture.media_type)
    return Payload(body, capture.media_type, charset, capture.http_status, capture.url)


_COLUMNS = [field.name for field in fields(Capture)]
_CAPTURES = f"select * from capture where role in {CAPTURED_ROLES}"


def _overtaken(known: KnownUrl | None, at: datetime) -> dict[str, str]:
    """What a record says where something was noted of its url at a later time than its own; empty where nothing was."""
    return {"after": known.checked_at.isoformat()} if known and known.checked_at > at else {}


def _to_capture(row: Mapping[str, Any]) -> Capture:
    values = {name: row[name] for name in _COLUMNS}
    values["fetched_at"] = datetime.fromisoformat(values["fetched_at"])
    return Capture(**values)
