"""An element tree in, lines of text out: a block is a line, `<br>` breaks one, a table's row is cells between tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from extraction.markup import Attributes, Markup

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


def is_block(markup: Markup, number: int) -> bool:
    """Whether the element's text stands on lines of its own."""
    tag = markup.tags[number]
    return tag in BLOCKS or (tag in CELLS and _holds_blocks(markup, number))


def is_hidden(attributes: Attributes) -> bool:
    """Whether the element is not shown: by its own style or the hidden attribute."""
    return "hidden" in attributes or ("style" in attributes and _hides(attributes["style"]))


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


def lines_of(markup: Markup, root: int = 0) -> tuple[list[Line], list[int]]:
    """The visible lines in an element, in order, without empty ones; and by number of an element that of its parent."""
    # one loop with few calls in it: this walk takes a fifth of a page's time
    lines: list[Line] = []
    new_line = tuple.__new__  # in half the time of Line(…)
    tags = markup.tags
    kinds: list[str | None] = [None] * len(tags)  # of those that are shown and do not run on in the line
    # of what lies in one that is not shown it is enough to know that it lies further in
    parents = list(range(-1, len(tags) - 1))
    number = root - 1  # of the last element that began
    inside = -1  # the element around this place
    links = cells = 0  # those around this place
    parts: list[str] = []  # of the line that is being read
    begun = -1  # where its text began
    linked = 0  # its characters in links
    run = ""  # the text in a link that is being read

    def flush() -> None:
        nonlocal begun, linked
        if begun >= 0:
            text = "".join(parts)
            text = squeeze(text) if CELL_MARK not in text else _row(text)
            if text:
                lines.append(new_line(Line, (text, linked, begun)))
            begun = -1
        parts.clear()
        linked = 0

    # most are texts: to ask for the very type is quickest
    events: Iterator[Any] = iter(markup.events if not root else [markup.attributes(root), *markup.inner(root), None])
    for event in events:
        if type(event) is str:
            if parts or not event.isspace():
                if begun < 0 and event.strip(EDGE):
                    begun = inside
                parts.append(event)
                if links:
                    run += event
            continue
        if run:
            linked += len(run.strip())
            run = ""
        if event is None:
            kind = kinds[inside]
            inside = parents[inside]
            if kind is None:
                continue
            if kind == "block":
                if parts:
                    flush()
            elif kind == "cell":
                cells -= 1
            elif kind == "link":
                links -= 1
            continue
        number += 1
        parents[number] = inside
        kind = KINDS.get(tags[number])
        if kind == "skipped" or (event and (("style" in event and _hides(event["style"])) or "hidden" in event)):
            depth = 1
            for event in events:
                if event is None:
                    depth -= 1
                    if not depth:
                        break
                elif type(event) is not str:
                    depth += 1
                    number += 1
            continue
        inside = number
        if kind is None:
            continue
        if kind == "link":
            if "href" not in event:
                continue
            links += 1
        elif kind == "cell" and not _holds_blocks(markup, number):
            cells += 1
            if begun >= 0:
                parts.append(CELL_MARK)
        elif kind == "block" and cells:
            continue  # the one paragraph of a value's cell breaks no row
        else:
            if kind == "cell":
                kind = "block"
            if parts:
                flush()
        kinds[number] = kind
    flush()
    return lines, parents


def _row(joined: str) -> str:
    return "\t".join(cell for cell in map(squeeze, joined.split(CELL_MARK)) if cell)


def _holds_blocks(markup: Markup, cell: int) -> bool:
    """Whether a cell lays out blocks of its own (more than one paragraph, a list, a table) rather than holding a value."""
    tags = markup.tags
    found = False
    for event in markup.inner(cell):
        if event is not None and type(event) is not str:
            cell += 1
            if tags[cell] in LAID_OUT:
                # stops at the second: nested tables would else be counted anew at every level
                if found or tags[cell] not in ONE_ALLOWED:
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
