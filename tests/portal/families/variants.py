"""Variants of the sample's families: TRS counted from 1, TRS with stub pages, jpage with encrypted ids."""

from __future__ import annotations

from dataclasses import replace

from scrapers.sample.families import jpage, trs
from scrapers.sample.layout import newest
from scrapers.sample.site import Query, Resource, Routes, Site

STUB = "<html><head><title>列表</title></head><body><ul></ul><p>栏目正在更新，请稍后访问。</p>{pad}</body></html>"
EMPTY_PROXY_ANSWER = b"<datastore>\n<recordset>\n\n\n\n\n</recordset>\n</datastore>\n"


def trs_from_1(site: Site) -> Routes:
    return trs.build(site, count_from=1)


def trs_stub(site: Site) -> Routes:
    """The pages after the second are stubs of 300 to 400 bytes; what they ought to list cannot be reached."""
    routes = trs.build(site)
    for number in range(2, len(site.pages())):
        body = STUB.format(pad=f"<!--{'-' * (180 + 7 * number % 60)}-->").encode()
        assert 300 <= len(body) <= 400
        routes.pages[f"{trs.COLUMN}/index_{number}.shtml"] = Resource(body, "text/html; charset=utf-8", newest(site))
    return routes


def jpage_encrypted(site: Site) -> Routes:
    """The page's ids are enciphered by its script; the proxy answers what a plain client sends with 54 empty bytes."""
    routes = jpage.build(site)
    routes.pages[routes.start] = jpage.list_page(site, unit="a9f3c0de71b2")
    routes.computed[jpage.PROXY] = _no_records
    return routes


def without_articles(site: Site) -> Site:
    """The same site with an empty list."""
    return replace(site, articles=())


def _no_records(query: Query) -> Resource:
    return Resource(EMPTY_PROXY_ANSWER, "text/xml; charset=utf-8")
