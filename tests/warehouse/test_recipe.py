"""Whether a build goes on from the published warehouse: each reason against it, in words that the operator is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from warehouse.connect import open_side
from warehouse.recipe import day_despite_clock, reason_for_whole, recipe_of

CAPTURES = 10
NOW, SLACK = datetime(2031, 5, 10, 21, tzinfo=UTC), timedelta(hours=4)


@pytest.fixture
def staging(tmp_path: Path) -> Path:
    path = tmp_path / "staged.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema staging")
        con.execute("create table staging.document (capture_id varchar, extractor_version varchar)")
        con.execute(f"insert into staging.document select 'c' || i, '2' from range({CAPTURES}) as r(i)")
        con.execute("create table staging.harvest_run (finished_at timestamptz)")
        con.execute("create table staging.capture (fetched_at timestamptz)")
        con.execute("insert into staging.capture values ('2031-05-06 07:08:09+00')")
    return path


def published(path: Path, recipe: str, known: int) -> Path:
    """A warehouse of that recipe which holds so many of the captures."""
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute(f"create table marts.rpt_build as select '{recipe}' as recipe")
        con.execute(
            "create table marts.fct_report_version as select 'c' || i as capture_id, '2' as extractor_version "
            f"from range({known}) as r(i)"
        )
    return path


@pytest.mark.parametrize(
    ("recipe", "known", "reason"),
    [
        ("same", CAPTURES, None),
        ("same", CAPTURES - 2, None),
        ("same", CAPTURES - 3, "3 of 10 documents are new or read by another extractor"),
        ("other", CAPTURES, "models, seeds, variables, DuckDB or the year are others"),
    ],
)
def test_what_changed_decides(tmp_path: Path, staging: Path, recipe: str, known: int, reason: str | None) -> None:
    warehouse = published(tmp_path / "warehouse.duckdb", recipe, known)
    assert reason_for_whole(warehouse, staging, "same") == reason


@pytest.mark.parametrize(
    ("rows", "replaced", "reason"),
    [
        (3_000_000, "i % 2 = 0", "1500000 of 4500011 stored rows have been replaced by others"),
        (3_000_000, "i % 3 = 0", None),  # not many
        (9_000_000, "i % 15 < 2", None),  # of many
    ],
)
def test_a_file_that_is_full_of_replaced_rows_is_made_anew(
    tmp_path: Path, staging: Path, rows: int, replaced: str, reason: str | None
) -> None:
    warehouse = published(tmp_path / "warehouse.duckdb", "same", CAPTURES)
    with open_side(warehouse) as con:
        con.execute(f"create table marts.fct_quantity as select i from range({rows}) as made (i)")
    with open_side(warehouse) as con:
        con.execute(f"delete from marts.fct_quantity where {replaced}")
        con.execute(f"insert into marts.fct_quantity select i from range({rows}) as made (i) where {replaced}")
    assert reason_for_whole(warehouse, staging, "same") == reason


def test_nothing_to_go_on_from(tmp_path: Path, staging: Path) -> None:
    assert reason_for_whole(None, staging, "same") == "asked for"
    assert reason_for_whole(tmp_path / "none.duckdb", staging, "same") == "nothing is published yet"
    with duckdb.connect(str(tmp_path / "old.duckdb")) as con:
        con.execute("create schema marts; create table marts.fct_report_version (capture_id varchar)")
    told = "the published warehouse does not say how it was made"
    assert reason_for_whole(tmp_path / "old.duckdb", staging, "same") == told


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_damaged_warehouse_is_made_anew(tmp_path: Path, staging: Path, content: bytes) -> None:
    damaged = tmp_path / "warehouse.duckdb"
    damaged.write_bytes(content)
    assert reason_for_whole(damaged, staging, "same") is not None


def test_the_recipe_follows_from_models_variables_and_year(tmp_path: Path, staging: Path) -> None:
    project = tmp_path / "project"
    (project / "models").mkdir(parents=True)
    (project / "dbt_project.yml").write_text("name: made\n", encoding="utf-8")
    model = project / "models" / "one.sql"
    model.write_text("select 1", encoding="utf-8")
    found = [recipe_of(project, staging, {}), recipe_of(project, staging, {"first": 1})]
    (project / "models" / "notes.txt").write_text("not a model", encoding="utf-8")
    assert recipe_of(project, staging, {}) == found[0]
    model.write_text("select 2", encoding="utf-8")
    found.append(recipe_of(project, staging, {}))
    with duckdb.connect(str(staging)) as con:
        con.execute("insert into staging.harvest_run values ('2032-01-01 00:00:00+00')")
    found.append(recipe_of(project, staging, {}))
    assert len(set(found)) == len(found)


def test_the_day_that_is_judged_on_is_part_of_the_recipe_by_its_year_alone(tmp_path: Path, staging: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "dbt_project.yml").write_text("name: made\n", encoding="utf-8")
    unsaid = recipe_of(project, staging, {})
    assert recipe_of(project, staging, {"as_of": "2031-12-31"}) == unsaid
    assert recipe_of(project, staging, {"as_of": "2030-12-31"}) != unsaid


@pytest.mark.parametrize(
    ("harvested", "day"),
    [
        ([], None),
        (["2031-05-08 23:00:00+00"], None),
        # a clock may be some minutes ahead of another
        (["2031-05-11 00:30:00+00"], None),
        (["2031-05-08 23:00:00+00", "2031-05-11 02:00:00+00"], "2031-05-08"),
        # no harvest is of a time that has come: what was fetched says the day
        (["2032-06-01 00:00:00+00"], "2031-05-06"),
    ],
)
def test_the_latest_day_that_has_come(staging: Path, harvested: list[str], day: str | None) -> None:
    with duckdb.connect(str(staging)) as con:
        for at in harvested:
            con.execute("insert into staging.harvest_run values (?)", [at])
    assert day_despite_clock(staging, NOW, SLACK) == day


def test_where_all_is_to_come_today_is_the_day(staging: Path) -> None:
    assert day_despite_clock(staging, NOW - timedelta(days=30), SLACK) == "2031-04-10"
    with duckdb.connect(str(staging)) as con:
        con.execute("delete from staging.capture")
    assert day_despite_clock(staging, NOW, SLACK) is None
