"""A published database and SQL in, rows out; the connection can neither write nor reach any other file."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from warehouse.errors import NoWarehouse, QueryError

# locking comes last: nothing can be set after it, so no query can open the doors again
_LOCKED = ("use warehouse.marts", "set enable_external_access = false", "set lock_configuration = true")


def connect_read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a published warehouse for reading; `marts` is the default schema.

    Raises NoWarehouse where there is none yet.
    """
    if not path.exists():
        raise NoWarehouse(f"there is no warehouse at {path} yet: `fazhi run` makes one")
    # an instance of its own: connections to one path in one process would share the file and its settings,
    # and go on reading a file that has been replaced
    con = duckdb.connect()
    try:
        quoted = str(path).replace("'", "''")
        con.execute(f"attach '{quoted}' as warehouse (read_only)")
    except duckdb.Error as error:
        con.close()
        raise NoWarehouse(f"{path} cannot be read: {error}") from error
    try:
        for statement in _LOCKED:
            con.execute(statement)
    except duckdb.Error as error:
        con.close()
        raise NoWarehouse(f"{path} is not a published warehouse: {error}") from error
    return con


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
