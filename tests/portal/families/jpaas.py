"""JPAAS: an empty list page whose script names the query; a JSON interface that wants a Referer and gives the html."""

from __future__ import annotations

import json
from hashlib import md5

from scrapers.sample.layout import newest
from scrapers.sample.site import Query, Resource, Routes, Site
from tests.portal.families.layout import add_articles, list_items, list_page

INTERFACE = "/api-gateway/jpaas-publish-server/front/page/build/unit"
IDS = {"webId": "29e9522dc89d4e08", "tplSetId": "5c30fb89ae5e48b9", "pageId": "bf39604e75994270"}
QUERY = {"parseType": "bulidstatic", "pageType": "column", "tagId": "当前栏目list", "editType": "null", **IDS}


def build(site: Site) -> Routes:
    routes = Routes(start="/zwgk/fzzfjsndbg/index.html")
    routes.article_paths = {
        article.number: f"/zwgk/fzzfjsndbg/art/{article.published.year}"
        f"/art_{md5(f'{site.host}{article.number}'.encode()).hexdigest()}.html"
        for article in site.articles
    }
    add_articles(site, routes, opening='<div class="content" id="con_con">')
    query = json.dumps(QUERY, ensure_ascii=False).replace('"', "'")
    script = f'<div id="当前栏目list"></div><script src="/jpaas/unitbuild.js" url="{INTERFACE}" queryData="{query}"></script>'
    routes.pages[routes.start] = list_page(site, items=script)
    routes.computed[INTERFACE] = lambda query: unit(site, routes, query)
    return routes


def unit(site: Site, routes: Routes, query: Query) -> Resource:
    """The wanted page of the list; refused without a Referer (the server passes it on as `referer`)."""
    known = all(query.get(name) == value for name, value in IDS.items())
    if not query.get("referer") or not known or query.get("parseType") not in {"bulidstatic", "buildstatic"}:
        return Resource(b'{"success":false,"code":"403"}', "application/json", None, 403)
    wanted = json.loads(query.get("paramJson", "{}").replace("'", '"'))
    number, size = int(wanted.get("pageNo", 1)), int(wanted.get("pageSize", site.per_page))
    chosen = site.articles[(number - 1) * size : number * size]
    html = (
        f'<ul class="page-content">{list_items(chosen, routes, None)}</ul>'
        f'<div class="pagination" count="{len(site.articles)}" pageNo="{number}" rows="{size}"></div>'
    )
    answer = {"success": True, "code": "200", "data": {"html": html}}
    return Resource(json.dumps(answer, ensure_ascii=False).encode(), "application/json;charset=UTF-8", newest(site))
