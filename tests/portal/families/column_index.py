"""`column-index-N.shtml`: page N of a column; articles at `/c/DATE/ID.shtml`; the pager is a script's argument."""

from __future__ import annotations

from scrapers.sample.site import Routes, Site
from tests.portal.families.layout import add_articles, list_items, list_page

COLUMN = "/xxgk/fzzfjs"


def build(site: Site) -> Routes:
    routes = Routes(start=f"{COLUMN}/column-index-1.shtml")
    routes.article_paths = {
        article.number: f"/c/{article.published:%Y-%m-%d}/{article.number}.shtml" for article in site.articles
    }
    add_articles(site, routes, opening='<div class="article-con" id="fontzoom">')
    chunks = site.pages()
    for number, chunk in enumerate(chunks, 1):
        path = f"{COLUMN}/column-index-{number}.shtml"
        pages = "".join(f'<a href="column-index-{n}.shtml">{n}</a>' for n in range(1, len(chunks) + 1) if n != number)
        items = f'<ul class="list">{list_items(chunk, routes, path)}</ul>'
        pager = f'<div class="page" id="pagination" data-page="{number}" data-count="{len(chunks)}">{pages}</div>'
        routes.pages[path] = list_page(site, items=items, pager=pager)
    return routes
