"""Lines of a page in, labelled metadata values out: `标签:值`, or a label and its value in the next cell or line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from extraction.fold import fold_widths

LONGEST_VALUE = 60
LONGEST_LABEL = 12
# what separates cells of a metadata table once it is text
CELL = re.compile(r"[\t|\n]")
GAP = re.compile(r"\s{2,}|[\t|\n]")
# footers run their labels together: …号网站标识码:2107000052
SITE_ID = re.compile(r"网站标识码\s*:?\s*([A-Za-z]{0,2}\d{8,10})")
# blanks of any kind and brackets, in either width
BEFORE = "".join(filter(str.isspace, map(chr, range(0x3001)))) + ":[]\u3010\u3011(\uff1a\uff3b\uff3d\uff08"
BETWEEN = re.compile(r"[\s:\[\]【】]")
EMPTY = re.compile(r"^[\s:/|–—-]*$")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A value and the label that named it; `style`: `labelled line` (after a colon) or `metadata table`."""

    field: str
    value: str
    label: str
    style: str


@cache
def _labels() -> dict[str, str]:
    with (Path(__file__).parent / "labels.toml").open("rb") as file:
        table = tomllib.load(file)
    return {label: field for field, labels in table.items() for label in labels}


@cache
def _ranks() -> dict[str, int]:
    with (Path(__file__).parent / "labels.toml").open("rb") as file:
        table = tomllib.load(file)
    return {label: rank for labels in table.values() for rank, label in enumerate(labels)}


@cache
def _pattern() -> re.Pattern[str]:
    """A label (blanks allowed between its characters) before a colon; longer labels first."""
    spaced = (r"[ \u3000\u00a0]{0,4}".join(map(re.escape, label)) for label in sorted(_labels(), key=len, reverse=True))
    # most places begin no label: seen at once, before all labels are tried
    first = "".join(sorted({label[0] for label in _labels()}))
    return re.compile(rf"(?<![\u4e00-\u9fff])[\[【(]?(?=[{first}])({'|'.join(spaced)})[\]】)]?\s*:")


@cache
def _label_end() -> re.Pattern[str]:
    """A label's last character before a colon: cheap to look for where most colons stand in prose or times."""
    last = "".join(sorted({label[-1] for label in _labels()}))
    return re.compile(rf"[{last}][\]】)]?\s*:")


@cache
def _beginnings() -> frozenset[str]:
    """What a line that begins with a label can begin with: most lines do not, which is seen at once."""
    first = {label[0] for label in _labels()}
    wide = {chr(ord(character) + 0xFEE0) for character in first if character.isascii()}
    return frozenset({"", *first, *wide, *BEFORE})


def _plain(text: str) -> str:
    return text if text.isalnum() else BETWEEN.sub("", text)


def find_labelled(lines: Iterable[str]) -> dict[str, Labelled]:
    """The best labelled value of each field: the most trusted label first, then the first that stands on the page."""
    found: dict[str, Labelled] = {}
    folded = fold_widths("\n".join(lines)).split("\n")
    for item in _all_labelled(folded):
        known = found.get(item.field)
        if known is None or _ranks()[item.label] < _ranks()[known.label]:
            found[item.field] = item
    for line in folded if "site_id" not in found else ():
        match = SITE_ID.search(line) if "网站标识码" in line else None
        if match:
            found["site_id"] = Labelled("site_id", match.group(1), "网站标识码", "labelled line")
            break
    return found


