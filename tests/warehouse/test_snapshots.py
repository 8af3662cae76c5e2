"""Snapshots: kept without copying, listed, pruned, published again; whatever a kill leaves is sound and heals."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.small import DAY, dies_at, generation_in, published, small_side
from warehouse.connect import open_side, query
from warehouse.errors import NoWarehouse, WarehouseError
from warehouse.publish import publish
from warehouse.snapshots import find, publish_snapshot, restore, snapshots


def ids(home: Path) -> list[str]:
    return [item.snapshot_id for item in snapshots(home / "snapshots", home / "warehouse.duckdb")]


def files(home: Path) -> list[str]:
    return sorted(file.name for file in (home / "snapshots").iterdir())


def current(home: Path) -> str:
    return find(snapshots(home / "snapshots", home / "warehouse.duckdb"), "current").snapshot_id


def roll_back(home: Path, name: str) -> None:
    known = snapshots(home / "snapshots", home / "warehouse.duckdb")
    restore(find(known, name), home / "warehouse.duckdb", home / "snapshots")


def groups(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as con:
        con.execute("use marts")
        return int(con.execute("select count(distinct row_group_id) from pragma_storage_info('many')").fetchall()[0][0])


def test_publishing_writes_no_row_group_anew(tmp_path: Path) -> None:
    side, target = tmp_path / "side.duckdb", tmp_path / "warehouse.duckdb"
    with open_side(side) as con:
        con.execute("create schema marts; create table marts.many as select n from range(100000) t(n)")
    before = groups(side)
    assert before > 5
    publish_snapshot(side, target, tmp_path / "snapshots", fingerprint="a", at=datetime(2024, 5, 6, tzinfo=UTC), keep=2)
    assert groups(target) == before


def test_the_last_published_states_stay_and_cost_no_copy(tmp_path: Path) -> None:
    for generation in range(1, 6):
        published(tmp_path, generation, keep=3)
    assert ids(tmp_path) == ["2031-05-06-05", "2031-05-06-04", "2031-05-06-03"]
    assert files(tmp_path) == [f"2031-05-06-0{n}.duckdb" for n in (3, 4, 5)]
    assert [generation_in(tmp_path / "snapshots" / f"2031-05-06-0{n}.duckdb") for n in (3, 4, 5)] == [3, 4, 5]
    newest = tmp_path / "snapshots" / "2031-05-06-05.duckdb"
    assert newest.samefile(tmp_path / "warehouse.duckdb")
    assert query(
        tmp_path / "warehouse.duckdb", "select snapshot_id, published_at from published.snapshot"
    ).to_pylist() == [{"snapshot_id": "2031-05-06-05", "published_at": DAY}]


def test_the_same_input_published_again_pushes_nothing_out(tmp_path: Path) -> None:
    for generation in (1, 2, 2, 2, 2):
        published(tmp_path, generation, keep=2)
    assert ids(tmp_path) == ["2031-05-06-02", "2031-05-06-01"]
    roll_back(tmp_path, "previous")
    published(tmp_path, 2, keep=2)
    assert ids(tmp_path) == ["2031-05-06-02", "2031-05-06-01"]
    assert current(tmp_path) == "2031-05-06-02" and generation_in(tmp_path / "warehouse.duckdb") == 2


def test_back_and_forth(tmp_path: Path) -> None:
    for generation in (1, 2, 3):
        published(tmp_path, generation)
    held = duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True)
    roll_back(tmp_path, "previous")
    assert held.execute("select max(generation) from marts.one").fetchall() == [(3,)]
    held.close()
    assert generation_in(tmp_path / "warehouse.duckdb") == 2
    roll_back(tmp_path, "previous")
    assert generation_in(tmp_path / "warehouse.duckdb") == 1
    roll_back(tmp_path, "2031-05-06-03")
    assert generation_in(tmp_path / "warehouse.duckdb") == 3
    assert len(ids(tmp_path)) == 3
    roll_back(tmp_path, "2031-05-06-01")
    assert published(tmp_path, 4, keep=2).snapshot_id == "2031-05-06-04"
    assert ids(tmp_path) == ["2031-05-06-04", "2031-05-06-03"]


def test_the_published_snapshot_is_never_pruned(tmp_path: Path) -> None:
    for generation in (1, 2):
        published(tmp_path, generation)
    roll_back(tmp_path, "2031-05-06-01")
    assert published(tmp_path, 1, keep=1).snapshot_id == "2031-05-06-01"
    assert ids(tmp_path) == ["2031-05-06-02", "2031-05-06-01"]
    assert current(tmp_path) == "2031-05-06-01"


def test_names_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(NoWarehouse, match="fazhi run"):
        roll_back(tmp_path, "previous")
    published(tmp_path, 1)
    with pytest.raises(WarehouseError, match="no snapshot from before 2031-05-06-01"):
        roll_back(tmp_path, "previous")
    with pytest.raises(WarehouseError, match="no snapshot 1999-01-01-01; there are 2031-05-06-01"):
        roll_back(tmp_path, "1999-01-01-01")


def test_a_damaged_snapshot_is_not_published(tmp_path: Path) -> None:
    for generation in (1, 2):
        published(tmp_path, generation)
    old = find(snapshots(tmp_path / "snapshots", tmp_path / "warehouse.duckdb"), "2031-05-06-01")
    old.path.write_bytes(old.path.read_bytes()[:5000])
    with pytest.raises(NoWarehouse, match="2031-05-06-01"):
        restore(old, tmp_path / "warehouse.duckdb", tmp_path / "snapshots")
    assert generation_in(tmp_path / "warehouse.duckdb") == 2
    assert ids(tmp_path) == ["2031-05-06-02"]


def test_a_side_file_that_is_none_is_not_published(tmp_path: Path) -> None:
    published(tmp_path, 1)
    side = small_side(tmp_path / "side.duckdb", 2)
    side.write_bytes(side.read_bytes()[:5000])
    before = files(tmp_path)
    with pytest.raises(WarehouseError, match=r"side\.duckdb cannot be published"):
        publish_snapshot(
            *(side, tmp_path / "warehouse.duckdb", tmp_path / "snapshots"), fingerprint="2", at=DAY, keep=5
        )
    assert (generation_in(tmp_path / "warehouse.duckdb"), ids(tmp_path)) == (1, ["2031-05-06-01"])
    assert files(tmp_path) == before


def test_what_lies_beside_the_snapshots_is_none(tmp_path: Path) -> None:
    published(tmp_path, 1)
    folder = tmp_path / "snapshots"
    (folder / "notes.duckdb").write_text("no database", "utf-8")
    duckdb.connect(str(folder / "empty.duckdb")).close()
    (folder / ".2031-05-06-09.duckdb.new").write_bytes(b"half a copy")
    published(tmp_path, 2)
    assert ids(tmp_path) == ["2031-05-06-02", "2031-05-06-01"]
    # what a killed publishing left goes; what somebody else put there stays
    assert files(tmp_path) == ["2031-05-06-01.duckdb", "2031-05-06-02.duckdb", "empty.duckdb", "notes.duckdb"]


def test_a_warehouse_from_before_snapshots_is_kept_too(tmp_path: Path) -> None:
    publish(small_side(tmp_path / "side.duckdb", 1), tmp_path / "warehouse.duckdb")
    os.utime(tmp_path / "warehouse.duckdb", (DAY.timestamp(), DAY.timestamp()))
    published(tmp_path, 2)
    assert ids(tmp_path) == ["2031-05-06-01", "2031-05-06-00"]
    roll_back(tmp_path, "previous")
    assert generation_in(tmp_path / "warehouse.duckdb") == 1


def test_without_hard_links_a_snapshot_is_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no hard links here")

    monkeypatch.setattr(os, "link", refuse)
    for generation in (1, 2):
        published(tmp_path, generation)
    roll_back(tmp_path, "previous")
    assert generation_in(tmp_path / "warehouse.duckdb") == 1
    assert not (tmp_path / "warehouse.duckdb").samefile(tmp_path / "snapshots" / "2031-05-06-01.duckdb")
    assert len(ids(tmp_path)) == 2


@pytest.mark.parametrize(
    ("statement", "again", "new"),
    [
        ("published(home, 4, keep=2)", lambda home: published(home, 4, keep=2), 4),
        (
            "restore(find(snapshots(folder, target), '2031-05-06-02'), target, folder)",
            lambda home: roll_back(home, "2031-05-06-02"),
            2,
        ),
    ],
)
def test_killed_at_any_step_the_old_or_the_new_state_is_published(
    tmp_path: Path, statement: str, again: Callable[[Path], object], new: int
) -> None:
    start = tmp_path / "start"
    start.mkdir()
    for generation in (1, 2, 3):
        published(start, generation)
    (start / "snapshots" / "2031-05-06-03.duckdb").unlink()  # as a kill after the swap leaves it
    states = []
    for step in range(20):
        home = tmp_path / str(step)
        shutil.copytree(start, home)
        died = dies_at(step, home, statement)
        states.append(generation_in(home / "warehouse.duckdb"))
        assert "2031-05-06-03" in ids(home)
        again(home)
        assert generation_in(home / "warehouse.duckdb") == new
        assert files(home) == sorted(f"{item}.duckdb" for item in ids(home))
        if not died:
            break
    assert not died
    assert set(states) == {3, new} and states == sorted(states, key=lambda state: state == new)
