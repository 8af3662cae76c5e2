"""What must agree before a quantity is an indicator's value: the phrase, the sentence, who acts; and cells of tables."""

from __future__ import annotations

import pytest

from extraction.catalogue import default_catalogue
from extraction.indicators import map_indicators
from extraction.own_name import own_name
from extraction.plain import Phrase, by_first
from extraction.quantities import find_quantities
from extraction.tables import Cell, cell_of


def mapped(text: str, publisher: str | None = None) -> dict[str, str | None]:
    found = find_quantities(text, sections=[], report_year=2023)
    found = map_indicators(found, body=text, sections=[], catalogue=default_catalogue(), publisher=publisher)
    return {quantity.raw: quantity.indicator for quantity in found}


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("正职负责人出庭应诉率41%", "41%"),  # a word that no rule understands
        ("专项整治中立案查处86件", "86件"),  # a campaign
        ("2023年1至9月立案查处86件", "86件"),  # some months
        ("2019年以来累计立案查处86件", "86件"),  # several years
        ("因信息公开引发行政诉讼5件", "5件"),  # a cause
        ("交通运输部门出动执法人员300人次", "300人次"),  # one department of a government
        ("查处走私案件9件,罚款12万元", "12万元"),  # a bare word behind a part
        ("18个乡镇全部设立行政复议联系点", "18个"),  # what is counted are townships
        ("对14个镇街、26个部门开展法治督察", "26个"),  # one of two parts
        ("修订专项应急预案38个、部门应急预案126个", "126个"),
    ],
)
def test_a_part_is_not_the_indicator(text: str, raw: str) -> None:
    assert mapped(text)[raw] is None


@pytest.mark.parametrize(
    ("text", "raw", "indicator"),
    [
        ("开展专项整治,检查企业36家次;全年立案查处86件", "86件", "cases_filed"),
        ("2023年1至12月立案查处86件", "86件", "cases_filed"),
        ("截至10月底,现有人民调解员96名", "96名", "mediators"),
        ("对12件行政规范性文件、9份合同进行合法性审查", "9份", "contracts_reviewed"),
    ],
)
def test_what_is_whole_is_mapped(text: str, raw: str, indicator: str) -> None:
    assert mapped(text)[raw] == indicator


def test_the_reporting_bodys_own_name_narrows_nothing() -> None:
    text = "市场监管部门立案查处86件"
    assert mapped(text)["86件"] is None
    assert mapped(text, "白水县市场监督管理局")["86件"] == "cases_filed"
    assert mapped(text, "白水县卫生健康局")["86件"] is None


def test_a_bodys_name_without_function_has_no_short_form() -> None:
    assert own_name("临江市城市管理局").fullmatch("市城管局")  # type: ignore[union-attr]
    assert own_name("局") is None


def test_a_thing_at_the_end_is_what_is_counted_and_a_field_is_never_plain() -> None:
    known = by_first(["规范性文件", "清理"])
    assert Phrase("规范性文件清理机制工作").unexplained(known) == 0
    assert Phrase("规范性文件清理|机制").unexplained(known) == 2
    assert Phrase("全市场规范性文件").unexplained(known) == 2


def test_a_phrase_counts_what_nobody_explains() -> None:
    phrase = Phrase("全年受理劳动监察投诉")
    assert phrase.unexplained(by_first(["受理", "投诉"])) == 4
    assert phrase.unexplained(by_first(["受理", "劳动监察", "投诉"])) == 0
    assert phrase.unexplained_text(by_first(["受理", "投诉"])) == "劳动监察"


@pytest.mark.parametrize(
    ("body", "raw", "cell"),
    [
        ("| 指标 | 2022年 | 2023年 |\n| 行政处罚（件） | 41 | 38 |", "38", Cell("行政处罚", "件", 2023)),
        ("| 序号 | 名称 | 单位 | 数量 |\n| 1 | 行政许可 | 件 | 56 |", "56", Cell("行政许可", "件", None)),
        ("罚没款\t86\n", "86", Cell("罚没款", None, None)),
        ("罚没款（万元）\t86\n", "86", Cell("罚没款", "万元", None)),
        ("行政许可\n12\n行政处罚\n34", "34", Cell("行政处罚", None, None)),
        ("2022年\n2023年\n行政处罚（件）\n41\n38", "38", Cell("行政处罚", "件", 2023)),
    ],
)
def test_cells(body: str, raw: str, cell: Cell) -> None:
    start = body.rindex(raw)
    assert cell_of(body, start, start + len(raw)) == cell


@pytest.mark.parametrize("body", ["一、基本情况\n12\n我市高度重视。", "共检查12家", "| 1 | 行政许可 |", "12"])
def test_what_fills_no_named_cell_is_none(body: str) -> None:
    start = body.index("1")
    assert cell_of(body, start, start + (1 if "| 1 |" in body else 2)) is None


def test_shortened_terms_are_durations_and_plans_of_years_are_not() -> None:
    assert mapped("推进三年行动,工期缩短2年,实施3年计划") == {"2年": None}


def test_negative_rates_keep_their_sign() -> None:
    (quantity,) = find_quantities("规上工业增加值增速为-1.6%", sections=[], report_year=2023)
    assert (quantity.raw, quantity.value) == ("-1.6%", -1.6)
