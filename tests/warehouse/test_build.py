"""The build on made rows: what the marts hold, that two builds are equal, that a failed one says which node."""

from __future__ import annotations

import json
import re
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.conftest import Built, copied_project, staged
from tests.warehouse.made import n, sound
from warehouse.dbt import build
from warehouse.errors import BuildFailed, WarehouseError

MARTS = {
    "dim_indicator",
    "dim_publisher",
    "dim_region",
    "fct_indicator_yearly",
    "fct_quantity",
    "fct_report",
    "fct_report_section",
    "fct_report_version",
    "rpt_coverage",
    "rpt_harvest",
    "rpt_reconciliation",
}


def rows(side: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(side), read_only=True) as con:
        return con.execute(sql).fetchall()


def test_what_a_condition_hides_from_a_whole_build_is_named(built: Built) -> None:
    """dbt goes on with what it read for a whole build: a model that only an increment reads must be known to it."""
    from dbt.contracts.graph.manifest import Manifest

    read = built.side.parent / "built-work" / "target" / "partial_parse.msgpack"
    nodes = Manifest.from_msgpack(read.read_bytes()).nodes.values()
    models = [node for node in nodes if node.resource_type == "model" and "flags.FULL_REFRESH" in node.raw_code]
    assert "fct_indicator_yearly" in {node.name for node in models}
    named = {node.name: {depended.split(".")[-1] for depended in node.depends_on.nodes} for node in models}
    read_by = {node.name: set(re.findall(r"ref\('(\w+)'\)", node.raw_code)) for node in models}
    assert {name: read_by[name] - named[name] for name in named if read_by[name] - named[name]} == {}


def test_the_side_file_holds_the_marts_and_nothing_else(built: Built) -> None:
    found = rows(built.side, "select schema_name, table_name from duckdb_tables()")
    assert {schema for schema, _ in found} == {"marts"}
    assert {table for _, table in found} >= MARTS
    assert rows(built.side, "select view_name from duckdb_views() where not internal") == []
    assert built.result.nodes["unit_test"] >= 6


def test_every_table_and_column_is_described_in_both_languages(built: Built) -> None:
    found = rows(
        built.side,
        "select table_name, '', comment from duckdb_tables() union all "
        "select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts'",
    )
    bare = [
        f"{table}.{column}"
        for table, column, comment in found
        if not comment or comment.isascii() or not any(letter.isascii() and letter.isalpha() for letter in str(comment))
    ]
    assert bare == []


def test_a_report_on_two_portals_is_one_report(built: Built) -> None:
    found = rows(
        built.side,
        "select report_id, publisher_id, region_name, appearances, versions, source_id from marts.fct_report order by 1",
    )
    district = "青禾省青禾市柳渡区"
    assert found == [
        ("980122-人民政府-2022", "980122-人民政府", district, 1, 1, "liudu"),
        ("980122-人民政府-2023", "980122-人民政府", district, 2, 2, "liudu"),
        ("980200-人民政府-2022", "980200-人民政府", "青禾省白塔市", 1, 1, "baita"),
        ("980200-人民政府-2023", "980200-人民政府", "青禾省白塔市", 1, 1, "baita"),
    ]
    kept = rows(built.side, "select genre, exclusion_reason from marts.fct_report_version where report_id is null")
    assert kept == [("other", "other_genre")]


def test_yearly_values_lead_to_their_sentence(built: Built) -> None:
    found = rows(
        built.side,
        "select value, raw, chosen_by, quality_flag, sentence from marts.fct_indicator_yearly "
        "where publisher_id = '980122-人民政府' and indicator_id = 'reconsideration_concluded' and report_year = 2023",
    )
    assert found == [
        (100, "100件", "only_candidate", "ok", "受理行政复议案件120件，审结100件，其中维持70件，撤销20件，驳回10件。")
    ]


