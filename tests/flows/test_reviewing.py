"""Review: what is doubtful, decisions read back, corrections applied by a real build and followed through changed texts."""

from __future__ import annotations

import csv
import importlib.util
import json
import re
import shutil
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import duckdb
import pytest

from extraction.catalogue import default_catalogue
from flows.building import build_marts, correction_counts, fingerprint
from flows.decisions import ASKED, COLUMNS, corrections_of
from flows.errors import FazhiError
from flows.look_up import look_up
from flows.reviewing import export_doubtful, import_decisions, status_rows, withdraw
from flows.settings import Settings
from flows.sheets import read_sheet, write_sheet
from tests.flows.conftest import Fazhi
from tests.flows.test_pipeline import copy_of
from tests.warehouse.conftest import copied_project
from tests.warehouse.made import FETCHED, N, Rows, n
from warehouse.corrections import (
    Correction,
    CorrectionError,
    declare,
    guarded,
    read_corrections,
    unguarded,
    write_corrections,
)
from warehouse.dbt import PROJECT, build
from warehouse.errors import WarehouseError
from warehouse.publish import publish
from warehouse.staging import load, open_staging

KEY, PRINT = "q0123456789abcdef:12-15", "s0123456789abcde"
DAY = date(2024, 5, 6)
ROW = {
    **dict.fromkeys(COLUMNS, ""),
    **{"quantity_key": KEY, "sentence_fingerprint": PRINT, "raw": "37件", "value": "37", "unit": "件", "kind": "count"},
    **{"year": "2023", "indicator": "recon_accepted"},
}


def correction(**changes: object) -> Correction:
    fields = {
        "quantity_key": KEY,
        "sentence_fingerprint": PRINT,
        "field": "value",
        "old_value": "37",
        "new_value": "38",
    }
    fields |= {"reason": "misread", "status": "active", "decided_on": DAY}
    return Correction(**{**fields, **changes})  # type: ignore[arg-type]


# ── the operator's file


def test_corrections_are_written_and_read_back_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    rows = [correction(reason='=1+1,"x"\ny'), correction(field="indicator", new_value=None, old_value="-a")]
    write_corrections(path, rows)
    assert set(read_corrections(path)) == set(rows)
    assert "'=1+1" in path.read_text("utf-8") and ",'-a," in path.read_text("utf-8")
    before = path.read_bytes()
    write_corrections(path, reversed(read_corrections(path)))
    assert path.read_bytes() == before
    assert read_corrections(tmp_path / "none.csv") == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"quantity_key": "12-15"}, "row 2, column quantity_key"),
        ({"sentence_fingerprint": "x"}, "row 2, column sentence_fingerprint"),
        ({"field": "values"}, "row 2, column field: 'values'; allowed: decision, indicator"),
        ({"new_value": "38 件"}, "row 2, column new_value: '38 件'; allowed: a plain number"),
        ({"new_value": None}, "empty only where the field is indicator, unit, period_year"),
        ({"field": "decision", "new_value": "keep"}, "accept or drop"),
        ({"field": "period_year", "new_value": "23"}, "a year from 1900"),
        ({"status": "on"}, "allowed: active, withdrawn"),
        ({"reason": ""}, "row 2, column reason"),
        ({"decided_on": "6.5.2024"}, "a day as 2024-05-06"),
    ],
)
def test_a_wrong_cell_is_named_with_what_is_allowed(changes: dict[str, object], told: str, tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    write_corrections(path, [correction(**changes)])
    with pytest.raises(CorrectionError, match=r"corrections\.csv") as error:
        read_corrections(path)
    assert told in str(error.value)


def test_wrong_columns_are_named(tmp_path: Path) -> None:
    path = tmp_path / "corrections.csv"
    path.write_text("quantity_key,field\n", encoding="utf-8")
    with pytest.raises(CorrectionError, match="row 1: the columns must be quantity_key,sentence_fingerprint"):
        read_corrections(path)


def test_declaring_twice_changes_nothing_and_a_new_decision_withdraws_the_old() -> None:
    first = declare([], [correction()])
    assert declare(first, [correction(decided_on=date(2025, 1, 1))]) == first
    dropped = correction(field="decision", old_value="37件", new_value="drop", decided_on=date(2025, 1, 1))
    second = declare(first, [dropped])
    assert {(item.field, item.status) for item in second} == {("value", "withdrawn"), ("decision", "active")}
    third = declare(second, [correction(decided_on=date(2025, 2, 2))])
    assert {(item.field, item.status, item.decided_on) for item in third} == {
        ("value", "active", date(2025, 2, 2)),
        ("decision", "withdrawn", date(2025, 1, 1)),
    }
    # decisions on other numbers stay
    assert set(declare(first, [correction(quantity_key="q" + "0" * 16 + ":1-2")])) >= set(first)


def test_a_decision_is_taken_back_by_its_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(tmp_path)
    other = correction(quantity_key="q" + "0" * 16 + ":1-2")
    write_corrections(settings.corrections, [correction(), correction(field="unit", new_value="人"), other])
    with pytest.raises(FazhiError, match=r"no active decision on q1; `fazhi review status`"):
        withdraw(settings, ["q1"])
    withdraw(settings, [KEY], as_json=True)
    assert json.loads(capsys.readouterr().out)["withdrawn"] == [KEY]
    assert {(item.quantity_key, item.status) for item in read_corrections(settings.corrections)} == {
        (KEY, "withdrawn"),
        (other.quantity_key, "active"),
    }
    assert {(row["quantity_key"], row["outcome"]) for row in status_rows(settings)} == {
        (KEY, "pending"),
        (other.quantity_key, "pending"),
    }
    with pytest.raises(FazhiError, match="no active decision"):
        withdraw(settings, [KEY])


# ── spreadsheets


@pytest.mark.parametrize("text", ["=1+1", "+a", "-a", "@x", "\tx", "\uff1d1", "-5%"])
def test_no_cell_can_be_a_formula(text: str) -> None:
    assert guarded(text) == "'" + text and unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "-5", "+3.5", "56件", "'quoted", "a=b"])
