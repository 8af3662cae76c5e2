"""A body with marked figures in, the clean body and each figure with its offsets and hedge out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

MARK = re.compile("\x02(\\d+)\x03([^\x04]*)\x04")
HEDGES_BEFORE = {
    "about": ("约", "近"),
    "less_than": ("不超过", "低于"),
    "at_least": ("至少", "不少于", "不低于"),
    "more_than": ("超", "超过"),
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure as a report states it; `body[char_start:char_end] == raw` once placed.

    field: the model's name, None for an incidental figure. measure: value, rate, change_pct, change_abs, zero.
    value: what is printed, 万 and 亿 expanded; true_value: what the model holds (differs in a planted error only).
    """

    field: str | None
    measure: str
    raw: str
    value: float
    true_value: float
    unit: str
    approx: str = "exact"
    is_target: bool = False
    char_start: int = -1
    char_end: int = -1


def mark(number: int, raw: str) -> str:
    """The figure's text with its number around it, in characters that no text holds."""
    return f"\x02{number}\x03{raw}\x04"


def place(text: str, stated: list[Stated]) -> tuple[str, tuple[Stated, ...]]:
    """Take the marks out of a body; returns it with the figures that stand in it, in order, with their offsets."""
    out: list[str] = []
    placed: list[Stated] = []
    length = end = 0
    for match in MARK.finditer(text):
        gap = text[end : match.start()]
        item, raw, end = stated[int(match[1])], match[2], match.end()
        hedge = _hedge(text[max(0, match.start() - 3) : match.start()], text[end : end + 2])
        out += (gap, raw)
        start = length + len(gap)
        length = start + len(raw)
        approx = hedge if hedge == "about" or item.approx == "exact" else item.approx
        placed.append(replace(item, raw=raw, approx=approx, char_start=start, char_end=length))
    return "".join((*out, text[end:])), tuple(placed)


def _hedge(before: str, after: str) -> str:
    """What the words beside a figure make of it; they stand outside its `raw`."""
    if before.endswith(HEDGES_BEFORE["about"]):
        return "about"
    if before.endswith(HEDGES_BEFORE["at_least"]) or after.startswith("以上"):
        return "at_least"
    if before.endswith(HEDGES_BEFORE["less_than"]) or after.startswith("以内"):
        return "less_than"
    return "more_than" if before.endswith(HEDGES_BEFORE["more_than"]) else "exact"
