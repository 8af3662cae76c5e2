"""A Document and its marks in, the rows of the page out: a stretch of text with the marks that stand in it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from extraction.types import Document, Section
from flows.shown import Mark

PARTS = {
    "achievements": "成效 achievements",
    "problems": "不足 problems",
    "leadership": "履职 leadership",
    "plan": "安排 plan",
    "other": "其他 other",
}
APPROX = {"exact": "", "about": "≈", "at_least": "≥", "more_than": ">", "less_than": "<"}
DIRECTION = {"up": "↑", "down": "↓"}
_STOPS = "。;:.\uff1b\uff1a"
_SENTENCE_END = re.compile("[。!?\uff01\uff1f]+[”」』）)]*")


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of the body: a heading on a line of its own (`section`), or sentences up to one that has quantities.

    numbers: positions in the list of marks. part: of the five, empty before the first heading. bold: where headings
    stand that open a paragraph. opens: whether a paragraph begins here.
    """

    start: int
    end: int
    numbers: range
    part: str
    bold: tuple[tuple[int, int], ...]
    section: Section | None
    opens: bool


def rows_of(document: Document, marks: Sequence[Mark]) -> Iterator[Row]:
    """The body's rows in order; every mark stands in exactly one of them. The marks are in the order of the text."""
    headings = {section.char_start: section for section in document.sections}
    bold = sorted((item.char_start, item.char_start + len(item.heading)) for item in document.sections)
    parts = sorted((item.char_start, item.char_end, item.part) for item in document.sections if item.level == 1)
    starts = [mark.quantity.char_start for mark in marks]
    # the furthest that the first so many marks reach
    reach = [0, *accumulate((mark.quantity.char_end for mark in marks), max)]
    done = start = 0
    for line in document.body.split("\n"):
        end = start + len(line)
        section = headings.get(start)
        if section is not None and line.strip().rstrip(_STOPS) != section.heading.strip().rstrip(_STOPS):
            section = None
        at = start
        for cut in [end] if section else [*_cuts(document.body, start, end, starts, reach), end]:
            if cut > at or at == start:
                upto = bisect_left(starts, cut)
                number = bisect_right(parts, (at, len(document.body) + 1)) - 1
                part = parts[number][2] if number >= 0 and at < parts[number][1] else ""
                within = bold[bisect_left(bold, (at, 0)) : bisect_left(bold, (cut, 0))]
                yield Row(at, cut, range(done, upto), part, tuple(within), section, at == start)
                done = upto
            at = cut
        start = end + 1


def part_shares(document: Document) -> dict[str, float]:
    """The share of the text, 0 to 1, that each of the five parts takes; what stands under no heading is `other`."""
    shares = dict.fromkeys(PARTS, 0.0)
    total = max(len(document.body), 1)
    for section in document.sections:
        if section.level == 1:
            shares[section.part] += (section.char_end - section.char_start) / total
    shares["other"] += max(0.0, 1 - sum(shares.values()))
    return shares


def number(value: float | None) -> str:
    """A number as people write it: no point where it is whole, thousands apart, four decimals at most."""
    if value is None:
        return "–"
    rounded = round(float(value), 4)
    return f"{int(rounded):,}" if rounded.is_integer() else f"{rounded:,}"


def amount(mark: Mark) -> str:
    """Hedge, value, unit and direction: `≈ 780 条`, `↓ 1.58 %`."""
    item = mark.quantity
    words = (APPROX.get(item.approx, item.approx), DIRECTION.get(item.direction or "", ""), number(item.value))
    return " ".join(word for word in (*words, item.unit or "") if word)


def _cuts(body: str, start: int, end: int, starts: Sequence[int], reach: Sequence[int]) -> Iterator[int]:
    """Ends of sentences that have quantities, so that the notes stand beside their sentence; never within a mark."""
    at = start
    for match in _SENTENCE_END.finditer(body, start, end):
        cut = match.end()
        before = bisect_left(starts, cut)
        if cut < end and before > bisect_left(starts, at) and reach[before] <= cut:
            yield cut
            at = cut
