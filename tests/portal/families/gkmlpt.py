"""gkmlpt (Guangdong): `window._CONFIG` with SID and TREE on the start page, articles from a JSON interface."""

from __future__ import annotations

import json

from scrapers.sample.handler import CHINA
from scrapers.sample.layout import newest
from scrapers.sample.site import Query, Resource, Routes, Site
from tests.portal.families.layout import add_articles, list_page

SID, CATEGORY, PAGE_SIZE = "755031", 2811, 100
INTERFACE = f"/gkmlpt/api/all/{CATEGORY}"


def build(site: Site, *, page_size: int = PAGE_SIZE) -> Routes:
    """page_size: 100 as the real ones; a test may want more pages."""
    routes = Routes(start="/gkmlpt/index")
    routes.article_paths = {
        article.number: f"/gkmlpt/content/9/{article.number // 1000}/post_{article.number}.html"
        for article in site.articles
    }
    add_articles(site, routes, opening='<div class="article-content">')
    tree = [
        {"id": 2800, "name": "法定主动公开内容", "children": [{"id": CATEGORY, "name": site.column, "children": []}]}
    ]
    config = f"window._CONFIG = {{ SID: '{SID}', TREE: {json.dumps(tree, ensure_ascii=False)}, SITE: '{site.host}' }};"
    routes.pages[routes.start] = list_page(site, items='<div id="app"></div>', head=f"<script>{config}</script>")
    routes.computed[INTERFACE] = lambda query: articles(site, routes, query, page_size)
    return routes


def articles(site: Site, routes: Routes, query: Query, page_size: int) -> Resource:
    """Page 1 and, as the real ones, page 0 are the first page."""
    if query.get("sid") != SID:
        return Resource(b'{"code":1,"msg":"sid"}', "application/json", None, 400)
    number = max(1, int(query.get("page", "1")))
    rows = [
        {
            "id": article.number,
            "title": article.title,
            "publisher": article.publisher or site.sponsor,
            "url": f"http://{site.host}{routes.article_paths[article.number]}",
            "post_url": f"http://{site.host}{routes.article_paths[article.number]}",
            "date": int(article.published.replace(tzinfo=CHINA).timestamp()),
            "display_publish_time": int(article.published.replace(tzinfo=CHINA).timestamp()),
            "created_at": f"{article.published:%Y-%m-%d %H:%M:%S}",
        }
        for article in site.articles[(number - 1) * page_size : number * page_size]
    ]
    body = json.dumps({"total": len(site.articles), "page": number, "articles": rows}, ensure_ascii=False)
    return Resource(body.encode(), "application/json; charset=utf-8", newest(site))
