"""WARC files in, their records out, as far as gzip members are whole."""

from __future__ import annotations

import io
import json
import mmap
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from scrapers.records import ArchiveError

GZIP = b"\x1f\x8b\x08"
CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record of a file: where it lies, what it is, and the content of a metadata record."""

    start: int
    end: int
    kind: str
    target: str | None
    metadata: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Damage:
    """Bytes that are no whole record; `end` is None where nothing readable follows: the tail of a killed run."""

    start: int
    end: int | None


def read_payload(path: Path, offset: int) -> tuple[bytes, str | None]:
    """Body and Content-Type of the record at an offset. Raises ArchiveError."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record = next(iter(ArchiveIterator(file)))
            body = record.content_stream().read()
    except (OSError, StopIteration, ValueError, EOFError, zlib.error, ArchiveLoadFailed) as error:
        raise ArchiveError(f"{path}: no readable record at byte {offset}: {error}") from error
    return body, record.http_headers.get_header("content-type") if record.http_headers else None


def payload_charset(content_type: str | None) -> str | None:
    """The charset parameter of a Content-Type."""
    for part in (content_type or "").split(";")[1:]:
        name, _, value = part.strip().partition("=")
        if name.lower() == "charset":
            return value.strip("\"' ") or None
    return None


def scan(path: Path) -> Iterator[Record | Damage]:
    """All records of a file in their order, and the stretches between them that are none."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            at = 0
            while at < len(data):
                member = _member(data, at)
                record = _parsed(member[0], at, member[1]) if member else None
                if record is None:
                    following = _next_record(data, at + 1)
                    yield Damage(at, following)
                    if following is None:
                        return
                    at = following
                else:
                    yield record
                    at = record.end


def _member(data: mmap.mmap, at: int) -> tuple[bytes, int] | None:
    """The content of the gzip member that begins here and where it ends, or None where there is no whole one."""
    inner = zlib.decompressobj(31)
    parts = []
    position = at
    try:
        while not inner.eof:
            chunk = data[position : position + CHUNK]
            if not chunk:
                return None
            parts.append(inner.decompress(chunk))
            position += len(chunk)
    except zlib.error:
        return None
    return b"".join(parts), position - len(inner.unused_data)


def _next_record(data: mmap.mmap, at: int) -> int | None:
    while (at := data.find(GZIP, at)) >= 0:
        with_start = zlib.decompressobj(31)
        try:
            if with_start.decompress(data[at : at + 4096], 5) == b"WARC/" and _member(data, at):
                return at
        except zlib.error:
            pass
        at += 1
    return None


def _parsed(content: bytes, start: int, end: int) -> Record | None:
    try:
        record = next(iter(ArchiveIterator(io.BytesIO(content))))
        kind = str(record.rec_type)
        metadata = json.loads(record.content_stream().read()) if kind == "metadata" else None
    except (StopIteration, ValueError, ArchiveLoadFailed):
        return None
    return Record(start, end, kind, record.rec_headers.get_header("WARC-Target-URI"), metadata)
