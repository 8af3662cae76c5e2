"""A Document and its marks in, the rows of the page out: a stretch of text with the marks that stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
_SENTENCE_END = re.compile("[。!?\uff01\uff1f]+[”」』）)]*")


@dataclass(frozen=True, slots=True)
class Row:
    """A stretch of the body: a heading on a line of its own (`section`), or sentences up to one that has quantities.

    numbers: positions in the list of marks. opens: whether a paragraph begins here.
    """

    start: int
    end: int
    numbers: tuple[int, ...]
    section: Section | None = None
    opens: bool = True


def rows_of(document: Document, marks: Sequence[Mark]) -> Iterator[Row]:
    """The body's rows in order; every mark stands in exactly one of them."""
    headings = {section.char_start: section for section in document.sections}
    waiting = list(range(len(marks)))
    start = 0
    for line in document.body.split("\n"):
        end = start + len(line)
        section = headings.get(start)
        whole = section is not None and line.strip() == section.heading.strip()
        at = start
        for cut in [] if whole else _cuts(document.body, start, end, marks):
            yield Row(at, cut, tuple(_taken(waiting, marks, cut)), opens=at == start)
            at = cut
        if at < end or at == start:
            numbers = tuple(_taken(waiting, marks, end))
            yield Row(at, end, numbers, section=section if whole else None, opens=at == start)
        start = end + 1


def bold_ranges(document: Document) -> list[tuple[int, int]]:
    """Where headings stand, also those that open a paragraph."""
    return [(item.char_start, item.char_start + len(item.heading)) for item in document.sections]


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


def _cuts(body: str, start: int, end: int, marks: Sequence[Mark]) -> Iterator[int]:
    """Ends of sentences that have quantities, so that the notes stand beside their sentence."""
    spans = [(mark.quantity.char_start, mark.quantity.char_end) for mark in marks]
    spans = [span for span in spans if start <= span[0] < end]
    at = start
    for match in _SENTENCE_END.finditer(body, start, end):
        cut = match.end()
        if cut < end and any(at <= first < cut for first, _ in spans) and not any(f < cut < e for f, e in spans):
            yield cut
            at = cut


def _taken(waiting: list[int], marks: Sequence[Mark], end: int) -> Iterator[int]:
    while waiting and marks[waiting[0]].quantity.char_start < end:
        yield waiting.pop(0)
