"""Every kind of page in a browser: it opens, says what SQL says, asks nobody else, and anybody can use it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from tests.site.conftest import SITE, Browse, Explored
from tests.site.reports import ADDRESS, ASTRAL, LONG, SCRIPT
from tests.site.reports import BODY as HOSTILE

BODY = "980122-人民政府"
KINDS = {
    "overview": "",
    "indicators": "indicators.html",
    "indicator": f"indicator.html?id=reconsideration_accepted&body={quote(BODY)}",
    "publisher": f"publisher.html?id={quote(BODY)}",
    "region": "region.html?code=980000&year=2022",
    "report": f"report.html?id={quote(BODY)}-2023",
    "search": f"search.html?q={quote('行政复议')}",
    "quality": "quality.html",
    "sql": "sql.html",
}
BOXES = {"failed": ".box:not(.explained)", "explained": ".box.explained"}
READ = {
    "overview": {"figures": ".figures b", "cells": ".grid td a", "names": ".list a"},
    "indicator": {"values": "main > div table:last-of-type td.num a", "heading": "h1", "csv": "a[download]"},
    "publisher": {"years": "h2 + .scroll tbody th", "values": "details td.num a", **BOXES},
    "region": {"bodies": "tbody th a"},
    "report": {"marks": "main mark a", "indicators": ".notes b", "link": "header .outside", **BOXES},
    "search": {"found": ".list a", "marked": "mark.found"},
    "quality": {"kinds": "tbody tr", "worst": "section:first-of-type tbody tr"},
    "indicators": {"names": "tbody th a"},
    "sql": {"tables": "summary"},
}


@pytest.fixture(scope="module")
def seen(served: str, browse: Browse) -> dict[str, Any]:
    """All kinds of page, wide and in English, then as on a telephone and in Chinese."""
    visits: list[dict[str, Any]] = []
    for name, path in KINDS.items():
        later = [["wait", "mark.found"]] if name == "search" else []
        visits.append({"name": name, "path": path, "read": READ[name], "steps": later})
        visits.append({"name": f"{name} zh", "path": path, "width": 390, "locale": "zh-CN", "read": {"h1": "h1"}})
    return browse(served, visits)


@pytest.mark.parametrize("name", KINDS)
def test_page_opens_without_errors_and_asks_nobody_else(seen: dict[str, Any], name: str) -> None:
    for page in (seen[name], seen[f"{name} zh"]):
        assert page["errors"] == []
        assert page["foreign"] == []
        assert page["overflow"] <= 0  # nothing is wider than the screen


def test_overview_says_what_sql_says(seen: dict[str, Any], explored: Explored) -> None:
    ((reports, bodies, quantities, values, checks, failed),) = explored.rows(
        "select (select count(*) from fct_report), (select count(*) from dim_publisher), "
        "(select count(*) from fct_quantity), (select count(*) from fct_indicator_yearly), "
        "(select count(*) from rpt_reconciliation), (select count(*) from rpt_reconciliation where verdict = 'fail')"
    )
    assert seen["overview"]["texts"]["figures"] == [
        str(n) for n in (reports, bodies, quantities, values, checks, failed)
    ]
    cells = explored.rows(
        "select round(100.0 * count(*) filter (where status in ('published', 'late')) / count(*))::integer || '%' || "
        "chr(10) || count(*) filter (where status in ('published', 'late')) || '/' || count(*) "
        "from rpt_coverage group by province_code, report_year order by province_code, report_year"
    )
    assert seen["overview"]["texts"]["cells"] == [cell for (cell,) in cells]


def test_first_page_is_light(seen: dict[str, Any]) -> None:
    assert 0 < seen["overview"]["bytes"] < 300_000


def test_indicator_ranks_by_value(seen: dict[str, Any], explored: Explored) -> None:
    values = explored.rows(
        "select value from fct_indicator_yearly where indicator_id = 'reconsideration_accepted' and report_year = 2023 "
        "order by value desc"
    )
    assert seen["indicator"]["texts"]["values"] == [str(int(value)) for (value,) in values]
    assert seen["indicator"]["texts"]["heading"] == ["Reconsideration accepted"]
    assert seen["indicator zh"]["texts"]["h1"] == ["行政复议受理"]


def test_publisher_has_its_years_and_values(seen: dict[str, Any], explored: Explored) -> None:
    years = explored.rows(f"select report_year from rpt_coverage where publisher_id = '{BODY}' order by 1 desc")
    assert seen["publisher"]["texts"]["years"] == [str(year) for (year,) in years]
    values = explored.rows(f"select value from fct_indicator_yearly where publisher_id = '{BODY}'")
    shown = [float(text.replace(",", "")) for text in seen["publisher"]["texts"]["values"]]
    assert sorted(shown) == sorted(value for (value,) in values)


def test_publisher_has_its_failed_checks(seen: dict[str, Any], explored: Explored) -> None:
    sql = "select count(*) from rpt_reconciliation where verdict = '{}' and publisher_id = '" + BODY + "'"
    ((failed,),), ((explained,),) = (explored.rows(sql.format(verdict)) for verdict in ("fail", "explained"))
    shown = seen["publisher"]["texts"]
    assert len(shown["failed"]) == failed and len(shown["explained"]) == explained


def test_region_lists_its_bodies(seen: dict[str, Any], explored: Explored) -> None:
    names = explored.rows("select name from dim_publisher where province_code = '980000'")
    assert sorted(seen["region"]["texts"]["bodies"]) == sorted(name for (name,) in names)


def test_report_marks_every_quantity(seen: dict[str, Any], explored: Explored) -> None:
    rows = explored.rows(
        f"select raw, indicator_id is not null from fct_quantity where report_id = '{BODY}-2023' order by char_start"
    )
    marks = [text.rstrip("0123456789\n") if text[-1].isdigit() else text for text in seen["report"]["texts"]["marks"]]
    assert marks == [raw for raw, _ in rows]
    ((checks,),) = explored.rows(
        f"select count(*) from rpt_reconciliation where verdict != 'pass' and report_id = '{BODY}-2023'"
    )
    assert len(seen["report"]["texts"]["failed"] + seen["report"]["texts"]["explained"]) == checks
    assert len(seen["report"]["texts"]["indicators"]) == sum(known for _, known in rows)
    assert seen["report"]["texts"]["link"] == [
        url for (url,) in explored.rows(f"select url from fct_report where report_id = '{BODY}-2023'")
    ]


def test_search_finds_passages(seen: dict[str, Any]) -> None:
    assert "Reconsideration accepted" in seen["search"]["texts"]["found"]  # by its Chinese name
    assert any("2023" in text for text in seen["search"]["texts"]["found"])
    assert {"行政复议", "行政", "复议"} & set(seen["search"]["texts"]["marked"])


def test_quality_counts_checks(seen: dict[str, Any], explored: Explored) -> None:
    kinds = explored.rows("select kind, count(*) from rpt_reconciliation group by 1")
    assert sum("%" in row for row in seen["quality"]["texts"]["kinds"]) == len(kinds)
    worst = explored.rows(
        "select publisher, report_year, checks, failed_checks from fct_report where failed_checks > 0 "
        "order by failed_checks desc, report_id limit 100"
    )
    assert [row.split("\t") for row in seen["quality"]["texts"]["worst"]] == [
        [str(cell) for cell in row] for row in worst
    ]


def test_provinces_are_compared_by_keyboard(served: str, browse: Browse, explored: Explored) -> None:
    steps = [
        ["focus", "section button[aria-label]"],
        ["press", "Enter"],
        ["wait", ".legend .s1"],
        ["click", "details summary"],
    ]
    read = {
        "legend": ".legend .s1",
        "medians": "details td:nth-child(6)",
        "pressed": "section button[aria-pressed=true]",
    }
    page = browse(served, [{"name": "it", "path": KINDS["indicator"], "steps": steps, "read": read}])["it"]
    assert page["errors"] == []
    assert "median" in page["texts"]["legend"][0] and "region=" in page["url"]
    assert len(page["texts"]["pressed"]) == 1
    medians = explored.rows(
        "select median(value) from fct_indicator_yearly where indicator_id = 'reconsideration_accepted' "
        "group by report_year order by report_year"
    )
    assert [float(text) for text in page["texts"]["medians"]] == [value for (value,) in medians]


def test_ready_queries_run(served: str, browse: Browse) -> None:
    queries = json.loads((SITE / "src" / "queries.json").read_text(encoding="utf-8"))
    assert len(queries) >= 6
    steps: list[list[Any]] = []
    for place in range(len(queries)):
        steps += [["selectOption", "#ready", str(place)], ["click", "main button"]]
        steps += [
            ["wait", "[aria-live] :is([role=status], [role=alert])"],
            ["keep", str(place), "[aria-live] [role=status]"],
        ]
    page = browse(served, [{"name": "all", "path": "sql.html", "steps": steps}])["all"]
    assert page["errors"] == []
    for place, query in enumerate(queries):
        assert page["texts"][str(place)], query["en"]
        assert "row" in page["texts"][str(place)][0]


def test_sql_in_the_browser_gives_what_the_warehouse_holds(served: str, browse: Browse, explored: Explored) -> None:
    statement = "select report_id, quantities from fct_report order by report_id"
    refused = "select * from read_csv('https://other.invalid/x.csv')"
    run = ["click", "main button"]
    steps = [["fill", "textarea", refused], run, ["wait", "[role=alert]"], ["keep", "message", "[role=alert]"]]
    steps += [["fill", "textarea", statement], run, ["wait", "[aria-live] td"]]
    visit = {"name": "ran", "path": "sql.html", "steps": steps, "read": {"cells": "[aria-live] td"}}
    ran = browse(served, [visit])["ran"]
    assert "disabled by configuration" in ran["texts"]["message"][0]
    assert ran["texts"]["cells"] == [str(cell) for row in explored.rows(statement) for cell in row]
    assert ran["errors"] == [] and ran["foreign"] == []
    assert ran["ranges"] > 1  # read piece by piece


def test_hostile_report_stays_harmless(served: str, browse: Browse) -> None:
    links = "[...document.links].map(link => link.protocol).filter(name => !/^https?:$/.test(name))"
    inside = "document.querySelectorAll('main script, main img, main [onerror], main iframe').length"
    ask = {"links": links, "inside": inside, "title": "document.title"}
    names = {
        "report": f"report.html?id={quote(HOSTILE, safe='')}-2022",
        "publisher": f"publisher.html?id={quote(HOSTILE, safe='')}",
        "indicator": f"indicator.html?id=reconsideration_accepted&body={quote(HOSTILE, safe='')}",
        "region": "region.html?code=980000",
        "search": "search.html?q=script",
        "overview": "index.html",
        "quality": "quality.html",
    }
    visits: list[dict[str, Any]] = [
        {"name": name, "path": path, "ask": ask, "read": {"main": "main", "refused": ".refused"}}
        for name, path in names.items()
    ]
    seen = browse(served, visits)
    for page in seen.values():
        assert page["errors"] == [] and page["foreign"] == [] and page["dialogs"] == 0
        assert page["texts"]["links"] == [] and page["texts"]["inside"] == 0
        assert page["texts"]["title"] != "run"
    told = seen["report"]["texts"]
    assert SCRIPT in told["main"][0]  # shown as characters
    assert ASTRAL in told["main"][0] and "\ufffd" in told["main"][0] and "\u2407" in told["main"][0]
    assert ADDRESS in told["refused"]


def test_line_of_a_million_characters_opens(served: str, browse: Browse) -> None:
    visit = {"name": "long", "path": f"report.html?id={quote(HOSTILE, safe='')}-2023", "read": {"marks": "main mark"}}
    page = browse(served, [{**visit, "ask": {"length": "document.querySelector('.text').innerText.length"}}])["long"]
    assert page["errors"] == [] and page["overflow"] <= 0
    assert page["texts"]["length"] > LONG
    assert [text.strip() for text in page["texts"]["marks"]] == ["48件1"]


def test_pages_work_from_any_server(plain: str, browse: Browse, explored: Explored) -> None:
    some = ("overview", "publisher", "report", "search")  # what they load is found in every way there is
    visits = [{"name": name, "path": KINDS[name], "read": READ[name]} for name in some]
    run = [
        ["fill", "textarea", "select count(*) from fct_report"],
        ["click", "main button"],
        ["wait", "[aria-live] td"],
    ]
    visits.append({"name": "ran", "path": "sql.html", "steps": run, "read": {"cell": "[aria-live] td"}})
    seen = browse(plain, visits)
    for page in seen.values():
        assert page["errors"] == [] and page["foreign"] == []
    assert seen["ran"]["texts"]["cell"] == [str(n) for (n,) in explored.rows("select count(*) from fct_report")]


def test_axe_finds_nothing_serious(served: str, browse: Browse) -> None:
    visits = [{"name": name, "path": path, "axe": True} for name, path in KINDS.items()]
    visits += [
        {"name": f"{name} dark", "path": KINDS[name], "axe": True, "scheme": "dark", "width": 390}
        for name in ("overview", "report", "indicator")
    ]
    seen = browse(served, visits)
    serious = {
        name: [item for item in page["axe"] if item["impact"] in ("serious", "critical")] for name, page in seen.items()
    }
    assert {name: found for name, found in serious.items() if found} == {}


def test_keyboard_and_language(served: str, browse: Browse) -> None:
    focus = {"focus": "document.activeElement.innerText || document.activeElement.id"}
    visits: list[dict[str, Any]] = [
        {"name": "skip", "path": "", "steps": [["press", "Tab"]], "ask": focus},
        {"name": "skipped", "path": "", "steps": [["press", "Tab"], ["press", "Enter"]], "ask": focus},
        {
            "name": "switched",
            "path": "quality.html",
            "steps": [["click", ".bar button"], ["wait", "html[lang=zh] main[data-ready]"]],
            "read": {"h1": "h1"},
        },
        {
            "name": "narrowed",
            "path": "indicators.html",
            "steps": [["fill", "#filter", "mediation rate"]],
            "read": {"names": "tbody th a"},
        },
    ]
    seen = browse(served, visits)
    assert seen["skip"]["texts"]["focus"] == "Skip to content"
    assert seen["switched"]["texts"]["h1"] == ["质量"] and "lang=zh" in seen["switched"]["url"]
    assert seen["skipped"]["url"].endswith("#content")
    assert len(seen["narrowed"]["texts"]["names"]) == 1
