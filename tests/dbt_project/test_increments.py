"""Three increments and one whole build of the same staging rows: every mart is equal, whatever happened in between."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.conftest import copied_project, staged
from tests.warehouse.made import FETCHED, N, Rows, n
from warehouse.dbt import BuildResult, build
from warehouse.recipe import day_despite_clock, reason_for_whole, recipe_of

# so few bodies that peers have to be few too
FIRST = 2015
RETURNED = 2018
VARIABLES = {"least_peers": 3, "least_years": 2}
# the clock was ahead when the third step was harvested
TODAY, AHEAD = FETCHED + timedelta(days=1), FETCHED + timedelta(days=900)
NEVER_SEEN = f"980122-人民政府:{FIRST - 1}"
BODIES = {
    "liudu": ("柳渡区人民政府", "980122"),
    "dongzhan": ("东栈区人民政府", "980101"),
    "liucheng": ("柳城县人民政府", "980121"),
}


def _text(accepted: int, concluded: int, rate: str) -> list[str | N]:
    return [
        "受理行政复议案件",
        n(f"{accepted}件", "reconsideration_accepted"),
        "，审结",
        n(f"{concluded}件", "reconsideration_concluded"),
        "，其中维持",
        n(f"{concluded - 5}件", "reconsideration_upheld"),
        "，撤销",
        n("5件", "reconsideration_revoked"),
        "。\n调解纠纷",
        n("200件", "mediation_total"),
        "，调解成功",
        n("196件", "mediation_success"),
        "，成功率",
        n(rate, "mediation_success_rate"),
        "。\n",
    ]


def _state(step: int) -> Rows:
    """What staging holds after that step."""
    rows = Rows()
    for source_id, (publisher, code) in BODIES.items():
        if not (source_id == "liucheng" and step >= 3):  # the source has left the registry
            rows.add_source(source_id, publisher, code, first_year=FIRST - (source_id == "liudu"))
    for year in range(FIRST, 2023 + (step >= 2)):
        for number, (source_id, (publisher, code)) in enumerate(BODIES.items()):
            if source_id == "liucheng" and step >= 3 and year < 2022:
                continue  # and most of its captures are gone
            genre = "other" if step >= 3 and (source_id, year) == ("dongzhan", 2021) else "annual_report"
            # a number a hundred times too great, unusual to its years and its peers: one is there from the beginning, the
            # other is found by the third step's harvest
            unusual = (source_id, year) == ("liudu", 2022) or (step >= 3 and (source_id, year) == ("dongzhan", 2023))
            accepted = 9000 if unusual else 90 + year - FIRST + number
            url = f"https://{source_id}.invalid/{year}"
            text = _text(accepted, 80 + number, "98%")
            rows.add_report(publisher, code, year, *text, source_id=source_id, url=url, genre=genre)
    if step >= 2:
        # the page has changed: the rate is wrong now, and the old text stays as a version
        rows.add_report(
            *("柳渡区人民政府", "980122", 2021),
            *_text(91, 80, "93.5%"),
            source_id="liudu",
            url="https://liudu.invalid/2021",
            capture={"fetched_at": FETCHED + timedelta(hours=5)},
        )
        # so has another, which later takes the change back
        rows.add_report(
            *("东栈区人民政府", "980101", RETURNED),
            *_text(90, 70, "98%"),
            source_id="dongzhan",
            url=f"https://dongzhan.invalid/{RETURNED}",
            capture={"fetched_at": FETCHED + timedelta(hours=5)},
        )
        # a department reports for the first time, on the portal of its government
        rows.add_report("柳渡区教育局", "980122", 2023, *_text(12, 9, "98%"), source_id="liudu")
    if step >= 3:
        returned = next(row for row in rows.capture if row["url"].endswith(f"dongzhan.invalid/{RETURNED}"))
        for row in rows.capture:
            row["has_returned"] = row is returned
        # the portal let nobody in, at a time that has not come yet
        run = {"run_id": "2026-10-23-01", "started_at": AHEAD, "finished_at": AHEAD, "status": "blocked"}
        rows.harvest_run.append(rows.harvest_run[0] | run)
        rows.capture[-1] |= {"run_id": run["run_id"], "fetched_at": AHEAD}
        # it was the other district's department
        rows.document[-1] |= {"publisher": "东栈区教育局", "region_code": "980101"}
    return rows


def _build(folder: Path, step: int, project: Path, published: Path | None) -> BuildResult:
    staging = folder / f"staging-{step}.duckdb"
    if not staging.exists():
        staged(staging, _state(step))
    day = day_despite_clock(staging, TODAY, timedelta(hours=4))
    side = folder / f"side-{step}{'' if published else '-whole'}.duckdb"
    return build(
        staging=staging,
        side=side,
        work=folder / "work",
        project=project,
        published=published,
        unit_tests=False,
        variables=VARIABLES | ({"as_of": day} if day else {}),
    )


@pytest.mark.slow
def test_increments_give_what_a_whole_build_gives(tmp_path: Path, project: Path) -> None:
    first = _build(tmp_path, 1, project, None)
    second = _build(tmp_path, 2, project, first.side)
    third = _build(tmp_path, 3, project, second.side)
    whole = _build(tmp_path, 3, project, None)
    assert [result.mode for result in (first, second, third, whole)] == ["whole", "increment", "increment", "whole"]
    with duckdb.connect() as con:
        con.execute(f"attach '{third.side}' as steps (read_only); attach '{whole.side}' as whole (read_only)")
        con.execute(f"attach '{second.side}' as before (read_only)")
        tables = [
            name
            for (name,) in con.execute(
                "select table_name from duckdb_tables() where database_name = 'whole' order by 1"
            ).fetchall()
        ]
        for table in tables:
            rows = con.execute(f"select * from whole.marts.{table} order by all").fetchall()
            assert con.execute(f"select * from steps.marts.{table} order by all").fetchall() == rows, table
        comments = (
            "select table_name, column_name, comment from duckdb_columns() where database_name = '{}' order by all"
        )
        assert con.execute(comments.format("steps")).fetchall() == con.execute(comments.format("whole")).fetchall()
        # what the steps were for is there to be seen
        lost = con.execute(
            "select count(*) from before.marts.fct_report anti join whole.marts.fct_report using (report_id)"
        )
        assert lost.fetchall() == [(9,)]
        contents = [
            con.execute(
                f"select body like '%审结81件%' from {step}.marts.fct_report"
                f" where publisher_id = (select publisher_id from whole.marts.fct_report where region_code = '980101'"
                f" and publisher = '东栈区人民政府' limit 1) and report_year = {RETURNED}"
            ).fetchall()
            for step in ("before", "steps")
        ]
        assert contents == [[(False,)], [(True,)]]
        flags = con.execute("select distinct quality_flag from steps.marts.fct_indicator_yearly order by 1").fetchall()
        assert flags == [("failed_check",), ("ok",), ("unusual",)]
        kinds = con.execute(
            "select distinct kind from steps.marts.rpt_reconciliation where verdict = 'unusual' order by 1"
        )
        assert kinds.fetchall() == [("history_jump",), ("peer_outlier",)]

        # what was found at a time to come is there, and the day that is judged on is the latest one that has come
        late = con.execute("select count(*) from steps.marts.fct_report_version where first_seen_at = ?", [AHEAD])
        assert late.fetchall() == [(1,)]
        years = con.execute(
            "select distinct as_of, max(report_year) over (), (select max(year) from steps.marts.dim_region)"
            " from steps.marts.rpt_coverage"
        )
        assert years.fetchall() == [(FETCHED.date(), 2023, 2024)]
        missed = con.execute("select status from steps.marts.rpt_coverage where coverage_id = ?", [NEVER_SEEN])
        assert missed.fetchall() == [("missing",)]

    # another catalogue, other variables or another year: everything is made anew
    staging = tmp_path / "staging-3.duckdb"
    recipe = recipe_of(project, staging, VARIABLES | {"as_of": f"{TODAY:%Y-%m-%d}"})
    assert reason_for_whole(whole.side, staging, recipe) is None
    assert "year" in str(reason_for_whole(whole.side, staging, recipe_of(project, staging, VARIABLES)))
    assert "seeds" in str(reason_for_whole(whole.side, staging, recipe_of(project, staging, {})))
    other = copied_project(tmp_path)
    catalogue = other / "seeds" / "indicator_catalogue.csv"
    catalogue.write_text(
        catalogue.read_text(encoding="utf-8").replace("维持,upheld", "维持原决定,upheld"), encoding="utf-8"
    )
    assert "seeds" in str(reason_for_whole(whole.side, staging, recipe_of(other, staging, VARIABLES)))
    assert reason_for_whole(tmp_path / "none.duckdb", staging, "any") == "nothing is published yet"


def test_a_build_asked_for_as_a_whole_says_so(tmp_path: Path) -> None:
    assert reason_for_whole(None, tmp_path / "staging.duckdb", "any") == "asked for"
