"""`li.pagedContent`: the browser pages through what one file holds; only what is too much for it is in index_1.shtml."""

from __future__ import annotations

from scrapers.sample.site import Resource, Routes, Site
from tests.portal.families.layout import add_articles, list_items, list_page

COLUMN = "/channels/ch00232"
IN_FIRST_FILE = 24  # the real ones hold fifty pages of the browser's in a file


def build(site: Site) -> Routes:
    routes = Routes(start=f"{COLUMN}/")
    routes.article_paths = {
        article.number: f"/articles/ch00232/{article.published:%Y%m}/{article.number:08x}-4a6e-4c1f.shtml"
        for article in site.articles
    }
    add_articles(site, routes, opening='<div class="Article_content">')
    files = [site.articles[i : i + IN_FIRST_FILE] for i in range(0, len(site.articles), IN_FIRST_FILE)] or [()]
    for number, chunk in enumerate(files):
        path = f"{COLUMN}/index_{number}.shtml" if number else routes.start
        items = f'<div class="news_box01_con"><ul>{list_items(chunk, routes, path, "pagedContent")}</ul></div>'
        script = (
            f"<script>var totalFiles={len(files)},currentFile={number},perPage={site.per_page};"
            'paging("pagedContent","index","shtml");</script>'
        )
        following = f'<a href="index_{number + 1}.shtml">更多</a>' if number + 1 < len(files) else ""
        routes.pages[path] = list_page(site, items=items, pager=following + script)
    routes.pages[COLUMN] = Resource(b"", "text/html", None, 301, (("Location", f"{COLUMN}/"),))
    routes.pages[f"{COLUMN}/index.shtml"] = routes.pages[routes.start]
    return routes
