"""A source's start urls in, the candidates that its lists name out; reading stops where nothing new can follow."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from scrapers.errand import Errand, page_text
from scrapers.families import PageRequest
from scrapers.fetch import FetchError
from scrapers.links import Item, canonical, is_candidate
from scrapers.lists import ListPage, ListWalk
from scrapers.memory import title_digest
from scrapers.records import ArchiveError
from scrapers.rota import is_ahead


@dataclass
class Column:
    """What the lists behind one start url gave: items by canonical url, item counts by list page.

    troubled: something could not be made sense of. unread: a page of it could not be had today.
    """

    start_url: str
    items: dict[str, tuple[str, bool]] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)
    stopped: bool = False
    troubled: bool = False
    unread: bool = False
    emptied: bool = False

    @property
    def names_reports(self) -> bool:
        """Whether it named a candidate today."""
        return any(candidate for _, candidate in self.items.values())


class Columns:
    """The lists of one source."""

    def __init__(self, errand: Errand, *, full_sweep: bool) -> None:
        self._errand, self._full_sweep = errand, full_sweep
        self._columns: list[Column] = []
        self.candidates: dict[str, Item] = {}

    def read(self) -> None:
        """Read all lists; what goes wrong with one is told and does not touch the others."""
        for start_url in self._errand.source.start_urls:
            column = Column(start_url)
            self._columns.append(column)
            try:
                self._read(column)
            except (ArchiveError, sqlite3.Error):
                raise
            except Exception as error:  # noqa: BLE001 - one broken list must not end the others
                column.unread = True
                self._trouble(column, start_url, self._errand.crashed(start_url, error).reason, blocked=False)
        self._check_expectation()

    def remember(self) -> None:
        """Keep what the lists named, once all of it was dealt with; what could not be had today is read again tomorrow.

        A list that is broken in part (its later pages are stubs) is not read to its end every day for that.
        """
        for column in self._columns:
            sound = not column.troubled or (column.names_reports and not column.unread)
            if sound and not column.emptied:
                swept = None if column.stopped else self._errand.settings.now()
                self._errand.archive.remember_list(column.start_url, column.items, column.pages, swept)

    # ── one column

    def _read(self, column: Column) -> None:
        errand, story = self._errand, self._errand.story
        before = errand.archive.listed(column.start_url)
        to_the_end = self._full_sweep or not before or self._sweep_is_due(column.start_url)
        walk = ListWalk(lambda request: self._get(column, request), errand.source.family, errand.source.max_pages)
        for page in walk.pages(column.start_url):
            fresh = self._take(column, page, before)
            errand.tell("list page", url=page.url, items=len(page.items), candidates=len(self.candidates))
            known_size = errand.archive.list_page_items(_page_key(page))
            # a page that lost items may be an emptied list's, not one that only moved on
            if not (to_the_end or fresh or page.shell) and known_size is not None and len(page.items) >= known_size:
                column.stopped = True
                walk.unchanged()
        for url, reason, blocked in walk.troubles:
            self._trouble(column, url, reason, blocked=blocked)
        if walk.cut_short:
            story.lists_incomplete = True
            story.tell(column.start_url, f"stopped after {errand.source.max_pages} list pages (max_pages)")
        now = {key for key, (_, candidate) in column.items.items() if candidate}
        known = {key for key, (_, candidate) in before.items() if candidate}
        if known and not now and not column.stopped and not column.troubled:
            column.emptied = True
            story.assertion_failed(column.start_url, "the list names no report any more")
        story.named |= now | (known if column.stopped else set())

    def _get(self, column: Column, request: PageRequest) -> tuple[str, str]:
        story = self._errand.story
        try:
            response = self._errand.list_page(request)
        except FetchError as error:
            story.passing |= error.transient
            # a dead link or a closed door will be the same tomorrow
            column.unread |= error.transient or error.counts
            raise
        return response.url, page_text(response)

    def _take(self, column: Column, page: ListPage, before: dict[str, tuple[str, bool]]) -> bool:
        """Note the page's items and candidates; whether one of them is new."""
        fresh = False
        for item in page.items:
            key, digest = canonical(item.url), title_digest(item.title)
            candidate = is_candidate(item)
            fresh |= key not in column.items and before.get(key, ("",))[0] != digest
            column.items[key] = (digest, candidate or column.items.get(key, ("", False))[1])
            if candidate:
                self.candidates.setdefault(key, item)
        column.pages[_page_key(page)] = len(page.items)
        return fresh

    def _trouble(self, column: Column, url: str, reason: str, *, blocked: bool) -> None:
        """A list page that could not be read: grave where the list gave nothing at all."""
        column.troubled = True
        story = self._errand.story
        story.tell(url, reason)
        story.blocked |= blocked
        if not column.names_reports:
            story.lists_failed |= not blocked
        story.lists_incomplete = True

    def _sweep_is_due(self, start_url: str) -> bool:
        last: datetime | None = self._errand.archive.last_sweep(start_url)
        every, now = timedelta(days=self._errand.settings.sweep_days), self._errand.settings.now()
        return last is None or now - last >= every or is_ahead(last, now)

    # ── all columns

    def _check_expectation(self) -> None:
        """Compare what the lists name with what the registry expects; what the pages prove to be does not matter here."""
        errand, story = self._errand, self._errand.story
        if any(column.troubled or column.emptied for column in self._columns):
            return
        named, expect, where = len(story.named), errand.source.expect, errand.source.start_urls[0]
        if named < expect.min:
            story.assertion_failed(
                where,
                f"expected at least {expect.min} reports, the lists name {named}: has the portal moved its column?",
            )
        elif expect.max is not None and named > expect.max:
            story.assertion_failed(
                where,
                f"expected at most {expect.max} reports, the lists name {named}: is it the right column?",
            )
        elif not named and errand.archive.count_reports(errand.source.id):
            story.assertion_failed(where, "the list names no report any more")


def _page_key(page: ListPage) -> str:
    return f"{page.number} {page.url}"
