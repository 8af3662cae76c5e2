"""An element tree in, lines of text out: a block is a line, `<br>` breaks one, a table's row is cells between tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.html import HtmlElement

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "caption",
        "ucapcontent",
    ]
)
SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "title",
        "meta",
        "link",
        "iframe",
        "object",
        "embed",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "svg",
        "canvas",
        "map",
        "area",
        "audio",
        "video",
    ]
)
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
SPACE = re.compile(r"[\s\u00a0\u3000\u200b\ufeff]+")
# a soft line break of the source between two Chinese characters is no space
SOFT_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])")
EDGE = " \t\r\n\u00a0\u3000\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, how many of its characters are in links, and the element that it began in."""

    text: str
    linked: int
    element: HtmlElement


def is_block(element: HtmlElement) -> bool:
    """Whether the element's text stands on lines of its own."""
    return element.tag in BLOCKS


def is_hidden(element: HtmlElement) -> bool:
    """Whether the element is not shown: by its own style or the hidden attribute."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style and HIDDEN.search(style))


def squeeze(text: str) -> str:
    """One space for any run of white space, none at the ends, none for a soft break between Chinese characters."""
    return SPACE.sub(" ", SOFT_BREAK.sub("", text)).strip(EDGE)


def lines_of(root: HtmlElement, dropped: frozenset[HtmlElement] = frozenset()) -> list[Line]:
    """The visible lines under an element, in order, without empty ones. Iterative: nesting has no limit."""
    writer = _Writer()
    stack: list[tuple[HtmlElement, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        tag = element.tag
        if leaving:
            writer.leave(element)
            if element is not root:
                writer.text(element.tail, element.getparent())
            continue
        if not isinstance(tag, str) or tag in SKIPPED or element in dropped or is_hidden(element):
            if element is not root:
                writer.text(element.tail, element.getparent())
            continue
        writer.enter(element)
        writer.text(element.text, element)
        stack.append((element, True))
        stack.extend((child, False) for child in reversed(element))
    writer.flush()
    return writer.lines


class _Writer:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._parts: list[str] = []
        self._linked = 0
        self._links = 0
        self._element: HtmlElement | None = None

    def text(self, text: str | None, element: HtmlElement) -> None:
        if text:
            if self._element is None and text.strip(EDGE):
                self._element = element
            self._parts.append(text)
            if self._links:
                self._linked += len(text.strip())

    def enter(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "br":
            self.flush()
        elif tag in ("td", "th"):
            if _holds_blocks(element):
                self.flush()
            elif any(part.strip(EDGE) for part in self._parts):
                self._parts.append("\x1f")
        elif tag in BLOCKS:
            self.flush()
        elif tag == "a" and element.get("href") is not None:
            self._links += 1

    def leave(self, element: HtmlElement) -> None:
        if element.tag in BLOCKS or (element.tag in ("td", "th") and _holds_blocks(element)):
            self.flush()
        elif element.tag == "a" and element.get("href") is not None:
            self._links -= 1

    def flush(self) -> None:
        joined = "".join(self._parts)
        text = (
            "\t".join(cell for cell in map(squeeze, joined.split("\x1f")) if cell)
            if "\x1f" in joined
            else squeeze(joined)
        )
        if text and self._element is not None:
            self.lines.append(Line(text, self._linked, self._element))
        self._parts.clear()
        self._linked = 0
        self._element = None


def _holds_blocks(cell: HtmlElement) -> bool:
    """Whether a cell lays out blocks of its own (more than one paragraph) rather than holding a value."""
    # stops at the second: nested tables would else be counted anew at every level
    return sum(1 for _ in islice(_blocks(cell), 2)) > 1


def _blocks(cell: HtmlElement) -> Iterator[HtmlElement]:
    yield from cell.iter("p", "div", "table", "ul", "ol", "br", "h1", "h2", "h3")
