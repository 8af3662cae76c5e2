"""WARC files in, an index filled from them out: what the index can be made from anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapers.memory import Memory
from scrapers.records import Capture
from scrapers.runs import Runs
from scrapers.warc import Damage, scan

RUN_TARGET = "urn:fazhi:harvest-run"


class Refill(Runs, Memory):
    """Filling of empty tables; `_damage` is told of bytes that are no record."""

    _damage: Callable[[str], None]

    def _refill(self, verdicts: Iterable[tuple[str, str]]) -> None:
        self._later: dict[str, list[Mapping[str, Any]]] = {}
        for path in sorted(self.root.glob("*.warc.gz")):
            self._index_file(path)
        # what came back, went or returned, in the order of time: two sources may name the same url
        self._index_returns([about for found in self._later.values() for about in found])
        for canonical_url, verdict in verdicts:
            self.record_verdict(canonical_url, verdict)

    def _index_file(self, path: Path) -> None:
        pending: int | None = None
        whole = 0
        for item in scan(path):
            if isinstance(item, Damage):
                size = (item.end or path.stat().st_size) - item.start
                where = (
                    "are damaged and left out"
                    if item.end
                    else "at the end are no whole record: the next write cuts them off"
                )
                self._damage(f"{path}: {size:,} bytes from byte {item.start:,} on {where}")
                pending = None
            elif item.kind in ("response", "resource"):
                pending = item.start
            elif item.metadata is not None:
                self._index_metadata(item.target, item.metadata, path.name, pending)
                # a group of records is whole with its metadata, which is its last
                pending, whole = None, item.end
        self._insert("file", {"warc_file": path.name, "committed": whole})

    def _index_metadata(self, target: str | None, about: Mapping[str, Any], file: str, offset: int | None) -> None:
        if "after" in about:
            # the clock was turned back: what came before in the file came before in time
            self._index_returns(self._later.pop(about["canonical_url"], []))
        if target == RUN_TARGET:
            self._insert("harvest_run", dict(about))
        elif offset is not None:
            self._index_capture(about, file, offset)
        elif "after" in about:
            self._index_return(about)
        else:
            self._later.setdefault(about["canonical_url"], []).append(about)
        self._insert("run", {"run_id": about["run_id"], "finished": 1})

    def _index_returns(self, found: Iterable[Mapping[str, Any]]) -> None:
        for about in sorted(found, key=_time_of):
            self._index_return(about)

    def _index_return(self, about: Mapping[str, Any]) -> None:
        known = self.known_url(about["canonical_url"])
        if known is None or known.checked_at.isoformat() > _after(about):
            return
        if "event" in about:
            at = datetime.fromisoformat(about["at"])
            self._checked(about["canonical_url"], about["run_id"], at, gone=about["event"] == "gone")
        elif self._one("select 1 from capture where capture_id = ?", about["capture_id"]):
            self._touch(about, known)

    def _index_capture(self, about: Mapping[str, Any], file: str, offset: int, *, complete: bool = False) -> None:
        row = {field.name: about.get(field.name) for field in fields(Capture)}
        row |= {"warc_file": file, "warc_offset": offset}
        # the last row, not the largest number: that would look at all of them for each capture
        sequence = self._one("select coalesce((select seq from capture order by rowid desc limit 1), 0) + 1")
        self._insert("capture", {**row, "seq": sequence})
        known = self.known_url(about["canonical_url"])
        if known is None or known.checked_at.isoformat() <= _after(about):
            self._touch(about, known, complete=complete)


def _time_of(about: Mapping[str, Any]) -> str:
    return str(about.get("at") or about["fetched_at"])


def _after(about: Mapping[str, Any]) -> str:
    """Up to when an earlier word on the same url is overtaken by this one."""
    return str(about.get("after") or _time_of(about))
