"""The operator's corrections.csv in, checked corrections out, and back: people's decisions on single numbers as data."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from pathlib import Path

from warehouse.errors import WarehouseError

FIELDS = ("decision", "indicator", "value", "unit", "kind", "period_year")
STATUSES = ("active", "withdrawn")
KEY = re.compile(r"q[0-9a-f]{16}:\d+-\d+")
FINGERPRINT = re.compile(r"s[0-9a-f]{15}")
# a spreadsheet takes a cell that starts with one of these for a formula, whatever its type
FORMULA_STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?")
_CLEARABLE = ("indicator", "unit", "period_year")


class CorrectionError(WarehouseError):
    """The file of corrections cannot be used; the message names file, row, column and what is allowed."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One row: a field of one number, what it was read as, what holds instead, why, and since when.

    quantity_key: `q`, 16 digits of the content's hash, `:`, first and last offset in the body when it was looked at.
    sentence_fingerprint: `s` and 15 digits of the hash of the sentence and the number's place in it; by it the number
    is found again in a text that moved. new_value: `accept` or `drop` for a decision; None clears the field.
    """

    quantity_key: str
    sentence_fingerprint: str
    field: str
    old_value: str | None
    new_value: str | None
    reason: str
    status: str
    decided_on: date


COLUMNS = tuple(item.name for item in fields(Correction))


def guarded(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would run it as a formula."""
    return f"'{text}" if text and text[0] in FORMULA_STARTS and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in FORMULA_STARTS else text


def read_corrections(path: Path) -> list[Correction]:
    """The corrections of a file, none where it does not exist. Raises CorrectionError."""
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CorrectionError(f"{path} cannot be read: {error}; it must be a CSV file in UTF-8") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise CorrectionError(f"{path}, row 1: the columns must be {','.join(COLUMNS)}")
    return [_correction(path, number, row) for number, row in enumerate(rows[1:], start=2) if any(row)]


def write_corrections(path: Path, corrections: Iterable[Correction]) -> None:
    """Replace the file in one step; the rows stand in the order of their keys."""
    part = path.with_name(f".{path.name}.part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for item in sorted(corrections, key=lambda item: tuple(str(cell or "") for cell in astuple(item))):
            writer.writerow("" if cell is None else guarded(str(cell)) for cell in astuple(item))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def declare(held: Sequence[Correction], decided: Sequence[Correction]) -> list[Correction]:
    """The held corrections with new decisions taken in.

    What a new decision on a number no longer says is withdrawn, not deleted; saying the same again changes nothing.
    """
    keys = {item.quantity_key for item in decided}
    said = {_identity(item): item for item in decided}
    merged: dict[tuple[str, str, str | None], Correction] = {}
    for item in held:
        now_said = said.get(_identity(item))
        if now_said and (item.status != "active" or item.reason != now_said.reason):
            item = replace(now_said, old_value=item.old_value)
        elif not now_said and item.quantity_key in keys and item.status == "active":
            item = replace(item, status="withdrawn")
        merged[_identity(item)] = item
    # a number that was corrected before is shown as corrected: what the extractor read is in the older row
    read_as = {(item.quantity_key, item.field): item.old_value for item in held}
    for identity, item in said.items():
        if identity not in merged:
            old = read_as.get((item.quantity_key, item.field), item.old_value)
            merged[identity] = replace(item, old_value=old)
    return list(merged.values())


def _identity(item: Correction) -> tuple[str, str, str | None]:
    return item.quantity_key, item.field, item.new_value


def _correction(path: Path, number: int, row: Sequence[str]) -> Correction:
    def refuse(column: str, allowed: str) -> CorrectionError:
        shown = cells.get(column, "")
        return CorrectionError(f"{path}, row {number}, column {column}: {shown!r}; allowed: {allowed}")

    if len(row) != len(COLUMNS):
        raise CorrectionError(f"{path}, row {number}: {len(row)} columns where {len(COLUMNS)} are needed")
    cells = {name: unguarded(cell.strip()) for name, cell in zip(COLUMNS, row, strict=True)}
    new = cells["new_value"] or None
    if not KEY.fullmatch(cells["quantity_key"]):
        raise refuse(
            "quantity_key", "q, 16 hexadecimal digits, a colon and two offsets, as `fazhi review export` writes"
        )
    if not FINGERPRINT.fullmatch(cells["sentence_fingerprint"]):
        raise refuse("sentence_fingerprint", "s and 15 hexadecimal digits, as `fazhi review export` writes")
    if cells["field"] not in FIELDS:
        raise refuse("field", ", ".join(FIELDS))
    if cells["field"] == "decision" and new not in ("accept", "drop"):
        raise refuse("new_value", "accept or drop where the field is decision")
    if new is None and cells["field"] not in _CLEARABLE:
        raise refuse("new_value", f"empty only where the field is {', '.join(_CLEARABLE)}")
    if cells["field"] == "value" and not _NUMBER.fullmatch(new or ""):
        raise refuse("new_value", "a plain number such as 370000 or 99.5")
    if cells["field"] == "period_year" and new is not None and not re.fullmatch(r"(19|20)\d\d", new):
        raise refuse("new_value", "a year from 1900 to 2099, or empty")
    if cells["status"] not in STATUSES:
        raise refuse("status", ", ".join(STATUSES))
    if not cells["reason"]:
        raise refuse("reason", "some words that say why")
    try:
        decided_on = date.fromisoformat(cells["decided_on"])
    except ValueError:
        raise refuse("decided_on", "a day as 2024-05-06") from None
    return Correction(
        *(cells["quantity_key"], cells["sentence_fingerprint"], cells["field"], cells["old_value"] or None, new),
        *(cells["reason"], cells["status"], decided_on),
    )
