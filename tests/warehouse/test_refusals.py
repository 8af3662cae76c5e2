"""What the warehouse refuses, in words that name the file and say what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.small import published
from warehouse.compare import Comparison
from warehouse.connect import connect_read_only, query
from warehouse.corrections import CorrectionError, guarded, read_corrections, unguarded
from warehouse.ducklake import Lake
from warehouse.errors import NoWarehouse, QueryError, WarehouseError
from warehouse.extensions import load_extension
from warehouse.searching import search
from warehouse.xlsx import Workbook


def test_a_missing_extension_is_named_with_the_package_that_brings_it() -> None:
    with duckdb.connect() as con, pytest.raises(WarehouseError) as error:
        load_extension(con, "no_such_thing")
    assert f"pip install duckdb-extension-no-such-thing=={duckdb.__version__}" in str(error.value)


def test_a_damaged_index_is_told_apart_from_the_warehouse(tmp_path: Path) -> None:
    published(tmp_path, 1)
    index = tmp_path / "search.duckdb"
    index.write_bytes(b"no index" * 1000)
    with pytest.raises(NoWarehouse, match=r"search\.duckdb cannot be read, `fazhi build` makes it anew"):
        connect_read_only(tmp_path / "warehouse.duckdb", index)
    with pytest.raises(NoWarehouse, match=r"search\.duckdb cannot be searched"):
        search(tmp_path / "warehouse.duckdb", index, "\u590d\u8bae")


@pytest.mark.parametrize(
    ("sql", "told"),
    [("selec 1", "syntax error"), ("select * from marts.none", "does not exist"), ("use memory", "gives no rows")],
)
def test_what_a_query_cannot_do_is_said_as_such(tmp_path: Path, sql: str, told: str) -> None:
    published(tmp_path, 1)
    with pytest.raises(QueryError, match=told):
        query(tmp_path / "warehouse.duckdb", sql)


def test_a_query_of_nothing_gives_nothing(tmp_path: Path) -> None:
    published(tmp_path, 1)
    assert query(tmp_path / "warehouse.duckdb", " -- a remark\n").num_rows == 0


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00 no UTF-8"])
def test_a_file_of_corrections_that_cannot_be_read_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "corrections.csv"
    path.write_bytes(content)
    with pytest.raises(CorrectionError, match=r"corrections\.csv"):
        read_corrections(path)


def test_a_short_row_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    head = "quantity_key,sentence_fingerprint,field,old_value,new_value,reason,status,decided_on"
    path.write_text(f"{head}\n\nq1,s1\n", encoding="utf-8")
    with pytest.raises(CorrectionError, match="row 3: 2 columns where 8 are needed"):
        read_corrections(path)


@pytest.mark.parametrize("text", ["=1+1", "+A1", "@x", "-12", "-x", "'-x", "plain", "", "'"])
def test_what_is_guarded_against_spreadsheets_is_read_back(text: str) -> None:
    assert unguarded(guarded(text)) == text or text == "'-x"
    assert not guarded(text).startswith(("=", "@", "+A"))


def test_a_comparison_needs_two_warehouses_and_a_common_key(tmp_path: Path) -> None:
    old, new = tmp_path / "old.duckdb", tmp_path / "new.duckdb"
    for path, column in ((old, "a"), (new, "b")):
        with duckdb.connect(str(path)) as con:
            con.execute(f"create schema marts; create table marts.one as select 1 as {column}, 2 as c")
    with Comparison(old, new) as both, pytest.raises(WarehouseError, match="one: its key b is a new column"):
        both.table("one")
    new.write_bytes(b"no database" * 1000)
    with pytest.raises(NoWarehouse, match=r"new\.duckdb cannot be read"):
        Comparison(old, new)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ducklake:postgres:host=h user=u password=secret dbname=d", "password=***"),
        ("ducklake:postgres:postgresql://u:secret@h/d", "//u:***@h/d"),
        ("ducklake:sqlite:lake.sqlite", "ducklake:sqlite:lake.sqlite"),
    ],
)
def test_a_lake_is_shown_without_its_password(url: str, shown: str) -> None:
    found = Lake(url, "data").shown
    assert shown in found and "secret" not in found


def test_a_sheet_says_when_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.xlsx.MOST_ROWS", 4)  # a million rows are a while to write
    rows = ((1,) for _ in range(4))
    with (
        pytest.raises(ValueError, match="long has more rows than an Excel sheet holds"),
        Workbook(tmp_path / "book.xlsx") as book,
    ):
        book.add_sheet("long", ["c"], rows)


FULL = """
import resource, signal, sys
import os
import subprocess
import sys
from pathlib import Path
from tests.warehouse.made import sound
from warehouse.errors import StagingError
from warehouse.staging import load, open_staging

path = Path(sys.argv[1])
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_staging(path) as con:
    # no file may grow any more: what a full disk or a quota does
    limit = path.stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        load(con, sound().tables())
    except StagingError as error:
        print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
with open_staging(path) as con:
    load(con, sound().tables())
    print(con.execute("select count(*) from staging.quantity").fetchall())
"""


def test_a_full_disk_while_loading_loses_nothing_and_says_so(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    run = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "staging.duckdb")],
        env=os.environ | {"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    told, held = run.stdout.strip().splitlines()
    assert "loading failed, nothing was written" in told and "Is the disk full?" in told
    assert held == "[(40,)]"
