"""Alternatives put together by their first characters match what they match one after the other."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from re import _constants as constants  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from extraction import circumstance, completing, reviewed_files, subject
from extraction.alternatives import grouped, top_level
from extraction.plain import Phrase, by_first
from extraction.units import measure_words, unit_pattern


def test_brackets_hold_alternatives_together() -> None:
    assert top_level("收案|收(?=复议|(?:行政|县)复议)|结转") == ["收案", "收(?=复议|(?:行政|县)复议)", "结转"]


def test_the_first_that_matches_stays_the_first() -> None:
    alternatives = ["甲(?!乙)", "丙丁", "甲乙", r"\+甲", "丙", "甲", r"\+"]
    assert re.fullmatch(grouped(alternatives), "甲乙")
    chance = random.Random(3)
    apart, together = re.compile("|".join(alternatives)), re.compile(grouped(alternatives))
    for _ in range(300):
        text = "".join(chance.choices("甲乙丙丁+", k=8))
        assert together.findall(text) == apart.findall(text), text


def test_many_alternatives_in_groups() -> None:
    words = [chr(0x4E00 + number) + ending for number in range(120) for ending in ("甲乙", "甲", "")]
    pattern = re.compile(grouped(words))
    assert all((found := pattern.match(f"{word}丁")) and found.group() == word for word in words)
    assert not pattern.match("甲")


def test_every_measure_word_is_found_whole() -> None:
    assert all(re.fullmatch(unit_pattern(), word) for word in measure_words())


def test_a_longer_word_covers_what_a_shorter_one_at_its_place_does() -> None:
    assert Phrase("受理劳动监察投诉").unexplained(by_first(["受", "受理", "劳动", "劳动监察", "投诉"])) == 0


def test_own_words_are_looked_for_behind_those_of_the_rule() -> None:
    phrase = Phrase("甲乙丙局受理", re.compile("甲乙丙局"))
    assert phrase.unexplained(by_first(["受理"])) == 0
    assert Phrase("甲乙丙局受理").unexplained(by_first(["受理"])) > 0


GUARDED = (
    subject._OPENING,
    subject._ONLY_VERB,
    subject._ATTRIBUTE,
    subject.NOT_A_NOUN,
    subject.AFTER_NOUN,
    completing.TAKING_PART,
    reviewed_files.ONLY_KIND,
    circumstance._NARROW,
)
HAN_AND_MARKS = [chr(code) for code in (*range(0x20, 0x80), *range(0x3000, 0x3020), *range(0x4E00, 0x9FA6))]


@pytest.mark.parametrize("pattern", GUARDED, ids=lambda pattern: str(pattern.pattern)[:24])
def test_a_guard_lets_through_whatever_the_words_behind_it_begin_with(pattern: re.Pattern[str]) -> None:
    """A word that is added must be added to the characters in front too."""
    shut = sorted(_shut_out(parser.parse(pattern.pattern)))
    assert not shut, "".join(shut)


def _shut_out(items: Iterable[Any]) -> set[str]:
    """The characters that an alternative could begin with, and that the look-ahead in front of it does not let through."""
    shut: set[str] = set()
    rest = list(items)
    for at, (op, value) in enumerate(rest):
        if not at and op is constants.ASSERT and value[0] == 1:
            shut |= _first(rest[1:]) - _first(value[1])
        for inner in _inside(op, value):
            shut |= _shut_out(inner)
    return shut


def _inside(op: Any, value: Any) -> list[Any]:
    if op is constants.BRANCH:
        return list(value[1])
    if op is constants.SUBPATTERN:
        return [value[3]]
    return [value[2]] if op in (constants.MAX_REPEAT, constants.MIN_REPEAT) else []


def _may_be_empty(items: Any) -> bool:
    return bool(items.getwidth()[0] == 0)


def _first(items: Iterable[Any]) -> set[str]:
    """The characters that a match can begin with; look-aheads and what may be left out are passed over."""
    found: set[str] = set()
    for op, value in items:
        if op in (constants.LITERAL, constants.IN, constants.NOT_LITERAL, constants.ANY):
            one = re.compile(_printed(op, value))
            return found.union(char for char in HAN_AND_MARKS if one.match(char))
        inner = _inside(op, value)
        for part in inner:
            found |= _first(part)
        least = 0 if op in (constants.MAX_REPEAT, constants.MIN_REPEAT) and value[0] == 0 else 1
        if inner and least and not any(map(_may_be_empty, inner)):
            return found
    return found


def _printed(op: Any, value: Any) -> str:
    if op is constants.LITERAL:
        return re.escape(chr(value))
    if op is constants.NOT_LITERAL:
        return f"[^{re.escape(chr(value))}]"
    if op is constants.ANY:
        return "."
    parts = []
    for kind, item in value:
        if kind is constants.NEGATE:
            parts.append("^")
        elif kind is constants.LITERAL:
            parts.append(re.escape(chr(item)))
        elif kind is constants.RANGE:
            parts.append(f"{re.escape(chr(item[0]))}-{re.escape(chr(item[1]))}")
        else:
            parts.append({constants.CATEGORY_DIGIT: r"\d", constants.CATEGORY_SPACE: r"\s"}[item])
    return f"[{''.join(parts)}]"
