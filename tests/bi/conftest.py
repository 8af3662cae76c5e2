"""A small published warehouse, DuckDB as the client of a quack server, and a free port."""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.small import published
from warehouse.quack import EXTENSIONS, load_extension

TOKEN = "a-token-of-the-tests"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder in which generation 1 is published."""
    published(tmp_path, 1)
    return tmp_path


@pytest.fixture
def port() -> int:
    return free_port()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="session")
def extensions() -> None:
    """Skips where the packages of the protocol's two extensions are absent."""
    for name in EXTENSIONS:
        if importlib.util.find_spec(f"duckdb_extension_{name}") is None:
            pytest.skip(f"the package duckdb-extension-{name} is not installed")


def attached(uri: str, token: str = TOKEN) -> duckdb.DuckDBPyConnection:
    """A connection to which the server at the address is attached as `remote`."""
    con = duckdb.connect()
    for name in EXTENSIONS:
        load_extension(con, name)
    try:
        con.execute(f"attach '{uri}' as remote (type quack, token '{token}')")
    except duckdb.Error:
        con.close()
        raise
    return con


@pytest.fixture
def client(extensions: None) -> Iterator[Callable[..., duckdb.DuckDBPyConnection]]:
    """The same; closed after the test."""
    opened = []

    def connect(uri: str, token: str = TOKEN) -> duckdb.DuckDBPyConnection:
        opened.append(attached(uri, token))
        return opened[-1]

    yield connect
    for con in opened:
        con.close()
