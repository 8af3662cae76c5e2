"""A small home-made portal: tables, a bare layout, “下一页” links, reports now and then as an attachment."""

from __future__ import annotations

from html import escape

from scrapers.sample.layout import add_attachments, article_values, newest, page, relative
from scrapers.sample.site import Routes, Site

COLUMN = "/tzgg"


def build(site: Site) -> Routes:
    routes = Routes(start=f"{COLUMN}/list.html")
    routes.article_paths = {
        article.number: f"/content/{article.published:%Y/%m%d}/{article.number}.html" for article in site.articles
    }
    for article in site.articles:
        path = routes.article_paths[article.number]
        values = article_values(site, article, routes.article_paths, routes.start, "breaks")
        routes.pages[path] = page(site, "generic_article", article.published, values)
    chunks = site.pages()
    for number, chunk in enumerate(chunks, 1):
        path = _page_path(number)
        items = "\n".join(
            f'<tr><td>·<a href="{relative(routes.article_paths[article.number], path)}">{escape(article.title)}</a></td>'
            f"<td>{article.published:%Y/%m/%d}</td></tr>"
            for article in chunk
        )
        routes.pages[path] = page(
            site, "generic_list", newest(site), {"items": items, "pager": _pager(number, len(chunks))}
        )
    add_attachments(site, routes.article_paths, routes.pages)
    return routes


def _page_path(number: int) -> str:
    return f"{COLUMN}/list.html" if number == 1 else f"{COLUMN}/list_{number}.html"


def _pager(number: int, total: int) -> str:
    here = _page_path(number)
    targets = (("首页", 1), ("上一页", number - 1), ("下一页", number + 1), ("末页", total))
    links = [
        f'<a href="{relative(_page_path(n), here)}">{text}</a>' if 1 <= n <= total and n != number else text
        for text, n in targets
    ]
    return f"共{total}页 第{number}页 " + " ".join(links)
