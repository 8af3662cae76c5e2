"""The shape of a CMS family: a list page in, its items and the requests for the further pages out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.fetch import FetchError
from scrapers.links import Item, absolute
from scrapers.titles import CUT

DATE = re.compile(r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?")
# 依法行政, 2023 and the like are names of columns
SHORTEST_TITLE = 4
# links that say nothing: the title stands in the row beside them
WEAK = re.compile(
    r"^[\[【(<]*(?:查看|详情|详细|全文|阅读|点击|下载|附件|打开|浏览|更多|view|pdf|word|docx?|链接)[^\u4e00-\u9fff]*"
    r"(?:查看|详情|信息|内容|全文|下载|附件|原文|文件|链接)*[^\u4e00-\u9fff]*$",
    re.IGNORECASE,
)
SCRIPTED = re.compile(r"[\"']([^\"'\s]+\.(?:s?html?|jhtml|jsp|pdf|docx?|wps)(?:\?[^\"'\s]*)?)[\"']", re.IGNORECASE)
# what title attributes say besides the title
TOLD = re.compile(r"^(?:文章|信息)?标题\s*[:\uff1a]\s*|\s*(?:发布|更新|发文)(?:时间|日期)\s*[:\uff1a].*$")
MOST_LINKS_IN_A_ROW = 3
MOST_ANCESTORS = 4
BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff\uff01-\uff5e0-9])\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+(?=[0-9])")


class ListError(FetchError):
    """A list page came, but cannot be read; `reason` says why, in words for the run's record."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How to get a further list page: url, form fields (POST) or None, and the Referer it asks for.

    may_be_empty: no items in the answer are no sign of trouble (a search without hits).
    """

    url: str
    form: Mapping[str, str] | None = None
    referer: str | None = None
    may_be_empty: bool = False


class Family(Protocol):
    """One CMS family. `detect` says whether a list page is of it; the first family that says yes is taken.

    Any method may raise ListError, and nothing else, for a page that is broken.
    """

    name: str
    # the first page holds no items of its own: they come with the further requests
    shell: bool

    def detect(self, html: str) -> bool: ...

    def items(self, html: str, url: str) -> list[Item]: ...

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """Requests for the pages after the first, in order, made from the first page alone."""
        ...

    def after(self, html: str, url: str) -> PageRequest | None:
        """The next page's request, read from the page before it; for families that do not tell all at once."""
        ...


class HtmlFamily:
    """What families with plain HTML lists share: every link with a title is an item."""

    name = "generic"
    shell = False

    def detect(self, html: str) -> bool:
        """Plain HTML is what every family falls back to."""
        return True

    def items(self, html: str, url: str) -> list[Item]:
        """Links in the order of the page, each once."""
        return link_items(html, url)

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """None known from the first page."""
        return iter(())

    def after(self, html: str, url: str) -> PageRequest | None:
        """None known."""
        return None


def number(text: Any, default: int) -> int:
    """A whole number above 0, or the default for anything else (a script's variable, 0, nothing)."""
    digits = str(text).strip() if text is not None else ""
    return int(digits) if digits.isascii() and digits.isdigit() and 0 < len(digits) < 9 and int(digits) else default


def link_items(html: str, url: str, *, shortest: int = SHORTEST_TITLE) -> list[Item]:
    """All links of some length: whole title, the date beside it, and what the page is called."""
    tree = LexborHTMLParser(html)
    column = _column(tree)
    base = tree.css_first("base[href]")
    url = (absolute(url, base.attributes.get("href") or "") if base else None) or url
    found: dict[str, Item] = {}
    for anchor in tree.css("a"):
        target = absolute(url, anchor.attributes.get("href") or "") or _scripted(url, anchor)
        if target is None:
            continue
        title, date = _title_and_date(anchor)
        known = found.get(target)
        if len(title) < shortest:
            continue
        if known is None or CUT.search(known.title) or (len(known.title) < len(title) and not CUT.search(title)):
            found[target] = Item(target, title, date or (known.date if known else None), column)
    return list(found.values())


def page_name(html: str) -> str:
    """What a page is called: its ColumnName and its title."""
    return _column(LexborHTMLParser(html))


def text_of(node: LexborNode) -> str:
    """A node's text on one line, without the blanks that mark-up puts between Chinese characters."""
    return BETWEEN_HAN.sub("", " ".join(node.text(separator=" ").split()))


def _scripted(url: str, anchor: LexborNode) -> str | None:
    """Where a link leads that only a script follows: openPage('/a/b.html')."""
    match = SCRIPTED.search(anchor.attributes.get("onclick") or anchor.attributes.get("href") or "")
    return absolute(url, match.group(1)) if match else None


def _title_and_date(anchor: LexborNode) -> tuple[str, str | None]:
    """The whole title (title attribute where the text is cut; the row's where it says nothing) and the date."""
    text = text_of(anchor)
    within = DATE.search(text)
    shown = " ".join(DATE.sub(" ", text).split()).strip(" []()") if within else text
    # a date in the middle is part of the title: 截至2023年5月1日…
    if within and 0 < text.find(within.group()) < len(text) - len(within.group()) - 3:
        shown, within = text, None
    given = TOLD.sub("", " ".join((anchor.attributes.get("title") or "").split()))
    best = given if given and (len(given) > len(shown) or CUT.search(shown)) else shown
    weak = bool(WEAK.match(best)) or not best
    if len(best) < SHORTEST_TITLE and not weak and not best.isdigit() and not within:
        return best, None
    row = _row(anchor)
    beside = DATE.search(row) if row else None
    if weak and row:
        best = " ".join(DATE.sub(" ", row.replace(text, " ")).split()).strip(" []()|")
    date = within or beside
    return best, "".join(date.group().split()) if date else None


def _row(anchor: LexborNode) -> str:
    """The text of the list row around a link: the widest ancestor with few links in it, the first that has a date."""
    row = ""
    node = anchor.parent
    for _ in range(MOST_ANCESTORS):
        if node is None or node.tag in ("body", "html") or len(node.css("a")) > MOST_LINKS_IN_A_ROW:
            break
        row = text_of(node)
        if DATE.search(row):
            break
        node = node.parent
    return row


def _column(tree: LexborHTMLParser) -> str:
    meta = tree.css_first("meta[name=ColumnName i]")
    title = tree.css_first("title")
    names = (meta.attributes.get("content") if meta else None, text_of(title) if title else None)
    return " ".join(name for name in names if name)
