"""A date as printed in, an ISO date out."""

from __future__ import annotations

import re
from datetime import date

OLDEST = 1990
NUMERIC = re.compile(r"((?:19|20)\d{2})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
CHINESE = re.compile(
    "([一二][〇○零OoO0一二三四五六七八九]{3})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})日"
)
DIGITS = {**{char: str(value) for value, char in enumerate("零一二三四五六七八九")}, **dict.fromkeys("〇○OoO0", "0")}


def to_iso(text: str) -> str | None:
    """The first date in the text as YYYY-MM-DD, or None; an impossible day is none."""
    for pattern in (NUMERIC, COMPACT):
        match = pattern.search(text)
        if match:
            return _iso(*map(int, match.groups()))
    match = CHINESE.search("".join(text.split()))
    if match:
        year = int("".join(DIGITS[char] for char in match.group(1)))
        return _iso(year, _small(match.group(2)), _small(match.group(3)))
    return None


def _small(text: str) -> int:
    """二十三 → 23; only 1 to 31 occur."""
    tens, ten, units = text.rpartition("十")
    if not ten:
        return int(DIGITS.get(text, "0"))
    return (int(DIGITS[tens]) if tens else 1) * 10 + (int(DIGITS[units]) if units else 0)


def _iso(year: int, month: int, day: int) -> str | None:
    # no portal is older; 1970-01-01 is a clock that was never set
    if year < OLDEST:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
