"""Text in, the same text for matching out, character by character: full-width forms as ASCII, script simplified."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

LINE = 200
# the Halfwidth and Fullwidth Forms block, U+FF01 to U+FF5E, lies 0xFEE0 above ASCII; the rest are spaces
_WIDE = {chr(0xFEE0 + code): chr(code) for code in range(0x21, 0x7F)} | {"\u3000": " ", "\u00a0": " "}


def _traditional() -> dict[str, str]:
    lines = (Path(__file__).parent / "traditional.txt").read_text(encoding="utf-8").splitlines()
    return {pair[0]: pair[1] for line in lines if not line.startswith("#") for pair in line.split()}


def _one_of(characters: Iterable[str]) -> re.Pattern[str]:
    return re.compile("[" + "".join(map(re.escape, characters)) + "]")


_COMMON = [chr(0xFEE0 + ord(mark)) for mark in ",:;()?!"]
_PLAIN = _WIDE | _traditional()
_ANY_WIDE, _ANY_CHANGED = _one_of(_WIDE), _one_of(_PLAIN)


def _plain(match: re.Match[str]) -> str:
    return _PLAIN[match[0]]


def fold(text: str) -> str:
    """The text to match on: full-width forms as ASCII, no-break spaces as spaces, traditional script simplified.

    Same length as the text, so offsets stay what they are. Titles, bodies and values are stored as printed.
    """
    if text.isascii():
        return text
    # lines are looked at by many rules, a report's body by one after the other
    return _fold_line(text) if len(text) <= LINE else _fold_body(text)


def _fold(text: str) -> str:
    # twelve times as fast as str.translate, which raises and catches a KeyError for each character that stays
    return _ANY_CHANGED.sub(_plain, _without_common(text))


def _without_common(text: str) -> str:
    """A long text with its commas and the like folded: they would cost as much as all the rest."""
    if len(text) > LINE:
        for wide in _COMMON:
            text = text.replace(wide, _WIDE[wide])
    return text


_fold_line = lru_cache(maxsize=1024)(_fold)
_fold_body = lru_cache(maxsize=2)(_fold)


def fold_widths(text: str) -> str:
    """Full-width forms as ASCII only: for values that are stored as they were printed. Same length."""
    return text if text.isascii() else _ANY_WIDE.sub(_plain, _without_common(text))
