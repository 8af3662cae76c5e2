"""A site of the test portal in, what a walk over its lists found out; real requests, no waiting."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrapers.detect import getter as fetch_lists
from scrapers.fetch import Fetcher, HarvestSettings
from scrapers.links import Item, canonical
from scrapers.lists import Get, ListPage, ListWalk
from scrapers.registry import Source
from scrapers.sample.site import Site
from tests.portal.server import PortalServer

SETTINGS = HarvestSettings(connect_s=2, read_s=2, total_s=5, retries=0, sleep=lambda seconds: None)


@dataclass
class Walked:
    pages: list[ListPage] = field(default_factory=list)
    troubles: list[tuple[str, str, bool]] = field(default_factory=list)
    cut_short: bool = False

    @property
    def items(self) -> dict[str, Item]:
        return {canonical(item.url): item for page in self.pages for item in page.items}


def getter(source: Source) -> Get:
    """How the source's lists are fetched, without waiting."""
    return fetch_lists(Fetcher(source, SETTINGS))


def walk(portal: PortalServer, site: Site, *, start: str | None = None, most: int = 50, family: str = "auto") -> Walked:
    source = Source.model_validate(portal.source(site))
    lists = ListWalk(getter(source), family, most)
    found = Walked()
    for page in lists.pages(start or source.start_urls[0]):
        found.pages.append(page)
    found.troubles, found.cut_short = lists.troubles, lists.cut_short
    return found
