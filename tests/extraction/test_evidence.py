"""What must agree before a quantity is an indicator's value: the phrase, the sentence, who acts; and cells of tables."""

from __future__ import annotations

import pytest

from extraction.catalogue import default_catalogue
from extraction.indicators import map_indicators
from extraction.own_name import own_name, own_words
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
        ("监督所立案查处23件,全局全年立案查处61件", "23件"),  # one office of the body, told before the whole
        ("办理法律援助案件412件,共受理法律援助案件458件,创建省级民主法治示范村86个、国家级12个", "86个"),  # a level
        ("受理投诉举报563件,受理12345工单1263件,办结率均为100%", "100%"),  # a rate of two kinds of counts
        ("适用一般程序863件,罚款312万元;适用简易程序126件,罚款86万元", "86万元"),  # fines of one procedure
        ("生态环境系统立案查处126起", "126起"),  # one department's system
        ("聘请9名律师,列席县政府常务会议18次", "18次"),  # whose meetings these are not
        ("对9个县、12个部门的法治督察", "12个"),
        ("查处某公司虚假宣传案,罚款20万元", "20万元"),  # one case
        ("过去五年,累计立案查处86件", "86件"),
        ("12月当月立案查处86件", "86件"),
        ("开展歼灭战,立案查处86件", "86件"),
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
        ("收到行政复议申请412件,告公安局的121件,审结346件", "346件", "recon_concluded"),  # some cases are no new head
        ("收到行政复议申请412件,告知其他途径处理38件;审结346件", "346件", "recon_concluded"),
        ("人民调解员58名,全年调解142件", "142件", "disputes_mediated"),  # persons are not what is mediated
        ("行政应诉一审812件、二审316件", "316件", "lit_second"),
        ("会同公安、消防等部门跨部门联合检查9次", "9次", "joint_checks"),  # with whom changes nothing
        ("依轻微违法免罚清单免予处罚312件", "312件", "penalty_exempted"),
        ("执法人员19人,全部持证上岗", "19人", "officers"),  # what is said of them behind the number
        ("承接以来共立案212件,今年立案76件", "76件", "cases_filed"),
        ("查处3起价格违法案件;全年共立案312件,罚没款412万元", "412万元", "fines"),
        ("市政府全年新收行政复议申请193件,维持88件", "88件", "recon_upheld"),
    ],
)
def test_what_is_whole_is_mapped(text: str, raw: str, indicator: str) -> None:
    assert mapped(text)[raw] == indicator


def test_the_reporting_bodys_own_name_narrows_nothing() -> None:
    text = "市场监管部门立案查处86件"
    assert mapped(text)["86件"] is None
    assert mapped(text, "白水县市场监督管理局")["86件"] == "cases_filed"
    assert mapped(text, "白水县卫生健康局")["86件"] is None


@pytest.mark.parametrize(
    ("publisher", "year", "indicator"),
    [
        ("白水县人民政府", 2023, "recon_upheld"),
        ("白水县水利局", 2023, None),  # the government decides on reviews of its departments' acts
        ("白水县水利局", 2018, "recon_upheld"),
        ("国家税务总局白水县税务局", 2023, "recon_upheld"),
    ],
)
def test_departments_decide_on_no_reviews_since_2022(publisher: str, year: int, indicator: str | None) -> None:
    text = "收到行政复议案件8件,维持6件"
    found = find_quantities(text, sections=[], report_year=year)
    found = map_indicators(found, body=text, sections=[], catalogue=default_catalogue(), publisher=publisher)
    assert found[1].indicator == indicator


def test_an_offices_own_corps_and_level_narrow_nothing() -> None:
    text = "局执法支队立案查处96起"
    assert mapped(text, "白水市住房和城乡建设局")["96起"] == "cases_filed"
    assert mapped(text, "白水市人民政府")["96起"] is None
    assert own_words("白水市教育局").words.fullmatch("市局")  # type: ignore[union-attr]
    assert not own_words("白水市教育局").words.fullmatch("县局")  # type: ignore[union-attr]


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
