"""Hanweb jpage: the first page holds the first records, dataproxy.jsp gives the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from scrapers.families.base import HtmlFamily, PageRequest, link_items
from scrapers.links import Item, absolute

RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.DOTALL)
CALL = re.compile(r"new\s+jpage\(\s*[\"']#?(\w+)[\"']\s*,\s*\{(.*?)\}\s*\)\s*;", re.DOTALL)
SETTING = re.compile(r"(\w+)\s*:\s*[\"']?([^,\"'{}]*)[\"']?")
# one answer of the proxy holds this many pages of the list; the sites' own script asks for three
PAGES_A_REQUEST = 3


class Jpage(HtmlFamily):
    """Hanweb jpage."""

    name = "jpage"

    def detect(self, html: str) -> bool:
        """By the script call."""
        return bool(CALL.search(html)) or "<datastore>" in html

    def items(self, html: str, url: str) -> list[Item]:
        """Links in the records; of the whole page where there are none."""
        records = "".join(RECORD.findall(html))
        if not records:
            return link_items(html, url)
        return link_items(unescape(records) if "&lt;" in records else records, url)

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """Requests to the proxy, for the records behind those that the first page embeds."""
        match = CALL.search(html)
        if not match:
            return
        unit, given = match.group(1), dict(SETTING.findall(match.group(2)))
        proxy = absolute(url, given.get("proxyUrl") or "/module/web/jpage/dataproxy.jsp")
        per_page = int(given.get("perPage") or 15)
        total = int(given.get("totalRecord") or 0)
        have = len(RECORD.findall(html))
        if proxy is None:
            return
        fixed = {
            key: given[key]
            for key in ("columnid", "unitid", "webid", "path", "webname", "col", "appid")
            if key in given
        }
        fixed |= {key: given[key] for key in ("sourceContentType", "permissiontype") if key in given}
        fixed.setdefault("unitid", unit)
        step = per_page * PAGES_A_REQUEST
        for start in range(have + 1, total + 1, step):
            end = min(total, start + step - 1)
            query = f"startrecord={start}&endrecord={end}&perpage={per_page}"
            yield PageRequest(f"{proxy}?{query}", form=fixed, referer=url)
