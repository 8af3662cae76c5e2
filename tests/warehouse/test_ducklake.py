"""A DuckLake on a real PostgreSQL: the file's tables exactly, one publishing after the other, never a mixture."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.postgres import Postgres
from tests.warehouse.conftest import Built
from tests.warehouse.small import DAY, published
from warehouse.ducklake import Lake, open_lake, publish_to_lake
from warehouse.errors import WarehouseError
from warehouse.snapshots import publish_snapshot

PUBLISHER = """
import sys
from pathlib import Path
from warehouse.ducklake import Lake, publish_to_lake
lake, files = Lake(sys.argv[1], sys.argv[2]), sys.argv[3:]
print("ready", flush=True)
sys.stdin.readline()
for file in files:
    publish_to_lake(Path(file), lake, message=file)
"""


@pytest.fixture
def lake(postgres: Postgres, tmp_path: Path, request: pytest.FixtureRequest) -> Lake:
    name = f"lake_{abs(hash(request.node.nodeid))}"
    return Lake(f"ducklake:postgres:{postgres.create_database(name)}", str(tmp_path / "lake"))


def tables(con: duckdb.DuckDBPyConnection, catalogue: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything that can be read of the marts: columns, comments, not-null marks and rows."""
    names = con.execute(
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'marts' order by 1",
        [catalogue],
    ).fetchall()
    described = con.execute(
        "select table_name, column_name, data_type, is_nullable, comment from duckdb_columns() "
        "where database_name = ? and schema_name = 'marts' order by table_name, column_index",
        [catalogue],
    ).fetchall()
    rows = {name: con.execute(f"from {catalogue}.marts.{name} order by all").fetchall() for (name,) in names}
    return {**rows, "": described}


def generations(con: duckdb.DuckDBPyConnection, version: str = "") -> set[int]:
    """Of all rows of both tables, which are read in one statement."""
    found = con.execute(
        f"select generation from lake.marts.one {version} union all select generation from lake.marts.two {version}"
    ).fetchall()
    assert len(found) == 2000
    return {generation for (generation,) in found}


def test_the_lake_holds_the_tables_of_the_file(built: Built, lake: Lake, tmp_path: Path) -> None:
    side = tmp_path / "side.duckdb"
    side.write_bytes(built.side.read_bytes())
    file = tmp_path / "warehouse.duckdb"
    publish_snapshot(side, file, tmp_path / "snapshots", fingerprint="x", at=DAY, keep=2)
    first = publish_to_lake(file, lake)
    assert len(first.changed) >= 10
    with open_lake(lake, read_only=True) as con:
        con.execute(f"attach '{file}' as file (read_only)")
        assert tables(con, "lake") == tables(con, "file")
    again = publish_to_lake(file, lake)
    assert (again.version, again.changed) == (first.version, ())


def test_rows_that_are_as_they_were_stay_and_the_state_before_can_be_read(lake: Lake, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "side.duckdb")) as con:
        con.execute(
            "create schema marts; create table marts.one as select i as id, i % 2 as even from range(1000) r(i)"
        )
        con.execute("create table marts.twice as select 'same' as text from range(3)")
        con.execute("create table marts.gone as select 1 as id")
    home = tmp_path / "second"
    publish_snapshot(tmp_path / "side.duckdb", home / "w.duckdb", home / "s", fingerprint="1", at=DAY, keep=2)
    before = publish_to_lake(home / "w.duckdb", lake)
    with duckdb.connect(str(home / "w.duckdb")) as con:
        con.execute("update marts.one set even = 7 where id in (3, 4); delete from marts.one where id = 5")
        con.execute("insert into marts.twice values ('same'), ('other'); drop table marts.gone")
    after = publish_to_lake(home / "w.duckdb", lake)
    assert set(after.changed) == {"one", "twice", "gone"}
    with open_lake(lake, read_only=True) as con:
        con.execute(f"attach '{home / 'w.duckdb'}' as file (read_only)")
        assert tables(con, "lake") == tables(con, "file")
        old = con.execute(f"select count(*), sum(even) from lake.marts.one at (version => {before.version})").fetchall()
        assert old == [(1000, 500)]
        ((written,),) = con.execute(
            f"select count(*) from ducklake_table_insertions('lake', 'marts', 'one', {after.version}, {after.version})"
        ).fetchall()
        assert written == 2


@pytest.mark.slow
def test_several_publish_and_read_at_once(lake: Lake, tmp_path: Path) -> None:
    files = {number: tmp_path / str(number) / "warehouse.duckdb" for number in range(1, 6)}
    for number, file in files.items():
        file.parent.mkdir()
        published(file.parent, number)
    publish_to_lake(files[1], lake)
    shares = [(2, 3), (4, 5)]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PUBLISHER, lake.url, lake.data, *(str(files[number]) for number in share)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for share in shares
    ]  # fmt: skip
    try:
        for process in running:
            assert process.stdout and process.stdout.readline() == "ready\n"
        for process in running:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        with open_lake(lake, read_only=True) as con:
            seen = [generations(con)]
            while any(process.poll() is None for process in running) and len(seen) < 2000:
                seen.append(generations(con))
        told = [process.communicate(timeout=120)[1] for process in running]
        assert [process.returncode for process in running] == [0, 0], told
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert all(len(found) == 1 for found in seen)
    with open_lake(lake, read_only=True) as con:
        history = con.execute(
            "select snapshot_id, commit_message from lake.snapshots() where commit_message <> '' order by 1"
        ).fetchall()
        numbers = [int(Path(message).parent.name) for _, message in history]
        assert [generations(con, f"at (version => {version})") for version, _ in history] == [{n} for n in numbers]
    # each publisher's files came in their order, none was lost and none came twice
    assert [[n for n in numbers if n in share] for share in shares] == [list(share) for share in shares]


def test_a_lake_that_is_not_there_is_named_without_its_password(tmp_path: Path) -> None:
    lake = Lake("ducklake:postgres:postgresql://me:secret@127.0.0.1:1/lake", str(tmp_path))
    with pytest.raises(WarehouseError, match=r"127\.0\.0\.1:1/lake cannot be opened") as failure:
        publish_to_lake(tmp_path / "none.duckdb", lake)
    assert "secret" not in str(failure.value)
