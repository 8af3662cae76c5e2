"""Lists of unknown make: follow the link that says 下一页, or that bears the next page's number."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.families.base import HtmlFamily, PageRequest, text_of
from scrapers.links import absolute

NEXT = re.compile(
    r"^\s*[\[<«‹(（]*\s*(?:下一?页|下页|后一?页|后页|next(?: page)?|>{1,2}|»|›)\s*[\]>»›)）]*\s*$", re.IGNORECASE
)
NEXT_CLASS = re.compile(r"\bnext\b", re.IGNORECASE)
# onclick="location.href='list_2.html'", href="javascript:location='…'"
SCRIPTED = re.compile(r"(?:location(?:\.href)?\s*=|window\.open\()\s*(?:encodeURI\()?\s*[\"']([^\"']+)[\"']")
PAGERS = "[class*=page], [id*=page], [class*=Page], [class*=fenye], .pages, .pagination"


class Generic(HtmlFamily):
    """The fallback family."""

    name = "generic"

    def after(self, html: str, url: str) -> PageRequest | None:
        """The page behind 下一页, else behind the number after this page's own; never this one or another host's."""
        tree = LexborHTMLParser(html)
        for anchor in tree.css("a"):
            said = (text_of(anchor), anchor.attributes.get("title") or "")
            if any(NEXT.match(text) for text in said):
                target = _target(anchor, url)
                if target:
                    return PageRequest(target, referer=url)
        return _numbered(tree, url)


def _numbered(tree: LexborHTMLParser, url: str) -> PageRequest | None:
    """In a pager: the link with the number that follows the one printed without a link."""
    for pager in tree.css(PAGERS):
        linked = {text_of(anchor): anchor for anchor in pager.css("a")}
        plain = {
            text
            for node in pager.css("span, b, strong, em, font, a.current, a.on, a.active, a.cur")
            for text in [text_of(node)]
        }
        for text in plain:
            following = linked.get(str(int(text) + 1)) if text.isdigit() and len(text) < 6 else None
            target = _target(following, url) if following else None
            if target:
                return PageRequest(target, referer=url)
    return None


def _target(anchor: LexborNode, url: str) -> str | None:
    href, click = anchor.attributes.get("href") or "", anchor.attributes.get("onclick") or ""
    scripted = SCRIPTED.search(href) or SCRIPTED.search(click)
    target = absolute(url, scripted.group(1) if scripted else href) if scripted or href.strip("# ") else None
    same_site = target and urlsplit(target).hostname == urlsplit(url).hostname
    return target if same_site and target != url else None
