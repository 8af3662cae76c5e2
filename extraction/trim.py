"""A page's lines in, the report's own paragraphs and its sign-off out: what stands before, after and between goes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extraction.fold import fold
from extraction.labels import awaits_value, label_share

DAY = re.compile(
    r"(?:(?:19|20)\d{2}|[二一][〇○零Oo九]\S{2})\s*年\s*[\d一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日|(?:19|20)\d{2}([.\-/])\d{1,2}\1\d{1,2}$"
)
# an undisguised byline under the title: `2021-03-05 09:12更新 来源:…`
BYLINE = re.compile(
    r"(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}.*(?:来源|更新|发布|发表|作者|编辑|浏览|阅读)|^(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s+\d{1,2}:\d{2}(?::\d{2})?)?\s+来源"
)
LONGEST_BYLINE = 90
BULLETS = "•·●○▪■◆ "
SIGNER = re.compile(
    r"(?:政府|委员会|管委会|办公室|办事处|[厅局委办部院署]|党组|中心|市委|县委|区委|省委|支队|大队|总队|公司|集团)(?:办公室)?$"
)
PROSE_END = re.compile(r"[。;!?:,、]$")
LONGEST_SIGNER = 40
SIGNATURE_LINES = 6
HEAD_LINES = 14


@dataclass(frozen=True, slots=True)
class Trimmed:
    """The body's lines, the sign-off's lines, the lines cut off before and after, and those dropped from within."""

    body: tuple[str, ...]
    signature: tuple[str, ...]
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    with (Path(__file__).parent / "boilerplate.toml").open("rb") as file:
        table = tomllib.load(file)
    cut, drop = (re.compile("|".join(f"(?:{item})" for item in table[name])) for name in ("cut", "drop"))
    return cut, drop


def is_boilerplate(line: str) -> bool:
    """Whether a line belongs to the page's furniture wherever it stands."""
    return len(line) < 120 and bool(_patterns()[1].fullmatch(fold(line).lstrip(BULLETS)))


def is_byline(line: str) -> bool:
    """Whether a line under the title gives the day with a source or the like, and is no sentence."""
    folded = fold(line)
    return len(folded) <= LONGEST_BYLINE and not folded.endswith(("。", ";", ",")) and bool(BYLINE.search(folded))


def ends_body(line: str) -> bool:
    """Whether nothing of the report can follow this line."""
    return len(line) < 400 and line[-1:] != "\u3002" and bool(_patterns()[0].fullmatch(fold(line)))


def trim(lines: Sequence[str], title: str | None) -> Trimmed:
    """Cut head (title, metadata, navigation) and tail (previous/next, footer), take the sign-off, drop furniture."""
    start = _body_start(lines, title)
    end = next((number for number in range(start, len(lines)) if ends_body(lines[number])), len(lines))
    end = _without_signature_break(lines, start, end)
    kept: list[str] = []
    dropped: list[str] = []
    for line in lines[start:end]:
        # a bare date is furniture, but under a body's name it signs
        if not is_boilerplate(line) or (kept and DAY.fullmatch(fold(line)) and SIGNER.search(fold(kept[-1]))):
            kept.append(line)
        else:
            dropped.append(line)
    body, signature = _take_signature(kept)
    return Trimmed(tuple(body), tuple(signature), tuple(lines[:start]), tuple(lines[end:]), tuple(dropped))


def _without_signature_break(lines: Sequence[str], start: int, end: int) -> int:
    """Never let a tail pattern inside a long text end it: what follows must be shorter than what came before."""
    before = sum(map(len, lines[start:end]))
    after = sum(len(line) for line in lines[end:] if len(line) > 60)
    if after > 2 * before:
        following = next((n for n in range(end + 1, len(lines)) if ends_body(lines[n])), len(lines))
        return _without_signature_break(lines, start, following) if following > end else end
    return end


def _body_start(lines: Sequence[str], title: str | None) -> int:
    """Behind the last title or metadata line among the first lines."""
    folded = "".join((title or "").split())
    start = 0
    for number, line in enumerate(lines[:HEAD_LINES]):
        if number < start:
            continue
        plain = "".join(line.split())
        is_title = (
            bool(folded) and len(plain) >= 4 and (plain == folded or (plain in folded and len(plain) < len(folded)))
        )
        if (
            (is_title and (plain == folded or number <= 4))
            or is_boilerplate(line)
            or (label_share(line) and len(line) < 200)
            or is_byline(line)
        ):
            # a row of labels, or a label with nothing behind it, has its values in the next line
            start = number + (2 if awaits_value(line, lines[number + 1 : number + 2]) else 1)
        elif len(line) > 60 or fold(line).endswith(("。", ":")):
            break
    return start


def _take_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The last lines that are a body's name or a date: at most SIGNATURE_LINES, and a date among them."""
    cut = len(lines)
    seen_day = False
    while cut > 1 and len(lines) - cut < SIGNATURE_LINES:
        line = lines[cut - 1]
        plain = "".join(fold(line).split())
        day = DAY.search(plain)
        if day and len(plain) <= len(day.group()) + LONGEST_SIGNER and not PROSE_END.search(plain):
            seen_day = True
        elif not (SIGNER.search(plain) and len(plain) <= LONGEST_SIGNER and not re.search("[,。;:]", plain)):
            break
        cut -= 1
    if not seen_day and len(lines) - cut > 0:
        # a name alone is a sign-off only if it stands alone and names a body, not a heading
        cut = len(lines) if re.match(r"[一二三四五六七八九十(\d]", lines[cut]) else max(cut, len(lines) - 2)
    return lines[:cut], lines[cut:]
