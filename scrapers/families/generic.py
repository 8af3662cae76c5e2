"""Lists of unknown make: follow the link that says 下一页."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup

from scrapers.families.base import HtmlFamily, PageRequest
from scrapers.links import absolute

NEXT = re.compile(r"^\s*[\[<«]*\s*(?:下一?页|下页|后一页|next|>|»|›)\s*[\]>»]*\s*$", re.IGNORECASE)


class Generic(HtmlFamily):
    """The fallback family."""

    name = "generic"

    def after(self, html: str, url: str) -> PageRequest | None:
        """The page behind 下一页, unless it is this one."""
        for anchor in BeautifulSoup(html, "lxml").find_all("a", href=True):
            if NEXT.match(anchor.get_text()) or NEXT.match(str(anchor.get("title") or "")):
                target = absolute(url, str(anchor["href"]))
                if target and target != url:
                    return PageRequest(target, referer=url)
        return None
