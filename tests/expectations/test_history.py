"""Gate results go into a file, and from there into each database that is published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

import expectations.history
from expectations.gates import CheckResult, GateResult
from expectations.history import COLUMNS, keep_history, record

AT = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


def _result(name: str, passed: bool) -> GateResult:
    checks = (
        CheckResult("report_any", "error", passed, "0" if not passed else "12", "" if passed else "空表: no rows"),
        CheckResult("report_lost", "warning", True, "0", ""),
    )
    return GateResult(name, passed, checks, Path("report.json"), Path("index.html"))


def _database(path: Path) -> Path:
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with duckdb.connect(str(path)) as con:
        con.execute(f"create schema marts; create table marts.rpt_gate ({columns})")
    return path


def test_failed_gates_are_told_of_with_the_next_build(tmp_path: Path) -> None:
    history = tmp_path / "reports" / "history.jsonl"
    record(_result("marts", passed=False), history, AT)
    record(_result("marts", passed=True), history, AT.replace(hour=9))
    with history.open("a", encoding="utf-8") as file:
        file.write('{"checked_at": "2031-05-06T10:00:00+00:00", "gate": "ma')  # killed while it wrote
    database = _database(tmp_path / "side.duckdb")
    assert keep_history(history, database) == 4
    assert keep_history(history, database) == 4
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        rows = con.execute(
            "select hour(checked_at), passed, observed, detail from marts.rpt_gate where check_name = 'report_any' order by 1"
        ).fetchall()
    assert rows == [(7, False, "0", "空表: no rows"), (9, True, "12", "")]


def test_old_results_are_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expectations.history, "KEEP_LINES", 2)
    history = tmp_path / "history.jsonl"
    for hour in (7, 8, 9):
        record(_result("staging", passed=True), history, AT.replace(hour=hour))
    database = _database(tmp_path / "side.duckdb")
    assert keep_history(history, database) == 2
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute("set timezone = 'UTC'")
        assert con.execute("select distinct hour(checked_at) from marts.rpt_gate").fetchall() == [(9,)]


def test_without_history_nothing_is_changed(tmp_path: Path) -> None:
    assert keep_history(tmp_path / "none.jsonl", tmp_path / "none.duckdb") == 0
