"""Where a page prints its title: heading elements, the element named as the title, the <title> less the site's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from extraction.bodies import site_body
from extraction.fold import fold
from extraction.lines import Element, is_hidden, squeeze
from extraction.types import Evidence

REPORT = re.compile("(?:法治|依法行政).{0,30}(?:报告|总结|情况|汇报|年报)")
NAMED = re.compile(
    r"(?:^|[-_\s])(?:(?:article|art|news|content|con|detail|info|xl|main|page|big|doc|wz|text)?[-_]?(?:title|tit|bt|biaoti|h1)\d?)(?:$|[-_\s])",
    re.IGNORECASE,
)
SEPARATOR = re.compile(r"\s*[_|]\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fff])")
LONGEST = 120
SHORTEST = 4
# a tag that holds only the list's shortened title
CUT_OFF = re.compile("\\s*(?:\u2026+|\\.{3,})$")


def printed_title(root: Element, meta: Evidence | None) -> Evidence | None:
    """The title: the mandated tag's, else a heading that the <title> or the subject confirms, else the <title>'s own.

    A title broken over lines is joined; one that is repeated counts once.
    """
    head = root.find(".//head/title")
    page_title = squeeze("".join(head.itertext())) if head is not None else ""
    headings = list(_headings(root))
    if meta:
        whole = meta.value if _says_something(meta.value) else None
        cut = CUT_OFF.sub("", meta.value)
        longer = (item for item in [*(text for text, _ in headings), *title_pieces(root)] if item.startswith(cut))
        if whole and cut == meta.value:
            return meta
        if cut != meta.value:
            return Evidence(next(longer, meta.value), meta.source)
    folded = _fold(page_title)
    for text, source in headings:
        if folded and _fold(text) in folded and len(_fold(text)) >= SHORTEST * 2 and _says_something(text):
            return Evidence(text, source)
    for text, source in headings:
        if REPORT.search(_fold(text)):
            return Evidence(text, source)
    pieces = title_pieces(root)
    reports = [piece for piece in pieces if REPORT.search(piece)]
    if reports:
        words = [word for word in reports[0].split() if REPORT.search(word)]
        return Evidence(words[-1] if words else reports[0], "page title")
    if headings and headings[0][1] == "heading h1":
        return Evidence(*headings[0])
    if pieces:
        return Evidence(max(pieces[:2], key=len) if len(pieces) > 1 else pieces[0], "page title")
    return meta


def title_pieces(root: Element) -> list[str]:
    """The <title> between its separators: article, column, site; full-width forms folded."""
    head = root.find(".//head/title")
    page_title = squeeze("".join(head.itertext())) if head is not None else ""
    return [piece for piece in SEPARATOR.split(fold(page_title)) if len(piece) >= SHORTEST]


def _says_something(title: str) -> bool:
    """Whether it is more than a body's name, which a template puts where the title belongs."""
    return bool(REPORT.search(_fold(title))) or not site_body(title)


def _headings(root: Element) -> Iterator[tuple[str, str]]:
    """Texts of heading elements, h1 first, then elements named as title, then h2 and h3; without navigation."""
    for group in (("h1",), ("named",), ("h2", "h3")):
        elements = _named(root) if group == ("named",) else root.iter(*group)
        for element in elements:
            if is_hidden(element):
                continue
            text = squeeze(_joined(element))
            if SHORTEST <= len(text) <= LONGEST:
                yield _once(text), "heading h1" if group == ("h1",) else f"heading {element.tag}"


def _named(root: Element) -> Iterator[Element]:
    for element in root.iter("div", "p", "span", "td", "strong", "font", "ucaptitle"):
        if element.tag == "ucaptitle" or _is_named(element.get("class")) or _is_named(element.get("id")):
            yield element


@lru_cache(maxsize=4096)
def _is_named(names: str | None) -> bool:
    # a page repeats few names many times
    return bool(names and NAMED.search(names))


def _joined(element: Element) -> str:
    """Text with line breaks inside a title closed up."""
    silent = {text for part in element.iter("script", "style") for text in part.itertext()}
    return "".join(text.replace("\n", "").replace("\r", "") for text in element.itertext() if text not in silent)


def _once(text: str) -> str:
    half = len(text) // 2
    return text[:half] if len(text) % 2 == 0 and text[:half] == text[half:] else text


def _fold(text: str) -> str:
    return "".join(text.split())
