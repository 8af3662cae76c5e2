"""The Parquet export: whole, repeatable, and of an increment the same as of everything, whatever was copied."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.warehouse.conftest import Built
from tests.warehouse.small import small_side
from warehouse.connect import ROW_GROUP, open_side
from warehouse.dbt import go_on_from
from warehouse.parquet_export import ExportedTable, draft_export, export_parquet
from warehouse.snapshots import publish_snapshot


def test_export_is_whole_and_repeatable(built: Built, tmp_path: Path) -> None:
    folder = tmp_path / "export"
    tables = export_parquet(built.side, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest["tables"]) == sorted(tables) == sorted(file.stem for file in folder.glob("*.parquet"))
    for name, table in manifest["tables"].items():
        file = folder / table["file"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == table["sha256"], name
        assert pq.read_metadata(file).num_rows == table["rows"]
        assert [column for column, _ in table["columns"]] == pq.read_schema(file).names
    first = folder.resolve()
    assert export_parquet(built.side, folder) == tables
    assert folder.resolve() == first
    small_side(tmp_path / "side.duckdb", 1)
    export_parquet(tmp_path / "side.duckdb", folder)
    assert sorted(file.name for file in folder.iterdir()) == ["manifest.json", "one.parquet", "two.parquet"]
    assert not first.exists()


def test_rows_are_exported_in_the_order_of_the_file(tmp_path: Path) -> None:
    side = tmp_path / "side.duckdb"
    with duckdb.connect(str(side)) as con:
        con.execute("create schema marts")
        con.execute("create table marts.keyed as select n as id, n % 7 as x from range(40000) t(n)")
        con.execute("delete from marts.keyed where id = 3; insert into marts.keyed values (3, 0)")
    exported = [export_parquet(side, tmp_path / name) for name in ("one", "two")]
    assert exported[0] == exported[1]
    keyed = tmp_path / "one" / "keyed.parquet"
    assert pq.read_table(keyed)["id"].to_pylist() == [n for n in range(40000) if n != 3] + [3]
    assert pq.read_metadata(keyed).num_row_groups > 1


def test_an_export_that_was_begun_before_publishing_is_the_same(tmp_path: Path) -> None:
    side, folder = small_side(tmp_path / "side.duckdb", 1), tmp_path / "export"
    left = tmp_path / ".export.new"
    left.mkdir()
    (left / "torn.parquet").write_bytes(b"x")
    drafted = draft_export(side, folder, apart={"two"})
    assert sorted(drafted) == ["one"] and not folder.exists()
    with duckdb.connect(str(side)) as con:
        con.execute("insert into marts.two select * from marts.two")
    assert export_parquet(side, folder, drafted=drafted) == export_parquet(side, tmp_path / "anew")
    contents = [{file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("export", "anew")]
    assert contents[0] == contents[1] and sorted(contents[0]) == ["manifest.json", "one.parquet", "two.parquet"]


@pytest.mark.parametrize("damage", ["changed", "lost", "one more"])
def test_a_damaged_export_is_written_anew(tmp_path: Path, damage: str) -> None:
    folder, side = tmp_path / "export", small_side(tmp_path / "side.duckdb", 1)
    tables = export_parquet(side, folder)
    whole = {file.name: file.read_bytes() for file in folder.iterdir()}
    one = folder / "one.parquet"
    if damage == "changed":
        one.write_bytes(whole[one.name][::-1])
    elif damage == "lost":
        one.unlink()
    else:
        (folder / "three.parquet").write_bytes(b"x")
    assert export_parquet(side, folder) == tables
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == whole
    assert len(list(tmp_path.glob(".export-*"))) == 1


def test_an_export_folder_of_another_kind_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "old.parquet").write_bytes(b"x")
    export_parquet(small_side(tmp_path / "side.duckdb", 1), folder)
    assert not (folder / "old.parquet").exists() and (folder / "one.parquet").exists()


ROWS = 5 * ROW_GROUP + 300
CHANGES = [
    # one stretch loses rows; another table grows; a third is made anew
    "delete from keyed where id between 21000 and 21004; insert into keyed select n, 'new', [n] from range(90000, 90777) t(n);"
    "delete from other where id = 7; insert into other values (7, 'again', []); create or replace table made as select 2 as x",
    # a stretch that is gone altogether, what came last time goes again in part
    "delete from keyed where id between 10240 and 20479 or id between 90001 and 90020",
    "insert into keyed select n, 'newer', null from range(200000, 230000) t(n); delete from other",
    "select 1",
]


def filled(side: Path) -> None:
    with open_side(side) as con:
        con.execute("create schema marts; use side.marts")
        con.execute(
            f"create table keyed as select n as id, 'text ' || n % 99 as x, [n, n % 3] as y from range({ROWS}) t(n)"
        )
        con.execute(f"create table other as select n as id, 'x' as x, null::bigint[] as y from range({ROWS}) t(n)")
        con.execute("create table made as select 1 as x; create table empty (x integer)")


def published(folder: Path, side: Path, number: int) -> Path:
    target = folder / "warehouse.duckdb"
    day = datetime(2026, 1, 1 + number, tzinfo=UTC)
    publish_snapshot(side, target, folder / "snapshots", fingerprint=str(number), at=day, keep=2)
    return target


def increment(folder: Path, sql: str, number: int) -> tuple[Path, dict[str, ExportedTable]]:
    """The published warehouse gone on with, and its export begun before it was published."""
    target, side = folder / "warehouse.duckdb", folder / "side.duckdb"
    go_on_from(target, side)
    with open_side(side) as con:
        con.execute(f"use side.marts; {sql}")
        con.execute("force checkpoint side")
    drafted = draft_export(side, folder / "export", base=target)
    return published(folder, side, number), drafted


def files_of(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_export_of_an_increment_is_that_of_everything(tmp_path: Path) -> None:
    filled(tmp_path / "side.duckdb")
    export_parquet(published(tmp_path, tmp_path / "side.duckdb", 0), tmp_path / "export")
    for number, sql in enumerate(CHANGES, start=1):
        target, drafted = increment(tmp_path, sql, number)
        export_parquet(target, tmp_path / "export", drafted=drafted)
        export_parquet(target, tmp_path / "anew")
        assert files_of(tmp_path / "export") == files_of(tmp_path / "anew"), sql
        with duckdb.connect() as con:
            con.execute(f"attach '{target}' as side (read_only); use side.marts")
            for table in ("keyed", "other", "made", "empty"):
                file = tmp_path / "export" / f"{table}.parquet"
                rows = con.execute(f"from {table}").fetchall()
                assert con.execute(f"from '{file}'").fetchall() == rows, (sql, table)
                assert pq.read_table(file).num_rows == len(rows)
        shutil.rmtree((tmp_path / "anew").resolve())


@pytest.mark.parametrize(
    "damage", [None, "file", "manifest", "another file", "built anew", "no manifest", "another writer"]
)
def test_row_groups_are_copied_from_a_whole_export_of_the_base_alone(tmp_path: Path, damage: str | None) -> None:
    """Other values in the former export show what was copied from it."""
    filled(tmp_path / "side.duckdb")
    folder = tmp_path / "export"
    export_parquet(published(tmp_path, tmp_path / "side.duckdb", 0), folder)
    file, manifest = folder / "keyed.parquet", folder / "manifest.json"
    told: dict[str, Any] = json.loads(manifest.read_bytes())
    contents = pq.read_metadata(file).metadata[b"row_groups"].decode()
    if damage == "another writer":
        contents = "another" + contents
    with duckdb.connect() as con:
        con.execute("set threads = 1")
        con.execute(
            f"copy (select id, 'forged' as x, y from '{file}') to '{tmp_path}/forged' (format parquet, row_group_size"
            f" {ROW_GROUP}, write_bloom_filter false, kv_metadata {{row_groups: '{contents}'}})"
        )
    shutil.move(tmp_path / "forged", file)
    if damage != "file":
        told["tables"]["keyed"]["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
    if damage == "manifest":
        told["tables"]["keyed"] = [told["tables"]["keyed"]]
    if damage == "another file":
        told["database"] = "4096-1767225600000000000"
    manifest.write_text(json.dumps(told), encoding="utf-8")
    if damage == "no manifest":
        manifest.unlink()
    if damage == "built anew":  # of the same input: the same snapshot, which may lie otherwise in its file
        filled(tmp_path / "side.duckdb")
        published(tmp_path, tmp_path / "side.duckdb", 0)
    target, drafted = increment(tmp_path, "delete from keyed where id = 3", 1)
    export_parquet(target, folder, drafted=drafted)
    with duckdb.connect() as con:
        forged = con.execute(f"select count(*) filter (x = 'forged') from '{file}'").fetchall()[0][0]
    # all but the stretch that was written anew, or none
    assert forged == (ROWS - ROW_GROUP if damage is None else 0)
