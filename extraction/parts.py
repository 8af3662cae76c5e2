"""A heading or a paragraph's beginning in, which of the regulation's five parts it opens out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extraction.fold import fold
from extraction.types import Part

# the five parts that the regulation asks for (厅字〔2019〕28号, art. 25), by the words of their headings
PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = (
    ("leadership", re.compile("(?:主要负责人|第一责任人|党政主要).{0,16}(?:职责|情况|责任)|履行推进法治(?:政府)?建设")),
    (
        "plan",
        re.compile(
            "下一?步|下一阶段|今后|明年|来年|下一?年度?|下阶段|打算|(?:工作|主要|重点)(?:安排|计划|思路|规划|展望)|(?:努力|工作)方向"
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
# a part that begins in the middle of the text, without a heading
RUN_IN: tuple[tuple[Part, re.Pattern[str]], ...] = (
    (
        "problems",
        re.compile(
            "(?:虽然|尽管|在(?:取得|肯定|总结)成绩|同时|但是?|与此同时|对照)?.{0,60}(?:依然|依旧|仍然|仍旧|还|仍|也|尚)(?:存在|有).{0,20}(?:问题|不足|短板|差距|困难|薄弱)"
        ),
    ),
    ("plan", re.compile("(?:下一?步|今后|接下来|下阶段|下一阶段|明年|新的一年|20\\d\\d年,.{0,16}将)(?=.{20})")),
)
MAY_RUN_IN: frozenset[Part] = frozenset(("problems", "plan"))
# a section shorter than this is a heading without a text
SHORTEST_TEXT = 60


def names_part(heading: str) -> Part | None:
    """The part that a heading's own words name, or None."""
    folded = fold(heading)
    if PLAN_YEAR.search(folded):
        return "plan"
    return next((part for part, pattern in PARTS if pattern.search(folded)), None)


def part_of(heading: str, before: Sequence[Part], length: int) -> Part:
    """The part of a top section of this many characters, given those of the top sections before it."""
    named = names_part(heading)
    if named:
        return named
    # a heading that only names a field of work belongs to what came before: achievements until a plan has begun
    if before and before[-1] in ("plan", "problems"):
        return before[-1]
    return "achievements" if length > SHORTEST_TEXT else "other"


def inner_part(heading: str, top: Part) -> Part:
    """The part of a section inside a top one: its own only for the leader's duties among the achievements."""
    return "leadership" if top == "achievements" and names_part(heading) == "leadership" else top


def run_in_part(paragraph: str) -> Part | None:
    """The part that a paragraph without a heading opens by its first words, or None."""
    return next((part for part, pattern in RUN_IN if pattern.match(paragraph)), None)
