"""The whole path on the sample portal: one run, the second run, files from outside, rebuilding from the archive."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from scrapers.sample.truth import true_reports
from tests.flows.conftest import Fazhi, differences

pytestmark = pytest.mark.slow


def copy_of(fazhi: Fazhi, target: Path) -> Fazhi:
    shutil.copytree(fazhi.home, target, ignore=shutil.ignore_patterns("prefect", "write.lock"))
    return Fazhi(target, fazhi.environment["PREFECT_API_URL"])


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_sample_report_arrives_with_publisher_region_year_and_dates(undisturbed: tuple[Fazhi, str]) -> None:
    """Publishers as the pages print them: with or without the divisions above."""
    fazhi, _ = undisturbed
    found = {
        (region, year, str(published), publisher)
        for region, year, published, publisher in fazhi.rows(
            "select region_code, report_year, published_on, publisher from marts.fct_report"
        )
    }
    wanted = {
        (report.region_code, report.report_year, str(report.published_on), report.publisher)
        for report in true_reports()
    }
    assert {row[:3] for row in found} == {row[:3] for row in wanted}
    assert len(found) == len(wanted)
    for row, true in zip(sorted(found), sorted(wanted), strict=True):
        assert true[3].endswith(str(row[3]))


def test_summary_says_what_was_done(undisturbed: tuple[Fazhi, str]) -> None:
    _, printed = undisturbed
    for figure in ("sources", "requests", "new reports", "quantities", "failed checks", "warehouse.duckdb"):
        assert figure in printed


def test_second_run_finds_nothing_and_changes_nothing(undisturbed: tuple[Fazhi, str], tmp_path: Path) -> None:
    fazhi = copy_of(undisturbed[0], tmp_path / "home")
    before = digest(fazhi.warehouse)
    result = fazhi("run")
    assert result.returncode == 0, result.stderr
    assert digest(fazhi.warehouse) == before
    runs = [json.loads(line) for line in (fazhi.home / "logs" / "events.jsonl").read_text("utf-8").splitlines()]
    last = next(event for event in reversed(runs) if event["step"] == "harvest" and event["event"] == "finished")
    assert (last["new"], last["changed"]) == (0, 0)


def test_rebuilding_from_the_archive_gives_the_same_tables(undisturbed: tuple[Fazhi, str], tmp_path: Path) -> None:
    fazhi = copy_of(undisturbed[0], tmp_path / "home")
    for path in (fazhi.home / "archive").glob("index.sqlite*"):
        path.unlink()
    assert fazhi("archive", "reindex").returncode == 0
    result = fazhi("build", "--from-archive")
    assert result.returncode == 0, result.stderr
    assert differences(fazhi, undisturbed[0]) == {}


def test_failed_marts_gate_leaves_the_published_bytes(undisturbed: tuple[Fazhi, str], tmp_path: Path) -> None:
    """Half of the archive is lost: reports that were published would vanish, which no reason explains."""
    fazhi = copy_of(undisturbed[0], tmp_path / "home")
    before = digest(fazhi.warehouse)
    archive = fazhi.home / "archive"
    for path in [*archive.glob("index.sqlite*"), *sorted(archive.glob("*.warc.gz"))[:2]]:
        path.unlink()
    assert fazhi("archive", "reindex").returncode == 0
    result = fazhi("build", "--from-archive")
    assert result.returncode == 3, result.stderr
    assert "nothing was published and the old warehouse stays" in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    report = max((fazhi.home / "reports").glob("*-marts/marts.json"))
    assert json.loads(report.read_text("utf-8"))["passed"] is False
    assert digest(fazhi.warehouse) == before


def test_ingesting_the_reference_reports(undisturbed: tuple[Fazhi, str], tmp_path: Path, shared: Path) -> None:
    fazhi = copy_of(undisturbed[0], tmp_path / "home")
    before = fazhi.rows("select count(*) from marts.fct_report")[0][0]
    result = fazhi("ingest", shared / "seeds")
    assert result.returncode == 0, result.stderr
    seeds = "from marts.fct_report where source_id = 'ingest'"
    found = {
        (region, year, published and str(published))
        for region, year, published in fazhi.rows(f"select region_code, report_year, published_on {seeds}")
    }
    gold = json.loads((shared / "gold" / "seed_documents.json").read_text("utf-8"))
    assert found == {
        (item["fields"]["region_code"], item["fields"]["report_year"], item["fields"]["published_on"]) for item in gold
    }
    assert fazhi.rows("select count(*) from marts.fct_report")[0][0] == before + 5
    with_evidence = f"select count(*) from marts.fct_quantity where report_id in (select report_id {seeds}) and sentence like '%'||raw||'%'"
    assert fazhi.rows(with_evidence)[0][0] >= 200
    again = digest(fazhi.warehouse)
    assert fazhi("ingest", shared / "seeds").returncode == 0
    assert digest(fazhi.warehouse) == again
