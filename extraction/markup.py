"""An HTML page's text in, its elements and texts in their order out: the parser's own report, with no tree built of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import NamedTuple, TypeAlias

from lxml import etree

from extraction.errors import Unreadable

# characters XML cannot hold; the parser refuses or stops at them
CONTROL = bytes({*range(0x20), 0x7F} - {*b"\t\n\r"})
# where the parser itself stops when it builds a tree
DEEPEST = 2048
CHUNK = 1 << 15
# the largest tables have some 50,000; so many are read in a second
MOST_TAGS = 300_000
SILENT = ("script", "style")
Attributes: TypeAlias = Mapping[str, str]
# an element begins: its attributes; a piece of text; an element ends: None
Event: TypeAlias = Attributes | str | None


class Markup(NamedTuple):
    """What the page holds, in order, and by number of an element its tag and the place of its beginning."""

    events: list[Event]
    tags: list[str]
    begins: list[int]

    def tagged(self, *wanted: str) -> list[int]:
        """The numbers of the elements with one of these tags, in order."""
        tags, found = self.tags, []
        for tag in wanted:
            number = -1
            for _ in range(tags.count(tag)):  # most pages have none or few of what is asked for
                number = tags.index(tag, number + 1)
                found.append(number)
        return sorted(found)

    def attributes(self, number: int) -> Attributes:
        """An element's attributes."""
        return self.events[self.begins[number]]  # type: ignore[return-value]

    def inner(self, number: int) -> Iterator[Event]:
        """What lies in an element."""
        depth = 1
        for at in range(self.begins[number] + 1, len(self.events)):
            event = self.events[at]
            if event is None:
                depth -= 1
                if not depth:
                    return
            elif not isinstance(event, str):
                depth += 1
            yield event

    def text(self, number: int) -> str:
        """The text in an element, but for scripts and styles."""
        found: list[str] = []
        silent = 0  # how deep in one
        for event in self.inner(number):
            if isinstance(event, str):
                if not silent:
                    found.append(event)
            elif event is None:
                silent -= silent > 0
            else:
                number += 1
                silent += silent > 0 or self.tags[number] in SILENT
        return "".join(found)


class _TooDeep(Exception):
    """More elements lie in each other than any page means."""


class _Recorder:
    """What the parser calls, for each tag: it does as little as can be."""

    __slots__ = ("data", "end", "markup", "start")

    def __init__(self) -> None:
        self.markup = Markup([], [], [])
        events, tags, begins = self.markup
        happened, tag_of, begin_of = events.append, tags.append, begins.append

        def start(tag: str, attributes: Attributes) -> None:
            begin_of(len(events))
            tag_of(tag)
            happened(attributes)

        def end(tag: str) -> None:
            happened(None)

        self.start, self.end, self.data = start, end, happened

    def close(self) -> Markup:
        return self.markup


def _read_watched(cleaned: bytes, recorder: _Recorder) -> None:
    """Read a page with so many tags that more than DEEPEST elements could lie in each other; stop where they do."""
    record_start, record_end = recorder.start, recorder.end
    depth = 0

    def start(tag: str, attributes: Attributes) -> None:
        nonlocal depth
        if depth >= DEEPEST:
            raise _TooDeep
        depth += 1
        record_start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        record_end(tag)

    recorder.start, recorder.end = start, end
    parser = _parser(recorder)
    with suppress(_TooDeep):
        # in pieces: the parser would read on to the end of what it was given
        for at in range(0, len(cleaned), CHUNK):
            parser.feed(cleaned[at : at + CHUNK])
        parser.close()


def _parser(recorder: _Recorder) -> etree.HTMLParser:
    # bytes with a known charset: a str with an encoding declaration is refused
    return etree.HTMLParser(encoding="utf-8", huge_tree=True, target=recorder)


def read_markup(text: str) -> Markup | None:
    """The page's elements and texts; None where it holds no element. Broken markup is mended as the parser does."""
    cleaned = text.encode("utf-8", "replace")
    if any(map(cleaned.__contains__, CONTROL)):
        cleaned = cleaned.translate(None, CONTROL)
    if not cleaned.strip():
        return None
    tags_at_most = cleaned.count(b"<")
    if tags_at_most > MOST_TAGS:
        raise Unreadable(f"the page holds more than {MOST_TAGS:,} tags: not an article")
    recorder = _Recorder()
    if tags_at_most <= DEEPEST:
        etree.fromstring(cleaned, parser=_parser(recorder))
    else:
        _read_watched(cleaned, recorder)
    events, tags, begins = markup = recorder.markup
    if tags.count("html") > 1:  # what stands behind the page's end is shown nowhere
        second = tags.index("html", 1)
        del events[begins[second] :], tags[second:], begins[second:]
    return markup if tags else None
