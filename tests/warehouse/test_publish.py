"""Publishing: nothing half-written, the export in one piece, queries locked in."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.small import generation_in, small_side
from warehouse.connect import connect_read_only, query
from warehouse.errors import NoWarehouse, QueryError, WarehouseError
from warehouse.publish import publish


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
