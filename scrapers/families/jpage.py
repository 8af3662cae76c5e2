"""Hanweb jpage: the first page holds the first records, dataproxy.jsp gives the others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrapers.families.base import HtmlFamily, ListError, PageRequest, link_items, number, page_name
from scrapers.links import Item, absolute

RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.DOTALL)
CALL = re.compile(r"new\s+jpage\(\s*[\"']#?(\w+)[\"']\s*,\s*\{(.*?)\}\s*\)\s*;", re.DOTALL)
SETTING = re.compile(r"(\w+)\s*:\s*[\"']?([^,\"'{}]*)[\"']?")
TOTAL = re.compile(r"<totalrecord>\s*(\d+)\s*</totalrecord>", re.IGNORECASE)
VARIABLE_TOTAL = re.compile(r"\b(?:var\s+)?total(?:Record)?\s*=\s*[\"']?(\d+)", re.IGNORECASE)
PROXY = "/module/web/jpage/dataproxy.jsp"
# what names the list; the same proxy serves all columns of a site
IDS = ("columnid", "unitid", "webid", "path", "webname", "col", "appid", "sourceContentType", "permissiontype")
# one answer of the proxy holds this many pages of the list; the sites' own script asks for three
PAGES_A_REQUEST = 3
USUAL_PER_PAGE = 15


class Jpage(HtmlFamily):
    """Hanweb jpage."""

    name = "jpage"

    def detect(self, html: str) -> bool:
        """By the script call."""
        return bool(CALL.search(html)) or "<datastore>" in html

    def items(self, html: str, url: str) -> list[Item]:
        """Links in the records; of the whole page where there are none. An answer without records is an error."""
        records = "".join(RECORD.findall(html))
        if records:
            found = link_items(unescape(records) if "&lt;" in records else records, url)
            column = page_name(html)
            return [replace(item, column=column) for item in found]
        if _position(url):
            raise ListError(url, f"the list's proxy answered without records ({len(html)} characters): encrypted ids?")
        return link_items(html, url)

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """For every list of the page: the records behind those that the page embeds."""
        calls = CALL.findall(html)
        have = len(RECORD.findall(html))
        for unit, settings in calls:
            given = dict(SETTING.findall(settings))
            per_page = number(given.get("perPage"), USUAL_PER_PAGE)
            step = per_page * PAGES_A_REQUEST
            total = number(given.get("totalRecord"), _total(html))
            embedded = have if len(calls) == 1 else min(have, step)
            # where nothing tells the total, a first page that is not full is all there is
            if total > embedded or (not total and embedded >= step):
                ids = {name: given[name].strip() for name in IDS if given.get(name, "").strip()}
                ids.setdefault("unitid", unit)
                proxy = absolute(url, given.get("proxyUrl") or PROXY) or absolute(url, PROXY)
                yield _request(str(proxy), embedded + 1, step, per_page, total, ids, referer=url)

    def after(self, html: str, url: str) -> PageRequest | None:
        """The records after those of a proxy's answer, as long as there are more."""
        asked = _position(url)
        if not asked:
            return None
        start, end = int(asked["startrecord"]), int(asked["endrecord"])
        total = _total(html)
        if (total and end >= total) or not RECORD.search(html):
            return None
        ids = {name: asked[name] for name in IDS if name in asked}
        per_page = number(asked.get("perpage"), USUAL_PER_PAGE)
        return _request(
            url.partition("?")[0], end + 1, end - start + 1, per_page, total, ids, absolute(url, "/") or url
        )


def _request(
    proxy: str, start: int, step: int, per_page: int, total: int, ids: dict[str, str], referer: str
) -> PageRequest:
    """The ids are sent as a form, as the sites' script does, and stand in the url too: it names one list's records."""
    end = min(total, start + step - 1) if total else start + step - 1
    query = {"startrecord": start, "endrecord": end, "perpage": per_page, **ids}
    return PageRequest(f"{proxy}?{urlencode(query)}", form=ids, referer=referer)


def _position(url: str) -> dict[str, str]:
    """The fields of a proxy's url; empty for any other url."""
    asked = dict(parse_qsl(urlsplit(url).query))
    known = all(asked.get(name, "").isdigit() for name in ("startrecord", "endrecord"))
    return asked if known and int(asked["endrecord"]) >= int(asked["startrecord"]) else {}


def _total(text: str) -> int:
    match = TOTAL.search(text) or VARIABLE_TOTAL.search(text)
    return int(match.group(1)) if match else 0
