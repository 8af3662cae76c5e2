"""The connections of docs/bi.md: each reads, none can write or reach another file, a later one sees what was published."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import adbc_driver_manager
import adbc_driver_manager.dbapi
import duckdb
import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from flows.settings import ROOT
from tests.bi.conftest import TOKEN
from tests.warehouse.small import published
from warehouse.quack import EXTENSIONS, Gateway, load_extension

GUIDE = (ROOT / "docs/bi.md").read_text(encoding="utf-8")
FORBIDDEN = [
    "create table marts.three (i int)",
    "insert into marts.one values (1, 1)",
    "copy marts.one to '{home}/out.csv'",
    "attach '{home}/other.duckdb' as other",
    "from read_csv('/etc/passwd')",
    "set lock_configuration = false",
    "set enable_external_access = true",
]


def the_url(home: Path) -> str:
    """The SQLAlchemy url of the guide, for this folder."""
    ((url),) = set(re.findall(r"duckdb:////data/warehouse\.duckdb\S*(?=\n)", GUIDE))
    return str(url).replace("/data/", f"{home}/", 1)


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    made = create_engine(the_url(home), poolclass=NullPool)
    yield made
    made.dispose()


def test_sqlalchemy_reads_and_knows_the_tables(engine: Engine) -> None:
    with engine.connect() as con:
        assert con.execute(text("select count(*) from marts.one where id < :most"), {"most": 5}).scalar() == 5
    assert {"one", "two"} <= set(inspect(engine).get_table_names(schema="marts"))
    assert [column["name"] for column in inspect(engine).get_columns("one", schema="marts")] == ["id", "generation"]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_sqlalchemy_is_locked_in(engine: Engine, home: Path, sql: str) -> None:
    with engine.connect() as con, pytest.raises(DBAPIError, match=r"read-only|disabled by configuration|locked"):
        con.execute(text(sql.format(home=home)))
    assert not (home / "out.csv").exists() and not (home / "other.duckdb").exists()


def adbc(file: Path) -> adbc_driver_manager.dbapi.Connection:
    """A connection as the guide's program makes it: its own lines, run."""
    ((block),) = [block for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL) if "adbc" in block]
    made: dict[str, Any] = {}
    exec(block.split("with con.cursor()")[0].replace("data/warehouse.duckdb", str(file)), made)
    con: adbc_driver_manager.dbapi.Connection = made["con"]
    return con


def test_adbc_gives_arrow(home: Path) -> None:
    with adbc(home / "warehouse.duckdb") as con, con.cursor() as cursor:
        cursor.execute("select id, generation from marts.one order by id")
        table = cursor.fetch_arrow_table()
    assert table.num_rows == 1000 and table.column("generation").unique().to_pylist() == [1]


@pytest.mark.parametrize("sql", FORBIDDEN)
def test_adbc_is_locked_in(home: Path, sql: str) -> None:
    with (
        adbc(home / "warehouse.duckdb") as con,
        con.cursor() as cursor,
        pytest.raises(adbc_driver_manager.Error, match=r"read-only|disabled by configuration|locked"),
    ):
        cursor.execute(sql.format(home=home))
    assert not (home / "out.csv").exists() and not (home / "other.duckdb").exists()


def by_sqlalchemy(home: Path) -> tuple[Callable[[], int], Callable[[], None]]:
    con = create_engine(the_url(home), poolclass=NullPool).connect()
    return lambda: int(con.execute(text("select min(generation) from marts.one")).scalar_one()), con.close


def by_adbc(home: Path) -> tuple[Callable[[], int], Callable[[], None]]:
    con = adbc(home / "warehouse.duckdb")

    def ask() -> int:
        with con.cursor() as cursor:
            cursor.execute("select min(generation) from marts.one")
            return int((cursor.fetchone() or (0,))[0])

    return ask, con.close


@pytest.mark.parametrize("way", [by_sqlalchemy, by_adbc])
def test_a_publishing_disturbs_nobody(
    home: Path, way: Callable[[Path], tuple[Callable[[], int], Callable[[], None]]]
) -> None:
    ask, close = way(home)
    assert ask() == 1
    published(home, 2, keep=1)
    assert ask() == 1
    close()
    ask, close = way(home)
    assert ask() == 2
    close()


def test_both_languages_show_the_same_lines() -> None:
    chinese = (ROOT / "docs/bi.zh.md").read_text(encoding="utf-8")
    blocks = re.compile(r"```(?:sh|sql|python|)\n.*?```", re.DOTALL)
    assert blocks.findall(GUIDE) == blocks.findall(chinese)
    for link in re.findall(r"\]\(([^)#]+)", GUIDE + chinese):
        assert "://" in link or (ROOT / "docs" / link).exists(), link


def test_the_guide_attaches_as_a_client_does(home: Path, extensions: None, port: int) -> None:
    ((lines,),) = [re.findall(r"```sql\n(load quack;.*?)```", GUIDE, re.DOTALL)]
    load, attach, *_ = lines.split("\n")
    with Gateway(home) as gateway, duckdb.connect() as con:
        gateway.show(home / "warehouse.duckdb")
        gateway.serve("127.0.0.1", port, TOKEN)
        for name in EXTENSIONS:
            load_extension(con, name)
        con.execute(load)
        con.execute(attach.replace("9494", str(port)).replace("…", TOKEN))
        assert con.execute("from remote.query('select count(*) from marts.one')").fetchall() == [(1000,)]
        con.execute("detach remote")