def test_harmless_cells_stay(text: str) -> None:
    assert guarded(text) == text and unguarded(text) == text


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_sheet_is_read_back_as_it_was_written(suffix: str, tmp_path: Path) -> None:
    if suffix == ".xlsx" and not importlib.util.find_spec("openpyxl"):
        pytest.skip("openpyxl is not installed")
    rows = [{**ROW, "sentence": '=HYPERLINK("x"),受理37件\n。', "value": "370000"}, {**ROW, "decision": "accept"}]
    path = tmp_path / f"review{suffix}"
    legend = (("indicator", "name"), [("a", "=b")])
    write_sheet(path, COLUMNS, rows, choices={"decision": ("accept",), "new_indicator": ("a",)}, legend=legend)
    assert read_sheet(path) == rows
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(("charset", "delimiter"), [("gb18030", ","), ("utf-8", ";"), ("utf-8-sig", "\t")])
def test_what_excel_makes_of_a_csv_is_read(charset: str, delimiter: str, tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    with path.open("w", encoding=charset, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["decision", "sentence"], ["accept", "受理,37件;"]])
    assert read_sheet(path) == [{"decision": "accept", "sentence": "受理,37件;"}]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("review.ods", b"", "must end in .csv or .xlsx"),
        ("review.csv", b"", "row 1 must hold the names"),
        ("review.csv", b"a,a\n", "column a stands twice"),
        ("review.csv", b"\xff\xff\xff", "neither UTF-8 nor GBK"),
        ("review.csv", b'a,b\n"x', "not a CSV file"),
        ("review.xlsx", b"no", "not a workbook|openpyxl"),
    ],
)
def test_what_is_no_sheet_is_refused(name: str, data: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(FazhiError, match=told):
        read_sheet(path)


# ── decisions


def decided(**cells: str) -> list[Correction]:
    return corrections_of([{**ROW, **cells}], Path("review.csv"), default_catalogue(), DAY)


def test_decisions_become_corrections() -> None:
    assert decided() == []
    assert decided(decision="accept") == [
        correction(field="decision", old_value="37件", new_value="accept", reason="right as read")
    ]
    changed = decided(
        decision="Change", new_value="３７０,０００", new_indicator="none", new_year="2022", reason=" cut\n off "
    )
    assert {(item.field, item.old_value, item.new_value) for item in changed} == {
        ("value", "37", "370000"),
        ("indicator", "recon_accepted", None),
        ("period_year", "2023", "2022"),
    }
    assert {item.reason for item in changed} == {"cut off"}
    # a number in % is a rate: the kind follows the unit, and the indicator may then be one
    rate = decided(decision="change", new_unit="%", new_indicator="recon_correction_rate", reason="a rate")
    assert {(item.field, item.new_value) for item in rate} == {
        ("unit", "%"),
        ("kind", "rate"),
        ("indicator", "recon_correction_rate"),
    }


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"decision": "aceptt"}, "row 2, column decision: 'aceptt'; allowed: accept, change, drop"),
        ({"reason": "why"}, "column decision: ''"),
        ({"decision": "change", "reason": "why"}, "change with something new in new_indicator, new_value"),
        ({"decision": "change", "new_value": "37", "reason": "why"}, "change with something new"),
        ({"decision": "change", "new_value": "38"}, "row 2, column reason: ''; allowed: some words that say why"),
        ({"decision": "drop"}, "column reason"),
        ({"decision": "accept", "new_value": "38"}, "nothing where the decision is accept"),
        (
            {"decision": "change", "new_value": "37万", "reason": "x"},
            "column new_value: '37万'; allowed: a plain number",
        ),
        ({"decision": "change", "new_year": "去年", "reason": "x"}, "column new_year"),
        ({"decision": "change", "new_unit": "3件", "reason": "x"}, "column new_unit"),
        ({"decision": "change", "new_indicator": "recon_acepted", "reason": "x"}, "did you mean recon_accepted"),
        ({"decision": "change", "new_indicator": "审结行政复议案件数", "reason": "x"}, "did you mean recon_concluded?"),
        ({"decision": "change", "new_indicator": "recon_correction_rate", "reason": "x"}, "is a rate in %"),
        ({"decision": "change", "new_indicator": "law_exam_takers", "reason": "x"}, "the number a count in 件"),
        ({"decision": "change", "new_unit": "%", "reason": "x"}, "column new_unit: '%'; allowed: what goes together"),
        ({"decision": "accept", "quantity_key": "1"}, "column quantity_key"),
        ({"decision": "accept", "sentence_fingerprint": "1"}, "column sentence_fingerprint"),
    ],
)
def test_a_decision_that_cannot_be_taken_is_named(cells: dict[str, str], told: str) -> None:
    with pytest.raises(FazhiError, match="nothing was imported") as error:
        decided(**cells)
    assert told in str(error.value)


