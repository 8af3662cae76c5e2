"""The commands on a published warehouse: snapshots, rollback, diff, export, search, as an analyst calls them."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.errors import FazhiError, WrongUsage
from flows.publishing import bring_along, remember
from flows.settings import Settings
from tests.flows.conftest import Fazhi
from warehouse.errors import WarehouseError
from warehouse.snapshots import publish_snapshot

pytestmark = pytest.mark.slow
Command = Callable[..., str]


@pytest.fixture
def home(undisturbed: tuple[Fazhi, str], tmp_path: Path) -> Path:
    """A copy of the sample's published files, and a second state in which one report is gone and another is renamed."""
    for name in ("warehouse.duckdb", "search.duckdb", "published.json"):
        shutil.copy(undisturbed[0].home / name, tmp_path / name)
    settings = Settings(tmp_path)
    side = tmp_path / "side.duckdb"
    shutil.copyfile(settings.warehouse, side)
    with duckdb.connect(str(side)) as con:
        con.execute("delete from marts.fct_report where report_id = (select min(report_id) from marts.fct_report)")
        con.execute(
            "update marts.fct_report set title = '=新题' where report_id = (select max(report_id) from marts.fct_report)"
        )
    at = datetime(2100, 1, 2, tzinfo=UTC)
    snapshot = publish_snapshot(side, settings.warehouse, settings.snapshots, fingerprint="second", at=at, keep=5)
    bring_along(settings)
    remember(settings, snapshot)
    return tmp_path


@pytest.fixture
def fazhi(home: Path) -> Command:
    def call(*arguments: str) -> str:
        result = CliRunner().invoke(app, arguments, env={"FAZHI_HOME": str(home)}, catch_exceptions=True)
        if isinstance(result.exception, FazhiError | WarehouseError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return call


def test_rollback_takes_everything_along_and_back(home: Path, fazhi: Command) -> None:
    second, first = json.loads(fazhi("snapshots", "--json"))
    assert (second["snapshot_id"], second["is_current"], first["is_current"]) == ("2100-01-02-01", True, False)
    assert second["fct_report"] == first["fct_report"] - 1
    fazhi("rollback")
    assert [item["is_current"] for item in json.loads(fazhi("snapshots", "--json"))] == [False, True]
    state = json.loads((home / "published.json").read_text(encoding="utf-8"))
    assert state["snapshot"] == first["snapshot_id"] and state["fingerprint"] != "second"
    with duckdb.connect() as con:
        counts = con.execute(f"select count(*) from '{home}/export/fct_report.parquet'").fetchall()
    assert counts == [(first["fct_report"],)]
    with duckdb.connect(str(home / "search.duckdb"), read_only=True) as con:
        assert con.execute("select count(*), any_value(snapshot_id) from report, state").fetchall() == [
            (first["fct_report"], first["snapshot_id"])
        ]
    told = json.loads(fazhi("rollback", "2100-01-02-01", "--json"))
    assert (told["snapshot_id"], told["was"], told["changed"]) == ("2100-01-02-01", first["snapshot_id"], True)
    assert json.loads(fazhi("rollback", told["newest"], "--json"))["changed"] is False
    assert json.loads((home / "published.json").read_text(encoding="utf-8"))["fingerprint"] == "second"
    with pytest.raises(WarehouseError, match="no snapshot 1999-01-01-01"):
        fazhi("rollback", "1999-01-01-01")


def test_diff(fazhi: Command) -> None:
    found = json.loads(fazhi("diff", "--json"))
    changed = {
        name: table for name, table in found["tables"].items() if table["added"] + table["removed"] + table["changed"]
    }
    assert list(changed) == ["fct_report"]
    assert (changed["fct_report"]["removed"], changed["fct_report"]["changed_columns"]) == (1, {"title": 1})
    detail = json.loads(fazhi("diff", "current", "previous", "--table", "fct_report", "--json"))
    assert [item["change"] for item in detail["changes"]] == ["added", "changed"]
    assert detail["changes"][1]["values"]["title"]["old"] == "=新题"
    assert "title (1)" in fazhi("diff")


def test_export(home: Path, fazhi: Command, tmp_path: Path) -> None:
    assert "fct_report" in fazhi("export", "--table", "fct_report")
    with (home / "exports" / "csv" / "fct_report.csv").open(encoding="utf-8-sig", newline="") as opened:
        assert "'=新题" in [row["title"] for row in csv.DictReader(opened)]
    fazhi("export", "-f", "xlsx", "-t", "fct_report", "-t", "rpt_coverage", "-o", str(tmp_path / "out"))
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["fazhi.xlsx", "manifest.json"]
    told = json.loads(fazhi("export", "--table", "fct_report", "-f", "parquet", "--to", f"{tmp_path}/there", "--json"))
    ((reports,),) = duckdb.sql(f"select count(*) from '{told['folder']}/{told['files'][0]['file']}'").fetchall()
    assert told["files"][0]["tables"] == {"fct_report": reports}
    assert told["sent_to"] and (tmp_path / "there" / "fct_report.parquet").exists()
    with pytest.raises(WrongUsage, match="--format ods: one of csv, xlsx, parquet"):
        fazhi("export", "-f", "ods")


def test_search(fazhi: Command) -> None:
    found = json.loads(
        fazhi("search", "行政复议", "--year", "2022-2023", "--region", "990100", "--limit", "5", "--json")
    )
    assert found and all(2022 <= hit["report_year"] <= 2023 and hit["region_code"].startswith("9901") for hit in found)
    for hit in found:
        marked = [hit["snippet"][start:end] for start, end in hit["highlights"]]
        assert any("行政复议" in words for words in marked), hit
    numbers = json.loads(fazhi("search", "行政复议", "--quantities", "--json"))
    assert numbers and all(hit["raw"] in hit["snippet"] or "…" in hit["snippet"] for hit in numbers)
    assert "words: 复议 行政 行政复议" in fazhi("search", "行政复议")
    assert json.loads(fazhi("query", "select count(*) > 0 as ok from search.sentences('行政复议')", "--json")) == [
        {"ok": True}
    ]
    with pytest.raises(FazhiError, match="--year 20"):
        fazhi("search", "行政复议", "--year", "20")


def test_dictionary(fazhi: Command) -> None:
    assert fazhi("dictionary").startswith("# Data dictionary") and fazhi("dictionary", "--lang", "zh").startswith(
        "# 数据字典"
    )
    tables = {table["table"]: table for table in json.loads(fazhi("dictionary", "--json"))}
    key, *others = tables["fct_report"]["columns"]
    assert (key["name"], key["key"]) == ("report_id", True)
    assert {name for column in others for name in column["refers_to"]} >= {"dim_publisher.publisher_id"}
    assert any(column["values"] for column in others)
    with pytest.raises(FazhiError, match="--lang fr"):
        fazhi("dictionary", "--lang", "fr")
