"""What the families that live only in the tests share: one article page, one list page, one list item."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from scrapers.sample.layout import add_attachments, article_values, newest, page, relative
from scrapers.sample.site import Article, Resource, Routes, Site

LAYOUTS = Path(__file__).parents[1] / "layouts"


def add_articles(site: Site, routes: Routes, *, opening: str, closing: str = "</div>", head: str = "") -> None:
    """Every article's page at its place in `routes.article_paths`, its text inside `opening` and `closing`."""
    for article in site.articles:
        path = routes.article_paths[article.number]
        values = article_values(site, article, routes.article_paths, routes.start)
        values |= {"opening": opening, "closing": closing, "head": head}
        routes.pages[path] = page(site, "article", article.published, values, LAYOUTS)
    add_attachments(site, routes.article_paths, routes.pages)


def list_page(site: Site, *, items: str, pager: str = "", head: str = "") -> Resource:
    return page(site, "list", newest(site), {"items": items, "pager": pager, "head": head}, LAYOUTS)


def list_items(articles: Sequence[Article], routes: Routes, here: str | None, css_class: str = "") -> str:
    """`<li>` with link and date, one a line; links relative to the list page `here`, from the root without one."""
    attribute = f' class="{css_class}"' if css_class else ""
    return "\n".join(
        f'<li{attribute}><a href="{_href(routes.article_paths[article.number], here)}"'
        f' title="{escape(article.title)}">{escape(article.title)}</a><span>{article.published:%Y-%m-%d}</span></li>'
        for article in articles
    )


def _href(path: str, here: str | None) -> str:
    return relative(path, here) if here else path
