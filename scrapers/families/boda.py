"""博达 VSB: static list pages that count down; page p of n is `COLUMN/{n-p+1}.htm`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from scrapers.families.base import HtmlFamily, PageRequest
from scrapers.links import absolute

GOTO = re.compile(r"_simple_list_gotopage_fun\(\s*(\d{1,6})\s*,")
FOLDER = re.compile(r"/(\d+)\.html?$")


class Boda(HtmlFamily):
    """博达 VSB."""

    name = "boda"

    def detect(self, html: str) -> bool:
        """By the goto function."""
        return bool(GOTO.search(html))

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """From the second page on, down to `1.htm`; the first lies beside the folder of the others."""
        match = GOTO.search(html)
        if not match:
            return
        path = urlsplit(url).path
        folder = FOLDER.sub("", path) if FOLDER.search(path) else re.sub(r"\.html?$", "", path)
        for page in range(int(match.group(1)) - 1, 0, -1):
            target = absolute(url, f"{folder.rstrip('/')}/{page}.htm")
            if target:
                yield PageRequest(target, referer=url)
