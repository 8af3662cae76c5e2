"""The quack server: what a client reads, that it can do nothing else, and what it sees when a new state is published."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from flows.errors import FazhiError
from flows.quack import TOKEN as VARIABLE
from flows.quack import access_token
from flows.settings import Settings
from tests.bi.conftest import TOKEN, attached, free_port
from tests.warehouse.small import published
from warehouse.errors import WarehouseError
from warehouse.quack import Gateway

Client = Callable[..., duckdb.DuckDBPyConnection]


@pytest.fixture
def gateway(home: Path, extensions: None) -> Iterator[Gateway]:
    with Gateway(home) as opened:
        opened.show(home / "warehouse.duckdb")
        yield opened


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, extensions: None) -> Iterator[tuple[Path, str]]:
    """A home and the address of its server, for tests that change neither."""
    home = tmp_path_factory.mktemp("served")
    published(home, 1)
    with Gateway(home) as opened:
        opened.show(home / "warehouse.duckdb")
        yield home, opened.serve("127.0.0.1", free_port(), TOKEN)


@pytest.fixture(scope="module")
def reader(served: tuple[Path, str]) -> Iterator[duckdb.DuckDBPyConnection]:
    with attached(served[1]) as con:
        yield con


def asked(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    """The statement run by the server itself."""
    return con.execute("from remote.query($sql$" + sql + "$sql$)").fetchall()


def test_a_client_reads_the_tables(reader: duckdb.DuckDBPyConnection) -> None:
    con = reader
    assert con.execute("select count(*) from remote.marts.one where id < 10").fetchall() == [(10,)]
    assert con.execute("select snapshot_id from remote.published.snapshot").fetchall() == [("2031-05-06-01",)]
    assert asked(
        con, "select generation, count(*) from marts.one join marts.two using (id, generation) group by 1"
    ) == [(1, 1000)]
    windowed = "select row_number() over (order by id), upper('x') || id::varchar from marts.two order by id limit 1"
    assert asked(con, windowed) == [(1, "X0")]
    assert asked(con, "select column_name from (describe marts.one)") == [("id",), ("generation",)]
    ((comment,),) = asked(
        con, "select comment from duckdb_columns() where table_name = 'snapshot' and column_name = 'snapshot_id'"
    )
    assert "发布日期" in str(comment)


FORBIDDEN = [
    "create table marts.three (i int)",
    "create temp table three (i int)",
    "create or replace view marts.one as select 1",
    "drop view marts.one",
    "insert into marts.one select * from marts.one",
    "delete from marts.one",
    "with gone as (select 1) delete from marts.one",
    "select 1; drop view marts.one",
    "copy marts.one to '{home}/out.csv'",
    "copy (select 1) to '{home}/out.parquet'",
    "export database '{home}/out'",
    "attach '{home}/warehouse.duckdb' as w",
    "attach ':memory:' as w",
    "from read_csv('/etc/passwd')",
    "from Read_Text('/etc/passwd')",
    'select * from "/etc/passwd"',
    "from '{home}/warehouse.duckdb'",
    "from glob('{home}/*')",
    "from read_duckdb('{home}/warehouse.duckdb')",
    "from query('select 1')",
    "select (select max(a) from query_table('marts.one') as t(a))",
    "from arrow_scan_dumb(1, 2, 3)",
    "from quack_stop('{uri}')",
    "call quack_stop('{uri}')",
    "from quack_query('{uri}', 'select 1', token => 'x')",
    "from enable_logging('Quack', storage => 'file')",
    "from duckdb_settings()",
    "select write_log('x')",
    "set lock_configuration = false",
    "set enable_external_access = true",
    "set global quack_authorization_function = 'quack_nop_authorization'",
    "create macro fazhi_may(a, b) as true",
    "install json",
    "load json",
    "pragma database_list",
    "checkpoint",
    "prepare x as select 1",
    "not sql at all",
]


def test_nothing_but_reading_is_possible(served: tuple[Path, str], reader: duckdb.DuckDBPyConnection) -> None:
    (home, uri), con = served, reader
    before = sorted(path.name for path in home.iterdir())
    let_through = []
    for sql in FORBIDDEN:
        try:
            let_through.append((sql, asked(con, sql.format(home=home, uri=uri))))
        except duckdb.Error:
            continue
    assert let_through == []
    assert sorted(path.name for path in home.iterdir()) == before
    assert asked(con, "select count(*) from marts.one") == [(1000,)]
    # a table that clients could append to would be a way past the authorization
    assert asked(con, "select database_name, table_name from duckdb_tables()") == []


@pytest.mark.parametrize(
    "sql",
    [
        "create table remote.main.three (i int)",
        "create schema remote.more",
        "insert into remote.marts.one values (1, 1)",
        "update remote.marts.one set generation = 7",
        "delete from remote.marts.one",
        "drop view remote.marts.one",
    ],
)
def test_writing_as_if_it_were_here_is_refused(reader: duckdb.DuckDBPyConnection, sql: str) -> None:
    con = reader
    with pytest.raises(duckdb.Error):
        con.execute(sql)
    assert con.execute("select sum(generation) from remote.marts.one").fetchall() == [(1000,)]


def test_another_token_is_refused(served: tuple[Path, str], client: Client) -> None:
    with pytest.raises(duckdb.Error, match="Authentication failed"):
        client(served[1], "another-token-of-the-tests")


def test_a_port_that_is_taken_is_told(served: tuple[Path, str]) -> None:
    home, uri = served
    port = int(uri.rsplit(":", 1)[1])
    with Gateway(home) as second, pytest.raises(WarehouseError, match=f"{port} cannot be served.*in use"):
        second.serve("127.0.0.1", port, TOKEN)


def test_readers_go_on_while_states_are_published(gateway: Gateway, client: Client, home: Path, port: int) -> None:
    uri = gateway.serve("127.0.0.1", port, TOKEN)
    con = client(uri)
    long = client(uri).execute("select generation, repeat('x', 1000) from remote.marts.one, range(200)")
    first = long.fetchmany(1)
    for generation in (2, 3, 4, 5):
        published(home, generation, keep=2)
        gateway.show(home / "warehouse.duckdb")
        assert asked(con, "select distinct generation from marts.one") == [(generation,)]
    rest = long.fetchall()
    assert len(first + rest) == 200_000 and {row[0] for row in first + rest} == {1}
    assert list(home.glob(".quack-*/*")) == []


def test_what_is_no_warehouse_is_not_shown(gateway: Gateway, client: Client, home: Path, port: int) -> None:
    con = client(gateway.serve("127.0.0.1", port, TOKEN))
    (home / "broken.duckdb").write_bytes(b"no database")
    for name in ("broken.duckdb", "absent.duckdb"):
        with pytest.raises(WarehouseError, match=name):
            gateway.show(home / name)
    assert asked(con, "select distinct generation from marts.one") == [(1,)]


def test_a_limit_that_means_nothing_is_told_and_leaves_nothing(home: Path, extensions: None) -> None:
    before = sorted(home.iterdir())
    with pytest.raises(WarehouseError, match=r"quack server cannot be set up: .*must have a number"):
        Gateway(home, memory="plenty")
    assert sorted(home.iterdir()) == before


def test_a_file_on_another_file_system_is_served_too(gateway: Gateway, client: Client, port: int) -> None:
    memory = Path("/dev/shm")
    if not memory.is_dir() or not os.access(memory, os.W_OK):
        pytest.skip("there is no second file system to write to")
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        published(Path(folder), 2)
        gateway.show(Path(folder, "warehouse.duckdb"))
        con = client(gateway.serve("127.0.0.1", port, TOKEN))
        assert asked(con, "select distinct generation from marts.one") == [(2,)]


def test_the_token_is_made_once_and_for_the_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    settings = Settings(tmp_path)
    token, where = access_token(settings)
    file = tmp_path / "quack.token"
    assert where == str(file) and stat.S_IMODE(file.stat().st_mode) == 0o600 and len(token) >= 40
    assert access_token(settings) == (token, where)
    file.chmod(0o644)
    with pytest.raises(FazhiError, match="chmod 600"):
        access_token(settings)
    monkeypatch.setenv(VARIABLE, TOKEN)
    assert access_token(settings) == (TOKEN, f"${VARIABLE}")
    monkeypatch.setenv(VARIABLE, "short")
    with pytest.raises(FazhiError, match="at least 16"):
        access_token(settings)


def test_the_command_turns_to_what_is_published(home: Path, client: Client, port: int) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FAZHI")}
    with subprocess.Popen(
        [str(Path(sys.executable).parent / "fazhi"), "quack", "--port", str(port), "--memory", "500MB"],
        env={**kept, "FAZHI_HOME": str(home), VARIABLE: TOKEN},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            assert TOKEN not in line
            con = client(line.split(" ")[0])
            assert asked(con, "select distinct generation from marts.one") == [(1,)]
            published(home, 2)
            assert "new state" in server.stdout.readline()
            assert asked(con, "select distinct generation from marts.one") == [(2,)]
        finally:
            server.send_signal(signal.SIGTERM)
    assert server.returncode == 0
    assert not list(home.glob(".quack-*"))