def test_all_wrong_rows_are_named_and_missing_columns_too() -> None:
    rows = [{**ROW, "decision": "x"}, {**ROW}, {**ROW, "decision": "drop", "quantity_key": "q" + "1" * 16 + ":0-1"}]
    with pytest.raises(FazhiError) as error:
        corrections_of(rows, Path("review.csv"), default_catalogue(), DAY)
    assert "row 2, column decision" in str(error.value) and "row 4, column reason" in str(error.value)
    with pytest.raises(FazhiError, match="row 2 has another"):
        corrections_of(
            [{**ROW, "decision": "accept"}, {**ROW, "decision": "drop", "reason": "x"}],
            *(Path("review.csv"), default_catalogue(), DAY),
        )
    with pytest.raises(FazhiError, match="row 1: column decision is missing"):
        corrections_of(
            [{name: cell for name, cell in ROW.items() if name != "decision"}],
            *(Path("review.csv"), default_catalogue(), DAY),
        )


# ── with a real build

COUNTY = ("远山县人民政府", "990221")
RECEIVED = ("开头。受理", n("37件", "recon_accepted", confidence=0.2), "。")
CONCLUDED = ("审结", n("30件", "recon_concluded"), "，其中维持", n("20件", "recon_upheld"), "、驳回")
MEETINGS = ("。召开会议", n("12次", confidence=0.3), "。")
TRAININGS = ("培训", n("5次", confidence=0.4), "。")
QUERY = (
    "select raw, value, indicator_id, review, review_reason, confidence from marts.fct_quantity "
    "where report_year = 2023 order by char_start"
)