def _all_labelled(folded: Sequence[str]) -> Iterable[Labelled]:
    cells: list[tuple[int, str]] = []
    pattern, label_end, labels, begin = _pattern(), _label_end(), _labels(), _beginnings()
    for number, line in enumerate(folded):
        if "\t" in line or "|" in line:
            cells += [(number, cell) for part in CELL.split(line) if (cell := part.strip())]
        elif cell := line.strip():
            cells.append((number, cell))
        # two labels and a value at least; most lines are one word of a menu
        if not line.isalnum() and ":" not in line and len(words := line.split(None, 2)) > 2 and words[0] in labels:
            yield from _spaced_pairs(line)
    for position, (_, cell) in enumerate(cells):
        matches = list(pattern.finditer(cell)) if ":" in cell and label_end.search(cell) else ()
        for index, match in enumerate(matches):
            end = matches[index + 1].start() if index + 1 < len(matches) else len(cell)
            value = _unbracketed(GAP.split(cell[match.end() : end].strip(), 1)[0].strip())
            label = _plain(match.group(1))
            field = labels[label]
            if EMPTY.match(value) and index + 1 == len(matches) and match.start() == 0:
                value, style = _beside(cells, position), "metadata table"
            else:
                style = "labelled line"
            if field != "other" and value and not EMPTY.match(value) and len(value) <= LONGEST_VALUE:
                yield Labelled(field, value, label, style)
        if matches or len(cell) >= LONGEST_LABEL or cell[0] not in begin:
            continue
        label = _plain(cell)
        if labels.get(label, "other") == "other":
            continue
        # without a colon only a cell that is nothing but the label counts; a short one needs its value in the same row
        in_row = position + 1 < len(cells) and cells[position + 1][0] == cells[position][0]
        if len(label) > 2 or in_row:
            value = _beside(cells, position)
            if value and len(value) <= LONGEST_VALUE:
                yield Labelled(labels[label], value, label, "metadata table")


def _unbracketed(value: str) -> str:
    """【来源:某局】 closes a bracket that it did not open."""
    closes = value[-1:] in "\u3011])" and value.count(value[-1:]) > sum(map(value.count, "\u3010[("))
    return value[:-1].strip() if closes else value


def _spaced_pairs(line: str) -> Iterable[Labelled]:
    """发布单位 某省交通运输厅 来源 厅法制处: two labels and more in a line without colons."""
    words = line.split()
    at = [number for number, word in enumerate(words) if word in _labels()]
    if len(at) < 2 or at[0] != 0:
        return
    for start, end in zip(at, [*at[1:], len(words)], strict=True):
        field, value = _labels()[words[start]], " ".join(words[start + 1 : end])
        if field != "other" and value and len(value) <= LONGEST_VALUE and "\t" not in line:
            yield Labelled(field, value, words[start], "labelled line")


def _beside(cells: Sequence[tuple[int, str]], position: int) -> str:
    """The next cell; under a label in a row of labels the one below; none if that is a label itself."""
    if position + 1 >= len(cells):
        return ""
    line, value = cells[position + 1]
    if _plain(value) in _labels():
        return _below(cells, position)
    return "" if _pattern().match(value) or line > cells[position][0] + 2 else value


def _below(cells: Sequence[tuple[int, str]], position: int) -> str:
    """The cell under a label in a row of labels: the one at its place in the next line, if that has as many."""
    line = cells[position][0]
    row = [at for at, (number, _) in enumerate(cells) if number == line]
    under = [value for number, value in cells if number == line + 1]
    if len(under) != len(row) or any(_plain(value) in _labels() for value in under):
        return ""
    return under[row.index(position)]


def label_share(line: str) -> bool:
    """Whether a line is made of labelled values: it begins with a label."""
    if line[:1] not in _beginnings():
        return False
    folded = fold_widths(line).strip()
    if _plain(CELL.split(folded, 1)[0]) in _labels():
        return True
    if ":" in folded:
        return _pattern().match(folded) is not None
    words = folded.split()
    return bool(words) and words[0] in _labels() and any(word in _labels() for word in words[1:])


def awaits_value(line: str, following: Sequence[str]) -> bool:
    """Whether the next line holds the values of this one: a row of labels over a row of cells, or 来源: and a name."""
    if not following or label_share(following[0]) or len(following[0]) > LONGEST_VALUE:
        return False
    cells = [cell for cell in CELL.split(fold_widths(line)) if cell.strip()]
    if not all(_plain(cell) in _labels() for cell in cells):
        return False
    return len(cells) == len(CELL.split(following[0])) and (
        len(cells) > 1 or not re.search("[,。;]", fold_widths(following[0]))
    )
