"""An element tree in, lines of text out: a block is a line, `<br>` breaks one, a table's row is cells between tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

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
# what a cell lays out; one of the latter alone may hold its value
LAID_OUT = frozenset(("p", "div", "table", "ul", "ol", "br", "h1", "h2", "h3"))
ONE_ALLOWED = frozenset(("p", "div", "br"))
KINDS = {
    **dict.fromkeys(BLOCKS, "block"),
    **dict.fromkeys(CELLS, "cell"),
    **dict.fromkeys(SKIPPED, "skipped"),
    "a": "link",
    "br": "break",
}
HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
INVISIBLE = re.compile("[\u200b\ufeff]+")
# a soft line break of the source between two Chinese characters is no space
SOFT_BREAK = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*[\r\n]+[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])")
# a copy is a run of this many lines and characters, and begins with a line of prose
COPY_RUN, COPY_TEXT, COPY_LINE = 3, 200, 15
CELL_MARK = "\x1f"
EDGE = " \t\r\n\u00a0\u3000\u200b\ufeff"


class Line(NamedTuple):
    """A line of text, how many of its characters are in links, and the number of the element that it began in."""

    text: str
    linked: int
    element: int


class Outline(NamedTuple):
    """The visible elements under one that hold something, in order; by number of an element that of its parent, -1 for the first."""

    elements: list[Element]
    parents: list[int]

    def end(self, number: int) -> int:
        """The number of the first element behind all that lie in this one."""
        behind = range(number + 1, len(self.parents))
        return next((other for other in behind if self.parents[other] < number), len(self.parents))


def is_block(element: Element) -> bool:
    """Whether the element's text stands on lines of its own."""
    return element.tag in BLOCKS or (element.tag in CELLS and _holds_blocks(element))


def is_hidden(element: Element) -> bool:
    """Whether the element is not shown: by its own style or the hidden attribute."""
    if element.get("hidden") is not None:
        return True
    style = element.get("style")
    return bool(style) and _hides(style)


def _hides(style: str) -> bool:
    # most styles say neither
    lowered = style.lower()
    return ("none" in lowered or "hidden" in lowered) and HIDDEN.search(lowered) is not None


def squeeze(text: str) -> str:
    """One space for any run of white space, none at the ends, none for a soft break between Chinese characters."""
    text = text.strip(EDGE)
    if text.isprintable():  # no white space but blanks
        return " ".join(text.split()) if "  " in text else text
    if "\n" in text or "\r" in text:
        text = SOFT_BREAK.sub("", text)
    if "\u200b" in text or "\ufeff" in text:
        text = INVISIBLE.sub(" ", text)
    return " ".join(text.split())


def lines_of(root: Element) -> tuple[list[Line], Outline]:
    """The visible lines under an element, in order, without empty ones. Iterative: nesting has no limit."""
    # one loop with few calls in it: this walk takes a fifth of a page's time
    lines: list[Line] = []
    elements: list[Element] = []
    parents: list[int] = []
    parts: list[str] = []  # of the line that is being read
    begun = -1  # where its text began
    linked = 0  # its characters in links
    inside = -1  # the element around this place
    links = cells = 0  # those around this place
    siblings = iter((root,))  # those that come next
    around: list[tuple[Element, str | None, Iterator[Element]]] = []

    def flush() -> None:
        nonlocal begun, linked
        if begun >= 0:
            text = _line_text("".join(parts))
            if text:
                lines.append(Line(text, linked, begun))
            begun = -1
        parts.clear()
        linked = 0

    while True:
        element = next(siblings, None)
        if element is None:
            if not around:
                break
            element, kind, siblings = around.pop()
            inside = parents[inside]
        else:
            kind = KINDS.get(element.tag)
            names = element.keys()
            if names and (("style" in names and _hides(element.get("style"))) or "hidden" in names):
                kind = "skipped"
            elif kind is None:
                pass
            elif kind == "link":
                if "href" in names:
                    links += 1
                else:
                    kind = None
            elif kind == "cell" and not (len(element) and _holds_blocks(element)):
                cells += 1
                if begun >= 0:
                    parts.append(CELL_MARK)
            elif kind == "block" and cells:
                kind = None  # the one paragraph of a value's cell breaks no row
            elif kind != "skipped":
                if kind == "cell":
                    kind = "block"
                if parts:
                    flush()
            if kind != "skipped":
                text = element.text
                holds = len(element)
                if text and not parts and text.isspace():
                    text = None
                # one that holds nothing needs no number
                if text or holds:
                    parents.append(inside)
                    inside = len(elements)
                    elements.append(element)
                    if text:
                        if begun < 0 and text.strip(EDGE):
                            begun = inside
                        parts.append(text)
                        if links:
                            linked += len(text.strip())
                    if holds:
                        around.append((element, kind, siblings))
                        siblings = iter(element)
                        continue
                    inside = parents[inside]
        if kind is None:
            pass
        elif kind == "block":
            if parts:
                flush()
        elif kind == "cell":
            cells -= 1
        elif kind == "link":
            links -= 1
        text = element.tail
        if text and (parts or not text.isspace()) and element is not root:
            if begun < 0 and text.strip(EDGE):
                begun = inside
            parts.append(text)
            if links:
                linked += len(text.strip())
    flush()
    return lines, Outline(elements, parents)


def _line_text(joined: str) -> str:
    if CELL_MARK not in joined:
        return squeeze(joined)
    return "\t".join(cell for cell in map(squeeze, joined.split(CELL_MARK)) if cell)


def _holds_blocks(cell: Element) -> bool:
    """Whether a cell lays out blocks of its own (more than one paragraph, a list, a table) rather than holding a value."""
    if len(cell) == 1 and not len(cell[0]):
        return cell[0].tag in LAID_OUT and cell[0].tag not in ONE_ALLOWED
    found = False
    for element in cell.iterdescendants():
        if element.tag in LAID_OUT:
            # stops at the second: nested tables would else be counted anew at every level
            if found or element.tag not in ONE_ALLOWED:
                return True
            found = True
    return False


def without_copies(lines: list[Line]) -> list[Line]:
    """Lines without runs that stood on the page before: a copy for printing, hidden by a style sheet."""
    long = [line.text for line in lines if len(line.text) >= COPY_LINE]
    if len(set(long)) == len(long):
        return lines
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
