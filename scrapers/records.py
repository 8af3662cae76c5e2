"""What the archive takes in and gives out: responses, captures, runs and what is known of a url, as plain records."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


class ArchiveError(Exception):
    """The archive cannot be read or written as asked; the message names the file."""


def media_type_of(content_type: str | None) -> str | None:
    """The type that a Content-Type header names, without parameters."""
    return (content_type or "").split(";")[0].strip().lower() or None


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

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever the case of its name."""
        return next((value for key, value in self.headers if key.lower() == name), None)

    @property
    def media_type(self) -> str | None:
        """The type that the header names, without parameters."""
        return media_type_of(self.header("content-type"))


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

    def to_row(self) -> dict[str, Any]:
        """The columns with times as text."""
        return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class Payload:
    """A capture's content: body with transfer and content coding undone, and what the header said of it."""

    body: bytes
    media_type: str | None
    charset: str | None
    http_status: int | None
    url: str


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
    checked_at: datetime
    gone: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page or attachment that was looked for and not had, and when it is looked for again."""

    canonical_url: str
    url: str
    title: str | None
    parent_url: str | None
    failures: int
    not_before: datetime
    reason: str


def capture_id(canonical_url: str, content_sha256: str) -> str:
    """Id of a content at a url: 16 hex digits."""
    return hashlib.sha256(f"{canonical_url}\n{content_sha256}".encode()).hexdigest()[:16]
