"""What `Comparison` finds between two published files: rows by key, values by column, tables and columns that come."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
import yaml

from warehouse.compare import Change, Comparison, TableDiff
from warehouse.dbt import PROJECT
from warehouse.errors import WarehouseError


def holding(path: Path, **tables: str) -> Path:
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        for name, sql in tables.items():
            con.execute(f"create table marts.{name} as {sql}")
    return path


OLD = "from (values ('a', 1.0, 'x'), ('b', 2.0, null), ('c', 3.0, 'z'), ('d', null, 'w')) as t(id, value, note)"
NEW = "from (values ('e', 5.0, 'v'), ('d', null, 'w'), ('c', 4.0, 'zz'), ('b', 2.0, 'y')) as t(id, value, note)"


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    kept = "select 1 as id, 'same' as text"
    return (
        holding(tmp_path / "old.duckdb", facts=OLD, gone="select range as id from range(3)", kept=kept, grown=kept),
        holding(tmp_path / "new.duckdb", facts=NEW, come="select 'k' as id", kept=kept, grown=f"{kept}, 2 as more"),
    )


def test_rows_and_values(sides: tuple[Path, Path]) -> None:
    with Comparison(*sides) as comparison:
        found = {diff.table: diff for diff in comparison.tables()}
        assert found["facts"] == TableDiff("facts", "id", 4, 4, 1, 1, 2, {"value": 1, "note": 2})
        assert found["gone"] == TableDiff("gone", "id", 3, None, removed=3)
        assert found["come"] == TableDiff("come", "id", None, 1, added=1)
        assert found["grown"] == TableDiff("grown", "id", 1, 1, columns_added=("more",))
        assert [name for name, diff in found.items() if diff.same] == ["kept"]
        assert list(comparison.changes(comparison.table("facts"), 50)) == [
            Change("a", "removed", {}),
            Change("b", "changed", {"note": (None, "y")}),
            Change("c", "changed", {"value": (3.0, 4.0), "note": ("z", "zz")}),
            Change("e", "added", {}),
        ]
        assert [item.key for item in comparison.changes(comparison.table("facts"), 2)] == ["a", "b"]
        assert [item.change for item in comparison.changes(comparison.table("gone"), 2)] == ["removed"] * 2
        assert [item.key for item in comparison.changes(comparison.table("come"), 2)] == ["k"]


def test_there_and_back_is_the_mirror(sides: tuple[Path, Path]) -> None:
    with Comparison(*sides) as there, Comparison(*reversed(sides)) as back:
        for one, other in zip(there.tables(), back.tables(), strict=True):
            assert (one.added, one.removed, one.changed) == (other.removed, other.added, other.changed)
            assert one.changed_columns == other.changed_columns


def test_a_snapshot_against_itself(sides: tuple[Path, Path]) -> None:
    with Comparison(sides[0], sides[0]) as comparison:
        assert all(diff.same for diff in comparison.tables())


def test_a_table_without_a_key_is_compared_row_by_row(tmp_path: Path) -> None:
    old = holding(tmp_path / "old.duckdb", log="from (values ('a', 1), ('a', 1), ('a', 2), ('b', 3)) as t(id, value)")
    new = holding(tmp_path / "new.duckdb", log="from (values ('b', 3), ('a', 1), ('a', 4), ('a', 5)) as t(id, value)")
    with Comparison(old, new) as comparison:
        diff = comparison.table("log")
        assert (diff.added, diff.removed, diff.changed) == (2, 2, 0)
        assert sorted(item.change for item in comparison.changes(diff, 9)) == ["added", "added", "removed", "removed"]


def test_errors_name_the_table(tmp_path: Path, sides: tuple[Path, Path]) -> None:
    with (
        Comparison(*sides) as comparison,
        pytest.raises(WarehouseError, match="no table nothing; there are come, facts"),
    ):
        comparison.table("nothing")
    (tmp_path / "torn.duckdb").write_bytes(b"torn")
    with pytest.raises(WarehouseError, match=r"torn\.duckdb cannot be read"):
        Comparison(sides[0], tmp_path / "torn.duckdb")


def test_the_id_at_the_head_of_a_mart_is_its_key() -> None:
    for file in sorted((PROJECT / "models" / "marts").glob("*.yml")):
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", []):
            if model["columns"][0]["name"].endswith("_id"):
                assert "unique" in model["columns"][0].get("data_tests", []), (
                    f"{model['name']}: first column is not unique"
                )
