"""TRS WCM: `createPageHTML(total, current, "index", "shtml")` names the further pages, counted from 0 or from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrapers.families.base import HtmlFamily, ListError, PageRequest, link_items
from scrapers.links import Item, absolute

NUMBER = r"(\d{1,6}|[A-Za-z_]\w*)"
STEM_AND_SUFFIX = r"\s*[\"']([\w-]+)[\"']\s*,\s*[\"'](\w+)[\"']"
# createPageHTML(5, 0, "index", "shtml")
FROM_0 = re.compile(rf"createPageHTML\(\s*{NUMBER}\s*,\s*\w+\s*,{STEM_AND_SUFFIX}")
# createPageHTML('page_div', 5, 1, 'list', 'shtml', 70)
FROM_1 = re.compile(rf"createPageHTML\(\s*[\"'][\w-]+[\"']\s*,\s*{NUMBER}\s*,\s*\w+\s*,{STEM_AND_SUFFIX}")


FURTHER = re.compile(r"_\d+\.\w+$")


class Trs(HtmlFamily):
    """TRS WCM."""

    name = "trs"

    def detect(self, html: str) -> bool:
        """By the paging call."""
        return "createPageHTML(" in html and bool(FROM_0.search(html) or FROM_1.search(html))

    def items(self, html: str, url: str) -> list[Item]:
        """Links of the page; deep pages are stubs on some sites, which is an error."""
        found = link_items(html, url)
        if not found and FURTHER.search(url):
            raise ListError(url, f"a list page without items ({len(html)} characters): a stub")
        return found

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """`index_1.shtml` … `index_{n-1}.shtml`; the other way of counting ends with n."""
        from_1 = FROM_1.search(html)
        match = from_1 or FROM_0.search(html)
        if not match:
            return
        total, name, suffix = _value(html, match.group(1)), match.group(2), match.group(3)
        numbers = range(2, total + 1) if from_1 else range(1, total)
        for page in numbers:
            target = absolute(url, f"{name}_{page}.{suffix}")
            if target:
                yield PageRequest(target, referer=url)


def _value(html: str, text: str) -> int:
    """A number, or what a variable of the page was set to (`var countPage = 5`)."""
    if text.isdigit():
        return int(text)
    match = re.search(rf"\b{text}\s*=\s*[\"']?(\d{{1,6}})", html)
    return int(match.group(1)) if match else 1
