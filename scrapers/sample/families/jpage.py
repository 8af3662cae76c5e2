"""Hanweb jpage: `/art/Y/M/D/art_COL_ID.html`, `#zoom`, records in a datastore, further ones from dataproxy.jsp."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from scrapers.sample.layout import add_attachments, article_values, newest, page
from scrapers.sample.site import Article, Query, Resource, Routes, Site

COLUMN_ID, UNIT_ID, WEB_ID = "1386", "5872", "41"
PROXY = "/module/web/jpage/dataproxy.jsp"
EMBEDDED_PAGES = 3  # the first page carries the records of so many pages


def build(site: Site) -> Routes:
    routes = Routes(start=f"/col/col{COLUMN_ID}/index.html")
    routes.article_paths = {article.number: article_path(article) for article in site.articles}
    for article in site.articles:
        values = article_values(site, article, routes.article_paths, routes.start, "word")
        routes.pages[article_path(article)] = page(site, "jpage_article", article.published, values)
    routes.pages[routes.start] = list_page(site, UNIT_ID)
    routes.computed[PROXY] = lambda query: dataproxy(site, query)
    add_attachments(site, routes.article_paths, routes.pages)
    return routes


def article_path(article: Article) -> str:
    day = article.published
    return f"/art/{day.year}/{day.month}/{day.day}/art_{COLUMN_ID}_{article.number}.html"


def list_page(site: Site, unit: str) -> Resource:
    values = {
        "unit": unit,
        "columnid": COLUMN_ID,
        "webid": WEB_ID,
        "proxy": PROXY,
        "records": records(site.articles[: EMBEDDED_PAGES * site.per_page]),
        "per_page": site.per_page,
        "total": len(site.articles),
    }
    return page(site, "jpage_list", newest(site), values)


def records(articles: Sequence[Article]) -> str:
    return "\n".join(
        f'<record><![CDATA[<li><a href="{article_path(article)}" title="{escape(article.title)}" target="_blank">'
        f"{escape(article.title)}</a><span>[{article.published:%Y-%m-%d}]</span></li>]]></record>"
        for article in articles
    )


def dataproxy(site: Site, query: Query) -> Resource:
    """Records startrecord to endrecord, both counted from 1 and included; empty where the ids are not this list's."""
    known = query.get("columnid") == COLUMN_ID and query.get("unitid") == UNIT_ID
    first, last = (int(query.get(name, "0") or 0) for name in ("startrecord", "endrecord"))
    chosen = site.articles[max(0, first - 1) : last] if known else ()
    total = len(site.articles)
    body = (
        f"<datastore>\n<totalrecord>{total}</totalrecord>\n<totalpage>{-(-total // site.per_page)}</totalpage>\n"
        f"<recordset>\n{records(chosen)}\n</recordset></datastore>"
    )
    return Resource(body.encode(), "text/xml; charset=utf-8", newest(site))
