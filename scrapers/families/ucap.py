"""开普 UCAP: pages named by 32 hex digits; where the list shows only the newest, the site search `/so/s` has the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser

from scrapers.families.base import HtmlFamily, PageRequest, number
from scrapers.families.generic import Generic
from scrapers.families.trs import Trs
from scrapers.links import absolute

HEX_PAGES = re.compile(r"href=[\"'][^\"']*/[0-9a-f]{32}\.s?html", re.IGNORECASE)
SEARCH = re.compile(r"(?:^|[/.])so/s$")
PAGES = re.compile(r"data-pages=[\"']?(\d+)|共\s*(\d+)\s*页|totalPages?\W{1,4}(\d+)")
# what the reports have been called, from now back to 2004
WORDS = ("法治政府", "依法行政 报告", "依法行政 总结", "法治建设 报告")
MOST_SEARCH_PAGES = 8


class Ucap(HtmlFamily):
    """开普 UCAP: the list's own paging where it has one, else the site search."""

    name = "ucap"

    def detect(self, html: str) -> bool:
        """By names of 32 hex digits together with the search form, or by the body's tag."""
        return bool(HEX_PAGES.search(html) and _form(html)) or "<ucapcontent" in html.lower()

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """The pages of the list; a search for each name of the reports where it has none."""
        if Trs().detect(html):
            yield from Trs().further(html, url)
            return
        if Generic().after(html, url):
            return
        form = _form(html)
        for words in WORDS if form else ():
            action, fields = form if form else ("", {})
            target = absolute(url, f"{action}?{urlencode({**fields, 'qt': words, 'page': 1})}")
            if target:
                yield PageRequest(target, referer=url, may_be_empty=True)

    def after(self, html: str, url: str) -> PageRequest | None:
        """The next page of a list with 下一页; of a search, while its pager says that there is one."""
        asked = parse_qs(urlsplit(url).query)
        if "qt" not in asked:
            return None if Trs().detect(html) else Generic().after(html, url)
        page, pages = number(asked.get("page", ["1"])[0], 1), PAGES.search(html)
        total = int(next(filter(None, pages.groups()))) if pages else 1
        if page >= min(total, MOST_SEARCH_PAGES):
            return None
        return PageRequest(
            re.sub(r"([?&]page=)\d+", rf"\g<1>{page + 1}", url), referer=absolute(url, "/"), may_be_empty=True
        )


def _form(html: str) -> tuple[str, dict[str, str]] | None:
    """The search form's address and its fixed fields."""
    if "so/s" not in html:
        return None
    for form in LexborHTMLParser(html).css("form[action]"):
        action = (form.attributes.get("action") or "").partition("?")[0]
        if SEARCH.search(action):
            hidden = form.css("input[type=hidden][name]")
            fields = {str(node.attributes["name"]): node.attributes.get("value") or "" for node in hidden}
            return action, {name: value for name, value in fields.items() if value and name not in ("qt", "page")}
    return None
