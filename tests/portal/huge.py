"""A list that never seems to end: pages of links made on request, for testing that a sweep is bounded."""

from __future__ import annotations

import re
from dataclasses import replace

from scrapers.sample.families import generic, trs
from scrapers.sample.layout import newest, page
from scrapers.sample.site import Query, Resource, Routes, Site

PAGES = 10_000


class HugeRoutes(Routes):
    """The site's own routes; list pages beyond them hold notices that exist nowhere else."""

    site: Site
    pattern: str
    layout: str

    def get(self, path: str, query: Query) -> Resource | None:
        if found := super().get(path, query):
            return found
        match = re.fullmatch(self.pattern, path)
        if not match or not 1 <= int(match[1]) <= PAGES:
            return None
        return page(self.site, self.layout, newest(self.site), self._values(int(match[1])))

    def _values(self, number: int) -> dict[str, object]:
        items = "\n".join(
            f'<tr><td><li><a href="./202001/t20200101_{number}{i:02}.shtml">第{number}页第{i}条通知</a></li></td></tr>'
            for i in range(self.site.per_page)
        )
        if self.layout == "trs_list":
            return {"items": items, "pager": f'createPageHTML({PAGES}, {number}, "index", "shtml");'}
        following = f'<a href="list_{number + 1}.html">下一页</a>' if number < PAGES else "下一页"
        return {"items": items, "pager": f"共{PAGES}页 第{number}页 {following}"}


def huge_trs(site: Site) -> Routes:
    """Ten thousand pages announced by createPageHTML."""
    routes = _huge(site, trs.build(site), rf"{trs.COLUMN}/index_(\d+)\.shtml", "trs_list")
    announced = f"createPageHTML({len(site.pages())}, ".encode()
    for path, resource in routes.pages.items():
        routes.pages[path] = replace(
            resource, body=resource.body.replace(announced, f"createPageHTML({PAGES}, ".encode())
        )
    return routes


def huge_generic(site: Site) -> Routes:
    """Each page links a next one, ten thousand times."""
    last = len(site.pages())
    routes = _huge(site, generic.build(site), rf"{generic.COLUMN}/list_(\d+)\.html", "generic_list")
    routes.pages.pop(f"{generic.COLUMN}/list_{last}.html")
    return routes


def _huge(site: Site, built: Routes, pattern: str, layout: str) -> HugeRoutes:
    routes = HugeRoutes(built.start, built.pages, built.computed, built.article_paths)
    routes.site, routes.pattern, routes.layout = site, pattern, layout
    return routes
