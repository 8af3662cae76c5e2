"""A list page in, where else its reports may lie out: columns below it, frames in it, the page it sends a browser to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from scrapers.families.base import link_items
from scrapers.links import Item, absolute, is_candidate, is_column_url
from scrapers.titles import BARE_YEAR, BODY, SUBJECT, folded, is_report_column, names_column

SHORTEST_COLUMN = 2
FRAME = "frame"
LONGEST_SENDING_ON = 3000
REFRESH = re.compile(r"http-equiv=[\"']?refresh[^>]*?url=[\"']?([^\"'>\s]+)", re.IGNORECASE)
LOCATION = re.compile(r"location(?:\.href)?(?:\s*=\s*|\.(?:replace|assign)\(\s*)[\"']([^\"']+)[\"']")


def sent_on(url: str, text: str) -> str | None:
    """Where a page without links of its own sends a browser: by a refresh in its head, or by a script."""
    if len(text) > LONGEST_SENDING_ON or "<a " in text.lower():
        return None
    match = REFRESH.search(text) or LOCATION.search(text)
    target = absolute(url, match.group(1)) if match else None
    return target if target and urlsplit(target).hostname == urlsplit(url).hostname and target != url else None


def frames(url: str, text: str) -> list[Item]:
    """The pages that a page shows in frames, of the same host."""
    if "frame" not in text.lower():
        return []
    sources = [node.attributes.get("src") or "" for node in LexborHTMLParser(text).css("iframe[src], frame[src]")]
    targets = [target for target in (absolute(url, source) for source in sources) if target]
    host = urlsplit(url).hostname
    return [Item(target, FRAME) for target in targets if urlsplit(target).hostname == host]


def name_of(items: Sequence[Item]) -> str:
    """What the page of these items is called."""
    return next((item.column for item in items if item.column), "")


def columns(items: Sequence[Item], text: str, url: str, *, inside: bool) -> Iterator[Item]:
    """Links of a list's first page that name a column of reports: by the subject; below it a year, a body, 年度报告.

    inside: whether the page is a column of the subject itself. Of a page that lists reports, only what lies below it:
    its menus lead to its neighbours.
    """
    inside |= bool(SUBJECT.search(name_of(items)))
    lists_reports = any(is_candidate(item) for item in items)
    host, folder = urlsplit(url).hostname, url.rpartition("/")[0] + "/"
    for item in link_items(text, url, shortest=SHORTEST_COLUMN) if inside else items:
        if urlsplit(item.url).hostname != host or item.date or not is_column_url(item.url) or item.url == url:
            continue
        below = item.url.startswith(folder) and item.url != folder
        named = names_column(item.title) and (below or not lists_reports)
        if named or (below and inside and _belongs(item.title)):
            yield item


def _belongs(title: str) -> bool:
    """Whether a column inside a column of the subject may hold reports: 2023年, 东城区, 市教育局, 年度报告."""
    name = folded(title)
    return bool(BARE_YEAR.fullmatch(name) or BODY.fullmatch(name)) or is_report_column(f"法治政府{name}")
