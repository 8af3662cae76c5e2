"""开普 UCAP: 32 hex digits as the page's name, `#UCAP-CONTENT`, only the newest items listed, the rest by `/so/s`."""

from __future__ import annotations

from hashlib import md5
from html import escape

from scrapers.sample.layout import newest
from scrapers.sample.site import Query, Resource, Routes, Site
from tests.portal.families.layout import add_articles, list_items, list_page

SEARCH = "/so/s"
PAGE_SIZE = 10


def build(site: Site) -> Routes:
    routes = Routes(start="/zwgk/fzzf/list.shtml")
    routes.article_paths = {
        article.number: f"/zwgk/fzzf/{article.published:%Y%m}/{md5(f'{site.host}{article.number}'.encode()).hexdigest()}.shtml"
        for article in site.articles
    }
    add_articles(site, routes, opening='<div id="UCAP-CONTENT"><UCAPCONTENT>', closing="</UCAPCONTENT></div>")
    form = (
        f'<form action="{SEARCH}" method="get" name="dataForm"><input name="qt">'
        f'<input type="hidden" name="siteCode" value="{site.site_id}"><input type="hidden" name="tab" value="all"></form>'
    )
    items = f"<ul>{list_items(site.articles[: site.per_page], routes, routes.start)}</ul>"
    routes.pages[routes.start] = list_page(site, items=form + items)
    routes.computed[SEARCH] = lambda query: search(site, routes, query)
    return routes


def search(site: Site, routes: Routes, query: Query) -> Resource:
    """Articles whose title holds every word of `qt`; ten a page, `page` counted from 1."""
    words = query.get("qt", "").split()
    if query.get("siteCode") != site.site_id or not words:
        return list_page(site, items="<p>检索词不能为空</p>")
    found = [article for article in site.articles if all(word in article.title for word in words)]
    number = max(1, int(query.get("page", "1")))
    hits = "\n".join(
        f'<div class="wordGuide Residence-permit"><p class="titleWrapper"><a target="_blank"'
        f' href="http://{site.host}{routes.article_paths[article.number]}">{escape(article.title)}</a></p>'
        f'<span class="sourceTime">{article.published:%Y-%m-%d}</span></div>'
        for article in found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    )
    pages = -(-len(found) // PAGE_SIZE)
    pager = f'<div class="page" data-total="{len(found)}" data-pages="{pages}">共{pages}页</div>'
    result = list_page(site, items=f"<div>约{len(found)}条结果</div>{hits}", pager=pager)
    return Resource(result.body, result.media_type, newest(site))
