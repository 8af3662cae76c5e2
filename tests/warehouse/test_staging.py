"""Loads: idempotent, one transaction, clear errors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from tests.warehouse.made import RUN, n, sound
from warehouse.connect import ROW_GROUP
from warehouse.errors import StagingError
from warehouse.staging import KEYS, load, loaded_captures, mark_returned, open_staging


def content(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[object, ...]]]:
    return {name: con.execute(f"select * from staging.{name} order by all").fetchall() for name in KEYS}


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    rows = sound()
    with open_staging(tmp_path / "staging.duckdb") as con:
        load(con, rows.tables())
        first = content(con)
        load(con, rows.tables())
        assert content(con) == first
        assert len(first["document"]) == 6 and len(first["quantity"]) == 40
    with open_staging(tmp_path / "staging.duckdb") as con:
        assert content(con) == first


def test_a_document_brings_its_own_quantities(tmp_path: Path) -> None:
    rows = sound()
    with open_staging(tmp_path / "staging.duckdb") as con:
        load(con, rows.tables())
        again = pa.Table.from_pylist(rows.document[:1])
        load(con, {"document": again})
        left = con.execute(
            "select count(*) from staging.quantity where capture_id = ?", [rows.document[0]["capture_id"]]
        )
        assert left.fetchone() == (0,)
        assert con.execute("select count(*) from staging.quantity").fetchone() == (32,)


def test_a_document_says_what_came_with_it(tmp_path: Path) -> None:
    said = "select capture_id, body_chars, quantities, contents_digest from staging.document order by all"
    rows = sound()
    with open_staging(tmp_path / "staging.duckdb") as con:
        load(con, rows.tables())
        first = con.execute(said).fetchall()
        assert [chars for _, chars, *_ in first] == [
            len(row["body"]) for row in sorted(rows.document, key=lambda row: row["capture_id"])
        ]
        assert sum(count for *_, count, _ in first) == len(rows.quantity)
        # whatever the order of the rows
        rows.quantity.reverse()
        load(con, rows.tables())
        assert con.execute(said).fetchall() == first
        for table, column, value in (("quantity", "indicator", "penalties"), ("section", "part", "plan")):
            other = sound()
            row = getattr(other, table)[0]
            row[column] = value
            load(con, other.tables())
            changed = [now[0] for now, before in zip(con.execute(said).fetchall(), first, strict=True) if now != before]
            assert changed == [row["capture_id"]]
            assert [now[1:3] for now in con.execute(said).fetchall()] == [before[1:3] for before in first]


def test_a_load_writes_few_of_the_rows_before_it_anew(tmp_path: Path) -> None:
    path = tmp_path / "staging.duckdb"
    with open_staging(path) as con:
        load(con, sound().tables())
        held = con.execute("select * from staging.quantity limit 1").to_arrow_table()
        con.register("one", held)
        con.execute("insert into staging.quantity select one.* from one, range(50000)")
    with open_staging(path) as con:
        load(con, sound().tables())
        groups = con.execute(
            "select row_group_id, max(start + count) - min(start) from pragma_storage_info('staging.quantity') "
            "where column_name = 'raw' and segment_type = 'VARCHAR' group by all"
        ).fetchall()
        assert len(groups) > 4 and max(rows for _, rows in groups) <= ROW_GROUP


def test_sources_are_replaced_and_runs_are_kept(tmp_path: Path) -> None:
    with open_staging(tmp_path / "staging.duckdb") as con:
        load(con, sound().tables())
        later = sound()
        later.source = later.source[:1]
        later.harvest_run = [later.harvest_run[0] | {"run_id": "2024-05-07-01"}]
        load(con, {name: later.tables()[name] for name in ("source", "harvest_run")})
        assert con.execute("select source_id from staging.source").fetchall() == [("liudu",)]
        runs = con.execute("select run_id, source_id from staging.harvest_run order by all").fetchall()
        assert runs == [(RUN, "baita"), (RUN, "liudu"), ("2024-05-07-01", "liudu")]


def test_of_what_is_given_as_a_whole_only_what_changed_is_written(tmp_path: Path) -> None:
    places = "select rowid, source_id from staging.source union all select rowid, source_id from staging.harvest_run"
    with open_staging(tmp_path / "staging.duckdb") as con:
        load(con, sound().tables())
        first = con.execute(f"{places} order by all").fetchall()
        later = sound()
        load(con, {name: later.tables()[name] for name in ("source", "harvest_run")})
        assert con.execute(f"{places} order by all").fetchall() == first
        later.source[0]["status"], later.harvest_run[0]["failed"] = "retired", 7
        load(con, {name: later.tables()[name] for name in ("source", "harvest_run")})
        assert con.execute("select status from staging.source order by source_id").fetchall() == [
            ("active",),
            ("retired",),
        ]
        assert con.execute("select failed from staging.harvest_run order by source_id").fetchall() == [(1,), (7,)]
        moved = set(con.execute(f"{places} order by all").fetchall()) - set(first)
        assert {source_id for _, source_id in moved} == {"liudu"}


def test_a_run_without_its_key_is_refused(tmp_path: Path) -> None:
    rows = sound()
    rows.harvest_run[0]["source_id"] = None
    with open_staging(tmp_path / "staging.duckdb") as con, pytest.raises(StagingError, match="source_id"):
        load(con, {"harvest_run": rows.tables()["harvest_run"]})


def test_captures_that_returned_are_those_given_last(tmp_path: Path) -> None:
    rows = sound()
    first, second = (row["capture_id"] for row in rows.capture[:2])
    with open_staging(tmp_path / "staging.duckdb") as con:
        load(con, rows.tables())
        for given in ({first}, {first, "of no capture here"}, {second}, set()):
            mark_returned(con, given)
            marked = con.execute("select capture_id from staging.capture where has_returned").fetchall()
            assert {capture_id for (capture_id,) in marked} == given & {first, second}


def test_loaded_captures_are_those_of_one_extractor(tmp_path: Path) -> None:
    rows = sound()
    rows.document[0]["extractor_version"] = "0"
    with open_staging(tmp_path / "staging.duckdb") as con:
        load(con, rows.tables())
        assert loaded_captures(con, "0") == {rows.document[0]["capture_id"]}
        assert len(loaded_captures(con, "1")) == 5


def test_one_bad_row_and_nothing_is_written(tmp_path: Path) -> None:
    rows = sound()
    rows.quantity[-1]["sentence"] = None
    with open_staging(tmp_path / "staging.duckdb") as con:
        with pytest.raises(StagingError, match="nothing was written"):
            load(con, rows.tables())
        assert all(not held for held in content(con).values())
        load(con, sound().tables())
        assert len(content(con)["capture"]) == 6


@pytest.mark.parametrize(
    ("table", "rows", "message"),
    [
        ("page", [{"capture_id": "a"}], "no staging table"),
        ("document", [{"capture_id": "a", "colour": "red"}], "no column colour"),
        ("quantity", [{"capture_id": "a"}], "lack the key column char_start, char_end"),
        ("section", [{"capture_id": "a", "section_no": 0}] * 2, "repeat a key"),
        ("section", [{"capture_id": "a", "section_no": 0}], r"without their document \(a\)"),
        ("document", [{"capture_id": "a", "quantities": 1}], "no column quantities"),
    ],
)
def test_rows_that_do_not_fit_are_named(
    tmp_path: Path, table: str, rows: list[dict[str, object]], message: str
) -> None:
    with open_staging(tmp_path / "staging.duckdb") as con, pytest.raises(StagingError, match=message):
        load(con, {table: pa.Table.from_pylist(rows)})


def test_another_schema_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "staging.duckdb"
    open_staging(path).close()
    with open_staging(path) as con:
        con.execute("update staging.meta set schema_version = 99")
    with pytest.raises(StagingError, match=r"version 99.*build --from-archive"):
        open_staging(path)


def test_tables_without_a_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema staging; create table staging.document (body varchar)")
    with pytest.raises(StagingError, match="unknown version"):
        open_staging(path)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "staging.duckdb"
    path.write_bytes(b"not a database at all" * 50)
    with pytest.raises(StagingError, match="cannot be opened"):
        open_staging(path)


KILLED = """
import os, signal, sys
from pathlib import Path
from typing import Any
from tests.warehouse.made import sound
from warehouse import staging

