"""What a sample of mutants of the numbers' core got away with in the other quick tests."""

from __future__ import annotations

import pytest

from extraction.meaning import years
from extraction.numerals import scaled
from extraction.quantities import find_quantities
from extraction.subject import left_label, right_noun
from extraction.tokens import number_tokens
from extraction.told_before import before_parenthesis, list_before, thing_before


@pytest.mark.parametrize("text", ["第12件", "B12件", "a12件", "x-3.5%"])
def test_ordinals_and_codes_are_no_counts(text: str) -> None:
    assert list(number_tokens(text)) == []


@pytest.mark.parametrize(("text", "value"), [("共12件", 12), ("-12件", 12), ("增幅-3.5%", -3.5)])
def test_a_dash_is_a_minus_only_before_a_rate(text: str, value: float) -> None:
    assert [token.value for token in number_tokens(text)] == [value]


def test_a_number_without_a_scale_stays_as_it_is_written() -> None:
    assert scaled(0.12345678) == 0.12345678
    assert scaled(1.5, "万") == 15000 and isinstance(scaled(1.5, "万"), int)


def test_cells_take_unit_and_scale_from_the_head_of_their_column() -> None:
    table = "事项\t参与（人次）\t经费（万元）\n普法\t120\t3.5\n宣传\t35\t12\n"
    found = [(item.raw, item.value, item.unit) for item in find_quantities(table, sections=[], report_year=2023)]
    assert found == [("120", 120, "人次"), ("3.5", 35_000, "元"), ("35", 35, "人次"), ("12", 120_000, "元")]


@pytest.mark.parametrize(
    "sentence", ["落实《2019年要点》办理案件", "开展“2019年行动”办理案件", "印发《2018年方案》和“2019年行动”办理"]
)
def test_years_in_titles_and_quotation_marks_date_nothing(sentence: str) -> None:
    inside = max(sentence.find("》"), sentence.find("”"))
    assert [end for end, _, _ in years(sentence, 2023) if end < inside] == []


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("群众满意度达百分之九十五", 95, "%"),
        ("出生缺陷率为千分之三", 3, "‰"),
        ("查处了一起案件", 1, "起"),
        ("合格率近九成", 90, "%"),
    ],
)
def test_numbers_in_words_have_their_value_and_unit(text: str, value: float, unit: str) -> None:
    assert [(token.value, token.unit, token.han) for token in number_tokens(text)] == [(value, unit, True)]


@pytest.mark.parametrize(
    ("text", "kind", "year"),
    [
        ("案件数量下降三分之一。", "change_rate", 2024),
        ("三分之一的单位完成整改。", "ratio", 2024),
        ("2025年将健全机制，全年培训执法人员1.2万人次。", "count", 2025),
        ("2023年健全了机制，全年培训执法人员1.2万人次。", "count", 2024),
    ],
)
def test_a_fraction_is_a_change_where_it_moves_and_a_year_is_that_of_the_plan(text: str, kind: str, year: int) -> None:
    found = find_quantities(text, sections=[], report_year=2024)
    assert [(item.kind, item.period_year) for item in found] == [(kind, year)]


@pytest.mark.parametrize(
    ("after", "noun"),
    [
        ("项目纳入“先建后验”，其中", "项目纳入“先建后验”"),
        ("人民调解员（其中专职的三百余名主要来自退休政法干警和基层干部队伍", "人民调解员"),
        ("“放管服”改革", "“放管服”改革"),
        ("及以上案件", "案件"),
        ("下降", ""),
        ("听取汇报", ""),
        ("abc", ""),
        ("", ""),
    ],
)
def test_the_noun_behind_a_measure_word(after: str, noun: str) -> None:
    assert right_noun(after) == noun


@pytest.mark.parametrize(
    ("before", "label"),
    [
        ("开展检查（含联合检查", "联合检查"),
        ("办结（调处矛盾", "调处矛盾"),
        ("违法行为", "违法行为"),
        ("受理量共", "受理量"),
    ],
)
def test_the_label_before_a_number(before: str, label: str) -> None:
    assert left_label(before) == label


def test_what_a_clause_names_without_counting() -> None:
    assert list_before("编制公共服务事项目录") == "公共服务事项目录"
    assert list_before("公布《免罚事项清单》") == "免罚事项清单"
    assert list_before("14个执法部门制定免罚清单") == "免罚清单"
    assert list_before("14个执法部门执行免罚清单") == list_before("开展事项清理") == ""
    assert thing_before("清理规范中介服务事项") == "中介服务事项"
    assert thing_before("开展证明材料专项清理工作") == "证明材料"
    assert thing_before("清理规范8项中介服务事项") == ""


def test_a_parenthesis_with_nothing_but_the_number_counts_what_stands_before_it() -> None:
    assert before_parenthesis("公布重大行政决策事项目录（共") == "公布重大行政决策事项目录"
    assert before_parenthesis("公布重大行政决策事项目录（其中") == before_parenthesis("（共") == ""
