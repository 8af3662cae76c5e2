"""Frames of real reports: plans told as plain text, one office of many, acts and names shared by a list, who acts in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction.catalogue import default_catalogue
from extraction.circumstance import Actors, is_one_office
from extraction.indicators import map_indicators
from extraction.quantities import find_quantities

PASSAGES = Path(__file__).parent.parent / "fixtures" / "passages.txt"


def mapped(body: str, publisher: str = "青山县人民政府") -> list[tuple[str, str | None]]:
    found = find_quantities(body, sections=[], report_year=2023)
    return [
        (item.raw, item.indicator)
        for item in map_indicators(found, body=body, sections=[], catalogue=default_catalogue(), publisher=publisher)
    ]


@pytest.mark.parametrize(
    ("body", "goals"),
    [
        ("2024年，全县要新建服务站12个。", [True]),
        ("2024年1月，召开述法会议，听取12人述法。", [False]),
        ("下一步，我们将加强培训。一是评查案卷120卷；二是办班4期。", [True, True]),
        ("明年将清理文件100件。今年已清理60件。", [True, False]),
        ("对下一步工作进行部署，召开会议3次。", [False]),
        ("我局将12件案件移送公安机关。", [False]),
        ("下一步，将制定文件6件。\n全年制定文件9件。", [True, False]),
    ],
)
def test_what_is_told_of_the_year_to_come_is_a_goal(body: str, goals: list[bool]) -> None:
    assert [item.is_target for item in find_quantities(body, sections=[], report_year=2023)] == goals


@pytest.mark.parametrize(
    ("sentence", "corps", "is_one"),
    [
        ("城关市场监管所出动执法人员", False, True),
        ("南街派出所创新警务模式，该所全年调解纠纷", False, True),
        ("南街派出所创新警务模式；全县调解纠纷", False, False),
        ("综合执法大队设3个中队，该大队立案", True, False),
        ("综合执法大队设3个中队，该大队立案", False, True),
        ("全县司法所开展", False, False),
        ("依托司法所开展", False, False),
    ],
)
def test_one_office_of_many(sentence: str, corps: bool, is_one: bool) -> None:
    assert is_one_office(sentence, corps) is is_one


def test_an_ordinal_of_a_congress_counts_nothing() -> None:
    assert mapped("办理市十三届人大四次会议代表建议63件。") == [("63件", "npc_suggestions")]
    assert [raw for raw, _ in mapped("县政府召开四次会议。")] == ["四次"]


def test_the_provinces_congress_is_its_own_bureaus() -> None:
    body = "办理省人大代表建议63件。"
    assert mapped(body, "云岭省水利厅") == [("63件", "npc_suggestions")]
    assert mapped(body, "青山县水利局") == [("63件", None)]


def test_acts_and_names_that_a_list_shares() -> None:
    assert mapped("审查12件规范性文件、36份政府合同。") == [
        ("12件", "normative_reviewed"),
        ("36份", "contracts_reviewed"),
    ]
    assert mapped("规范性文件、合同审查分别为12件、36件。") == [
        ("12件", "normative_reviewed"),
        ("36件", "contracts_reviewed"),
    ]
    assert mapped("县委常委会、县政府常务会议分别学法6次、14次。") == [
        ("6次", "law_study_sessions"),
        ("14次", "executive_study_sessions"),
    ]


def test_what_the_clause_before_named() -> None:
    assert mapped("县政府常务会议坚持会前学法，全年安排16次。") == [("16次", "executive_study_sessions")]
    assert mapped("村村建起法治文化阵地，共有11处。") == [("11处", "law_culture_sites")]


def test_inspected_places_make_what_follows_a_part() -> None:
    assert mapped("检查食品生产企业12家次，立案9件。") == [("12家次", None), ("9件", None)]
    assert mapped("检查各类企业12家次，立案9件。") == [("12家次", "entities_inspected"), ("9件", "cases_filed")]


def test_who_acts_is_the_same_whether_or_not_the_sentence_was_begun_before() -> None:
    goes_on = Actors()
    for sentence in PASSAGES.read_text(encoding="utf-8").replace("\n", "。").split("。")[:1500]:
        for end in range(7, len(sentence), 7):
            assert goes_on.last(sentence[:end]) == Actors().last(sentence[:end])
