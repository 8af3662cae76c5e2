"""Publishing: nothing half-written, the export in one piece, queries locked in."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.warehouse.conftest import Built
from tests.warehouse.small import generation_in, small_side
from warehouse.connect import connect_read_only, query
from warehouse.errors import NoWarehouse, QueryError, WarehouseError
from warehouse.publish import draft_export, export_parquet, publish


def test_a_side_file_without_marts_is_not_published(tmp_path: Path) -> None:
    target = tmp_path / "warehouse.duckdb"
    publish(small_side(tmp_path / "side.duckdb", 1), target)
    before = target.read_bytes()
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    with pytest.raises(WarehouseError, match="holds no marts"):
        publish(tmp_path / "empty.duckdb", target)
    (tmp_path / "torn.duckdb").write_bytes(before[: len(before) // 3])
    with pytest.raises(WarehouseError, match="cannot be published"):
        publish(tmp_path / "torn.duckdb", target)
    assert target.read_bytes() == before


def test_a_side_file_of_another_file_system_is_copied_and_goes(tmp_path: Path) -> None:
    """What a killed publishing left under the draft's name may be another name of a snapshot: it is not written into."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev or not os.access(memory, os.W_OK):
        pytest.skip("there is no second file system to write to")
    target, snapshot = tmp_path / "warehouse.duckdb", tmp_path / "snapshot.duckdb"
    small_side(snapshot, 1)
    target.with_name(f".{target.name}.new").hardlink_to(snapshot)
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        side = small_side(Path(folder) / "side.duckdb", 2)
        publish(side, target)
        assert not side.exists()
    assert (generation_in(snapshot), generation_in(target)) == (1, 2)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["snapshot.duckdb", "warehouse.duckdb"]


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


@pytest.mark.parametrize(
    "sql",
    [
        "copy one to '{folder}/stolen.csv'",
        "select * from read_csv('{folder}/secret.csv')",
        "select * from '{folder}/secret.csv'",
        "attach '{folder}/other.duckdb'",
        "set enable_external_access = true",
        "create table marts.three as select 1",
        "install httpfs",
        "select * from nowhere",
    ],
)
def test_a_query_can_neither_write_nor_leave_the_file(tmp_path: Path, sql: str) -> None:
    target = tmp_path / "warehouse.duckdb"
    publish(small_side(tmp_path / "side.duckdb", 1), target)
    (tmp_path / "secret.csv").write_text("secret\n1\n")
    with pytest.raises(QueryError):
        query(target, sql.format(folder=tmp_path))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["secret.csv", "warehouse.duckdb"]


def test_no_warehouse_yet(tmp_path: Path) -> None:
    with pytest.raises(NoWarehouse, match="fazhi run"):
        connect_read_only(tmp_path / "warehouse.duckdb")
    (tmp_path / "warehouse.duckdb").write_bytes(b"nonsense" * 1000)
    with pytest.raises(NoWarehouse, match="cannot be read"):
        connect_read_only(tmp_path / "warehouse.duckdb")
    shutil.copy(duckdb_without_marts(tmp_path), tmp_path / "warehouse.duckdb")
    with pytest.raises(NoWarehouse, match="not a published warehouse"):
        connect_read_only(tmp_path / "warehouse.duckdb")


def duckdb_without_marts(folder: Path) -> Path:
    duckdb.connect(str(folder / "bare.duckdb")).close()
    return folder / "bare.duckdb"
