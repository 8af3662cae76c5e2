"""JPAAS: the list page is empty, its script names a query; the interface answers with JSON that holds the html."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from selectolax.lexbor import LexborHTMLParser

from scrapers.families.base import HtmlFamily, ListError, PageRequest, link_items, number
from scrapers.links import Item, absolute

INTERFACE = "/api-gateway/jpaas-publish-server/front/page/build/unit"
PAGE_SIZE = 50
ROWS = re.compile(r"\b(?:rows|pageSize)\W{1,4}(\d+)")
COUNT = re.compile(r"\bcount\W{1,4}(\d+)", re.IGNORECASE)


class Jpaas(HtmlFamily):
    """JPAAS; the interface wants the list page as Referer."""

    name = "jpaas"
    shell = True

    def detect(self, html: str) -> bool:
        """By the query that the script carries."""
        return "querydata=" in html.lower() and "jpaas" in html.lower()

    def items(self, html: str, url: str) -> list[Item]:
        """Links in an answer's html; the list page itself has only its menus."""
        return link_items(_html(html, url) if _is_answer(url) else html, url)

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """The first page of every unit of the page; which of them is the list shows in the answers."""
        for node in LexborHTMLParser(html).css("[querydata]"):
            wanted = _query(node.attributes.get("querydata") or "", url)
            interface = absolute(url, node.attributes.get("url") or INTERFACE)
            if wanted and interface:
                yield _request(interface, wanted, 1, referer=url)

    def after(self, html: str, url: str) -> PageRequest | None:
        """The next page of a unit that is paged; the count of items stands in its html."""
        if not _is_answer(url):
            return None
        asked = dict(parse_qsl(urlsplit(url).query))
        page = number(_paging(asked.get("paramJson", "")).get("pageNo"), 1)
        fragment = _html(html, url)
        count, rows = COUNT.search(fragment), ROWS.search(fragment)
        # some interfaces keep to a page size of their own
        size = number(rows.group(1), PAGE_SIZE) if rows else len(link_items(fragment, url)) or PAGE_SIZE
        if not count or page * size >= int(count.group(1)):
            return None
        return _request(url.partition("?")[0], asked, page + 1, referer=absolute(url, "/") or url)


def _request(interface: str, wanted: dict[str, str], page: int, referer: str) -> PageRequest:
    paging = {**_paging(wanted.get("paramJson", "")), "pageNo": page, "pageSize": str(PAGE_SIZE)}
    query = {**wanted, "paramJson": json.dumps(paging, separators=(",", ":"), ensure_ascii=False)}
    return PageRequest(f"{interface}?{urlencode(query)}", referer=referer, may_be_empty=True)


def _is_answer(url: str) -> bool:
    return "paramJson=" in url


def _query(text: str, url: str) -> dict[str, str]:
    """The script's query: JSON, mostly written with single quotes."""
    found = _object(text)
    if found is None:
        raise ListError(url, f"queryData cannot be read: {text[:60]}")
    return {str(name): value if isinstance(value, str) else json.dumps(value) for name, value in found.items()}


def _paging(text: str) -> dict[str, Any]:
    return _object(text) or {}


def _object(text: str) -> dict[str, Any] | None:
    for attempt in (text, text.replace("'", '"')):
        try:
            found = json.loads(attempt)
        except (ValueError, RecursionError):
            continue
        return found if isinstance(found, dict) else None
    return None


def _html(text: str, url: str) -> str:
    found = _object(text)
    data = found.get("data") if found else None
    html = data.get("html") if isinstance(data, dict) else None
    if not isinstance(html, str):
        raise ListError(url, f"the list's interface did not answer with html: {text[:60]}")
    return html
