"""The shape of a CMS family: a list page in, its items and the requests for the further pages out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from bs4 import BeautifulSoup, Tag

from scrapers.links import Item, absolute

DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
SHORTEST_TITLE = 5
# a text cut short to fit the list; the title attribute holds it whole
CUT = re.compile(r"(?:\.{2,}|…)$")


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How to get a further list page: url, form fields (POST) or None, and the Referer it asks for."""

    url: str
    form: Mapping[str, str] | None = None
    referer: str | None = None


class Family(Protocol):
    """One CMS family. `detect` says whether a list page is of it; the first family that says yes is taken."""

    name: str

    def detect(self, html: str) -> bool: ...

    def items(self, html: str, url: str) -> list[Item]: ...

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """Requests for the pages after the first, in order, made from the first page alone."""
        ...

    def after(self, html: str, url: str) -> PageRequest | None:
        """The next page's request, read from the page before it; for families that do not tell all at once."""
        ...


class HtmlFamily:
    """What families with plain HTML lists share: every link with a title is an item."""

    name = "generic"

    def detect(self, html: str) -> bool:
        """Plain HTML is what every family falls back to."""
        return True

    def items(self, html: str, url: str) -> list[Item]:
        """Links in the order of the page, each once."""
        return link_items(html, url)

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """None known from the first page."""
        return iter(())

    def after(self, html: str, url: str) -> PageRequest | None:
        """None known."""
        return None


def link_items(html: str, url: str) -> list[Item]:
    """All links of some length: the title attribute where it is longer than a text cut short, and a date beside it."""
    found: dict[str, Item] = {}
    for anchor in BeautifulSoup(html, "lxml").find_all("a", href=True):
        target = absolute(url, str(anchor["href"]))
        text = " ".join(anchor.get_text(" ").split())
        title = " ".join(str(anchor.get("title") or "").split())
        best = title if title and (len(title) > len(text) or CUT.search(text)) else text
        if target is None or len(best) < SHORTEST_TITLE:
            continue
        if target not in found or CUT.search(found[target].title) or len(found[target].title) < len(best):
            found[target] = Item(target, best, _date_beside(anchor))
    return list(found.values())


def _date_beside(anchor: Tag) -> str | None:
    around = anchor.find_parent(["li", "tr", "dd", "p", "div"])
    match = DATE.search(around.get_text(" ")) if around else None
    return match.group() if match else None
