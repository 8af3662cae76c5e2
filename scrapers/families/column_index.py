"""`column-index-N.shtml`: page N of a column; the number of pages stands in the pager's attributes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.families.base import HtmlFamily, PageRequest
from scrapers.links import absolute

PAGE = re.compile(r"column-index-(\d{1,6})\.(s?html?)")
COUNT = re.compile(r"data-(?:count|pages|total-?pages)=[\"']?(\d{1,6})|\b(?:pageCount|totalPages?)\W{1,4}(\d{1,6})")


class ColumnIndex(HtmlFamily):
    """Lists named `column-index-N`."""

    name = "column_index"

    def detect(self, html: str) -> bool:
        """By the names of the further pages."""
        return bool(PAGE.search(html))

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """Pages 2 to the last that the pager names."""
        linked = PAGE.findall(html)
        counted = COUNT.search(html)
        last = max((int(page) for page, _ in linked), default=1)
        if counted:
            last = max(last, int(next(filter(None, counted.groups()))))
        for page in range(2, last + 1):
            target = absolute(url, f"column-index-{page}.{linked[0][1] if linked else 'shtml'}")
            if target:
                yield PageRequest(target, referer=url)
