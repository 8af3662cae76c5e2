"""A body in, its tree of headings out: 一、 over (一) over 1. over (1) and 一是, each top part named by the regulation."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extraction.fold import fold
from extraction.parts import MAY_RUN_IN, inner_part, names_part, part_of, run_in_part
from extraction.types import Part, Section

CN = "[一二三四五六七八九十]{1,3}"
# the ways of numbering, from the outermost in; matched on folded text at a line's start
LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (0, re.compile(rf"第{CN}(?:部分|章|篇)[、:]?\s*")),
    (1, re.compile(rf"{CN}\s*[、.]\s*")),
    (2, re.compile(rf"\(\s*{CN}\s*\)[、.]?\s*")),
    (3, re.compile(r"\d{1,2}\s*(?:[、.](?!\d)|\uff0e)\s*")),
    (4, re.compile(r"(?:\(\s*\d{1,2}\s*\)|[①-⑳]|\d{1,2}\))\s*")),
)
# what one of these begins with; most lines begin with none
OPENS = frozenset("第一二三四五六七八九十(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")
RUN_IN = re.compile(rf"(?:(?<=[。;!?])|^)(?:{CN}是|第{CN}[,,:])")
# inside a line, in texts without line breaks: (二)… after a full stop, (一)… right behind the heading above it
INNER = re.compile(
    "|".join([rf"\({CN}\)", *(f"{first}[一二三四五六七八九十]{{0,2}}、" for first in "一二三四五六七八九十")])
)
ENDS = "。;!?:"
STOP = re.compile("[。;!?:,]")
HEADING_END = re.compile("[。!?;]|[:,](?=.{40})")
LONGEST_HEADING = 60
PLAIN_LEVEL = 0
# problems and plans stand behind the achievements
RUN_IN_FROM = 0.4
PLAIN_HEADING = re.compile("[^,。;:!?\\d]{4,30}$")
LEAST_PLAIN = 2


@dataclass(frozen=True, slots=True)
class _Mark:
    level: int
    start: int
    heading_end: int
    part: Part | None = None


def find_sections(body: str) -> list[Section]:
    """Sections in the order of the text: nested, each within its parent, covering from heading to next heading.

    level is the depth in the tree, 1 for the outermost, whatever way of numbering the report begins with.
    """
    folded = fold(body)
    marks = _marks(folded)
    marks = _with_unnumbered(folded, marks)
    ends = _ends(marks, len(body))
    paths = _paths(marks)
    sections: list[Section] = []
    tops: list[Part] = []
    for number, mark in enumerate(marks):
        depth = paths[number].count(".") + 1
        heading = body[mark.start : mark.heading_end].strip()
        if depth == 1:
            tops.append(mark.part or part_of(heading, tops, ends[number] - mark.start))
        sections.append(Section(paths[number], depth, heading, mark.start, ends[number], inner_part(heading, tops[-1])))
    return sections


def _marks(folded: str) -> list[_Mark]:
    marks: list[_Mark] = []
    # of the whole text at once: most lines hold none
    inner = deque(number.start() for number in INNER.finditer(folded) if _may_begin(folded, number.start()))
    at = 0
    for line in folded.split("\n"):
        end = at + len(line)
        opener = line.lstrip()[:1]
        starts = [at] if opener in OPENS or opener.isdecimal() else []
        while inner and inner[0] < end:
            starts.append(inner.popleft())
        for start in starts:
            glued = start > at and folded[start - 1] not in ENDS + " \t"
            if glued and not (marks and marks[-1].start >= at and not STOP.search(folded, marks[-1].start, start)):
                continue
            mark = _mark(folded, start, end)
            if mark and (not marks or mark.start > marks[-1].start):
                if glued:
                    marks[-1] = replace(marks[-1], heading_end=start)
                marks.append(mark)
        at = end + 1
    return marks


def _may_begin(folded: str, start: int) -> bool:
    """Whether a heading can begin at a number inside a line: behind a sentence's end, or (一) behind a word."""
    at = start - 1
    while at >= 0 and folded[at] in " \t":
        at -= 1
    if at < 0:
        return False
    glued = at == start - 1 and "\u4e00" <= folded[at] <= "\u9fff"
    return folded[at] in ENDS or (glued and folded[start] == "(")


def _with_unnumbered(folded: str, marks: list[_Mark]) -> list[_Mark]:
    """Headings without a number, where the report numbers none at that level, and parts that begin in a paragraph."""
    top = min((mark.level for mark in marks), default=1)
    if top > 1 or not marks:
        plain = [
            _Mark(PLAIN_LEVEL, start, start + len(line))
            for start, line in _lines(folded)
            if PLAIN_HEADING.match(line) and names_part(line)
        ]
        if len(plain) >= LEAST_PLAIN:
            marks = sorted({mark.start: mark for mark in [*marks, *plain]}.values(), key=lambda mark: mark.start)
            top = PLAIN_LEVEL
    if not marks:
        return marks
    missing = MAY_RUN_IN - {named for mark in marks if (named := names_part(folded[mark.start : mark.heading_end]))}
    if not missing:
        return marks
    starts = {mark.start for mark in marks}
    for start, line in _lines(folded):
        behind = start > marks[0].start and start > RUN_IN_FROM * len(folded)
        part = run_in_part(line) if behind and start not in starts else None
        if part in missing:
            missing -= {part}
            stop = STOP.search(folded, start + 1)
            end = min(stop.start() if stop else start + len(line), start + LONGEST_HEADING)
            marks = sorted([*marks, _Mark(top, start, end, part)], key=lambda mark: mark.start)
    return marks


def _lines(folded: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in folded.split("\n"):
        yield at + len(line) - len(line.lstrip()), line.strip()
        at += len(line) + 1


def _mark(folded: str, start: int, line_end: int) -> _Mark | None:
    while start < line_end and folded[start].isspace():
        start += 1
    if start == line_end or not (folded[start] in OPENS or folded[start].isdecimal()):
        return None
    for level, pattern in LEVELS:
        match = pattern.match(folded, start, line_end)
        if match:
            end = HEADING_END.search(folded, match.end(), line_end)
            stop = end.start() if end else line_end
            if stop - start > LONGEST_HEADING:
                stop = min(line_end, start + LONGEST_HEADING)
            return _Mark(level, start, stop) if stop > match.end() else None
    run_in = RUN_IN.match(folded, start, line_end)
    if run_in:
        end = HEADING_END.search(folded, run_in.end(), line_end)
        stop = end.start() if end else line_end
        return _Mark(4, start, min(stop, start + LONGEST_HEADING))
    return None


def _ends(marks: Sequence[_Mark], length: int) -> list[int]:
    """Each section ends where the next one of its level or a higher one begins."""
    ends = [length] * len(marks)
    waiting: list[int] = []
    for number, mark in enumerate(marks):
        while waiting and marks[waiting[-1]].level >= mark.level:
            ends[waiting.pop()] = mark.start
        waiting.append(number)
    return ends


def _paths(marks: Sequence[_Mark]) -> list[str]:
    """1, 1.1, 1.2, 2 …: counted by order, since printed numbers are repeated or skipped."""
    paths: list[str] = []
    stack: list[tuple[int, int]] = []
    for mark in marks:
        count = 0
        while stack and stack[-1][0] >= mark.level:
            count = stack.pop()[1]
        stack.append((mark.level, count + 1))
        paths.append(".".join(str(number) for _, number in stack))
    return paths
