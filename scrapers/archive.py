"""Responses in, WARC files and captures out: what was fetched, when, why, and where it lies.

Per source one file `<source_id>.warc.gz`, each record a gzip member of its own. `index.sqlite` says up to which byte a
file is committed; whatever lies beyond is a killed run's and is cut off before the next write. The index holds nothing
that the WARC files do not say: `reindex` makes it anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

SCHEMA = Path(__file__).with_name("archive.sql")
INDEX = "index.sqlite"
BUSY_MS = 60_000
# a killed run is gone on with while the portals can be taken to be as they were
RESUMABLE = timedelta(days=2)
RUN_TARGET = "urn:fazhi:harvest-run"
CAPTURED_ROLES = ("page", "attachment", "file")


class ArchiveError(Exception):
    """The archive cannot be read or written as asked; the message names the file."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One distinct content at one canonical url; the columns of staging.capture."""

    capture_id: str
    source_id: str
    run_id: str
    url: str
    canonical_url: str
    parent_url: str | None
    role: str
    link_text: str | None
    fetched_at: datetime
    http_status: int | None
    media_type: str | None
    content_sha256: str
    content_bytes: int
    warc_file: str
    warc_offset: int


@dataclass(frozen=True, slots=True)
class HarvestRun:
    """What a run found at one source; the columns of staging.harvest_run. `reasons`: JSON list of {url, reason}."""

    run_id: str
    source_id: str
    started_at: datetime
    finished_at: datetime
    status: str
    requests: int
    listed: int
    new: int
    changed: int
    unchanged: int
    gone: int
    failed: int
    reasons: str


