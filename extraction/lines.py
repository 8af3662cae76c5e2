"""An element tree in, lines of text out: a block is a line, `<br>` breaks one, a table's row is cells between tabs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element
# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
    "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ucapcontent",
    "ul",
))
SKIPPED = frozenset((
    "area", "audio", "button", "canvas", "embed", "head", "iframe", "input", "link", "map", "meta", "noscript",
    "object", "option", "script", "select", "style", "svg", "template", "textarea", "title", "video",
))
# fmt: on
CELLS = frozenset(("td", "th"))
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
INVISIBLE = re.compile("[\u200b\ufeff]+")
# a soft line break of the source between two Chinese characters is no space
SOFT_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])")
# a copy is a run of this many lines and characters, and begins with a line of prose
COPY_RUN, COPY_TEXT, COPY_LINE = 3, 200, 15
CELL_MARK = "\x1f"
EDGE = " \t\r\n\u00a0\u3000\u200b\ufeff"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text, how many of its characters are in links, and the element that it began in."""

    text: str
    linked: int
    element: Element


def is_block(element: Element) -> bool:
    """Whether the element's text stands on lines of its own."""
    return element.tag in BLOCKS or (element.tag in CELLS and _holds_blocks(element))


def is_hidden(element: Element) -> bool:
    """Whether the element is not shown: by its own style or the hidden attribute."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style and HIDDEN.search(style))


def squeeze(text: str) -> str:
    """One space for any run of white space, none at the ends, none for a soft break between Chinese characters."""
    text = text.strip(EDGE)
    if "\n" in text or "\r" in text:
        text = SOFT_BREAK.sub("", text)
    if "\u200b" in text or "\ufeff" in text:
        text = INVISIBLE.sub(" ", text)
    return " ".join(text.split())


def lines_of(root: Element) -> list[Line]:
    """The visible lines under an element, in order, without empty ones. Iterative: nesting has no limit."""
    writer = _Writer()
    # an element to enter, or one to leave with whether its end breaks the line
    stack: list[Any] = [root]
    while stack:
        item = stack.pop()
        if item.__class__ is tuple:
            element, breaks = item
            writer.leave(element, breaks)
        else:
            element = item
            if element.tag not in SKIPPED and not is_hidden(element):
                breaks = writer.enter(element)
                if len(element):
                    stack.append((element, breaks))
                    stack.extend(element[::-1])
                    continue
                writer.leave(element, breaks)
        tail = element.tail
        if tail and element is not root:
            writer.text(tail, element.getparent())
    writer.flush()
    return writer.lines


class _Writer:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._links = 0
        self._parts: list[str] = []
        self._linked = 0
        self._cells = 0
        self._element: Element | None = None

    def text(self, text: str, element: Element) -> None:
        if text.isspace():
            if self._parts:
                self._parts.append(text)
            return
        if self._element is None and text.strip(EDGE):
            self._element = element
        self._parts.append(text)
        if self._links:
            self._linked += len(text.strip())

    def enter(self, element: Element) -> bool:
        """Take the element's own text; returns whether the element's end breaks the line."""
        tag = element.tag
        if tag in CELLS:
            breaks = _holds_blocks(element)
            if breaks:
                self.flush()
            else:
                # the one paragraph of a value's cell breaks no row
                self._cells += 1
                if self._element is not None:
                    self._parts.append(CELL_MARK)
        else:
            breaks = tag in BLOCKS and not self._cells
            if breaks or tag == "br":
                self.flush()
            elif tag == "a" and element.get("href") is not None:
                self._links += 1
        text = element.text
        if text:
            self.text(text, element)
        return breaks

    def leave(self, element: Element, breaks: bool) -> None:
        if breaks:
            self.flush()
        elif element.tag in CELLS:
            self._cells -= 1
        elif element.tag == "a" and element.get("href") is not None:
            self._links -= 1

    def flush(self) -> None:
        if self._element is not None:
            joined = "".join(self._parts)
            if CELL_MARK in joined:
                text = "\t".join(cell for cell in map(squeeze, joined.split(CELL_MARK)) if cell)
            else:
                text = squeeze(joined)
            if text:
                self.lines.append(Line(text, self._linked, self._element))
            self._element = None
        self._parts.clear()
        self._linked = 0


def _holds_blocks(cell: Element) -> bool:
    """Whether a cell lays out blocks of its own (more than one paragraph, a list, a table) rather than holding a value."""
    if not len(cell):
        return False
    # stops at the second: nested tables would else be counted anew at every level
    blocks = list(islice(cell.iter("p", "div", "table", "ul", "ol", "br", "h1", "h2", "h3"), 2))
    return len(blocks) > 1 or (len(blocks) == 1 and blocks[0].tag not in ("p", "div", "br"))


def without_copies(lines: list[Line]) -> list[Line]:
    """Lines without runs that stood on the page before: a copy for printing, hidden by a style sheet."""
    first: dict[str, int] = {}
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        seen = first.get(lines[at].text)
        length = _run(lines, seen, at) if seen is not None and len(lines[at].text) >= COPY_LINE else 0
        if length >= COPY_RUN and sum(len(line.text) for line in lines[at : at + length]) >= COPY_TEXT:
            at += length
            continue
        first.setdefault(lines[at].text, at)
        kept.append(lines[at])
        at += 1
    return kept


def _run(lines: list[Line], earlier: int, later: int) -> int:
    """How many lines from the later place on are those from the earlier one on."""
    length = 0
    while later + length < len(lines) and earlier + length < later:
        if lines[earlier + length].text != lines[later + length].text:
            break
        length += 1
    return length
