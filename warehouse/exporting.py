"""A published file in, tables as CSV, Excel or Parquet files out, each swapped in one step, with a manifest.

Text in CSV and Excel that a spreadsheet would run as a formula gets an apostrophe before it: scraped text is data.
Parquet holds the text as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import attach_read_only, quoted
from warehouse.errors import WarehouseError
from warehouse.publish import MARTS, digest_of, to_disk
from warehouse.xlsx import MOST_ROWS, Workbook

FORMATS = ("csv", "xlsx", "parquet")
WORKBOOK = "fazhi.xlsx"
# also the full-width forms: Chinese and Japanese Excel reads them as the ASCII ones
FORMULA_START = r"^[=+\-@\t\r\n\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]"
BOM = "\ufeff"  # tells Excel that the file is UTF-8
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Exported:
    """One written file. tables: name → rows; notes: what the reader should know."""

    file: str
    tables: dict[str, int]
    sha256: str
    notes: tuple[str, ...] = field(default=())


def export(database: Path, folder: Path, fmt: str, tables: Sequence[str] = ()) -> list[Exported]:
    """Write the tables (default: all) into the folder, and `manifest.json` beside them.

    CSV is UTF-8 with a byte order mark; Excel is one workbook with a sheet a table and one that describes the columns.
    Raises WarehouseError for a table that is not there, or that is too long for a sheet; nothing is written then.
    """
    if fmt not in FORMATS:
        raise WarehouseError(f"format {fmt}: one of {', '.join(FORMATS)}")
    with attach_read_only(database) as con:
        con.execute("set TimeZone = 'UTC'")
        columns = _columns(con, tables)
        rows = {name: con.execute(f"select count(*) from {name}").fetchall()[0][0] for name in columns}
        if fmt == "xlsx":
            for name, count in rows.items():
                if count >= MOST_ROWS:
                    raise WarehouseError(
                        f"{name} has {count:,} rows, an Excel sheet holds {MOST_ROWS - 1:,}: name the other tables with "
                        "--table, or take --format csv or parquet"
                    )
        folder.mkdir(parents=True, exist_ok=True)
        if fmt == "xlsx":
            written = [_workbook(con, columns, rows, folder)]
        else:
            written = [_copied(con, fmt, name, columns[name], rows[name], folder) for name in columns]
    manifest = {
        "format": fmt,
        "schema": MARTS,
        "files": [asdict(item) for item in written],
        "tables": {name: {"rows": rows[name], "columns": [column[:2] for column in columns[name]]} for name in columns},
    }
    draft = folder / ".manifest.json.new"
    draft.write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(folder / "manifest.json")
    return written


def _columns(con: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> dict[str, list[tuple[str, str, str]]]:
    """Name, type and description of each column, by table."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for table, *column in con.execute(
        "select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        f"where database_name = 'warehouse' and schema_name = '{MARTS}' order by table_name, column_index"
    ).fetchall():
        found.setdefault(table, []).append((column[0], column[1], column[2]))
    wanted = [name.removeprefix(f"{MARTS}.") for name in tables] or list(found)
    for name in wanted:
        if name not in found:
            raise WarehouseError(f"there is no table {name}; there are {', '.join(found)}")
    return {name: found[name] for name in dict.fromkeys(wanted)}


def _copied(
    con: duckdb.DuckDBPyConnection, fmt: str, name: str, columns: list[tuple[str, str, str]], rows: int, folder: Path
) -> Exported:
    """One table as a CSV or Parquet file."""
    file = folder / f"{name}.{fmt}"
    draft = file.with_name(f".{file.name}.new")
    if fmt == "csv":
        source, options = f"({_guarded(name, columns, BOM)})", "format csv, header"
    else:
        source, options = name, "format parquet, compression zstd"
    con.execute(f"copy {source} to {quoted(draft)} ({options})")
    return _placed(draft, file, {name: rows})


def _workbook(
    con: duckdb.DuckDBPyConnection, columns: dict[str, list[tuple[str, str, str]]], rows: dict[str, int], folder: Path
) -> Exported:
    """All tables as the sheets of one workbook, the descriptions first."""
    file = folder / WORKBOOK
    draft = file.with_name(f".{file.name}.new")
    with Workbook(draft) as book:
        described = ((name, *column) for name, described in columns.items() for column in described)
        book.add_sheet("dictionary", ("table", "column", "type", "description"), described)
        for name, described_columns in columns.items():
            result = con.execute(_guarded(name, described_columns))
            book.add_sheet(name, [column[0] for column in described_columns], _rows(result))
    notes = []
    if book.cut_cells:
        notes.append(
            f"{book.cut_cells:,} texts were cut to 32,767 characters, all that an Excel cell holds; they end with …"
        )
    return _placed(draft, file, rows, *notes)


def _guarded(name: str, columns: list[tuple[str, str, str]], mark: str = "") -> str:
    """Select a table with its formula-like texts made harmless; `mark` is put before the first column's name."""
    selected = []
    for number, (column, kind, _) in enumerate(columns):
        quoted_name = '"' + column.replace('"', '""') + '"'
        value = quoted_name
        if kind not in _PLAIN:
            text = quoted_name if kind == "VARCHAR" else f"{quoted_name}::varchar"
            value = f"case when regexp_matches({text}, '{FORMULA_START}') then '''' || {text} else {text} end"
        selected.append(f'{value} as "{mark if number == 0 else ""}{quoted_name[1:]}')
    return f"select {', '.join(selected)} from {name}"


# these never print as text that begins with a sign other than a number's own
_PLAIN = {
    *("BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"),
    *("FLOAT", "DOUBLE", "DATE", "TIME", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"),
}


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := result.fetchmany(BATCH):
        yield from batch


def _placed(draft: Path, file: Path, tables: dict[str, int], *notes: str) -> Exported:
    to_disk(draft)
    digest = digest_of(draft)
    draft.replace(file)
    return Exported(file.name, tables, digest, notes)
