"""Exports: what a spreadsheet reads back is what the table holds, and nothing in it can run."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pyarrow.parquet as pq
import pytest

from warehouse import exporting
from warehouse.errors import WarehouseError
from warehouse.exporting import export
from warehouse.xlsx import MOST_CHARACTERS, MOST_COLUMNS, Workbook

NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
# what spreadsheets run, and what only looks a little like it
DANGEROUS = ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20a"]
HARMLESS = ["1=1", "受理48件", "", " =1", 'a,"b"\n二', "_x0041_", "<&>", "a\x01b", "𠮷"]


def sheets(file: Path) -> dict[str, list[dict[str, object]]]:
    """Each sheet's rows as column letter → value, read as another program would."""
    with zipfile.ZipFile(file) as opened:
        assert opened.testzip() is None
        for name in opened.namelist():
            ElementTree.fromstring(opened.read(name))
        names = [
            item.get("name")
            for item in ElementTree.fromstring(opened.read("xl/workbook.xml")).iter()
            if item.get("sheetId")
        ]
        found = {}
        for number, name in enumerate(names, start=1):
            rows = []
            for row in ElementTree.fromstring(opened.read(f"xl/worksheets/sheet{number}.xml")).findall(".//x:row", NS):
                cells = {}
                for cell in row.findall("x:c", NS):
                    assert cell.find("x:f", NS) is None
                    letters = "".join(filter(str.isalpha, cell.get("r", "")))
                    text, number_in = cell.find("x:is/x:t", NS), cell.find("x:v", NS)
                    if text is not None:
                        cells[letters] = text.text or ""
                    elif number_in is not None:
                        value = float(number_in.text or "")
                        cells[letters] = bool(value) if cell.get("t") == "b" else (value, cell.get("s", "0"))
                rows.append(cells)
            found[str(name)] = rows
        return found


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute(
            "create table marts.facts (id varchar, value double, n bigint, on_day date, seen_at timestamptz, ok boolean, parts varchar[])"
        )
        con.execute("comment on column marts.facts.value is 'Number. 数值。'")
        for number, text in enumerate([*DANGEROUS, *HARMLESS]):
            con.execute(
                "insert into marts.facts values (?, ?, ?, ?, ?, ?, ?)",
                [
                    text,
                    -1.5,
                    number,
                    date(2024, 3, 1),
                    datetime.fromisoformat("2024-03-01T12:00:00+00:00"),
                    True,
                    ["=a"],
                ],
            )
        con.execute("insert into marts.facts (id, value, on_day) values ('empty', 'nan', '1850-01-02')")
        con.execute("create table marts.nothing (id varchar, value double)")
    return path


def test_csv_is_read_back_and_harmless(database: Path, tmp_path: Path) -> None:
    written = export(database, tmp_path / "out", "csv")
    assert [(item.file, item.tables) for item in written] == [
        ("facts.csv", {"facts": 21}),
        ("nothing.csv", {"nothing": 0}),
    ]
    assert (tmp_path / "out" / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbfid,value")
    with (tmp_path / "out" / "facts.csv").open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["id"] for row in rows[:-1]] == [f"'{text}" for text in DANGEROUS] + HARMLESS
    assert {row["value"] for row in rows[:-1]} == {"-1.5"} and {row["seen_at"] for row in rows[:-1]} == {
        "2024-03-01 12:00:00+00"
    }
    assert (tmp_path / "out" / "nothing.csv").read_text(encoding="utf-8-sig") == "id,value\n"


