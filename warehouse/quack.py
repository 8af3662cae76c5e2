"""The published database in, DuckDB's remote protocol (quack) on an HTTP port out: with a token, for reading only.

The server is a database in memory that holds nothing but views. They look into the published file, which is attached
read-only and hidden; after a publishing they are turned to the new file in one transaction, so no client is cut off.
Four locks, each enough by itself for most harm: only statements that the parser takes for a SELECT of allowed functions
run; there is no table to append to (appending is not asked for permission by the protocol); files and the network are out
of reach; no setting can be changed.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import tomllib
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from warehouse.connect import attach_read_only, quoted
from warehouse.errors import WarehouseError
from warehouse.extensions import load_extension

RULES = Path(__file__).with_name("quack.toml")
EXTENSIONS = ("httpfs", "quack")  # the protocol draws its random numbers through httpfs
_AUTHORIZE = """
create macro fazhi_may(session, statement) as (
    select coalesce(
        lower(trim(statement::varchar)) in ({transactions})
        or (
            not cast(json_serialize_sql(statement::varchar) ->> 'error' as boolean)
            and list_has_all(
                [{functions}],
                json_extract_string(json_serialize_sql(statement::varchar), '$..function_name')
            )
        ),
        false
    )
)
"""
_FUNCTIONS = """
select distinct function_name from duckdb_functions()
where function_type in ('scalar', 'aggregate', 'macro') and not list_contains(?, function_name)
"""


class Gateway:
    """One server. `show` turns it to a file, `serve` opens its port, `close` ends it; use it as a context manager."""

    def __init__(self, home: Path, memory: str | None = None) -> None:
        """home: the folder of the published file; memory: what all clients together may use, as DuckDB writes it (4GB).

        Raises WarehouseError where an extension is not installed or `memory` means nothing.
        """
        rules = tomllib.loads(RULES.read_text(encoding="utf-8"))
        self._schemas: list[str] = rules["schemas"]
        # beside the file, where a second name costs nothing; elsewhere, with a copy, where that cannot be written to
        where = home if os.access(home, os.W_OK) else None
        self._scratch = tempfile.TemporaryDirectory(prefix=".quack-", dir=where)
        self._links = Path(self._scratch.name)
        self._shown: list[str] = []
        self._number = 0
        self._uri: str | None = None
        self._con = duckdb.connect()
        try:
            for name in EXTENSIONS:
                load_extension(self._con, name)
            self._lock(rules, memory)
        except duckdb.Error as error:
            self.close()
            raise WarehouseError(f"the quack server cannot be set up: {error}") from None
        except WarehouseError:
            self.close()
            raise

    def show(self, file: Path) -> None:
        """Let clients see this published file from their next statement on. Raises WarehouseError where it is none.

        What runs goes on reading the file before. A transaction of the last but one file finds nothing any more.
        """
        link = self._links / f"{self._number}.duckdb"
        try:
            os.link(file, link)
        except FileNotFoundError:
            raise WarehouseError(f"{file}: nothing is published there") from None
        except OSError:  # a file system without hard links
            shutil.copyfile(file, link)
        try:
            views = self._views(link, name := f"published_{self._number}")
            self._con.execute(f"attach {quoted(link)} as {name} (read_only, hidden)")
        except (WarehouseError, duckdb.Error) as error:
            raise WarehouseError(f"{file} cannot be served: {error}") from None
        finally:
            link.unlink()  # DuckDB holds it open; nobody else can
        self._number += 1
        self._con.begin()
        for schema in self._schemas:
            self._con.execute(f"drop schema if exists {schema} cascade")
            self._con.execute(f"create schema {schema}")
        for statement in views:
            self._con.execute(statement)
        self._con.commit()
        self._shown.append(name)
        for old in self._shown[:-2]:
            self._con.execute(f"detach {old}")
        del self._shown[:-2]

    def serve(self, host: str, port: int, token: str) -> str:
        """Open the port; returns the address that clients attach. Raises WarehouseError where it cannot be had."""
        uri = f"quack:[{host}]:{port}" if ":" in host else f"quack:{host}:{port}"
        try:
            _try_port(host, port)
            self._con.execute(
                f"call quack_serve({quoted(uri)}, token = {quoted(token)}, allow_other_hostname = true)"
            ).fetchall()
        except (duckdb.Error, OSError) as error:
            raise WarehouseError(f"{uri} cannot be served: {error}") from None
        self._uri = uri
        return uri

    def close(self) -> None:
        """Close the port and the database, and take the scratch folder away."""
        if self._uri:
            self._con.execute(f"call quack_stop({quoted(self._uri)})").fetchall()
            self._uri = None
        self._con.close()
        self._scratch.cleanup()

    def __enter__(self) -> Gateway:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _lock(self, rules: dict[str, Any], memory: str | None) -> None:
        """Set everything that decides what a client may do; the last step is that nothing can be set any more."""
        con = self._con
        functions = [name for (name,) in con.execute(_FUNCTIONS, [rules["never"]]).fetchall()]
        lists = {"transactions": rules["transactions"], "functions": [*functions, *rules["tables"]]}
        con.execute(_AUTHORIZE.format(**{name: ", ".join(map(quoted, items)) for name, items in lists.items()}))
        con.execute("set global quack_authorization_function = 'fazhi_may'")
        if memory:
            con.execute(f"set memory_limit = {quoted(memory)}")
        con.execute("set enable_progress_bar = false")
        con.execute("set temp_directory = ''")
        con.execute("set autoinstall_known_extensions = false")
        con.execute("set autoload_known_extensions = false")
        con.execute(f"set allowed_directories = [{quoted(self._links)}]")
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")

    def _views(self, file: Path, catalogue: str) -> list[str]:
        """The statements that make a view of each table of the file, with the table's comments."""
        with attach_read_only(file) as con:
            tables = con.execute(
                "select schema_name, table_name, comment from duckdb_tables() "
                "where database_name = 'warehouse' and list_contains(?, schema_name) order by all",
                [self._schemas],
            ).fetchall()
            columns = con.execute(
                "select schema_name, table_name, column_name, comment from duckdb_columns() "
                "where database_name = 'warehouse' and list_contains(?, schema_name) and comment is not null",
                [self._schemas],
            ).fetchall()
        return [
            *(f'create view {schema}."{table}" as from {catalogue}.{schema}."{table}"' for schema, table, _ in tables),
            *(f'comment on view {schema}."{table}" is {quoted(said)}' for schema, table, said in tables if said),
            *(
                f'comment on column {schema}."{table}"."{column}" is {quoted(said)}'
                for schema, table, column, said in columns
            ),
        ]


def _try_port(host: str, port: int) -> None:
    """Raise OSError where the port is taken: the protocol's server would share it, and clients would meet either."""
    family, kind, number, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, number) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(address)
