"""A published database in, the same tables in a DuckLake out: several machines publish to it and read it at once.

The marts are built and checked in a file first and then brought into the lake in one transaction: dbt commits each model
for itself and the gates come after the last, so that a build inside the lake would show its readers what no gate has seen.
Rows that are as they were stay where they are; `at (version => …)` reads what was published before.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import random

import duckdb

from warehouse.connect import quoted, roll_back
from warehouse.errors import WarehouseError
from warehouse.extensions import load_extension
from warehouse.publish import MARTS

PREFIX = "ducklake:"
CATALOGUES = {"postgres": "postgres_scanner", "sqlite": "sqlite_scanner"}
# each publishing replaces this table: of two at once DuckLake lets one commit, the other is tried again
STAMP = "snapshot"
TRIES = 20
PAUSE_S = 0.5
REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://")


@dataclass(frozen=True, slots=True)
class Lake:
    """Where a lake is. url: ducklake:postgres:… as DuckDB attaches it; data: folder or s3:// prefix of its Parquet files,
    which counts only where the lake is made."""

    url: str
    data: str

    @property
    def shown(self) -> str:
        """The url without a password, for messages."""
        return re.sub(
            r"(://[^:/@\s]*):[^@\s]*@|(password=)\S+", lambda m: f"{m[1]}:***@" if m[1] else f"{m[2]}***", self.url
        )


@dataclass(frozen=True, slots=True)
class LakeVersion:
    """What a publishing came to. version: the lake's own number; changed: tables of which a row changed."""

    version: int
    changed: tuple[str, ...]


