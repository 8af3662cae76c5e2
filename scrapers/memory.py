"""The index's memory of urls and lists: what is known, what a list named, what is still wanted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from scrapers.index import Index
from scrapers.records import KnownUrl, Wanted

# verdicts of pages that were no report
NO_REPORT = ("other", "unreadable")
_REPORTS = "coalesce(verdict, '') not in ('other', 'unreadable')"


class Memory(Index):
    """Reading and writing of what earlier runs learnt."""

    # ── urls

    def known_url(self, canonical_url: str) -> KnownUrl | None:
        """What is known of a url, or None."""
        row = self._db.execute("select * from url where canonical_url = ?", (canonical_url,)).fetchone()
        return _to_known(row) if row else None

    def known_documents(self, source_id: str) -> list[KnownUrl]:
        """Pages and attachments of a source that were not found to be something else than a report."""
        query = (
            f"select * from url where source_id = ? and {_REPORTS} and exists (select 1 from capture"
            " where capture.canonical_url = url.canonical_url and role in ('page', 'attachment')) order by checked_at"
        )
        return [_to_known(row) for row in self._db.execute(query, (source_id,))]

    def count_reports(self, source_id: str) -> int:
        """How many pages of a source are known that were not found to be something else."""
        query = (
            "select count(distinct canonical_url) from capture left join url using (canonical_url)"
            f" where capture.source_id = ? and role in ('page', 'attachment') and parent_url is null and {_REPORTS}"
        )
        return int(self._one(query, source_id))

    def returned(self) -> set[str]:
        """Captures that their urls hold again, after they held what was fetched later."""
        query = (
            "select capture_id from capture join url using (canonical_url, content_sha256) where canonical_url in"
            # most urls held one content
            " (select canonical_url from capture group by canonical_url having count(*) > 1) and exists (select 1"
            " from capture as later where later.canonical_url = capture.canonical_url"
            " and later.fetched_at >= capture.fetched_at and later.capture_id <> capture.capture_id)"
        )
        return {capture_id for (capture_id,) in self._db.execute(query)}

    def record_verdict(self, canonical_url: str, genre: str) -> None:
        """Keep what extraction said of a page, so that the next harvest need not ask again for what is no report."""
        self._db.execute("update url set verdict = ? where canonical_url = ?", (genre, canonical_url))

    def mark_complete(self, canonical_url: str) -> None:
        """Note that a page's attachments were all had."""
        self._db.execute("update url set complete = 1 where canonical_url = ?", (canonical_url,))

    def _checked(self, canonical_url: str, run_id: str, at: datetime, *, gone: bool) -> None:
        query = "update url set last_run = ?, checked_at = ?, gone = ? where canonical_url = ?"
        self._db.execute(query, (run_id, at.isoformat(), gone, canonical_url))

    def _touch(self, about: Mapping[str, Any], known: KnownUrl | None, *, complete: bool = False) -> None:
        """Note that a url held this content; verdict and completeness hold as long as the content does."""
        names = ("canonical_url", "source_id", "etag", "last_modified", "content_sha256")
        row = {name: about[name] for name in names}
        row |= {"last_run": about["run_id"], "checked_at": about["fetched_at"], "gone": 0}
        same = known is not None and known.content_sha256 == about["content_sha256"]
        kept: dict[str, Any] = {"source_id": known.source_id} if known else {}
        if known and same:
            kept |= {"verdict": known.verdict, "complete": known.complete or complete}
        self._insert("url", {**row, "verdict": None, "complete": complete, **kept})

    # ── lists

    def listed(self, start_url: str) -> dict[str, tuple[str, bool]]:
        """What a list named when it was last read: by canonical url, the title's digest and whether a candidate."""
        query = "select canonical_url, title_sha256, candidate from listed where start_url = ?"
        return {row[0]: (row[1], bool(row[2])) for row in self._db.execute(query, (start_url,))}

    def list_page_items(self, list_url: str) -> int | None:
        """How many items a list page held when it was last read."""
        found = self._one("select items from list_page where list_url = ?", list_url)
        return None if found is None else int(found)

    def last_sweep(self, start_url: str) -> datetime | None:
        """When the list was last read to its end."""
        found = self._one("select swept_at from sweep where start_url = ?", start_url)
        return datetime.fromisoformat(found) if found else None

    def remember_list(
        self,
        start_url: str,
        items: Mapping[str, tuple[str, bool]],
        pages: Mapping[str, int],
        swept_at: datetime | None,
    ) -> None:
        """Keep what a list names now: instead of what it named before if it was read to the end (swept_at), else
        besides it."""
        with self._transaction():
            if swept_at:
                for table in ("listed", "list_page"):
                    self._db.execute(f"delete from {table} where start_url = ?", (start_url,))
                self._insert("sweep", {"start_url": start_url, "swept_at": swept_at.isoformat()})
            rows = [(start_url, url, title, candidate) for url, (title, candidate) in items.items()]
            self._db.executemany("insert or replace into listed values (?, ?, ?, ?)", rows)
            counts = [(url, start_url, count) for url, count in pages.items()]
            self._db.executemany("insert or replace into list_page values (?, ?, ?)", counts)

    # ── what could not be had

    def want(self, source_id: str, wanted: Wanted) -> None:
        """Note that something could not be had."""
        row = {field.name: getattr(wanted, field.name) for field in fields(Wanted)}
        with self._transaction():
            self._insert("wanted", {**row, "source_id": source_id, "not_before": wanted.not_before.isoformat()})

    def no_more_wanted(self, canonical_url: str) -> None:
        """Note that it was had, or that it is not looked for any more."""
        self._db.execute("delete from wanted where canonical_url = ?", (canonical_url,))

    def wanted(self, source_id: str) -> dict[str, Wanted]:
        """What a source still owes, by canonical url."""
        query = "select * from wanted where source_id = ? order by canonical_url"
        found = (dict(row) for row in self._db.execute(query, (source_id,)))
        names = [field.name for field in fields(Wanted)]
        items = [
            Wanted(**{**{name: row[name] for name in names}, "not_before": datetime.fromisoformat(row["not_before"])})
            for row in found
        ]
        return {item.canonical_url: item for item in items}


def title_digest(title: str) -> str:
    """What tells a title from another: 16 hex digits."""
    return hashlib.sha256("".join(title.split()).encode()).hexdigest()[:16]


def _to_known(row: Mapping[str, Any]) -> KnownUrl:
    values = {field.name: row[field.name] for field in fields(KnownUrl)}
    values |= {name: bool(row[name]) for name in ("gone", "complete")}
    return KnownUrl(**{**values, "checked_at": datetime.fromisoformat(row["checked_at"])})
