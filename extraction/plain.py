"""A phrase and the words that a rule knows in, how many characters of the phrase nobody can explain out.

A word that neither belongs to the rule nor to plain_words.csv may narrow or change what is counted (受理*劳动监察*投诉,
*正职*负责人出庭率), so the mapping takes a phrase only where every word of it is understood. Words of the group `thing` are
plain inside a phrase, but at its end they are what is counted (规范性文件清理等10个*方面*), which the rule itself must know;
words of the group `field` are never plain, though each of their characters is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path

from extraction.alternatives import grouped

PATH = Path(__file__).parent / "plain_words.csv"
_OTHER = r"[^一-鿿A-Za-z]+"  # figures and marks
# 县、乡、村三级: all levels, which narrows nothing
ALL_LEVELS = re.compile(
    r"(?:省、?)?(?:市、?)?(?:县(?:[（(][市区]+[)）])?|区)、?(?:乡镇?|镇街?|街道?|街镇)(?:[（(][镇街道乡]+[)）])?、?(?:村居?|社区)"
    r"(?:[（(][社区居]+[)）])?(?:[两三四]级)?"
)
_SIZES = (6, 5, 4, 3, 2)  # characters of a thing
_SYSTEM = r"^[一-龥]{2,6}系统"
_TITLE = r"第?[一二三四五六七八九十]{1,3}届|(?:第|分)?[一两二三四五六七八九十]批|[一二两三四五六]轮|[一二三四五六七八九十]次会议|《[^《》]{0,60}》?等?|(?:19|20)\d\d年(?:\d{1,2}月)?|[一二三四五六七八九十]{1,2}[）)]|连续[两二三四五六七八九十\d]+年"


@cache
def _rows() -> list[dict[str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _words(theme: str, *groups: str) -> frozenset[str]:
    """The words of a theme: those of the groups, or all but those that are never plain."""
    return frozenset(
        word
        for row in _rows()
        if row["theme"] == theme and (row["group"] in groups if groups else row["group"] != "field")
        for word in row["words"].split()
    )


@cache
def _plain() -> re.Pattern[str]:
    # behind what its first character must be, a kind costs nothing where it cannot begin
    return re.compile(
        f"(?=[省市县区]){ALL_LEVELS.pattern}|{_SYSTEM}|(?=[一二三四五六七八九十两第分《12连])(?:{_TITLE})|{_OTHER}"
        f"|{any_of(_words(''))}"
    )


@cache
def _fields() -> re.Pattern[str]:
    # without any_of's look-ahead: most phrases hold none, and re looks for first characters alone
    return re.compile(grouped(sorted(_words("", "field"), key=lambda word: (-len(word), word))))


@cache
def _tables() -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str], frozenset[str]]:
    """Plain words, words of a field, things and what these end in."""
    things = _words("", "thing")
    return _plain(), _fields(), things, frozenset(word[-1] for word in things) | {"数"}


@lru_cache(maxsize=1024)  # many phrases are short, so that reports share them
def _content(text: str) -> int:
    """The characters that are not plain, as bits; words of a field and things at an end or in front of a bar never are."""
    plain, fields, things, endings = _tables()
    mask = (1 << len(text)) - 1
    for match in plain.finditer(text):
        start, end = match.span()
        mask &= ~(((1 << (end - start)) - 1) << start)
    for match in fields.finditer(text) if fields.search(text) else ():
        mask |= _mask(*match.span())
    end = 0
    for part in text.split("|"):
        end += len(part)
        if part[-1:] in endings:
            named = part.removesuffix("数")
            for size in _SIZES:
                if (word := named[-size:]) in things:
                    last = end - len(part) + len(named)
                    mask |= _mask(last - len(word), last)
                    break
        end += 1
    return mask


def any_of(words: Iterable[str]) -> str:
    """A pattern for the longest of the words that stands at a place.

    Found by the words' first characters in groups: an engine that tries alternatives one after the other asks for few.
    """
    behind: dict[str, list[str]] = {}
    for word in sorted(words, key=lambda word: (-len(word), word)):
        behind.setdefault(word[0], []).append(re.escape(word[1:]))
    first = sorted(behind)
    size = max(1, round(len(first) ** 0.5))
    groups = [first[at : at + size] for at in range(0, len(first), size)]
    return (
        f"(?=[{''.join(map(re.escape, first))}])(?:"
        + "|".join(
            f"(?=[{''.join(map(re.escape, group))}])(?:"
            + "|".join(f"{re.escape(char)}(?:{'|'.join(behind[char])})" for char in group)
            + ")"
            for group in groups
        )
        + ")"
    )


def by_first(words: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """The words under their first characters, the longest first."""
    first: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        first.setdefault(word[0], []).append(word)
    return {char: tuple(found) for char, found in first.items()}


def theme_words(theme: str, indicator: str = "") -> frozenset[str]:
    """Words that change nothing for indicators of this theme, or of the family that its id begins with (`recon_`)."""
    words = _words(theme)
    for family in _families():
        if indicator.startswith(family):
            words |= _words(family)
    return words


@cache
def _families() -> tuple[str, ...]:
    return tuple({row["theme"] for row in _rows() if row["theme"].endswith("_")})


class Phrase:
    """The words that say what a number counts. `unexplained` is asked once for each rule that fits."""

    __slots__ = ("_open", "_own", "text")

    def __init__(self, text: str, own: re.Pattern[str] | None = None) -> None:
        """own: how the report names its own body, which narrows nothing."""
        self.text, self._own = text, own
        self._open = -1  # not looked for yet: most phrases are a rule's own words alone

    def unexplained(self, words: Mapping[str, tuple[str, ...]]) -> int:
        """Characters that are neither plain nor part of one of the words, which are given by their first characters."""
        return self._left(words).bit_count()

    def unexplained_text(self, words: Mapping[str, tuple[str, ...]]) -> str:
        """The same characters, for people who look why a quantity stayed unmapped."""
        left = self._left(words)
        return "".join(char if left >> place & 1 else "·" for place, char in enumerate(self.text)).strip("·")

    def _left(self, words: Mapping[str, tuple[str, ...]]) -> int:
        text = self.text
        left = (1 << len(text)) - 1
        for at, char in enumerate(text):
            for word in words.get(char, ()):
                if text.startswith(word, at):
                    left &= ~(((1 << len(word)) - 1) << at)
                    if not left:
                        return 0
                    break  # it covers what a shorter one does
        return left & self._content()

    def _content(self) -> int:
        """The characters that only a rule can explain."""
        if self._open < 0:
            self._open, own = _content(self.text), self._own
            for match in own.finditer(self.text) if own and self._open and own.search(self.text) else ():
                self._open &= ~_mask(*match.span())
        return self._open


def _mask(start: int, end: int) -> int:
    return ((1 << (end - start)) - 1) << start