@dataclass(frozen=True, slots=True)
class Payload:
    """A capture's content: body with transfer and content coding undone, and what the header said of it."""

    body: bytes
    media_type: str | None
    charset: str | None
    http_status: int | None
    url: str


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP exchange to be archived. body: content coding undone; headers as received."""

    url: str
    status: int
    reason: str
    headers: Sequence[tuple[str, str]]
    body: bytes
    request_headers: Sequence[tuple[str, str]]
    fetched_at: datetime
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class KnownUrl:
    """What earlier runs learnt of a url."""

    canonical_url: str
    source_id: str
    etag: str | None
    last_modified: str | None
    content_sha256: str | None
    verdict: str | None
    last_run: str
    gone: bool
    complete: bool


def capture_id(canonical_url: str, content_sha256: str) -> str:
    """Id of a content at a url: 16 hex digits."""
    return hashlib.sha256(f"{canonical_url}\n{content_sha256}".encode()).hexdigest()[:16]


class Archive:
    """The archive in one folder. Several may be open at once; a source has one writer at a time."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self.root = root
        if read_only and not (root / INDEX).exists():
            raise ArchiveError(f"{root}: no archive index; `fazhi archive reindex` makes it from the WARC files")
        root.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(root / INDEX, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000)
        self._db.row_factory = sqlite3.Row
        if not read_only:
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = full")
            self._db.executescript(SCHEMA.read_text(encoding="utf-8"))

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the index; nothing is pending."""
        self._db.close()

    # ── runs

    def begin_run(self, now: datetime) -> str:
        """The id of the run to work in: an unfinished one of the last day is gone on with, an older one is given up.

        A new id is its date and its number that day.
        """
        with self._transaction():
            open_run = self._db.execute("select run_id from run where not finished order by run_id limit 1").fetchone()
            if open_run and now - _day_of(open_run["run_id"]) < RESUMABLE:
                return str(open_run["run_id"])
            self._db.execute("update run set finished = 1 where not finished")
            day = f"{now.astimezone(UTC):%Y-%m-%d}"
            number = self._db.execute("select count(*) from run where run_id like ?", (f"{day}-%",)).fetchone()[0] + 1
            run_id = f"{day}-{number:02d}"
            self._db.execute("insert into run values (?, 0)", (run_id,))
        return run_id

    def finish_runs(self) -> None:
        """Say that all that was begun is done: the next run is a new one."""
        self._db.execute("update run set finished = 1 where not finished")

    def record_run(self, run: HarvestRun) -> None:
        """Keep what a run found at a source, in the source's WARC file and in the index; a second time replaces it."""
        document = json.dumps(_json_row(run), ensure_ascii=False).encode()
        with self._transaction():
            self._append(run.source_id, lambda writer: _write_metadata(writer, RUN_TARGET, document, run.finished_at))
            self._insert("harvest_run", _json_row(run))

    def harvest_runs(self) -> Iterator[HarvestRun]:
        """All runs' results, by run and source."""
        for row in self._db.execute("select * from harvest_run order by run_id, source_id"):
            times = {name: datetime.fromisoformat(row[name]) for name in ("started_at", "finished_at")}
            yield HarvestRun(**{**dict(row), **times})

    def recorded_run(self, run_id: str, source_id: str) -> HarvestRun | None:
        """What this run found at this source, where it came to an end there already."""
        return next((run for run in self.harvest_runs() if (run.run_id, run.source_id) == (run_id, source_id)), None)

    def start_source(self, run_id: str, source_id: str, now: datetime) -> datetime:
        """When this run began at this source: now, or earlier where a killed run is gone on with."""
        self._db.execute("insert or ignore into source_run values (?, ?, ?)", (run_id, source_id, now.isoformat()))
        query = "select started_at from source_run where run_id = ? and source_id = ?"
        return datetime.fromisoformat(self._db.execute(query, (run_id, source_id)).fetchone()[0])

    def note_asked(self, run_id: str, source_id: str, url: str) -> None:
        """Count a url as asked in this run."""
        self._db.execute("insert or ignore into asked values (?, ?, ?)", (run_id, source_id, url))

    def count_asked(self, run_id: str, source_id: str) -> int:
        """How many different urls this run asked for at this source."""
        query = "select count(*) from asked where run_id = ? and source_id = ?"
        return int(self._db.execute(query, (run_id, source_id)).fetchone()[0])

    def same_listing(self, list_url: str, items_sha256: str) -> bool:
        """Whether this list page held the same items at the end of the last harvest."""
        row = self._db.execute("select items_sha256 from listing where list_url = ?", (list_url,)).fetchone()
        return bool(row and row[0] == items_sha256)

    def remember_listings(self, source_id: str, listings: Mapping[str, str]) -> None:
        """Keep the items' digests of the list pages read, once a source was harvested to the end."""
        rows = [(url, source_id, digest) for url, digest in listings.items()]
        self._db.executemany("insert or replace into listing values (?, ?, ?)", rows)

    # ── captures

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
    ) -> tuple[str, Capture | None]:
        """Archive one response that is relied on; returns (`new` | `changed` | `unchanged`, the capture or None).

        Content that is known at this url is not written again. Roles page, attachment and file become captures; others
        (list, robots) are only kept.
        """
        digest = hashlib.sha256(response.body).hexdigest()
        key = capture_id(canonical_url, digest)
        known = self.known_url(canonical_url)
        media_type = _media_type(response.headers)
        about = {
            **{"capture_id": key, "source_id": source_id, "run_id": run_id, "canonical_url": canonical_url},
            **{"parent_url": parent_url, "role": role, "link_text": link_text, "content_sha256": digest},
            **{"media_type": media_type, "fetched_at": response.fetched_at.isoformat(), "url": response.url},
            **{"http_status": response.status or None, "content_bytes": len(response.body)},
            "etag": _header(response.headers, "etag"),
            "last_modified": _header(response.headers, "last-modified"),
        }
        with self._transaction():
            seen = self._db.execute("select 1 from capture where capture_id = ?", (key,)).fetchone()
            if not seen:
                file, offset = self._append(source_id, lambda writer: _write_exchange(writer, response, about))
                self._index_capture(about, file, offset)
            else:
                self._touch(about)
        state = "unchanged" if seen else "changed" if known and known.content_sha256 else "new"
        return state, self._capture(key) if role in CAPTURED_ROLES else None

    def confirm(self, canonical_url: str, run_id: str) -> None:
        """Note that a url was asked again in this run and is as it was (304)."""
        self._db.execute("update url set last_run = ?, gone = 0 where canonical_url = ?", (run_id, canonical_url))

    def mark_gone(self, canonical_url: str, run_id: str) -> None:
        """Note that a page that was there is not any more; its captures stay."""
        self._db.execute("update url set last_run = ?, gone = 1 where canonical_url = ?", (run_id, canonical_url))

    def mark_complete(self, canonical_url: str) -> None:
        """Note that a page's attachments were dealt with."""
        self._db.execute("update url set complete = 1 where canonical_url = ?", (canonical_url,))

    def latest(self, canonical_url: str) -> Capture | None:
        """The content that a url held when it was last asked."""
        query = "select capture.* from capture join url using (canonical_url, content_sha256) where canonical_url = ?"
        row = self._db.execute(query, (canonical_url,)).fetchone()
        return _to_capture(row) if row else None

    def record_verdict(self, canonical_url: str, genre: str) -> None:
        """Keep what extraction said of a page, so that the next harvest need not ask again for what is no report."""
        self._db.execute("update url set verdict = ? where canonical_url = ?", (genre, canonical_url))

    def known_url(self, canonical_url: str) -> KnownUrl | None:
        """What is known of a url, or None."""
        row = self._db.execute("select * from url where canonical_url = ?", (canonical_url,)).fetchone()
        flags = {name: bool(row[name]) for name in ("gone", "complete")} if row else {}
        return KnownUrl(**{**dict(row), **flags}) if row else None

    def count_reports(self, source_id: str) -> int:
        """How many pages of a source are known that were not found to be something else."""
        query = (
            "select count(distinct canonical_url) from capture left join url using (canonical_url) "
            "where capture.source_id = ? and role in ('page', 'attachment') and parent_url is null and coalesce(verdict, '') not in ('other', 'unreadable')"
        )
        return int(self._db.execute(query, (source_id,)).fetchone()[0])

    def count_new_and_changed(self, source_id: str, run_id: str) -> tuple[int, int]:
        """Contents that this run saw first: at new urls, and at urls that held another content before."""
        query = (
            f"select count(*) filter (where first), count(*) filter (where not first) from ("
            f"  select run_id, row_number() over (partition by canonical_url order by seq) = 1 as first"
            f"  from ({_CAPTURES}) where source_id = ?) where run_id = ?"
        )
        new, changed = self._db.execute(query, (source_id, run_id)).fetchone()
        return int(new), int(changed)

    def captures(self) -> Iterator[Capture]:
        """All captures: by source, then in the order of commit."""
        for row in self._db.execute(f"{_CAPTURES} order by source_id, seq").fetchall():
            yield _to_capture(row)

    def read(self, capture: Capture) -> Payload:
        """A capture's content. Raises ArchiveError where the record is damaged or not the one that was stored."""
        path = self.root / capture.warc_file
        try:
            with path.open("rb") as file:
                file.seek(capture.warc_offset)
                record = next(iter(ArchiveIterator(file)))
                body = record.content_stream().read()
        except (OSError, StopIteration, ValueError, EOFError, zlib.error, ArchiveLoadFailed) as error:
            raise ArchiveError(f"{path}: no readable record at byte {capture.warc_offset}: {error}") from error
        if hashlib.sha256(body).hexdigest() != capture.content_sha256:
            raise ArchiveError(f"{path}: the record at byte {capture.warc_offset} is not what was stored")
        content_type = record.http_headers.get_header("content-type") if record.http_headers else capture.media_type
        return Payload(body, capture.media_type, _charset(content_type), capture.http_status, capture.url)

    def reindex(self) -> int:
        """Rebuild the index from the WARC files alone; returns the number of captures."""
        with self._transaction():
            verdicts = self._db.execute("select canonical_url, verdict from url where verdict is not null").fetchall()
            for table in ("capture", "url", "harvest_run", "run", "file", "listing"):
                self._db.execute(f"delete from {table}")
            for path in sorted(self.root.glob("*.warc.gz")):
                self._index_file(path)
            for row in verdicts:
                self.record_verdict(row["canonical_url"], row["verdict"])
        return int(self._db.execute(f"select count(*) from ({_CAPTURES})").fetchone()[0])

    # ── inside

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def _append(self, source_id: str, write: Any) -> tuple[str, int]:
        """Write records behind the committed end, on disk before the index knows of them; returns file and offset."""
        name = f"{source_id}.warc.gz"
        row = self._db.execute("select committed from file where warc_file = ?", (name,)).fetchone()
        start = int(row["committed"]) if row else 0
        buffer = io.BytesIO()
        inner = write(WARCWriter(buffer, gzip=True)) or 0
        with (self.root / name).open("ab") as file:
            if file.tell() != start:
                file.truncate(start)
                file.seek(start)
            file.write(buffer.getvalue())
            file.flush()
            os.fsync(file.fileno())
        self._insert("file", {"warc_file": name, "committed": start + len(buffer.getvalue())})
        return name, start + inner

    def _index_capture(self, about: dict[str, Any], file: str, offset: int) -> None:
        row = {field.name: about.get(field.name) for field in fields(Capture)}
        row |= {"warc_file": file, "warc_offset": offset}
        sequence = self._db.execute("select coalesce(max(seq), 0) + 1 from capture").fetchone()[0]
        self._insert("capture", {**row, "seq": sequence})
        self._touch(about)

    def _touch(self, about: dict[str, Any]) -> None:
        known = self.known_url(about["canonical_url"])
        names = ("canonical_url", "source_id", "etag", "last_modified", "content_sha256")
        row = {name: about[name] for name in names} | {"last_run": about["run_id"], "gone": 0}
        same = known is not None and known.content_sha256 == about["content_sha256"]
        kept = {"verdict": known.verdict, "complete": known.complete} if known and same else {}
        self._insert("url", {**row, "verdict": None, "complete": False, **kept})

    def _index_file(self, path: Path) -> None:
        with path.open("rb") as file:
            records = ArchiveIterator(file)
            end = 0
            pending: int | None = None
            for record in records:
                # the offset is told only once the record is read
                content = record.content_stream().read()
                offset = records.get_record_offset()
                if record.rec_type in ("response", "resource"):
                    pending = offset
                elif record.rec_type == "metadata":
                    about = json.loads(content)
                    if record.rec_headers.get_header("WARC-Target-URI") == RUN_TARGET:
                        self._insert("harvest_run", about)
                    elif pending is not None:
                        self._index_capture(about, path.name, pending)
                    self._insert("run", {"run_id": about["run_id"], "finished": 1})
                end = offset + records.get_record_length()
        self._insert("file", {"warc_file": path.name, "committed": end})

    def _capture(self, key: str) -> Capture:
        return _to_capture(self._db.execute("select * from capture where capture_id = ?", (key,)).fetchone())

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        self._db.execute(f"insert or replace into {table} ({names}) values ({marks})", tuple(row.values()))


