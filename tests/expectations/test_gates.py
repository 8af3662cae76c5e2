"""Deliberate defects, each caught by the check that is named for it; a failing gate leaves what is published alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from expectations.checks import load_checks
from expectations.gates import GateFailed, GateResult, rows_of, run_gate
from tests.warehouse.conftest import Built, staged
from tests.warehouse.made import Rows, sound
from warehouse.publish import publish
from warehouse.staging import SCHEMA, load

# what is done to the made rows → the check of the staging gate that must say so
STAGING_DEFECTS: dict[str, Callable[[Rows], object]] = {
    "quantity_span_is_raw": lambda rows: rows.quantity[0].update(char_start=rows.quantity[0]["char_start"] - 1),
    "quantity_sentence_holds_raw": lambda rows: rows.quantity[1].update(sentence="另一个句子。"),
    "quantity_kind_known": lambda rows: rows.quantity[2].update(kind="number"),
    "quantity_count_not_negative": lambda rows: rows.quantity[3].update(value=-3.0),
    "quantity_stated_zero_is_zero": lambda rows: rows.quantity[6].update(kind="stated_zero"),
    "quantity_value_finite": lambda rows: rows.quantity[7].update(value=float("nan")),
    "quantity_section_known": lambda rows: rows.quantity[8].update(section_no=77),
    "section_inside_body": lambda rows: rows.section[0].update(char_end=10**6),
    "section_part_known": lambda rows: rows.section[1].update(part="results"),
    "document_genre_known": lambda rows: rows.document[5].update(genre="news"),
    "document_region_format": lambda rows: rows.document[0].update(region_code="98012"),
    "document_json_valid": lambda rows: rows.document[1].update(warnings="[unclosed"),
    "document_year_plausible": lambda rows: rows.document[2].update(report_year=1022),
    "document_same_hash_same_length": lambda rows: rows.document[3].update(body_sha256=rows.document[2]["body_sha256"]),
    "document_capture_known": lambda rows: rows.capture.pop(4),
    "capture_role_known": lambda rows: rows.capture[0].update(role="picture"),
    "capture_hash_format": lambda rows: rows.capture[1].update(content_sha256="abc"),
    "capture_time_plausible": lambda rows: rows.capture[2].update(
        fetched_at=rows.capture[2]["fetched_at"].replace(year=2031)
    ),
    "capture_url_absolute": lambda rows: rows.capture[3].update(url="index_1.html"),
    "harvest_status_known": lambda rows: rows.harvest_run[0].update(status="fine"),
    "harvest_counts_not_negative": lambda rows: rows.harvest_run[1].update(failed=-1),
    "source_status_known": lambda rows: rows.source[0].update(status="asleep"),
    # reported, but nothing is stopped
    "document_year_before_publication": lambda rows: rows.document[4].update(report_year=2030),
    "document_report_has_publisher": lambda rows: rows.document[4].update(publisher=None),
    "document_characters_whole": lambda rows: rows.document[4].update(warnings='[{"code":"garbled_characters"}]'),
}

# the load itself refuses it, so it is done to what was loaded
BEHIND_THE_LOAD = {
    "quantity_document_known": "update {staging}.quantity set capture_id = repeat('f', 16) "
    "where rowid = (select max(rowid) from {staging}.quantity)",
}

# a span elsewhere is not in its sentence either, a quantity of no document is in no section, and so on
ALSO = {
    "quantity_span_is_raw": {"quantity_sentence_holds_raw"},
    "quantity_document_known": {"quantity_section_known"},
    "quantity_value_finite": {"quantity_rate_in_percent"},
}

# what is done to a finished side file → the check of the marts gate that must say so
MARTS_DEFECTS = {
    "yearly_evidence_agrees": "update marts.fct_indicator_yearly set value = value * 10000 where report_year = 2022",
    "yearly_failed_is_flagged": "update marts.fct_indicator_yearly set failed_checks = 1 where report_year = 2023",
    "version_one_current": "update marts.fct_report_version set is_current = false where report_year = 2022",
    "marts_only": "create schema scratch; create table scratch.left_over as select 1",
    "check_inputs_valid": "update marts.rpt_reconciliation set inputs = '[' where kind = 'sentence_rate'",
    "yearly_key_unique": "insert into marts.fct_indicator_yearly select * from marts.fct_indicator_yearly limit 1",
    "coverage_knows_every_report": "delete from marts.rpt_coverage where report_year = 2022",
    "correction_outcome_known": "insert into marts.rpt_correction by name select 'x' as correction_id, 'cx:0-1' as "
    "quantity_key, 'value' as field, 'active' as status, 'operator' as origin, 'ignored' as outcome, '' as explanation",
    "correction_applied_is_to_be_seen": "insert into marts.rpt_correction by name select 'y' as correction_id, 'cy:0-1' as "
    "quantity_key, 'unit' as field, 'active' as status, 'operator' as origin, 'applied' as outcome, '' as explanation, "
    "(select min(quantity_id) from marts.fct_quantity) as quantity_id",
    "correction_finds_its_number": "insert into marts.rpt_correction by name select 'z' as correction_id, 'cz:0-1' as "
    "quantity_key, 'unit' as field, 'active' as status, 'operator' as origin, 'unmatched' as outcome, '' as explanation",
    "build_counts_agree": "update marts.rpt_build set quantities = quantities + 1",
    "marts_all_described": "comment on column marts.fct_report.body is null",
}


def failed(result: GateResult) -> set[str]:
    return {check.name for check in result.checks if not check.passed}


@pytest.mark.slow
def test_sound_staging_passes_and_reports(built: Built, tmp_path: Path) -> None:
    result = run_gate("staging", built.staging, tmp_path / "reports")
    assert failed(result) == set()
    assert result.passed
    written = json.loads(result.report_path.read_text(encoding="utf-8"))
    assert written["passed"] and len(written["checks"]) == len(load_checks("staging"))
    assert result.data_docs_path.exists()
    assert "capture_any" in "".join(
        page.read_text(encoding="utf-8") for page in result.data_docs_path.parent.rglob("*.html")
    )


@pytest.mark.slow
def test_each_defect_in_staging_is_caught_by_its_check(tmp_path: Path) -> None:
    rows = sound()
    for spoil in STAGING_DEFECTS.values():
        spoil(rows)
    path = staged(tmp_path / "staging.duckdb", rows)
    with duckdb.connect(str(path)) as con:
        for statement in BEHIND_THE_LOAD.values():
            con.execute(statement.format(staging="staging.staging"))
    result = run_gate("staging", path, tmp_path / "reports")
    assert not result.passed
    assert {*STAGING_DEFECTS, *BEHIND_THE_LOAD} - failed(result) == set()
    severities = {check.name: check.severity for check in result.checks}
    assert severities["document_report_has_publisher"] == "warning"
    (span,) = [check for check in result.checks if check.name == "quantity_span_is_raw"]
    assert rows.quantity[0]["capture_id"] in span.detail and not span.detail.startswith("the check itself broke")


def test_each_defect_alone_is_caught_by_the_check_that_is_named_for_it() -> None:
    """Where the check is SQL of ours, asked without Great Expectations; the other checks have nothing to say."""
    checks = [check for check in load_checks("staging") if check.rows and not check.needs_previous]
    alone = [check.name for check in checks if check.name in {*STAGING_DEFECTS, *BEHIND_THE_LOAD}]
    assert len(alone) >= 10
    for name in ("nothing", *alone):
        rows = sound()
        STAGING_DEFECTS.get(name, lambda rows: None)(rows)
        with duckdb.connect() as con:
            con.execute(SCHEMA.read_text(encoding="utf-8"))
            load(con, rows.tables())
            con.execute(BEHIND_THE_LOAD.get(name, "").format(staging="staging"))
            found = {check.name for check in checks if con.execute(rows_of(check, "staging")).fetchall()}
        assert found == ({name} & set(alone)) | ALSO.get(name, set()), name


@pytest.mark.slow
def test_what_passed_once_is_not_asked_about_again(tmp_path: Path) -> None:
    rows = sound()
    (spoilt, other) = dict.fromkeys(row["capture_id"] for row in rows.quantity[:12])
    STAGING_DEFECTS["quantity_span_is_raw"](rows)
    STAGING_DEFECTS["document_report_has_publisher"](rows)
    path = staged(tmp_path / "staging.duckdb", rows)
    known = run_gate("staging", path, tmp_path / "known", unchecked=[other])
    # a warning is told again for as long as there is reason for it
    assert failed(known) == {"document_report_has_publisher"}
    new = run_gate("staging", path, tmp_path / "new", unchecked=[spoilt])
    assert {"quantity_span_is_raw", "quantity_sentence_holds_raw"} <= failed(new)
    (span,) = [check for check in new.checks if check.name == "quantity_span_is_raw"]
    assert spoilt in span.detail and span.observed == "1"
    assert run_gate("staging", path, tmp_path / "none", unchecked=[]).passed


@pytest.mark.slow
def test_what_is_new_is_compared_with_what_is_known(tmp_path: Path) -> None:
    rows = sound()
    STAGING_DEFECTS["document_same_hash_same_length"](rows)
    path = staged(tmp_path / "staging.duckdb", rows)
    for number, broken in ((3, {"document_same_hash_same_length"}), (0, set())):
        unchecked = [rows.document[number]["capture_id"]]
        assert failed(run_gate("staging", path, tmp_path / str(number), unchecked=unchecked)) == broken


@pytest.mark.slow
def test_a_new_value_is_looked_up_in_its_own_report(built: Built, tmp_path: Path) -> None:
    side = tmp_path / "side.duckdb"
    shutil.copy(built.side, side)
    with duckdb.connect(str(side)) as con:
        (one, other) = con.execute("select distinct publisher_id from marts.fct_indicator_yearly limit 2").fetchall()
        con.execute("update marts.fct_report set body = repeat('空', length(body)) where publisher_id = ?", one)
    broken = failed(run_gate("marts", side, tmp_path / "new", unchecked=one))
    assert "yearly_evidence_in_body" in broken
    assert "yearly_evidence_in_body" not in failed(run_gate("marts", side, tmp_path / "known", unchecked=other))


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{name: late, severity: warning, once: capture_id, rows: select 1}", "late: `once` is for"),
        ("{name: wide, severity: error, beside: [section], rows: select 1}", "wide: `beside` is for"),
    ],
)
def test_only_an_errors_rows_are_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entry: str, message: str
) -> None:
    (tmp_path / "staging.yml").write_text(f"- table: document\n  checks: [{entry}]\n", encoding="utf-8")
    monkeypatch.setattr("expectations.checks.SUITES", tmp_path)
    with pytest.raises(ValueError, match=message):
        load_checks("staging")


@pytest.mark.slow
def test_each_defect_in_the_marts_is_caught_and_nothing_is_published(built: Built, tmp_path: Path) -> None:
    side, target = tmp_path / "side.duckdb", tmp_path / "warehouse.duckdb"
    shutil.copy(built.side, side)
    shutil.copy(built.side, tmp_path / "first.duckdb")
    publish(tmp_path / "first.duckdb", target)
    unspoilt = run_gate("marts", side, tmp_path / "reports", previous=target)
    assert unspoilt.passed
    assert failed(unspoilt) == set()

    with duckdb.connect(str(side)) as con:
        for statement in MARTS_DEFECTS.values():
            con.execute(statement)
    with duckdb.connect(str(target)) as con:  # what the side file has lost
        con.execute(
            "insert into marts.fct_report select * replace (report_id || 'x' as report_id, "
            "body_sha256 || 'x' as body_sha256, 'ingest' as source_id) from marts.fct_report"
        )
        con.execute(
            "insert into marts.fct_quantity select held.* replace (quantity_id || ':' || number as quantity_id) "
            "from marts.fct_quantity as held, range(20) as copies (number)"
        )
    before = target.read_bytes()
    result = run_gate("marts", side, tmp_path / "reports", previous=target)
    assert not result.passed
    drops = {"report_drop_by_source_and_year", "report_drop_in_total", "quantity_drop_by_source_and_year"}
    assert set(MARTS_DEFECTS) | drops <= failed(result)
    if result.passed:  # what every caller does
        publish(side, target)
    assert target.read_bytes() == before


@pytest.mark.slow
def test_a_check_that_breaks_is_no_failed_check(built: Built, tmp_path: Path) -> None:
    staging = tmp_path / "staging.duckdb"
    shutil.copy(built.staging, staging)
    with duckdb.connect() as con:
        con.execute(f"attach '{staging}' as store")
        con.execute("alter table store.staging.quantity rename column raw to printed")
    result = run_gate("staging", staging, tmp_path / "reports")
    broken = {check.name: check for check in result.checks if check.detail.startswith("the check itself broke")}
    assert set(broken) >= {"quantity_span_is_raw", "quantity_spans_apart", "quantity_period_plausible"}
    assert {check.severity for check in broken.values()} == {"error"}
    assert not result.passed
    assert "quantity_kind_known" not in broken


def test_a_gate_without_its_database_says_so(tmp_path: Path) -> None:
    with pytest.raises(GateFailed, match="does not exist"):
        run_gate("staging", tmp_path / "staging.duckdb", tmp_path / "reports")
    duckdb.connect(str(tmp_path / "bare.duckdb")).close()
    with pytest.raises(GateFailed, match=r"lacks the tables .*fct_report"):
        run_gate("marts", tmp_path / "bare.duckdb", tmp_path / "reports")


@pytest.mark.parametrize("suite", ["staging", "marts"])
def test_every_check_says_whether_it_stops_publishing(suite: str) -> None:
    checks = load_checks(suite)
    assert len(checks) >= 25
    assert {check.severity for check in checks} == {"error", "warning"}
    assert all("{batch}" in check.rows for check in checks if check.rows)
