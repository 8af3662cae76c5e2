"""A published database and SQL in, rows out; the connection can neither write nor reach any other file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.errors import NoWarehouse, QueryError

# locking comes last: nothing can be set after it, so no query can open the doors again
_LOCKED = ("set enable_external_access = false", "set lock_configuration = true")

# rows that are held in memory until they are written, and the last of which are written anew when some are added: with
# DuckDB's own 122,880 the texts of all reports. Sorted rows come 122,880 at a time: of a part of that no group is left
# half full, to be merged with others by an increment
ROW_GROUP = 10240
# compresses long texts with zstd, which halves a warehouse; DuckDB 1.4.4 and 1.5.5 were seen to read what increments made
FORMAT = "v1.2.0"
# whoever writes to a file says both, or what is written next lies otherwise
WRITTEN: dict[str, object] = {"row_group_size": ROW_GROUP, "storage_version": FORMAT}
# each checkpoint would merge a hundred row groups that are small or have dead rows, and write them anew. In the warehouse dead
# rows stay until a whole build
NO_VACUUM: dict[str, str | bool | int | float | list[str]] = {"max_vacuum_tasks": 0}


def open_side(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a side file for writing."""
    con = duckdb.connect(config=NO_VACUUM)
    try:
        attach_to_write(con, path, "side")
    except BaseException:
        con.close()
        raise
    return con


def attach_to_write(con: duckdb.DuckDBPyConnection, path: Path, name: str) -> None:
    """Attach a file under this name and use it; not told the size of its row groups, DuckDB would write all anew."""
    options = ", ".join(f"{option} {quoted(value)}" for option, value in WRITTEN.items())
    con.execute(f"attach {quoted(path)} as {name} ({options})")
    con.execute(f"use {name}")


def attach_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a published warehouse for reading, as catalogue `warehouse`; `marts` is the default schema.

    Raises NoWarehouse where there is none yet, or the file is something else.
    """
    if not path.exists():
        raise NoWarehouse(f"there is no warehouse at {path} yet: `fazhi run` makes one")
    # an instance of its own: connections to one path in one process would share the file and its settings,
    # and go on reading a file that has been replaced
    con = duckdb.connect()
    con.execute("set enable_progress_bar = false")  # it would stand in the middle of printed JSON
    try:
        con.execute(f"attach {quoted(path)} as warehouse (read_only)")
    except duckdb.Error as error:
        con.close()
        hint = "`fazhi build` puts a whole warehouse in the place of a damaged one"
        raise NoWarehouse(f"{path} cannot be read: {error}. {hint}") from error
    try:
        con.execute("use warehouse.marts")
    except duckdb.Error as error:
        con.close()
        raise NoWarehouse(f"{path} is not a published warehouse: {error}") from error
    return con


def connect_read_only(path: Path, index: Path | None = None) -> duckdb.DuckDBPyConnection:
    """The same, locked in: no statement can write, reach another file or change a setting.

    index: the search index, as catalogue `search` where there is one. Raises NoWarehouse where one of the files is
    something else.
    """
    con = attach_read_only(path)
    if index is not None and index.exists():
        try:
            con.execute(f"attach {quoted(index)} as search (read_only)")
        except duckdb.Error as error:
            con.close()
            raise NoWarehouse(f"{index} cannot be read, `fazhi build` makes it anew: {error}") from error
    for statement in _LOCKED:
        con.execute(statement)
    return con


def roll_back(con: duckdb.DuckDBPyConnection) -> None:
    """End the transaction where there is one: a commit that failed, on a full disk say, has ended it already."""
    try:
        con.rollback()
    except duckdb.Error:
        return


def quoted(value: object) -> str:
    """A value as an SQL string."""
    return "'" + str(value).replace("'", "''") + "'"


def query(path: Path, sql: str) -> pa.Table:
    """Run one SQL statement against a published warehouse.

    Raises NoWarehouse, or QueryError with DuckDB's own message.
    """
    with connect_read_only(path) as con:
        try:
            return con.sql(sql).to_arrow_table() if con.extract_statements(sql) else pa.table({})
        except duckdb.Error as error:
            raise QueryError(str(error)) from error
        except AttributeError as error:  # a statement without a result: `sql` gives None
            raise QueryError("the statement gives no rows") from error