def test_workbook_is_read_back_and_harmless(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path / "out", "xlsx")
    found = sheets(tmp_path / "out" / "fazhi.xlsx")
    assert list(found) == ["dictionary", "facts", "nothing"]
    assert {"A": "facts", "B": "value", "C": "DOUBLE", "D": "Number. 数值。"} in found["dictionary"]
    header, *rows = found["facts"]
    assert list(header.values()) == ["id", "value", "n", "on_day", "seen_at", "ok", "parts"]
    escaped = {"\r=1": "_x000D_=1", "_x0041_": "_x005F_x0041_", "a\x01b": "a_x0001_b"}
    texts = [f"'{escaped.get(text, text)}" for text in DANGEROUS] + [escaped.get(text, text) for text in HARMLESS]
    assert [row["A"] for row in rows[:-1]] == texts
    # 2024-03-01 is day 45352 of Excel's calendar
    assert rows[3] == {
        **{"A": "'@SUM(A1)", "B": (-1.5, "0"), "C": (3.0, "0"), "D": (45352.0, "2"), "E": (45352.5, "3"), "F": True},
        "G": "['=a']",
    }
    assert rows[-1] == {"A": "empty", "B": "nan", "D": "1850-01-02"}
    assert found["nothing"] == [{"A": "id", "B": "value"}]


def test_equal_tables_give_equal_files(database: Path, tmp_path: Path) -> None:
    for fmt in exporting.FORMATS:
        first, second = (export(database, tmp_path / name, fmt) for name in ("one", "two"))
        assert first == second
        for item in first:
            file = tmp_path / "two" / item.file
            assert hashlib.sha256(file.read_bytes()).hexdigest() == item.sha256
        manifest = json.loads((tmp_path / "two" / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["tables"]["facts"]["rows"] == 21 and manifest["format"] == fmt
    assert pq.read_table(tmp_path / "two" / "facts.parquet").column("id").to_pylist()[0] == "=1+1"
    assert not list((tmp_path / "two").glob(".*"))


def test_one_table(database: Path, tmp_path: Path) -> None:
    export(database, tmp_path, "csv", ["marts.nothing", "nothing"])
    assert sorted(file.name for file in tmp_path.glob("*.csv")) == ["nothing.csv"]
    with pytest.raises(WarehouseError, match="no table nowhere; there are facts, nothing"):
        export(database, tmp_path, "csv", ["nowhere"])
    with pytest.raises(WarehouseError, match="format ods: one of csv, xlsx, parquet"):
        export(database, tmp_path, "ods")


def test_a_table_longer_than_a_sheet_is_refused_before_writing(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 21)
    with pytest.raises(WarehouseError, match="facts has 21 rows, an Excel sheet holds 20"):
        export(database, tmp_path / "out", "xlsx")
    assert not (tmp_path / "out").exists()
    export(database, tmp_path / "out", "xlsx", ["nothing"])


def test_texts_that_were_cut_are_told(database: Path, tmp_path: Path) -> None:
    with duckdb.connect(str(database)) as con:
        con.execute("insert into marts.nothing values (repeat('长', 40000), 1), ('短', 2)")
    (book,) = export(database, tmp_path / "out", "xlsx", ["nothing"])
    assert book.tables == {"nothing": 2}
    assert [note for note in book.notes if note.startswith("1 texts were cut to 32,767 characters")]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["tables"]["nothing"]["rows"] == 2


def test_what_a_sheet_cannot_hold(tmp_path: Path) -> None:
    with Workbook(tmp_path / "book.xlsx") as book:
        long = "a_very_long_table_name_that_goes_on"
        assert book.add_sheet(long, ["a"], [["长" * 40_000], ["𠮷" * 16_384], ["长" * MOST_CHARACTERS]]) == long[:31]
        assert book.add_sheet(long.upper(), ["a"], []) == f"{long.upper()[:29]}_2"
        assert book.add_sheet("a/b:[c]", ["a"], []) == "a_b__c_"
        with pytest.raises(ValueError, match="16,385 columns"):
            book.add_sheet("wide", ["c"] * (MOST_COLUMNS + 1), [])
        assert book.cut_cells == 2
    rows = next(iter(sheets(tmp_path / "book.xlsx").values()))
    texts = [str(row["A"]) for row in rows[1:]]
    assert [len(text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS for text in texts] == [True] * 3
    assert [text[-1] for text in texts] == ["…", "…", "长"]