con = staging.open_staging(Path(sys.argv[1]))
class Killing:
    def __getattr__(self, name):
        return getattr(con, name)
    def commit(self):
        os.kill(os.getpid(), signal.SIGKILL)
staging.load(Killing(), sound().tables())
"""


def test_killed_between_load_and_commit(tmp_path: Path) -> None:
    path = tmp_path / "staging.duckdb"
    root = Path(__file__).parents[2]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], cwd=root, env=os.environ | {"PYTHONPATH": str(root)}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    with open_staging(path) as con:
        assert all(not held for held in content(con).values())
        load(con, sound().tables())
        assert len(content(con)["quantity"]) == 40


class Interrupted:
    """A connection whose user presses Ctrl-C when all rows are in and the commit is asked for."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con

    def __getattr__(self, name: str) -> Any:
        return getattr(self._con, name)

    def commit(self) -> None:
        raise KeyboardInterrupt


def test_an_interrupted_load_leaves_nothing_and_the_connection_usable(tmp_path: Path) -> None:
    with open_staging(tmp_path / "staging.duckdb") as con:
        with pytest.raises(KeyboardInterrupt):
            load(Interrupted(con), sound().tables())  # type: ignore[arg-type]
        assert all(not held for held in content(con).values())
        load(con, sound().tables())
        assert len(content(con)["capture"]) == 6


def test_quantity_marker_reads_its_own_characters() -> None:
    marked = n("99.93%")
    assert (marked.value, marked.unit, marked.fields["kind"]) == (99.93, "%", "rate")
