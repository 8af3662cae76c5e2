"""`li.pagedContent`: a browser pages through what one file holds; `totalFiles` says how many files there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.families.base import HtmlFamily, PageRequest
from scrapers.families.generic import Generic
from scrapers.links import absolute

MARK = re.compile(r"class=[\"'][^\"']*\bpagedContent\b")
FILES = re.compile(r"totalFiles\s*=\s*[\"']?(\d{1,6})")
NAMES = re.compile(r"paging\(\s*[\"']\w+[\"']\s*,\s*[\"']([\w-]+)[\"']\s*,\s*[\"'](\w+)[\"']")


class PagedContent(HtmlFamily):
    """Lists that the browser pages through."""

    name = "paged_content"

    def detect(self, html: str) -> bool:
        """By the items' class."""
        return bool(MARK.search(html))

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """`index_1.shtml` to the last file."""
        files, names = FILES.search(html), NAMES.search(html)
        stem, suffix = names.groups() if names else ("index", "shtml")
        for page in range(1, int(files.group(1)) if files else 1):
            target = absolute(url, f"{stem}_{page}.{suffix}")
            if target:
                yield PageRequest(target, referer=url)

    def after(self, html: str, url: str) -> PageRequest | None:
        """The page behind 下一页, where the script does not say how many files there are."""
        return None if FILES.search(html) else Generic().after(html, url)
