"""博达 VSB: `/info/TREE/ID.htm`, `#vsb_content`, static list pages that count down: page p of N is `COL/{N-p+1}.htm`."""

from __future__ import annotations

from html import escape

from scrapers.sample.layout import add_attachments, article_values, newest, page, relative, shorten
from scrapers.sample.site import Routes, Site

COLUMN, TREE = "fzfb", "1067"


def build(site: Site) -> Routes:
    routes = Routes(start=f"/{COLUMN}.htm")
    routes.article_paths = {article.number: f"/info/{TREE}/{article.number}.htm" for article in site.articles}
    for article in site.articles:
        path = routes.article_paths[article.number]
        values = article_values(site, article, routes.article_paths, routes.start)
        routes.pages[path] = page(site, "boda_article", article.published, values)
    chunks = site.pages()
    total = len(chunks)
    for number, chunk in enumerate(chunks, 1):
        path = _page_path(number, total)
        items = "\n".join(
            f'<li id="line_u3_{i}"><span>{article.published:%Y-%m-%d}</span>'
            f'<a href="{relative(routes.article_paths[article.number], path)}" target="_blank"'
            f' title="{escape(article.title)}">{escape(shorten(article.title))}</a></li>'
            for i, article in enumerate(chunk)
        )
        values = {
            "items": items,
            "total": len(site.articles),
            "pages": total,
            "pager": _pager(number, total),
            "root": "" if number == 1 else "../",
        }
        routes.pages[path] = page(site, "boda_list", newest(site), values)
    add_attachments(site, routes.article_paths, routes.pages)
    return routes


def _page_path(number: int, total: int) -> str:
    return f"/{COLUMN}.htm" if number == 1 else f"/{COLUMN}/{total - number + 1}.htm"


def _pager(number: int, total: int) -> str:
    here = _page_path(number, total)
    out = [
        f'<span class="p_no{"_d" if n == number else ""}">{_link(n, str(n), total, here)}</span>'
        for n in range(1, total + 1)
    ]
    if number < total:
        out.append(f'<span class="p_next p_fun">{_link(number + 1, "下页", total, here)}</span>')
        out.append(f'<span class="p_last p_fun">{_link(total, "尾页", total, here)}</span>')
    return "".join(out)


def _link(number: int, text: str, total: int, here: str) -> str:
    target = _page_path(number, total)
    return text if target == here else f'<a href="{relative(target, here)}">{text}</a>'
