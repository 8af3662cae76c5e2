"""Rows of text in, a spreadsheet file (.csv, .xlsx) out, and back; no cell of it can run as a formula."""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from flows.errors import FazhiError
from warehouse.corrections import guarded, unguarded

SUFFIXES = (".csv", ".xlsx")
WIDE_FROM = 24  # characters; longer cells are wrapped at a wide column
ROWS_WITH_CHOICES = 100_000


def check_suffix(path: Path) -> None:
    """Raises FazhiError where the file's kind is not known or cannot be handled here."""
    if path.suffix.lower() not in SUFFIXES:
        raise FazhiError(f"{path}: the file's name must end in {' or '.join(SUFFIXES)}")
    if path.suffix.lower() == ".xlsx":
        _openpyxl(path)


def write_sheet(
    path: Path,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    *,
    choices: Mapping[str, Sequence[str]],
    legend: tuple[Sequence[str], Sequence[Sequence[str]]],
) -> None:
    """Write the rows under a heading.

    choices: by column, what may be chosen there (a list to pick from in .xlsx). legend: headings and rows of a second
    sheet for looking things up (.xlsx only).
    """
    part = path.with_name(f".{path.stem}.part{path.suffix}")
    if path.suffix.lower() == ".csv":
        # the mark at the start tells Excel that it is UTF-8
        with part.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows([guarded(row.get(name, "")) for name in columns] for row in rows)
    else:
        _write_workbook(part, columns, rows, choices, legend)
    part.replace(path)


def read_sheet(path: Path) -> list[dict[str, str]]:
    """Rows as text by column, in the file's order; cells are trimmed. Raises FazhiError naming what is wrong."""
    check_suffix(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FazhiError(f"{path}: {error.strerror}") from None
    table = _read_csv(path, data) if path.suffix.lower() == ".csv" else _read_workbook(path, data)
    if not table or not any(table[0]):
        raise FazhiError(f"{path}: row 1 must hold the names of the columns")
    heading = [name.strip() for name in table[0]]
    twice = sorted({name for name in heading if name and heading.count(name) > 1})
    if twice:
        raise FazhiError(f"{path}, row 1: column {', '.join(twice)} stands twice")
    rows = []
    for cells in table[1:]:
        padded = [*cells, *[""] * (len(heading) - len(cells))]
        rows.append({name: unguarded(cell.strip()) for name, cell in zip(heading, padded, strict=False) if name})
    return rows


def _read_csv(path: Path, data: bytes) -> list[list[str]]:
    for charset in ("utf-8-sig", "gb18030"):  # a Chinese Excel saves CSV as GBK
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        delimiter = max(",;\t", key=first.count)
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise FazhiError(f"{path}: not a CSV file ({error})") from None
    raise FazhiError(f"{path}: neither UTF-8 nor GBK; save it as CSV UTF-8")


def _openpyxl(path: Path) -> ModuleType:
    try:
        return importlib.import_module("openpyxl")
    except ImportError:
        raise FazhiError(f"{path}: .xlsx needs the package openpyxl, which is not installed; use a .csv file") from None


def _write_workbook(
    path: Path,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, str]],
    choices: Mapping[str, Sequence[str]],
    legend: tuple[Sequence[str], Sequence[Sequence[str]]],
) -> None:
    book = _openpyxl(path).Workbook()
    sheet, terms = book.active, book.create_sheet("indicators")
    sheet.title = "review"
    _fill(sheet, columns, [[row.get(name, "") for name in columns] for row in rows])
    _fill(terms, *legend)
    validation = importlib.import_module("openpyxl.worksheet.datavalidation")
    letter = importlib.import_module("openpyxl.utils").get_column_letter
    for number, name in enumerate(columns, start=1):
        if name not in choices:
            continue
        if name == "new_indicator":
            formula = f"indicators!$A$2:$A${max(len(legend[1]) + 1, 2)}"
        else:
            formula = '"' + ",".join(choices[name]) + '"'
        rule = validation.DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
        sheet.add_data_validation(rule)
        rule.add(f"{letter(number)}2:{letter(number)}{ROWS_WITH_CHOICES}")
    book.save(path)


def _fill(sheet: Any, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    styles = importlib.import_module("openpyxl.styles")
    letter = importlib.import_module("openpyxl.utils").get_column_letter
    for number, cells in enumerate([columns, *rows], start=1):
        for place, text in enumerate(cells, start=1):
            cell = sheet.cell(number, place)
            cell.value = text or None
            if text:
                cell.data_type = "s"  # else a text that starts with = becomes a formula
            cell.alignment = styles.Alignment(vertical="top", wrap_text=True)
            if number == 1:
                cell.font = styles.Font(bold=True)
    for place, name in enumerate(columns, start=1):
        longest = max([len(name), *(len(row[place - 1]) for row in rows)])
        sheet.column_dimensions[letter(place)].width = 60 if longest > 2 * WIDE_FROM else min(longest, WIDE_FROM) + 3
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _read_workbook(path: Path, data: bytes) -> list[list[str]]:
    module = _openpyxl(path)
    try:
        book = module.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book["review"] if "review" in book.sheetnames else book.worksheets[0]
        return [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except Exception as error:  # noqa: BLE001  (openpyxl raises whatever its zip and XML readers raise)
        raise FazhiError(f"{path}: not a workbook that can be read ({error})") from None


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)
