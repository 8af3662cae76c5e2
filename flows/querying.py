"""`fazhi query`: SQL in, a table (or CSV, JSON, Markdown) out, read-only."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import duckdb
from rich import box
from rich.table import Table

from flows.errors import Exit, FazhiError
from flows.events import wide_console
from warehouse.connect import connect_read_only
from warehouse.errors import QueryError

FORMATS = ("table", "csv", "json", "markdown")


def print_query(warehouse: Path, index: Path, sql: str, output: str) -> int:
    """Run one statement and print its result; returns the exit status. index: the search index, `search` in SQL.

    Raises FazhiError for an unknown format, NoWarehouse, or QueryError with DuckDB's message.
    """
    if output not in FORMATS:
        raise FazhiError(f"--format {output}: one of {', '.join(FORMATS)}")
    with connect_read_only(warehouse, index) as connection:
        try:
            result = connection.execute(sql)
            names = [column[0] for column in result.description or []]
            rows = result.fetchall()
        except duckdb.Error as error:
            raise QueryError(str(error)) from None
    if output == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerows([names, *rows])
    elif output == "json":
        records = [dict(zip(names, row, strict=True)) for row in rows]
        print(json.dumps(records, ensure_ascii=False, default=str, indent=1))
    else:
        _print_table(names, rows, markdown=output == "markdown")
    return Exit.OK


def _print_table(names: list[str], rows: list[tuple[object, ...]], *, markdown: bool) -> None:
    console = wide_console()
    table = Table(box=box.MARKDOWN if markdown else box.SIMPLE_HEAD)
    for name in names:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value).replace("[", "\\[") for value in row))
    console.print(table)
    console.print(f"{len(rows):,} rows", style="dim")