_CAPTURES = f"select * from capture where role in {CAPTURED_ROLES}"


def _to_capture(row: sqlite3.Row) -> Capture:
    values = {field.name: row[field.name] for field in fields(Capture)}
    return Capture(**{**values, "fetched_at": datetime.fromisoformat(row["fetched_at"])})


def _day_of(run_id: str) -> datetime:
    return datetime.fromisoformat(run_id[:10]).replace(tzinfo=UTC)


def _json_row(run: HarvestRun) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(run).items()}


def _write_exchange(writer: WARCWriter, response: Response, about: dict[str, Any]) -> int:
    """Request (of an HTTP exchange), response or resource, and metadata; returns the offset of the second."""
    date = f"{response.fetched_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    dated = {"WARC-Date": date}
    offset = 0
    if response.status:
        path = response.url.split("/", 3)[3] if response.url.count("/") > 2 else ""
        request = StatusAndHeaders(
            f"{response.method} /{path} HTTP/1.1", list(response.request_headers), is_http_request=True
        )
        writer.write_record(
            writer.create_warc_record(response.url, "request", http_headers=request, warc_headers_dict=dict(dated))
        )
        offset = writer.out.tell()
        kept = [(name, value) for name, value in response.headers if name.lower() not in _UNDONE]
        status = StatusAndHeaders(f"{response.status} {response.reason}", kept, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            response.url, "response", payload=io.BytesIO(response.body), http_headers=status, warc_headers_dict=dated
        )
    else:
        record = writer.create_warc_record(
            response.url,
            "resource",
            payload=io.BytesIO(response.body),
            warc_content_type=_media_type(response.headers) or "application/octet-stream",
            warc_headers_dict=dated,
        )
    writer.write_record(record)
    _write_metadata(writer, response.url, json.dumps(about, ensure_ascii=False).encode(), response.fetched_at)
    return offset


def _write_metadata(writer: WARCWriter, target: str, document: bytes, at: datetime) -> None:
    writer.write_record(
        writer.create_warc_record(
            target,
            "metadata",
            payload=io.BytesIO(document),
            warc_content_type="application/json",
            warc_headers_dict={"WARC-Date": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"},
        )
    )


# the body is stored decoded, so these no longer hold
_UNDONE = {"content-encoding", "transfer-encoding", "content-length"}


def _header(headers: Sequence[tuple[str, str]], name: str) -> str | None:
    return next((value for key, value in headers if key.lower() == name), None)


def _media_type(headers: Sequence[tuple[str, str]]) -> str | None:
    value = _header(headers, "content-type")
    return value.split(";")[0].strip().lower() or None if value else None


def _charset(content_type: str | None) -> str | None:
    for part in (content_type or "").split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name.lower() == "charset":
            return value.strip("\"' ") or None
    return None
