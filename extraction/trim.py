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
HEADING = re.compile(r"[一二三四五六七八九十(\d]")
LONGEST_DAY, LONGEST_SIGNER = 13, 40
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
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    with (Path(__file__).parent / "boilerplate.toml").open("rb") as file:
        table = tomllib.load(file)
    cut, drop, marks = (
        re.compile("|".join(f"(?:{item})" for item in table[name])) for name in ("cut", "drop", "marks")
    )
    return cut, drop, marks


def is_boilerplate(line: str) -> bool:
    """Whether a line belongs to the page's furniture wherever it stands."""
    return _is_furniture(fold(line))


def is_byline(line: str) -> bool:
    """Whether a line under the title gives the day with a source or the like, and is no sentence."""
    return _is_byline(fold(line))


def _is_furniture(folded: str) -> bool:
    return len(folded) < 120 and bool(_patterns()[1].fullmatch(folded.lstrip(BULLETS)))


def _is_byline(folded: str) -> bool:
    return len(folded) <= LONGEST_BYLINE and not folded.endswith(("。", ";", ",")) and bool(BYLINE.search(folded))


def _body_end(folded: Sequence[str], start: int) -> int:
    """The first line from this one on that nothing of the report can follow."""
    cut, _, marks = _patterns()
    for number in range(start, len(folded)):
        line = folded[number]
        if len(line) < 400 and line[-1:] != "\u3002" and (marks.search(line) or cut.fullmatch(line)):
            return number
    return len(folded)


def trim(lines: Sequence[str], title: str | None) -> Trimmed:
    """Cut head (title, metadata, navigation) and tail (previous/next, footer), take the sign-off, drop furniture."""
    # all lines at once: several rules look at each
    folded = fold("\n".join(lines)).split("\n") if lines else []
    start = _body_start(lines, folded, title)
    end = _without_signature_break(folded, start, _body_end(folded, start))
    kept: list[int] = []
    dropped: list[str] = []
    for number in range(start, end):
        line = folded[number]
        # a bare date is furniture, but under a body's name it signs
        if not _is_furniture(line) or (kept and DAY.fullmatch(line) and SIGNER.search(folded[kept[-1]])):
            kept.append(number)
        else:
            dropped.append(lines[number])
    cut = _signature_start([folded[number] for number in kept])
    body, signature = (tuple(lines[number] for number in numbers) for numbers in (kept[:cut], kept[cut:]))
    return Trimmed(body, signature, tuple(lines[:start]), tuple(lines[end:]), tuple(dropped))


def _without_signature_break(folded: Sequence[str], start: int, end: int) -> int:
    """Never let a tail pattern inside a long text end it: what follows must be shorter than what came before."""
    before = sum(map(len, folded[start:end]))
    after = sum(len(line) for line in folded[end:] if len(line) > 60)
    if after > 2 * before:
        following = _body_end(folded, end + 1)
        return _without_signature_break(folded, start, following) if following > end else end
    return end


def _body_start(lines: Sequence[str], folded: Sequence[str], title: str | None) -> int:
    """Behind the last title or metadata line among the first lines."""
    whole = "".join((title or "").split())
    start = 0
    for number, line in enumerate(lines[:HEAD_LINES]):
        if number < start:
            continue
        plain = "".join(line.split())
        is_title = bool(whole) and len(plain) >= 4 and (plain == whole or (plain in whole and len(plain) < len(whole)))
        if (
            (is_title and (plain == whole or number <= 4))
            or _is_furniture(folded[number])
            or (len(line) < 200 and label_share(line))
            or _is_byline(folded[number])
        ):
            # a row of labels, or a label with nothing behind it, has its values in the next line
            start = number + (2 if awaits_value(line, lines[number + 1 : number + 2]) else 1)
        elif len(line) > 60 or folded[number].endswith(("。", ":")):
            break
    return start


def _signature_start(folded: Sequence[str]) -> int:
    """From where on lines are a body's name or a date: at most the last SIGNATURE_LINES, and a date among them."""
    cut = len(folded)
    seen_day = False
    while cut > 1 and len(folded) - cut < SIGNATURE_LINES:
        plain = "".join(folded[cut - 1].split())
        day = DAY.search(plain) if len(plain) <= LONGEST_DAY + LONGEST_SIGNER else None
        if day and len(plain) <= len(day.group()) + LONGEST_SIGNER and not PROSE_END.search(plain):
            seen_day = True
        elif not (len(plain) <= LONGEST_SIGNER and SIGNER.search(plain) and not re.search("[,。;:]", plain)):
            break
        cut -= 1
    if not seen_day and len(folded) - cut > 0:
        # a name alone is a sign-off only if it stands alone and names a body, not a heading
        cut = len(folded) if HEADING.match(folded[cut]) else max(cut, len(folded) - 2)
    return cut
