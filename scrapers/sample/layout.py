"""A site's content and a template in, the bytes of a page out: what every family's pages have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from posixpath import dirname, relpath
from string import Template

from scrapers.sample.site import TODAY, Article, Resource, Site

HEADING = re.compile("[一二三四五六七八九十]{1,3}、")
FONT = "font-family: 仿宋_GB2312; font-size: 16pt; line-height: 28pt;"
MANNERS = {
    # of the first paragraph, of a heading of the first rank, of any other paragraph, of the sign-off
    "plain": ('<p style="text-indent: 2em;">{}</p>',) * 3 + ('<p style="text-align: right;">{}</p>',),
    "word": (
        f'<p style="text-indent: 32pt;" class="MsoNormal"><span style="{FONT}">{{}}</span><o:p></o:p></p>',
        '<p style="text-indent: 32pt;"><span style="font-family: 黑体; font-size: 16pt;">{}</span></p>',
        f'<p style="text-indent: 32pt;"><span style="{FONT}">{{}}</span></p>',
        f'<p style="text-align: right;"><span style="{FONT}">{{}}&nbsp;&nbsp;&nbsp;&nbsp;</span></p>',
    ),
    "spaces": (
        "<p>　　{}</p>",
        "<p>　　<strong>{}</strong></p>",
        "<p>　　{}</p>",
        '<p align="right">{}　　</p>',
    ),
    "breaks": ("&nbsp;&nbsp;&nbsp;&nbsp;{}<br>", "<br>　　<b>{}</b><br>", "　　{}<br>", '<div align="right">{}</div>'),
}
LAYOUTS = Path(__file__).parent / "layouts"
NAVIGATION = ("首页", "政务公开", "政务服务", "互动交流", "数据开放", "通知公告", "专题专栏", "走进本地")
CHARSET_LABEL = {"gb18030": "gb2312"}  # what portals write where the bytes are gb18030


@cache
def template(name: str, folder: Path = LAYOUTS) -> Template:
    return Template((folder / f"{name}.html").read_text(encoding="utf-8"))


def page(site: Site, layout: str, modified: datetime, values: Mapping[str, object], folder: Path = LAYOUTS) -> Resource:
    """Fill a template with the site's furniture and `values`; in the site's encoding, today's date left open."""
    label = CHARSET_LABEL.get(site.encoding, site.encoding)
    furniture = {
        "charset": label,
        "site": site.name,
        "host": site.host,
        "site_id": site.site_id,
        "sponsor": site.sponsor,
        "column": site.column,
        "navigation": "".join(f'<li><a href="/" title="{name}">{name}</a></li>' for name in NAVIGATION),
        "today": TODAY.decode() if site.today == "served" else "",
    }
    text = template(layout, folder).substitute(furniture | dict(values))
    media_type = "text/html" if site.encoding != "utf-8" else "text/html; charset=utf-8"
    return Resource(text.encode(site.encoding), media_type, modified)


def article_values(
    site: Site, article: Article, paths: Mapping[int, str], start: str, manner: str = "plain"
) -> dict[str, object]:
    """What an article's template may use; links are relative to the article's own place. manner: see `paragraphs`."""
    path = paths[article.number]
    newer, older = site.neighbours(article)
    return {
        "title": escape(article.title),
        "minute": f"{article.published:%Y-%m-%d %H:%M}",
        "day": f"{article.published:%Y-%m-%d}",
        "source": escape(article.source),
        "publisher": escape(article.publisher or site.sponsor),
        "index_no": article.index_no or "",
        "clicks": 137 + article.number % 4819,
        "list": relative(start, path),
        "body": paragraphs(article, manner),
        "attachments": attachments(article, path),
        "newer": link(newer, paths, path) if newer else "没有了",
        "older": link(older, paths, path) if older else "没有了",
        "related": "".join(f"<li>{link(other, paths, path)}</li>" for other in (newer, older) if other),
    }


def paragraphs(article: Article, manner: str = "plain") -> str:
    """The text and its sign-off as editors leave it. manner: one of MANNERS.

    plain: paragraphs; word: pasted from a word processor, spans and fonts; spaces: indented with wide blanks, first
    headings bold; breaks: no paragraphs at all, only line breaks.
    """
    first, heading, line, last = MANNERS[manner]
    out = [(heading if HEADING.match(text) else first).format(escape(text)) for text in article.paragraphs[:1]]
    out += [(heading if HEADING.match(text) else line).format(escape(text)) for text in article.paragraphs[1:]]
    out += [last.format(escape(text)) for text in article.signature]
    return "\n".join(out)


def attachments(article: Article, path: str) -> str:
    if not article.attachment:
        return ""
    href = relative(attachment_path(article, path), path)
    return (
        f'<p class="fujian">附件：<a href="{href}" title="{article.attachment.name}">{article.attachment.name}</a></p>'
    )


def attachment_path(article: Article, path: str) -> str:
    """Beside the article, under a name of the server's own, as the content systems do it."""
    assert article.attachment
    suffix = article.attachment.name.rpartition(".")[2]
    return f"{dirname(path)}/P0{article.published:%Y%m%d}{article.number:09d}.{suffix}"


def add_attachments(site: Site, paths: Mapping[int, str], pages: dict[str, Resource]) -> None:
    for article in site.articles:
        if article.attachment:
            where = attachment_path(article, paths[article.number])
            pages[where] = Resource(article.attachment.body, article.attachment.media_type, article.published)


def link(article: Article, paths: Mapping[int, str], here: str) -> str:
    return (
        f'<a href="{relative(paths[article.number], here)}" title="{escape(article.title)}">{escape(article.title)}</a>'
    )


def shorten(title: str, length: int = 24) -> str:
    """A title cut to the width of a list; the link's title attribute keeps the whole."""
    return title if len(title) <= length else f"{title[: length - 3]}..."


def relative(target: str, here: str) -> str:
    return relpath(target, dirname(here))


def newest(site: Site) -> datetime:
    return max((article.published for article in site.articles), default=datetime(2021, 1, 1))