@contextmanager
def open_lake(lake: Lake, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with the lake as catalogue `lake`. Raises WarehouseError."""
    with duckdb.connect() as con:
        con.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        prepare(con, lake)
        if not read_only and not REMOTE.match(lake.data):
            Path(lake.data).mkdir(parents=True, exist_ok=True)
        option = "read_only" if read_only else f"data_path {quoted(lake.data)}"
        try:
            con.execute(f"attach {quoted(lake.url)} as lake ({option})")
        except duckdb.Error as error:
            raise WarehouseError(f"the DuckLake {lake.shown} cannot be opened: {_first_line(error)}") from None
        yield con


def prepare(con: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Load what attaching the lake needs. Raises WarehouseError where a package is missing."""
    load_extension(con, "ducklake")
    kind = lake.url.removeprefix(PREFIX).partition(":")[0]
    if kind in CATALOGUES:
        load_extension(con, CATALOGUES[kind])
    if REMOTE.match(lake.data):
        load_extension(con, "httpfs")
        _use_credentials(con)


def publish_to_lake(database: Path, lake: Lake, *, message: str = "") -> LakeVersion:
    """Make the lake's marts those of the published database, in one transaction; the same again changes nothing.

    Another publisher at the same time is waited for. Raises WarehouseError; the lake is untouched then.
    """
    with open_lake(lake) as con:
        con.execute(f"attach {quoted(database)} as built (read_only)")
        for attempt in range(1, TRIES + 1):
            try:
                return _published(con, message)
            except duckdb.TransactionException as error:
                roll_back(con)
                if attempt == TRIES:
                    raise WarehouseError(
                        f"the DuckLake {lake.shown} is written by others all the time: {_first_line(error)}"
                    ) from None
                time.sleep(PAUSE_S * attempt * (0.5 + random()))
            except duckdb.Error as error:
                roll_back(con)
                raise WarehouseError(f"publishing to the DuckLake {lake.shown} failed: {_first_line(error)}") from None
    raise AssertionError("not reached")


def _published(con: duckdb.DuckDBPyConnection, message: str) -> LakeVersion:
    con.begin()
    con.execute(f"create schema if not exists lake.{MARTS}; create schema if not exists lake.published")
    wanted, there = _tables(con, "built"), _tables(con, "lake")
    changed = sorted(there.keys() - wanted.keys())
    for name in changed:
        con.execute(f"drop table lake.{MARTS}.{_name(name)}")
    for name, columns in wanted.items():
        if there.get(name) != columns:
            _made_anew(con, name)
            changed.append(name)
        elif _brought_up(con, name, columns):
            changed.append(name)
    if changed:
        con.execute(f"create or replace table lake.published.{STAMP} as from built.published.{STAMP}")
        con.execute("call lake.set_commit_message('fazhi', ?)", [message])
    con.commit()
    version = con.execute("select max(snapshot_id) from lake.snapshots()").fetchall()[0][0]
    return LakeVersion(int(version), tuple(changed))


def _made_anew(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """The table with its comments and not-null columns, which is all that a lake knows of constraints."""
    table = f"lake.{MARTS}.{_name(name)}"
    described = con.execute(
        "select column_name, data_type, is_nullable, comment from duckdb_columns() "
        "where database_name = 'built' and schema_name = ? and table_name = ? order by column_index",
        [MARTS, name],
    ).fetchall()
    columns = ", ".join(
        f"{_name(column)} {kind}{'' if nullable else ' not null'}" for column, kind, nullable, _ in described
    )
    con.execute(f"create or replace table {table} ({columns})")
    con.execute(f"insert into {table} from built.{MARTS}.{_name(name)}")
    about = con.execute(
        "select comment from duckdb_tables() where database_name = 'built' and schema_name = ? and table_name = ?",
        [MARTS, name],
    ).fetchall()
    if about[0][0]:
        con.execute(f"comment on table {table} is {quoted(about[0][0])}")
    for column, _, _, comment in described:
        if comment:
            con.execute(f"comment on column {table}.{_name(column)} is {quoted(comment)}")


def _brought_up(con: duckdb.DuckDBPyConnection, name: str, columns: list[tuple[str, str]]) -> bool:
    """Delete and insert the rows that differ; whether there were any."""
    ours, theirs = f"built.{MARTS}.{_name(name)}", f"lake.{MARTS}.{_name(name)}"
    row = f"hash({', '.join(_name(column) for column, _ in columns)})"
    if _digest(con, ours, row) == _digest(con, theirs, row):
        return False
    con.execute(f"delete from {theirs} where {row} not in (select {row} from {ours})")
    con.execute(f"insert into {theirs} select * from {ours} where {row} not in (select {row} from {theirs})")
    if _digest(con, ours, row) != _digest(con, theirs, row):
        # the same row twice, or two rows of one hash: rows cannot be told apart, so all go
        con.execute(f"delete from {theirs}")
        con.execute(f"insert into {theirs} from {ours}")
    return True


def _digest(con: duckdb.DuckDBPyConnection, table: str, row: str) -> tuple[object, ...]:
    """The same for the same rows in whatever order."""
    return tuple(con.execute(f"select count(*), sum({row}::hugeint), bit_xor({row}) from {table}").fetchall()[0])


def _tables(con: duckdb.DuckDBPyConnection, catalogue: str) -> dict[str, list[tuple[str, str]]]:
    """Columns and their types by table."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in con.execute(
        "select table_name, column_name, data_type from duckdb_columns() where database_name = ? and schema_name = ? "
        "order by table_name, column_index",
        [catalogue, MARTS],
    ).fetchall():
        found.setdefault(table, []).append((column, kind))
    return found


def _use_credentials(con: duckdb.DuckDBPyConnection) -> None:
    """Let the S3 client have what the usual variables say; none is ever written down."""
    options = {
        "key_id": os.environ.get("AWS_ACCESS_KEY_ID"),
        "secret": os.environ.get("AWS_SECRET_ACCESS_KEY"),
        "session_token": os.environ.get("AWS_SESSION_TOKEN"),
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
    }
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        scheme, _, host = endpoint.partition("://")
        options |= {"endpoint": host.rstrip("/"), "url_style": "path", "use_ssl": str(scheme == "https").lower()}
    given = ", ".join(f"{name} {quoted(value)}" for name, value in options.items() if value)
    con.execute(f"create secret fazhi (type s3{', ' if given else ''}{given})")


def _first_line(error: Exception) -> str:
    return re.sub(r"password=\S+|(?<=://)[^@\s]*@", "", str(error).partition("\n")[0])


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
