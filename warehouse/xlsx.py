"""Tables of rows in, one Excel workbook out, written as a stream: memory stays small however many rows there are.

Text is written as text, never as a formula, and what Excel cannot hold is said, not dropped in silence.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_CHARACTERS = 32_767  # in a cell, counted in UTF-16 as Excel does
MOST_NAME = 31
CUT = "…"

_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
# what XML 1.0 cannot hold is written as _xHHHH_, and text that looks like that is escaped
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0d\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_PLAIN = re.compile("[^\x00-\x1f_&<>\ud800-\udfff\ufffe\uffff]*")
# Excel counts days from here and takes 1900 for a leap year; dates before March 1900 are written as text
_DAY_ZERO = datetime(1899, 12, 30)
_FIRST_DAY = datetime(1900, 3, 1)
_HEADER, _DATE, _TIME = 1, 2, 3

_SHEET_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_NS = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_SHEET_NS}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


class Workbook:
    """A workbook being written to `path`; a context manager that finishes it.

    cut_cells: how many texts were longer than a cell holds and were cut (they end with …).
    """

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, allowZip64=True)
        self._names: list[str] = []
        self.cut_cells = 0

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        if not failed:
            self._write_frame()
        self._zip.close()

    def add_sheet(self, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
        """Write one sheet with a bold header that stays in view; gives the name it got. Raises ValueError: too big."""
        if len(columns) > MOST_COLUMNS:
            raise ValueError(f"{name} has {len(columns):,} columns; an Excel sheet holds {MOST_COLUMNS:,}")
        sheet = self._free_name(name)
        self._names.append(sheet)
        letters = [_letters(number) for number in range(len(columns))]
        with self._zip.open(_entry(f"xl/worksheets/sheet{len(self._names)}.xml"), "w", force_zip64=True) as file:
            file.write(
                f'{_XML}<worksheet xmlns="{_SHEET_NS}"><sheetViews><sheetView workbookViewId="0">'
                '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
                "<sheetData>".encode()
            )
            header = "".join(
                self._text(f"{letter}1", name, _HEADER) for letter, name in zip(letters, columns, strict=True)
            )
            file.write(f'<row r="1">{header}</row>'.encode())
            for number, row in enumerate(rows, start=2):
                if number > MOST_ROWS:
                    raise ValueError(f"{name} has more rows than an Excel sheet holds ({MOST_ROWS:,} with the header)")
                cells = "".join(self._cells(letters, number, row))
                file.write(f'<row r="{number}">{cells}</row>'.encode())
            file.write(b"</sheetData></worksheet>")
        return sheet

    def _cells(self, letters: Sequence[str], number: int, row: Sequence[object]) -> Iterator[str]:
        for letter, value in zip(letters, row, strict=True):
            place = f"{letter}{number}"
            if value is None:
                continue
            if isinstance(value, str):
                yield self._text(place, value)
            elif isinstance(value, bool):
                yield f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
            elif isinstance(value, int | Decimal) or (isinstance(value, float) and math.isfinite(value)):
                yield f'<c r="{place}"><v>{value!s}</v></c>'
            elif isinstance(value, date) and (days := _days(value)) is not None:
                style = _TIME if isinstance(value, datetime) else _DATE
                yield f'<c r="{place}" s="{style}"><v>{days}</v></c>'
            else:
                yield self._text(place, str(value))

    def _text(self, place: str, text: str, style: int = 0) -> str:
        if (
            len(text) * 2 > MOST_CHARACTERS
            and len(units := text.encode("utf-16-le", "surrogatepass")) // 2 > MOST_CHARACTERS
        ):
            text = units[: (MOST_CHARACTERS - 1) * 2].decode("utf-16-le", "ignore") + CUT
            self.cut_cells += 1
        # most cells are plain, and looking is quicker than rewriting
        written = (
            text if _PLAIN.fullmatch(text) else escape(_UNWRITABLE.sub(lambda match: f"_x{ord(match[0]):04X}_", text))
        )
        return f'<c r="{place}" t="inlineStr" s="{style}"><is><t xml:space="preserve">{written}</t></is></c>'

    def _free_name(self, name: str) -> str:
        clean = _NOT_IN_NAMES.sub("_", name).strip("'")[:MOST_NAME] or "sheet"
        taken = {other.casefold() for other in self._names}
        number, found = 1, clean
        while found.casefold() in taken:
            number += 1
            found = f"{clean[: MOST_NAME - len(str(number)) - 1]}_{number}"
        return found

    def _write_frame(self) -> None:
        """The parts that name the sheets."""
        sheets = range(1, len(self._names) + 1)
        books = "".join(
            f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(sheets, self._names, strict=True)
        )
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{_LINK_NS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in sheets
        )
        links += f'<Relationship Id="rId{len(sheets) + 1}" Type="{_LINK_NS}/styles" Target="styles.xml"/>'
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n in sheets
        )
        parts = {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE_NS}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>{types}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE_NS}/relationships"><Relationship Id="rId1" '
            f'Type="{_LINK_NS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{_SHEET_NS}" xmlns:r="{_LINK_NS}"><sheets>{books}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE_NS}/relationships">{links}</Relationships>',
        }
        for name, text in parts.items():
            self._zip.writestr(_entry(name), _XML + text)
        self._zip.writestr(_entry("xl/styles.xml"), _STYLES)


def _entry(name: str) -> zipfile.ZipInfo:
    """A zip entry without the time of writing: equal tables give equal files."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _letters(number: int) -> str:
    """Column 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _days(value: date) -> str | None:
    """Excel's number for a day or a moment (as it stands, without its zone); None before March 1900."""
    moment = value.replace(tzinfo=None) if isinstance(value, datetime) else datetime.combine(value, time())
    if moment < _FIRST_DAY:
        return None
    days = (moment - _DAY_ZERO) / timedelta(days=1)
    return f"{days:.0f}" if days.is_integer() else f"{days:.8f}"