def staged(settings: Settings, *texts: tuple[str | N, ...]) -> None:
    """Staging as harvests leave it: a report of each year; the last one's page held these texts, one after the other."""
    rows = Rows()
    for year in range(2018, 2023):
        board = n("7块", subject="普法宣传牌")
        rows.add_report(*COUNTY, year, f"{year}年制作普法宣传牌", board, "。", url=f"http://y.invalid/{year}")
    for number, pieces in enumerate(texts):
        seen = {"fetched_at": FETCHED + timedelta(days=number)}
        rows.add_report(*COUNTY, 2023, *pieces, url="http://y.invalid/2023", capture=seen)
    with open_staging(settings.staging) as connection:
        load(connection, rows.tables())


def built(settings: Settings) -> None:
    side, _ = build_marts(settings)
    publish(side, settings.warehouse)


def asked(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def small_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real models on few divisions, without the models' own tests: a build takes a third of the time."""
    project = copied_project(tmp_path)
    shutil.copy(PROJECT / "seeds" / "indicator_catalogue.csv", project / "seeds")
    monkeypatch.setattr("flows.building.build", partial(build, project=project, unit_tests=False))
    return project


@pytest.mark.slow
def test_doubtful_numbers_are_decided_applied_and_followed(
    small_project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, sheet = Settings(tmp_path / "home"), tmp_path / "review.csv"
    before = (*RECEIVED, *CONCLUDED, n("11件", "recon_dismissed"), *MEETINGS, *TRAININGS)
    staged(settings, before)
    built(settings)
    assert status_rows(settings) == []

    def export() -> dict[str, dict[str, str]]:
        export_doubtful(settings, sheet, below=0.8, reports=5, examples=2, most=1000, as_json=True)
        found = read_sheet(sheet)
        told = json.loads(capsys.readouterr().out)
        assert told == {"file": str(sheet), "numbers": len(found), "left_out": 0}
        return {row["raw"]: row for row in found}

    rows = export()
    assert [(raw, re.split("[:,]", row["why"])[0]) for raw, row in rows.items()] == [
        *(("30件", "failed check"), ("20件", "failed check"), ("11件", "failed check")),
        *(("37件", "low confidence"), ("12次", "low confidence"), ("5次", "low confidence"), ("7块", "no indicator")),
    ]
    assert len(read_sheet(sheet)) == 8  # two examples of the frequent subject
    assert rows["37件"]["sentence"] == "受理37件。" and rows["37件"]["indicator_name"] == "受理行政复议案件数"
    assert not any(row[name] for row in rows.values() for name in ASKED)

    rows["37件"].update(decision="change", new_value="370", reason="=a digit is lost")
    rows["11件"].update(decision="change", new_value="10", new_indicator="recon_revoked", reason="\uff1dsee page 3")
    rows["20件"].update(decision="accept")
    rows["12次"].update(decision="drop", reason="not counted")
    rows["5次"].update(decision="accept")
    with sheet.open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows.values())
    with pytest.raises(FazhiError, match="holds 5 decisions that have not been imported"):
        export()
    nothing = fingerprint(settings)
    import_decisions(settings, sheet)
    assert fingerprint(settings) != nothing
    once = settings.corrections.read_bytes()
    import_decisions(settings, sheet, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["numbers"], told["new_or_changed"], told["withdrawn"]) == (5, 0, 0)
    assert settings.corrections.read_bytes() == once
    assert {row["outcome"] for row in status_rows(settings)} == {"pending"}
    assert export().keys() == {"30件", "7块"}

    # two decisions are shipped with the program; on one of the numbers the operator has decided otherwise
    shipped = [
        correction(**{name: rows["37件"][name] for name in ("quantity_key", "sentence_fingerprint")}, new_value="3700"),
        correction(
            **{name: rows["30件"][name] for name in ("quantity_key", "sentence_fingerprint")},
            **{"field": "decision", "old_value": "30件", "new_value": "accept", "reason": "seen"},
        ),
    ]
    write_corrections(small_project / "seeds" / "corrections.csv", shipped)

    # the page changed: a line on top, a sentence gone; and the extractor reads an indicator by itself now
    after = ("本页更新了导航。\n", *RECEIVED, *CONCLUDED, n("11件", "recon_revoked"), *MEETINGS)
    staged(settings, before, after)
    built(settings)
    assert {(row["field"], row["new_value"]): row["outcome"] for row in status_rows(settings) if row["raw"]} == {
        ("value", "370"): "applied",
        ("value", "3700"): "superseded",
        ("value", "10"): "applied",
        ("indicator", "recon_revoked"): "superseded",
        ("decision", "accept"): "applied",
        ("decision", "drop"): "applied",
    }
    lost = [row for row in status_rows(settings) if row["outcome"] == "unmatched"]
    assert [(row["old_value"], row["raw"]) for row in lost] == [("5次", None)]
    assert "no number is read any more" in lost[0]["explanation"]
    assert correction_counts(settings.warehouse) == "5 applied, 2 superseded, 1 unmatched"
    assert asked(settings, QUERY) == [
        ("37件", 370, "recon_accepted", "changed", "=a digit is lost", 1),
        ("30件", 30, "recon_concluded", "accepted", "seen", 1),
        ("20件", 20, "recon_upheld", "accepted", "right as read", 1),
        ("11件", 10, "recon_revoked", "changed", "\uff1dsee page 3", 1),
    ]
    yearly = "select value, raw, review from marts.fct_indicator_yearly where indicator_id = 'recon_accepted'"
    assert asked(settings, yearly) == [(370, "37件", "changed")]
    # 30 = 20 + 10 now
    assert asked(settings, "select count(*) from marts.rpt_reconciliation where verdict = 'fail'") == [(0,)]
    assert export().keys() == {"7块"}
    shown = look_up(settings, "990221-远山县人民政府-2023")
    assert [(mark.quantity.value, mark.review) for mark in shown.marks if mark.review] == [
        *((370, "changed"), (30, "accepted"), (20, "accepted"), (10, "changed")),
    ]
    assert look_up(settings, "http://y.invalid/2023").document.body == shown.document.body


def test_no_warehouse_no_review(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with pytest.raises(WarehouseError, match="there is no warehouse"):
        export_doubtful(settings, tmp_path / "review.csv", below=0.8, reports=5, examples=2, most=10)
    assert not (tmp_path / "review.csv").exists()


@pytest.mark.slow
def test_the_sample_is_reviewed_rebuilt_and_shown(undisturbed: tuple[Fazhi, str], tmp_path: Path) -> None:
    fazhi, sheet, page = copy_of(undisturbed[0], tmp_path / "home"), tmp_path / "review.csv", tmp_path / "page.html"
    result = fazhi("review", "export", sheet)
    assert result.returncode == 0, result.stderr
    rows = read_sheet(sheet)
    assert any(row["why"].startswith("failed check") for row in rows)
    changed, dropped = rows[0], rows[-1]
    changed.update(decision="change", new_value="777001", reason="the table says so")
    dropped.update(decision="drop", reason="not a quantity")
    write_sheet(sheet, COLUMNS, rows, choices={}, legend=((), ()))
    for _ in range(2):
        result = fazhi("review", "import", sheet)
        assert result.returncode == 0, result.stderr
    result = fazhi("build")
    assert result.returncode == 0, result.stderr
    assert "2 applied" in result.stderr
    status = json.loads(fazhi("review", "status", "--json").stdout)
    assert {(row["field"], row["outcome"], row["report_id"]) for row in status} == {
        ("value", "applied", changed["report_id"]),
        ("decision", "applied", dropped["report_id"]),
    }
    found = fazhi.rows("select raw, review_reason from marts.fct_quantity where value = 777001")
    assert found == [(changed["raw"], "the table says so")]
    before = undisturbed[0].rows("select count(*) from marts.fct_quantity")[0][0]
    assert fazhi.rows("select count(*) from marts.fct_quantity")[0][0] == before - 1  # type: ignore[operator]

    for target in (changed["report_id"], changed["url"]):
        result = fazhi("show", target, "--html", page)
        assert result.returncode == 0, result.stderr
        shown = page.read_text("utf-8")
        assert "人工更正 corrected: the table says so" in shown and "777,001" in shown
        assert f"<td>{changed['report_id']}</td>" in re.sub(r' colspan="2"', "", shown)
    printed = fazhi("show", changed["report_id"]).stdout
    assert "changed: the table says so" in printed
