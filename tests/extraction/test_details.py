"""Small things that real reports do with their figures: details in parentheses, blanks, 均 behind a unit, plans as nouns."""

from __future__ import annotations

import pytest

from extraction.catalogue import default_catalogue
from extraction.indicators import map_indicators
from extraction.quantities import find_quantities
from extraction.types import Quantity

Found = list[tuple[str, str | None]]


def quantities(body: str, publisher: str | None = None) -> list[Quantity]:
    found = find_quantities(body, sections=[], report_year=2023)
    return map_indicators(found, body=body, sections=[], catalogue=default_catalogue(), publisher=publisher)


def test_behind_a_parenthesis_the_subject_in_front_of_it_goes_on() -> None:
    found = quantities("办理行政应诉案件120件(一审90件、二审30件),较2022年的140件下降14.3%。")
    assert [(item.raw, item.indicator) for item in found] == [
        ("120件", "lit_cases"),
        ("90件", "lit_first"),
        ("30件", "lit_second"),
        ("140件", None),  # what the year's is compared with
        ("14.3%", "lit_change"),
    ]


@pytest.mark.parametrize(
    ("body", "raw"),
    [("行政处罚案件6件均已公示。", "6件"), ("提供法律咨询 310 余人次。", "310 余人次"), ("件均办理3天。", "3天")],
)
def test_units_end_where_the_next_word_begins(body: str, raw: str) -> None:
    assert [item.raw for item in quantities(body)] == [raw]


def test_what_is_about_to_be_issued_is_no_goal() -> None:
    (found,) = quantities("对拟出台的18件政策措施进行公平竞争审查。")
    assert (found.is_target, found.indicator) == (False, "fair_competition_reviews")


def test_the_years_own_beginning_narrows_nothing() -> None:
    for body, indicator in (
        ("2023年以来,检查企业210家次。", "entities_inspected"),
        ("2020年以来,检查企业210家次。", None),
    ):
        (found,) = quantities(body, "云溪县应急管理局")
        assert found.indicator == indicator


@pytest.mark.parametrize(
    ("publisher", "indicator"),
    [
        ("云溪县人民政府", "executive_study_sessions"),
        ("云溪县水利局", "law_study_sessions"),
        ("云溪县青石镇人民政府", "law_study_sessions"),
    ],
)
def test_who_studies_law_before_a_meeting_is_the_body_that_reports(publisher: str, indicator: str) -> None:
    (found,) = quantities("全年开展会前学法9次。", publisher)
    assert found.indicator == indicator


def test_the_regions_name_narrows_nothing_in_its_own_report() -> None:
    body = "云溪县政府门户网站主动公开信息860条。"
    assert [quantities(body, name)[0].indicator for name in ("云溪县人民政府", "桐岭县人民政府")] == [
        "disclosure_proactive",
        None,
    ]
