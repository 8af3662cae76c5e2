"""A start url in, the pages of its lists out: each family's paging, columns one or two levels below, and what failed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from scrapers.below import FRAME, columns, frames, name_of, sent_on
from scrapers.families import Family, ListError, PageRequest, family_of
from scrapers.fetch import Blocked, FetchError
from scrapers.links import Item, is_candidate

DEEPEST = 2
MOST_COLUMNS = 40
FAILURES_IN_A_ROW = 2

Get = Callable[[PageRequest], tuple[str, str]]
"""Fetches a list page: (its url after redirects, its text). May raise FetchError."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list: its number in the list, the family that read it, its items."""

    url: str
    number: int
    family: str
    items: tuple[Item, ...]
    shell: bool


class ListWalk:
    """Reads the lists behind one start url, at most `most` pages.

    `troubles` holds what went wrong, (url, reason, whether the portal blocks us); nothing is raised for a portal's
    fault. `cut_short` says that there was more to read.
    """

    def __init__(self, get: Get, named: str = "auto", most: int = 200) -> None:
        self._get, self._named, self._most = get, named, most
        self._skip = False
        self._known: set[str] = set()  # columns read or waiting
        self._asked: set[str] = set()
        self._seen: set[str] = set()
        self._read = 0
        self.troubles: list[tuple[str, str, bool]] = []
        self.cut_short = False

    def unchanged(self) -> None:
        """Say that the page just given is as it was: the rest of its list is left out, columns below it are not."""
        self._skip = True

    def pages(self, start_url: str) -> Iterator[ListPage]:
        """The pages of the start url's list, then those of the columns it names, breadth first."""
        waiting = deque([(PageRequest(start_url), 0)])
        while waiting:
            request, depth = waiting.popleft()
            if request.url in self._asked:
                continue
            below: list[Item] = []
            yield from self._column(request, depth, below)
            fresh = [item for item in {item.url: item for item in below}.values() if item.url not in self._known]
            self._known.update(item.url for item in fresh)
            self.cut_short |= len(fresh) > MOST_COLUMNS
            for item in fresh[:MOST_COLUMNS]:
                column = PageRequest(item.url, referer=start_url, may_be_empty=item.title == FRAME)
                waiting.append((column, depth + 1))

    def _column(self, request: PageRequest, depth: int, below: list[Item]) -> Iterator[ListPage]:
        """One list's pages; `below` gets the columns that its first page names."""
        first = self._fetch(request)
        if first is None:
            return
        url, text = first
        self._known.update((request.url, url))
        self._asked.add(url)
        # what stands after # is not sent, but may name the column
        named = urlsplit(request.url).fragment
        url = f"{url}#{named}" if named and "#" not in url else url
        onward = sent_on(url, text)
        if onward and onward not in self._asked:
            yield from self._column(PageRequest(onward, referer=url), depth, below)
            return
        family = family_of(text, self._named if depth == 0 else "auto")
        page = self._page(family, url, text, 1, may_be_empty=request.may_be_empty)
        if page is None:
            return
        if depth < DEEPEST:
            below.extend(columns(page.items, text, url, inside=depth > 0))
            if not any(item.date or is_candidate(item) for item in page.items):
                below.extend(frames(url, text))
        yield page
        if not self._skipped() or family.shell:
            yield from self._rest(family, url, text, name_of(page.items))

    def _rest(self, family: Family, first_url: str, text: str, column: str) -> Iterator[ListPage]:
        failures, number, fruitful = 0, 1, False
        for request, announced in self._requests(family, first_url, text):
            if self._read >= self._most:
                self.cut_short = True
                return
            number += 1
            page = None
            answer = self._fetch(replace(request, referer=request.referer or first_url))
            if answer:
                page = self._page(family, *answer, number, may_be_empty=request.may_be_empty)
            if page is None or answer is None:
                failures += 1
                blocked = answer is None and self.troubles[-1:] and self.troubles[-1][2]
                if blocked or failures >= FAILURES_IN_A_ROW:
                    return
                continue
            failures = 0
            fruitful |= bool(page.items)
            named = tuple(item if item.column else replace(item, column=column) for item in page.items)
            fresh = any(item.url not in self._seen for item in page.items)
            if announced and not fresh and not request.may_be_empty:
                self.troubles.append((page.url, "a further list page that holds nothing new", False))
            self._seen.update(item.url for item in page.items)
            yield replace(page, items=named)
            skipped = self._skipped()
            # what a shell names, and searches, are lists of their own: each ends for itself
            if skipped and not (family.shell or request.may_be_empty):
                return
            if fresh and not skipped:
                self._following(family, *reversed(answer))
        if family.shell and number == 1:
            self.troubles.append((first_url, f"the page names no list that {family.name} could ask for", False))
        elif family.shell and not fruitful:
            self.troubles.append((first_url, "the list's interface gave no items", False))

    def _requests(self, family: Family, url: str, text: str) -> Iterator[tuple[PageRequest, bool]]:
        """What each page says of the next one first, then what the first page said of all (these are announced)."""
        self._pending: deque[PageRequest] = deque()
        self._following(family, text, url)
        announced = self._safely(family.further(text, url), url)
        while True:
            told = not self._pending
            request = next(announced, None) if told else self._pending.popleft()
            if request is None:
                return
            if request.url not in self._asked:
                yield request, told

    def _following(self, family: Family, text: str, url: str) -> None:
        try:
            request = family.after(text, url)
        except ListError as error:
            self.troubles.append((error.url, error.reason, False))
            return
        if request:
            self._pending.append(request)

    def _safely(self, requests: Iterator[PageRequest], url: str) -> Iterator[PageRequest]:
        try:
            yield from requests
        except ListError as error:
            self.troubles.append((error.url, error.reason, False))

    def _fetch(self, request: PageRequest) -> tuple[str, str] | None:
        if self._read >= self._most:
            self.cut_short = True
            return None
        self._read += 1
        self._asked.add(request.url)
        try:
            return self._get(request)
        except FetchError as error:
            self.troubles.append((error.url, error.reason, isinstance(error, Blocked)))
            return None

    def _page(self, family: Family, url: str, text: str, number: int, *, may_be_empty: bool = False) -> ListPage | None:
        try:
            items = family.items(text, url)
            if number > 1 and not items and not may_be_empty:
                raise ListError(url, f"a list page without items ({len(text)} characters): a stub?")
            if number == 1 and not (items or may_be_empty or family.shell or frames(url, text)):
                raise ListError(url, f"a page without links ({len(text)} characters): is it drawn by a script?")
        except ListError as error:
            self.troubles.append((error.url, error.reason, False))
            return None
        if number == 1:
            self._seen.update(item.url for item in items)
        return ListPage(url, number, family.name, tuple(items), family.shell and number == 1)

    def _skipped(self) -> bool:
        skip, self._skip = self._skip, False
        return skip
