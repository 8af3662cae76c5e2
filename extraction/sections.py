"""A body in, its tree of headings out: 一、 over (一) over 1. over (1) and 一是, each top part named by the regulation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extraction.fold import fold
from extraction.types import Part, Section

CN = "[一二三四五六七八九十]{1,3}"
# the ways of numbering, from the outermost in; matched on folded text at a line's start
LEVELS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (1, re.compile(rf"(?:第{CN}[章部分]{{1,2}}|{CN}\s*[、.])\s*")),
    (2, re.compile(rf"\(\s*{CN}\s*\)[、.]?\s*")),
    (3, re.compile(r"\d{1,2}\s*(?:[、.](?!\d)|\uff0e)\s*")),
    (4, re.compile(r"(?:\(\s*\d{1,2}\s*\)|[①-⑳]|\d{1,2}\))\s*")),
)
RUN_IN = re.compile(rf"(?:(?<=[。;!?])|^)(?:{CN}是|第{CN}[,,:])")
# inside a line: (二)… after a full stop, in texts without line breaks
INNER = re.compile(rf"(?<=[。;!?])\s*(?=\({CN}\)|{CN}、)")
HEADING_END = re.compile("[。!?;]|[:,](?=.{40})")
LONGEST_HEADING = 60
PLAIN_HEADING = re.compile("^[^,。;:]{4,30}$")

# the five parts that the regulation asks for (厅字〔2019〕28号, art. 25), by the words of their headings
PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    ("leadership", re.compile("(?:主要负责人|第一责任人|党政主要).{0,16}(?:职责|情况|责任)|履行推进法治(?:政府)?建设")),
    (
        "plan",
        re.compile(
            "下一?步|下一阶段|今后|明年|来年|下年度|下阶段|打算|(?:工作|主要|重点)(?:安排|计划|思路|规划|展望)|(?:努力|工作)方向"
        ),
    ),
    ("problems", re.compile("问题|不足|短板|困难|差距|薄弱|原因")),
    (
        "achievements",
        re.compile(
            "举措|成效|成绩|开展情况|进展|做法|工作情况|落实情况|完成情况|措施|主要工作|建设情况|工作开展|推进情况"
        ),
    ),
)
PLAN_YEAR = re.compile(r"20\d\d年.{0,20}(?:安排|打算|计划|思路|重点)")


@dataclass(frozen=True, slots=True)
class _Mark:
    level: int
    start: int
    heading_end: int


def find_sections(body: str) -> list[Section]:
    """Sections in the order of the text: nested, each within its parent, covering from heading to next heading."""
    marks = _marks(body)
    ends = _ends(marks, len(body))
    paths = _paths(marks)
    sections: list[Section] = []
    top: Part = "other"
    tops: list[Part] = []
    highest = min((mark.level for mark in marks), default=1)
    texts = [body[mark.start : mark.heading_end].strip() for mark in marks]
    for number, mark in enumerate(marks):
        if mark.level == highest:
            top = _part(texts[number], tops, body[mark.start : ends[number]])
            tops.append(top)
        sections.append(
            Section(paths[number], mark.level, texts[number], mark.start, ends[number], _inner_part(texts[number], top))
        )
    return sections


def _marks(body: str) -> list[_Mark]:
    folded = fold(body)
    marks: list[_Mark] = []
    at = 0
    for line in folded.split("\n"):
        for start in [at, *(at + match.end() for match in INNER.finditer(line))]:
            mark = _mark(folded, start, at + len(line))
            if mark and (not marks or mark.start > marks[-1].start):
                marks.append(mark)
        at += len(line) + 1
    return marks


def _mark(folded: str, start: int, line_end: int) -> _Mark | None:
    while start < line_end and folded[start].isspace():
        start += 1
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


def _part(heading: str, before: Sequence[Part], text: str) -> Part:
    if PLAN_YEAR.search(heading):
        return "plan"
    for part, pattern in PARTS:
        if pattern.search(heading):
            return part
    # a heading that only names a field of work belongs to what came before: achievements until a plan has begun
    if before and before[-1] in ("plan", "problems"):
        return before[-1]
    return "achievements" if len(text) > LONGEST_HEADING else "other"


def _inner_part(heading: str, top: Part) -> Part:
    if top == "achievements" and PARTS[0][1].search(heading):
        return "leadership"
    return top
