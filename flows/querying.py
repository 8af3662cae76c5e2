"""`fazhi query`: SQL in, a table (or CSV, JSON, Markdown) out, read-only."""

from __future__ import annotations

import csv
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
from rich import box

from flows.errors import Exit, WrongUsage
from flows.events import busy, wide_console
from flows.tables import print_json, print_rows
from warehouse.connect import connect_read_only
from warehouse.errors import QueryError

FORMATS = ("table", "csv", "json", "markdown")


def print_query(warehouse: Path, index: Path, sql: str, output: str) -> int:
    """Run one statement and print its result; returns the exit status. index: the search index, `search` in SQL.

    Raises WrongUsage for an unknown format, NoWarehouse, or QueryError with DuckDB's message.
    """
    if output not in FORMATS:
        raise WrongUsage(f"--format {output}: one of {', '.join(FORMATS)}")
    with connect_read_only(warehouse, index) as connection:
        try:
            with busy("query"):
                names, rows = _asked(connection, sql)
        except duckdb.Error as error:
            raise QueryError(str(error)) from None
    if output == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerows([names, *rows])
    elif output == "json":
        records = [dict(zip(names, row, strict=True)) for row in rows]
        print_json(records)
    else:
        console = wide_console()
        print_rows(console, names, rows, shape=box.MARKDOWN if output == "markdown" else box.SIMPLE_HEAD)
        console.print(f"{len(rows):,} rows", style="dim")
    return Exit.OK


def _asked(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[list[str], list[tuple[object, ...]]]:
    """Names and rows. DuckDB works in a thread: waiting for it, unlike being in it, can be ended by Ctrl-C."""

    def work() -> tuple[list[str], list[tuple[object, ...]]]:
        result = connection.execute(sql)
        return [column[0] for column in result.description or []], result.fetchall()

    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(work)
        try:
            return asked.result()
        except KeyboardInterrupt:
            connection.interrupt()
            raise
