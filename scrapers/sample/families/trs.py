"""TRS WCM: `/YYYYMM/tYYYYMMDD_ID.shtml`, `.TRS_Editor`, lists by createPageHTML counted from 0 (or, variant, from 1)."""

from __future__ import annotations

from html import escape

from scrapers.sample.layout import add_attachments, article_values, newest, page, relative
from scrapers.sample.site import Routes, Site

COLUMN = "/zwgk/fzzf/ndbg"


def build(site: Site, *, count_from: int = 0) -> Routes:
    """count_from 1: `createPageHTML('page_div', total, current, 'list', 'shtml', rows)` with list_2.shtml as page 2."""
    stem = "list" if count_from else "index"
    routes = Routes(start=f"{COLUMN}/{stem}.shtml")
    routes.article_paths = {
        article.number: f"{COLUMN}/{article.published:%Y%m}/t{article.published:%Y%m%d}_{article.number}.shtml"
        for article in site.articles
    }
    for article in site.articles:
        path = routes.article_paths[article.number]
        values = article_values(site, article, routes.article_paths, routes.start, "spaces")
        routes.pages[path] = page(site, "trs_article", article.published, values)
    chunks = site.pages()
    for number, chunk in enumerate(chunks):
        items = "\n".join(
            f'<li><span class="date">{article.published:%Y-%m-%d}</span>'
            f'<a href="./{relative(routes.article_paths[article.number], routes.start)}" target="_blank"'
            f' title="{escape(article.title)}">{escape(article.title)}</a></li>'
            for article in chunk
        )
        path = f"{COLUMN}/{stem}_{number + count_from}.shtml" if number else routes.start
        values = {"items": items, "pager": _pager(len(chunks), number, stem, count_from, len(site.articles))}
        routes.pages[path] = page(site, "trs_list", newest(site), values)
    add_attachments(site, routes.article_paths, routes.pages)
    return routes


def _pager(total: int, number: int, stem: str, count_from: int, rows: int) -> str:
    if count_from:
        return f"createPageHTML('page_div',{total}, {number + 1},'{stem}','shtml',{rows});"
    return (
        f'var countPage = {total};\nvar currentPage = {number};\ncreatePageHTML({total}, {number}, "{stem}", "shtml");'
    )
