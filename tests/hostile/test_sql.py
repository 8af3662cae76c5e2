"""SQL of somebody who wants more than to read the marts: no other file is read, none is written, nothing is unlocked."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.querying import print_query
from tests.conftest import ROOT
from tests.warehouse.small import published
from warehouse.connect import connect_read_only, query
from warehouse.errors import QueryError

SECRET = "not-for-you"
FORBIDDEN = (
    "from read_text('/etc/passwd')",
    "from read_blob('{home}/secret.csv')",
    "from read_csv('{home}/secret.csv')",
    "from read_json('{home}/secret.csv')",
    "from read_ndjson_objects('{home}/secret.csv')",
    "from read_parquet('{home}/*')",
    "from parquet_metadata('{home}/x.parquet')",
    "from sniff_csv('{home}/secret.csv')",
    "from '{home}/secret.csv'",
    "from glob('{home}/*')",
    "from query('from read_text(''{home}/secret.csv'')')",
    "from query_table('{home}/secret.csv')",
    "explain analyze from read_text('{home}/secret.csv')",
    "create or replace temp view v as from read_csv('{home}/secret.csv')",
    "create temp table memory.t as from '{home}/secret.csv'",
    "with a as materialized (from read_text('{home}/secret.csv')) from a",
    "from 'http://127.0.0.1:9/x.csv'",
    "from 's3://bucket/x.parquet'",
    "from read_duckdb('{home}/other.duckdb')",
    "attach '{home}/other.duckdb' as other",
    "attach '{home}/other.duckdb' as other (read_only)",
    "attach 'http://127.0.0.1:9/other.duckdb' as other",
    "copy one to '{home}/out.csv'",
    "copy (select 1) to '{home}/out.parquet' (format parquet)",
    "copy (select 1) to '/dev/stdout'",
    "copy one from '{home}/secret.csv'",
    "export database '{home}/out'",
    "import database '{home}/out'",
    "install httpfs",
    "force install httpfs from '{home}'",
    "load httpfs",
    "load '{home}/x.duckdb_extension'",
    "update extensions",
    "create persistent secret s (type http, bearer_token 'x')",
    "from duckdb_secrets()",
    "set enable_external_access = true",
    "reset enable_external_access",
    "set lock_configuration = false",
    "reset lock_configuration",
    "set allowed_directories = ['{home}']",
    "set file_search_path = '{home}'",
    "set home_directory = '{home}'",
    "set temp_directory = '{home}/tmp'",
    "set extension_directory = '{home}'",
    "set autoinstall_known_extensions = true",
    "set log_query_path = '{home}/log'",
    "pragma profile_output = '{home}/profile'",
    "set http_proxy = '127.0.0.1:9'",
    "insert into warehouse.marts.one values (1, 1)",
    "update warehouse.marts.one set generation = 9",
    "delete from warehouse.marts.one",
    "create table warehouse.marts.three as select 1",
    "drop table warehouse.marts.one",
    "alter table warehouse.marts.one add column x integer",
    "comment on table warehouse.marts.one is 'x'",
    "truncate warehouse.marts.one",
    "detach warehouse",
)
# they say nothing that is not in the file, and change nothing that outlives the connection
HARMLESS = (
    "create temp table t as select 1",
    "attach ':memory:' as m",
    "use memory",
    "pragma database_list",
    "checkpoint warehouse",
    "vacuum",
    "prepare p as select 1",
    "set variable x = 1",
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A published warehouse among files that are nobody's business."""
    folder = tmp_path_factory.mktemp("locked")
    published(folder, 1)
    (folder / "secret.csv").write_text(f"word\n{SECRET}\n", "utf-8")
    duckdb.connect(str(folder / "other.duckdb")).close()
    return folder, contents(folder)


@pytest.fixture
def home(made: tuple[Path, dict[str, str]]) -> Iterator[Path]:
    """Its folder; after each test all in it must be as it was."""
    folder, before = made
    yield folder
    assert contents(folder) == before


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_nothing_but_the_marts(home: Path, sql: str) -> None:
    with connect_read_only(home / "warehouse.duckdb") as con, pytest.raises(duckdb.Error) as refused:
        con.execute(sql.format(home=home)).fetchall()
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("sql", HARMLESS)
def test_what_is_let_through_opens_no_door(home: Path, sql: str) -> None:
    with connect_read_only(home / "warehouse.duckdb") as con:
        con.execute(sql)
        for door in ("from read_csv('{home}/secret.csv')", "attach '{home}/other.duckdb'", "copy one to '{home}/x'"):
            with pytest.raises(duckdb.Error):
                con.execute(door.format(home=home)).fetchall()


def test_the_first_statement_does_not_hide_the_second(home: Path) -> None:
    for sql in (
        "select 1; copy one to '{home}/x'",
        "select 1; from read_text('{home}/secret.csv')",
        "; attach '{home}/o'",
    ):
        with pytest.raises(QueryError):
            print_query(home / "warehouse.duckdb", home / "search.duckdb", sql.format(home=home), "csv")
        with pytest.raises(QueryError):
            query(home / "warehouse.duckdb", sql.format(home=home))


@pytest.mark.parametrize("sql", ["from read_csv('{home}/secret.csv')", "copy marts.one to '{home}/x'", "load httpfs"])
def test_the_command_refuses_and_says_why(home: Path, sql: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "flows.cli", "query", sql.format(home=home)],
        cwd=ROOT,
        env={"FAZHI_HOME": str(home), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1 and "disabled" in done.stderr and SECRET not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_logging_writes_nowhere(home: Path) -> None:
    """DuckDB 1.5 ends the process where a log's folder is out of reach: the asker's own, with nothing written."""
    sql = f"call enable_logging('QueryLog', storage_path => '{home}/log')"
    code = (
        f"import sys; from pathlib import Path; from warehouse.connect import query; query(Path(sys.argv[1]), {sql!r})"
    )
    subprocess.run(
        [sys.executable, "-c", code, str(home / "warehouse.duckdb")],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert not (home / "log").exists()
