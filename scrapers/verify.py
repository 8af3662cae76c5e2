"""An archive in, what is wrong with it out: every record read again, its digests compared with the index.

Each gzip member carries a checksum of its own, and the index the sha256 of each content: a flipped bit anywhere is
found. Reads only what was committed when it began, so that a harvest may go on meanwhile.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scrapers.index import INDEX, Index
from scrapers.records import ArchiveError
from scrapers.warc import Damage, read_payload, scan

Kind = Literal["damaged", "wrong content", "missing", "cut short", "not indexed", "left out", "unfinished", "no index"]
# told, but no harm done
HARMLESS: frozenset[Kind] = frozenset({"left out", "unfinished"})
ADVICE: dict[Kind, str] = {
    "damaged": "put the file back from a backup, or go on without this part: `fazhi archive reindex`, then "
    "`fazhi run --full-sweep` fetches again what is still online",
    "wrong content": "put the file back from a backup, or make the index anew: `fazhi archive reindex`",
    "missing": "put the file back from a backup, or go on without it: `fazhi archive reindex`",
    "cut short": "put the whole file back from a backup, or go on without the end: `fazhi archive reindex`",
    "not indexed": "`fazhi archive reindex` takes it in",
    "left out": "the index goes on without it (`fazhi archive reindex`); a backup may have it whole",
    "unfinished": "a killed run's: the next write cuts it off; nothing to do",
    "no index": "`fazhi archive reindex` makes it from the WARC files",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A part of a file that is not as it should be; offset and end in bytes, end None: to the end of the file."""

    kind: Kind
    file: str
    offset: int
    end: int | None
    detail: str

    @property
    def harmless(self) -> bool:
        """Whether nothing that was committed is lost."""
        return self.kind in HARMLESS

    @property
    def advice(self) -> str:
        """What to do."""
        return ADVICE[self.kind]


@dataclass(slots=True)
class Tally:
    """What was read."""

    files: int = 0
    records: int = 0
    contents: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class _Indexed:
    """A content that the index knows of in a file."""

    capture_id: str
    offset: int
    sha256: str
    url: str


@dataclass(slots=True)
class _Stretch:
    """Bytes that are no record: begun, where the content before it lies, whose metadata may be in it; of, the content
    that the metadata right behind it is about."""

    start: int
    end: int
    begun: int | None
    of: str | None = None

    def holds(self, offset: int) -> bool:
        """Whether this place is inside."""
        return self.start <= offset < self.end


@dataclass(frozen=True, slots=True)
class _Read:
    """What the file itself says: stretches that are no record, and where the contents that it names lie."""

    damages: list[_Stretch]
    named: dict[str, int]

    def told(self, offset: int) -> bool:
        """Whether this place is inside a damaged stretch."""
        return any(stretch.holds(offset) for stretch in self.damages)


def verify(root: Path, tally: Tally, on_bytes: Callable[[int], None] | None = None) -> Iterator[Problem]:
    """Problems of all files by name and place; `tally` grows meanwhile; `on_bytes` is told how many were read."""
    try:
        committed, indexed = _index_of(root)
    except (ArchiveError, sqlite3.DatabaseError) as error:
        yield Problem("no index", INDEX, 0, None, str(error))
        committed, indexed = {}, {}
    known = bool(committed)
    ids = {item.capture_id for items in indexed.values() for item in items}
    on_disk = {path.name for path in root.glob("*.warc.gz")}
    for name in sorted(on_disk | set(committed)):
        if name not in on_disk:
            if committed[name]:
                yield Problem("missing", name, 0, None, f"{len(indexed.get(name, ())):,} contents are lost with it")
            continue
        path = root / name
        size = path.stat().st_size
        end = committed.get(name, 0 if known else size)
        tally.files += 1
        tally.size += size
        if size < end:
            yield Problem("cut short", name, size, None, f"{size:,} bytes where {end:,} were committed")
        contents = indexed.get(name, [])
        read = _records(path, min(end, size), tally)
        yield from _damages(path, read, contents, ids)
        yield from _contents(path, [item for item in contents if not read.told(item.offset)], tally)
        if known:
            for key in sorted(read.named.keys() - ids):
                yield Problem("not indexed", name, read.named[key], None, f"content {key} is not in the index")
        if size > end:
            yield Problem("unfinished", name, end, size, f"{size - end:,} bytes behind the committed end")
        if on_bytes:
            on_bytes(size)


def _records(path: Path, end: int, tally: Tally) -> _Read:
    """Read the committed members one by one."""
    read = _Read([], {})
    begun: int | None = None
    for item in scan(path):
        if item.start >= end:
            break
        if isinstance(item, Damage):
            read.damages.append(_Stretch(item.start, min(item.end or end, end), begun))
            begun = None
            continue
        tally.records += 1
        if item.kind in ("response", "resource"):
            begun = item.start
        elif item.metadata is not None:
            if begun is not None and "capture_id" in item.metadata:
                read.named.setdefault(str(item.metadata["capture_id"]), begun)
            elif read.damages and read.damages[-1].end == item.start:
                read.damages[-1].of = item.metadata.get("capture_id")
            begun = None
    return read


def _damages(path: Path, read: _Read, contents: list[_Indexed], ids: set[str]) -> Iterator[Problem]:
    """Stretches that are no whole record; harmless where the index was made anew without what was there."""
    offsets = {item.offset for item in contents}
    for stretch in read.damages:
        lost = [item.url for item in contents if stretch.holds(item.offset) or item.offset == stretch.begun]
        given_up = stretch.of is not None and stretch.of not in ids
        given_up |= stretch.begun is not None and stretch.begun not in offsets
        detail = f"{stretch.end - stretch.start:,} bytes are no whole record"
        detail += f"; of {', '.join(lost[:3])}{' …' if len(lost) > 3 else ''}" if lost else ""
        kind: Kind = "left out" if given_up and not lost else "damaged"
        yield Problem(kind, path.name, stretch.start, stretch.end, detail)


def _index_of(root: Path) -> tuple[dict[str, int], dict[str, list[_Indexed]]]:
    """How far each file is committed, and by file what is known of its contents, in their order."""
    index = _Reader(root, read_only=True)
    try:
        return index.read()
    finally:
        index.close()


class _Reader(Index):
    def read(self) -> tuple[dict[str, int], dict[str, list[_Indexed]]]:
        with self._db.transaction("begin"):  # one state for both
            committed = {row["warc_file"]: int(row["committed"]) for row in self._db.execute("select * from file")}
            captures = self._db.execute("select * from capture order by warc_file, warc_offset")
        contents: dict[str, list[_Indexed]] = {}
        for row in captures:
            item = _Indexed(row["capture_id"], row["warc_offset"], row["content_sha256"], row["url"])
            contents.setdefault(row["warc_file"], []).append(item)
        return committed, contents


def _contents(path: Path, contents: list[_Indexed], tally: Tally) -> Iterator[Problem]:
    for item in contents:
        try:
            body, _ = read_payload(path, item.offset)
        except ArchiveError as error:
            yield Problem("damaged", path.name, item.offset, None, f"{item.url}: {error}")
            continue
        tally.contents += 1
        if hashlib.sha256(body).hexdigest() != item.sha256:
            yield Problem("wrong content", path.name, item.offset, None, f"{item.url}: sha256 is not the index's")