def test_checks_of_sound_reports_pass(built: Built) -> None:
    found = rows(
        built.side,
        "select kind, verdict, explanation, count(*) from marts.rpt_reconciliation group by all order by all",
    )
    assert found == [
        ("catalogue_parts", "pass", "the parts add up", 4),
        ("catalogue_rate", "pass", "rounded as printed", 4),
        ("sentence_parts", "pass", "the parts add up", 4),
        ("sentence_rate", "pass", "rounded as printed", 4),
    ]
    (inputs,) = rows(
        built.side,
        "select inputs from marts.rpt_reconciliation where kind = 'sentence_parts' and report_id = '980122-人民政府-2022'",
    )[0]
    assert [(item["role"], item["value"]) for item in json.loads(str(inputs))] == [
        ("total", 80),
        ("part", 50),
        ("part", 20),
        ("part", 10),
    ]


def test_coverage_is_judged_on_the_day_of_the_latest_harvest(built: Built) -> None:
    found = rows(
        built.side,
        "select report_year, status, as_of::varchar, count(*) from marts.rpt_coverage group by all order by 1",
    )
    assert found == [(2022, "published", "2024-05-06", 2), (2023, "published", "2024-05-06", 2)]


def test_regions_carry_the_code_of_their_year(built: Built) -> None:
    found = rows(
        built.side,
        "select min(year), max(year), region_code, name from marts.dim_region where short_name = '柳渡' group by 3, 4 order by 1",
    )
    assert found == [(1980, 2011, "980121", "柳渡县"), (2012, 2024, "980122", "柳渡区")]


@pytest.mark.slow
def test_two_builds_are_equal(built: Built, project: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.duckdb"
    result = build(staging=built.staging, side=again, work=tmp_path / "work", project=project, unit_tests=False)
    assert "unit_test" not in result.nodes and result.nodes["test"] > 40
    with duckdb.connect() as con:
        con.execute(f"attach '{built.side}' as one (read_only); attach '{again}' as two (read_only)")
        for table in sorted(MARTS):
            # as they stand, order included; but reports, whose texts would all be held at once to be sorted
            order = "order by all" if table == "fct_report" else ""
            one = con.execute(f"select * from one.marts.{table} {order}").fetchall()
            assert one == con.execute(f"select * from two.marts.{table} {order}").fetchall(), table
            assert one, f"{table} is empty"


def test_no_staging_no_build(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="harvest or ingest first"):
        build(staging=tmp_path / "none.duckdb", side=tmp_path / "side.duckdb", work=tmp_path / "work")


@pytest.mark.slow
def test_a_failed_build_names_its_node(tmp_path: Path) -> None:
    broken = copied_project(tmp_path)
    catalogue = broken / "seeds" / "indicator_catalogue.csv"
    text = catalogue.read_text(encoding="utf-8")
    catalogue.write_text(
        text.replace("reconsideration_upheld,维持", "reconsideration_concluded,维持"), encoding="utf-8"
    )
    made = sound()
    made.add_report("白塔市教育局", "980200", 2023, "开展培训", n("4场"), "。")
    with pytest.raises(BuildFailed) as failed:
        build(
            staging=staged(tmp_path / "staging.duckdb", made),
            side=tmp_path / "side.duckdb",
            work=tmp_path / "work",
            project=broken,
        )
    assert "unique_stg_indicator_indicator_id" in failed.value.failures


def test_a_project_that_cannot_be_read_is_told_and_leaves_no_side_file(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    (broken / "models").mkdir(parents=True)
    (broken / "dbt_project.yml").write_text("name: broken\nprofile: fazhi\nconfig-version: 2\n", encoding="utf-8")
    (broken / "models" / "one.sql").write_text("select {{ ref('no_such_model') }}", encoding="utf-8")
    staging, side = staged(tmp_path / "staging.duckdb", sound()), tmp_path / "side.duckdb"
    with pytest.raises(BuildFailed, match="no_such_model") as failed:
        build(staging=staging, side=side, work=tmp_path / "work", project=broken)
    assert set(failed.value.failures) == {"dbt"}
    assert not side.exists()
