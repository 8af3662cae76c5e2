"""A staging file of the first release is opened by this one: same columns as a new file, rows kept, loads go on."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from flows.errors import FazhiError
from flows.upkeep_staging import staging_version, upgrade_staging
from warehouse.staging import COUNTED, KEYS, PARSED, SCHEMA_VERSION, load, loaded_captures, open_staging

FIRST_RELEASE = Path(__file__).parent.parent / "fixtures" / "staging" / "first_release.sql"
ADD = "alter table staging.source add column note varchar;\nupdate staging.source set note = 'from version {0}';\n"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "staging.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute(FIRST_RELEASE.read_text("utf-8").replace("staging.", "staging.staging."))
    return path


def asked(path: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(path), read_only=True) as con:
        return con.execute(query).fetchall()


def columns(path: Path) -> list[tuple[object, ...]]:
    return asked(
        path,
        "select table_name, column_name, data_type, is_nullable from duckdb_columns() "
        "where schema_name = 'staging' order by all",
    )


def keys(path: Path) -> list[tuple[object, ...]]:
    return asked(
        path,
        "select table_name, constraint_column_names from duckdb_constraints() "
        "where schema_name = 'staging' and constraint_type = 'PRIMARY KEY' order by all",
    )


def test_first_releases_file_becomes_as_a_new_one_and_is_gone_on_with(old: Path, tmp_path: Path) -> None:
    assert upgrade_staging(old) == list(range(2, SCHEMA_VERSION + 1))
    assert upgrade_staging(old) == []
    assert staging_version(old) == SCHEMA_VERSION
    fresh = tmp_path / "fresh.duckdb"
    open_staging(fresh).close()
    assert columns(old) == columns(fresh)
    assert keys(old) == keys(fresh)
    with open_staging(old) as con:
        for table in KEYS:
            assert con.execute(f"select count(*) from staging.{table}").fetchall() == [(1,)], table
        assert loaded_captures(con, "0.1.0") == {"00000000000000aa"}
        upgraded = con.execute("select * from staging.document").fetchall()
        held = {name: con.execute(f"select * from staging.{name}").to_arrow_table() for name in PARSED}
        held["document"] = held["document"].drop_columns(sorted(COUNTED))
        load(con, held)
        assert con.execute("select * from staging.document").fetchall() == upgraded
        run = {"run_id": "2025-03-10-01", "source_id": "first", "status": "ok", "reasons": "[]"}
        times = con.execute("select started_at, finished_at from staging.harvest_run").fetchall()[0]
        run |= {"started_at": times[0], "finished_at": times[1]}
        run |= dict.fromkeys(("requests", "listed", "new", "changed", "unchanged", "gone", "failed"), 1)
        load(con, {"harvest_run": pa.Table.from_pylist([run])})
        assert con.execute("select count(*) from staging.harvest_run").fetchall() == [(2,)]


def test_steps_are_taken_one_by_one(old: Path, tmp_path: Path) -> None:
    steps = tmp_path / "steps"
    steps.mkdir()
    (steps / "0002_note.sql").write_text(ADD.format(1), "utf-8")
    (steps / "0003_rename.sql").write_text("alter table staging.source rename note to remark;\n", "utf-8")
    assert upgrade_staging(old, steps=steps, target=3) == [2, 3]
    with duckdb.connect(str(old)) as con:
        assert con.execute("select remark from staging.staging.source").fetchall() == [("from version 1",)]
    assert staging_version(old) == 3


def test_a_step_that_fails_leaves_the_version_before(old: Path, tmp_path: Path) -> None:
    steps = tmp_path / "steps"
    steps.mkdir()
    (steps / "0002_note.sql").write_text(ADD.format(1), "utf-8")
    (steps / "0003_wrong.sql").write_text(
        "delete from staging.source;\nalter table staging.nothing add x int;", "utf-8"
    )
    with pytest.raises(FazhiError, match=r"(?s)schema 3 failed and was undone.*--from-archive"):
        upgrade_staging(old, steps=steps, target=3)
    assert staging_version(old) == 2
    with duckdb.connect(str(old)) as con:
        assert con.execute("select note from staging.staging.source").fetchall() == [("from version 1",)]


def test_newer_files_and_missing_steps_are_told_and_left_alone(old: Path, tmp_path: Path) -> None:
    before = old.read_bytes()
    with pytest.raises(FazhiError, match="no way from schema 1 to 2"):
        upgrade_staging(old, steps=tmp_path / "none", target=2)
    with pytest.raises(FazhiError, match="newer fazhi"):
        upgrade_staging(old, target=0)
    assert old.read_bytes() == before
    assert upgrade_staging(tmp_path / "absent.duckdb") == []
    broken = tmp_path / "broken.duckdb"
    broken.write_bytes(b"no database")
    with pytest.raises(FazhiError, match="--from-archive"):
        upgrade_staging(broken)
