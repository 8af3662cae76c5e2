"""A number that fills a table's cell in, the name of its row, the unit that the table names and its column's year out.

Pages give tables as one row a line, cells divided by `|` or a tab, or as one cell a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extraction.units import measure_words

_SPACE = " \u3000\xa0"
_BLANK = "\t" + _SPACE
_EDGES = frozenset("|｜\t\n") | {""}
_NEAR_EDGE = _EDGES.union(_SPACE)
_DIVIDER = re.compile(r"[|｜\t]")
_NAMED_UNIT = re.compile(r"[（(](?:单位[:：])?(?P<unit>[^（）()]{1,6})[）)]\s*$")
_HAN = re.compile(r"[一-龥]{2}")
_YEAR = re.compile(r"((?:19|20)\d\d)年?度?")
_NUMBER = re.compile(r"[\d,，.．%％０-９ ]{1,16}[一-龥]{0,4}")
_SENTENCE = re.compile(r"[，。；：？！,;:?!]")
MAX_ROWS = 40  # lines that are looked at above a cell


@dataclass(frozen=True, slots=True)
class Cell:
    """label: the row's name without its unit; unit as named (may open with 万 or 亿); year: None where none is stated."""

    label: str
    unit: str | None
    year: int | None


def cell_of(body: str, start: int, end: int) -> Cell | None:
    """The cell that `body[start:end]` fills; None where it fills none or its row has no name."""
    if body[end : end + 1] not in _NEAR_EDGE:
        return None
    if body[end : end + 3].lstrip(_SPACE)[:1] not in _EDGES:
        return None
    if body[max(0, start - 3) : start].rstrip(_SPACE)[-1:] not in _EDGES:
        return None
    line_start = body.rfind("\n", 0, start) + 1
    line_end = body.find("\n", end)
    line = body[line_start : line_end if line_end >= 0 else len(body)]
    if len(line) > 400:
        return None
    if _DIVIDER.search(line.strip(_BLANK)):
        return _in_row(body, line_start, line, start - line_start)
    return _on_its_line(body, line_start, line_end)


def _cells(line: str) -> list[str]:
    return [cell.strip(_BLANK) for cell in _DIVIDER.split(line.strip(_BLANK).strip("|｜"))]


def _in_row(body: str, line_start: int, line: str, at: int) -> Cell | None:
    column = len(_DIVIDER.findall(line[:at].lstrip(_BLANK).lstrip("|｜")))
    cells = _cells(line)
    named = next((cell for cell in cells[:column] if _HAN.search(cell)), None)
    if named is None:
        return None
    header = _header(body, line_start, len(cells))
    head = header[column] if header and column < len(header) else ""
    year = _YEAR.search(head)
    unit = next((cell for cell in cells[:column] if cell in measure_words()), None)
    label, own = _name(named)
    unit = own or unit or _name(head)[1]
    return Cell(label, unit, int(year[1]) if year else None)


def _header(body: str, line_start: int, width: int) -> list[str] | None:
    """The first row of the block of rows above."""
    found = None
    for _ in range(MAX_ROWS):
        if line_start <= 0:
            break
        above = body.rfind("\n", 0, line_start - 1) + 1
        line = body[above : line_start - 1]
        if len(line) > 400 or not _DIVIDER.search(line):
            break
        found = _cells(line) if len(_cells(line)) == width else found
        line_start = above
    return found


def _on_its_line(body: str, line_start: int, line_end: int) -> Cell | None:
    """One cell a line: the name stands above, with nothing but this row's other numbers between."""
    numbers = 0
    while line_start > 0 and numbers < 6:
        above = body.rfind("\n", 0, line_start - 1) + 1
        line = body[above : line_start - 1].strip(_BLANK)
        line_start = above
        if _NUMBER.fullmatch(line) and not _YEAR.fullmatch(line):
            numbers += 1
            continue
        if not _HAN.search(line) or len(line) > 24 or _SENTENCE.search(line):
            return None
        label, unit = _name(line)
        years = _years_above(body, above)
        if not unit and not years and not _goes_on(body, line_end):
            return None
        return Cell(label, unit, years[numbers] if numbers < len(years) else None)
    return None


def _goes_on(body: str, line_end: int) -> bool:
    """Whether the next two lines are a name and a number again, so that this is a table and no stray number."""
    end = line_end if line_end >= 0 else len(body)
    below = [line.strip(_BLANK) for line in body[end + 1 : end + 80].split("\n")[:2]]
    above = [line.strip(_BLANK) for line in body[max(0, end - 160) : end].split("\n")[-4:]]
    return _pair(below) or (_pair(above[-4:-2]) and _pair(above[-2:]))


def _pair(lines: list[str]) -> bool:
    return (
        len(lines) == 2
        and bool(_HAN.search(lines[0]))
        and len(lines[0]) <= 24
        and not _SENTENCE.search(lines[0])
        and bool(_NUMBER.fullmatch(lines[1]))
    )


def _years_above(body: str, at: int) -> list[int]:
    """The years of the header's cells, in order: the nearest run of lines that are years."""
    years: list[int] = []
    for line in reversed(body[max(0, at - 600) : at].split("\n")[-MAX_ROWS:]):
        match = _YEAR.fullmatch(line.strip(_BLANK))
        if match:
            years.insert(0, int(match[1]))
        elif years or _SENTENCE.search(line):
            break
    return years


def _name(cell: str) -> tuple[str, str | None]:
    """`行政许可（件）` → 行政许可, 件."""
    match = _NAMED_UNIT.search(cell)
    if not match:
        return cell, None
    unit = match["unit"]
    known = unit in measure_words() or (unit[:1] in "万亿" and unit[1:] in measure_words())
    return (cell[: match.start()].strip(_BLANK), unit) if known else (cell, None)
