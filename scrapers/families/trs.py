"""TRS WCM: `createPageHTML(total, current, "index", "shtml")` names the further pages, counted from 0 or from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.families.base import HtmlFamily, PageRequest
from scrapers.links import absolute

# createPageHTML(5, 0, "index", "shtml")
FROM_0 = re.compile(r"createPageHTML\(\s*(\d+)\s*,\s*\d+\s*,\s*[\"']([\w-]+)[\"']\s*,\s*[\"'](\w+)[\"']")
# createPageHTML('page_div', 5, 1, 'list', 'shtml', 70)
FROM_1 = re.compile(
    r"createPageHTML\(\s*[\"'][\w-]+[\"']\s*,\s*(\d+)\s*,\s*\d+\s*,\s*[\"']([\w-]+)[\"']\s*,\s*[\"'](\w+)[\"']"
)


class Trs(HtmlFamily):
    """TRS WCM."""

    name = "trs"

    def detect(self, html: str) -> bool:
        """By the paging call."""
        return "createPageHTML(" in html and bool(FROM_0.search(html) or FROM_1.search(html))

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """`index_1.shtml` … `index_{n-1}.shtml`; the other way of counting ends with n."""
        from_1 = FROM_1.search(html)
        match = from_1 or FROM_0.search(html)
        if not match:
            return
        total, name, suffix = int(match.group(1)), match.group(2), match.group(3)
        numbers = range(2, total + 1) if from_1 else range(1, total)
        for number in numbers:
            target = absolute(url, f"{name}_{number}.{suffix}")
            if target:
                yield PageRequest(target, referer=url)
