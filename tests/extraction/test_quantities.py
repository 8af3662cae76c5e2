"""Quantities against hand-made gold, plain grammar examples, and properties that must hold for any text."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.catalogue import default_catalogue
from extraction.indicators import map_indicators
from extraction.quantities import find_quantities
from extraction.types import Quantity, Section

GOLD = Path(__file__).parent.parent / "fixtures" / "quantity_gold.jsonl"
SHARED = Path(__file__).parents[3] / "shared"
FIELDS = ("value", "unit", "approx", "kind", "period_year", "is_target", "direction")


def read(text: str, year: int | None = 2022, part: str | None = None) -> list[Quantity]:
    sections = [Section("1", 1, text[:8], 0, len(text), part)] if part else []  # type: ignore[arg-type]
    return find_quantities(text, sections=sections, report_year=year)


def gold(half: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["half"] == half]


def dice(one: str, other: str) -> float:
    both = Counter(one) & Counter(other)
    return 2 * sum(both.values()) / max(1, len(one) + len(other))


@pytest.mark.parametrize("half", ["A", "B"])
def test_gold(half: str) -> None:
    """Spans exact, nothing missed or invented, fields right; subjects share half their characters with the gold's."""
    total = named = 0
    wrong: list[str] = []
    for row in gold(half):
        part = row["part"] if row["part"] != "achievements" else None
        found = {(q.char_start, q.char_end): q for q in read(row["text"], row["report_year"], part)}
        want = {(q["char_start"], q["char_end"]): q for q in row["quantities"]}
        wrong += [f"{row['id']} missed {want[span]['raw']}" for span in want.keys() - found.keys()]
        wrong += [f"{row['id']} invented {found[span].raw}" for span in found.keys() - want.keys()]
        for span in want.keys() & found.keys():
            quantity, expected = found[span], want[span]
            total += 1
            named += dice(quantity.subject, expected["subject"]) >= 0.5
            wrong += [
                f"{row['id']} {quantity.raw} {name} {getattr(quantity, name)!r}, not {expected[name]!r}"
                for name in FIELDS
                if getattr(quantity, name) != pytest.approx(expected[name])
            ]
    assert len(wrong) <= total * 0.01, wrong
    assert named >= 0.85 * total


@pytest.mark.parametrize(
    ("text", "raws"),
    [
        ("三类案件57、35、13件", ["57", "35", "13件"]),
        ("培育3至5个品牌，7—10天办结", ["3", "5个", "7", "10天"]),
        ("由3个工作日缩短至1个工作日", ["3个工作日", "1个工作日"]),
        ("开展两次评查，查处一起案件，宣传十一次", ["两次", "一起", "十一次"]),
        ("接待群众万余人次，走访数十家企业", ["万余人次", "数十家"]),
        (
            "移交36条线索，查处12起重大案件、9起施工事故，走访36家用人单位、12名师生",
            ["36条", "12起", "9起", "36家", "12名"],
        ),
        ("开展3次日常巡查，完成26项目标任务，走访12位居民", ["3次", "26项", "12位"]),
        ("打掉团伙12伙，移送12案36人，出庭旁听2庭次，接入视频1260路", ["12伙", "12案", "36人", "2庭次", "1260路"]),
        ("办理结婚登记1.26万对、离婚登记312对", ["1.26万对", "312对"]),
        ("研究议题二十六项，近百名干部参训，百余项任务，十五人。", ["二十六项", "百名", "百余项", "十五人"]),
        ("三分之二以上的村，百分之八十五的事项，近八成群众", ["三分之二", "百分之八十五", "八成"]),
        ("行程压缩了八成半，超过六成的事项，两成半的申请人", ["八成半", "六成", "两成半"]),
        ("惠及500万群众，3000余事项", ["500万群众", "3000余事项"]),
        ("抓获逃犯37万浩无案件", ["37"]),
        ("受理数为37，审结数：35。", ["37", "35"]),
        ("| 行政许可（件） | 15,832 |", ["15,832"]),
        ("办理案件12 件、３４件", ["12 件", "３４件"]),
        ("投资1.2亿元，罚款30余万元", ["1.2亿元", "30余万元"]),
        ("走访企业1200+家、服务1500+人次，办理30+件，42+个部门", ["1200+家", "1500+人次", "30+件", "42+个"]),
        ("推行“1+3+N”机制和1+5+N模式，建成2+1个平台，访问量300＋。", ["300"]),
    ],
)
def test_found(text: str, raws: list[str]) -> None:
    assert [quantity.raw for quantity in read(text)] == raws


def test_tenths_and_a_half() -> None:
    assert [(q.value, q.unit) for q in read("行程压缩了八成半，超过六成的事项")] == [(85, "%"), (60, "%")]


@pytest.mark.parametrize(
    "text",
    [
        "2022年5月3日至6月初，1月至11月，2021—2025年",
        "《法治政府建设实施纲要（2021—2025年）》《关于办好10件实事的意见》",
        "某府办〔2022〕5号、第13届、第三季度、第3条",
        "“1+5+N”“助企纾困15条”双随机、一公开，三项制度，四个自信，一网通办",
        "拨打12345热线，7×24小时在线，24小时自助服务",
        "电话0731-88886666，手机13800138000，身份证号110101199003070011",
        "和平路18号A4楼，建设5G基站，庆祝建党100周年",
        "一是加强领导。二是压实责任。第三人参加诉讼，进一步提高，统一标准",
        "排名前10名，位列第3，京ICP备05012345号-2",
        "12条例会事项，修订36条例，12家具，6次生灾害，一起到36起点，前百名，百项任务，十处村落，三种人",
        "五位一体，八五普法，七五普法，千家万户，百日攻坚，二次供水",
        "1.抓好学习。2、家庭教育。（3）件件落实",
        "10人大代表提问",
        "打造15分钟公共法律服务圈，群众最多跑1次，位居全市前三名",
        "地址：人民路8号3幢201室，统一社会信用代码11350000MB1234567X",
        "推进防护林工程六期建设，百分之百投入工作，九成新设备",
    ],
)
def test_not_quantities(text: str) -> None:
    assert [q.raw for q in read(text) if q.unit != "人大代表"] == []


@pytest.mark.parametrize(
    ("text", "approx"),
    [
        ("约30件", "about"),
        ("办理30+件", "more_than"),
        ("访问量300＋。", "more_than"),
        ("近1.5万余份", "about"),
        ("30件左右", "about"),
        ("超过30件", "more_than"),
        ("30余件", "more_than"),
        ("30件以上", "at_least"),
        ("每月至少检查2次", "at_least"),
        ("不少于30件", "at_least"),
        ("30个工作日以内", "less_than"),
        ("不超过30天", "less_than"),
        ("共30件", "exact"),
    ],
)
def test_approx(text: str, approx: str) -> None:
    assert [quantity.approx for quantity in read(text)] == [approx]


def test_both_of_a_coordinated_pair_share_the_hedge_behind() -> None:
    assert [q.approx for q in read("22个工作日和55个工作日内完成审批")] == ["less_than", "less_than"]


@pytest.mark.parametrize(
    ("text", "direction", "kind"),
    [
        ("同比下降11.46%", "down", "change_rate"),
        ("提高5.6个百分点", "up", "change"),
        ("增长1.5倍", "up", "change_rate"),
        ("大幅提升至100%", None, "rate"),
        ("压减环节63%", "down", "change_rate"),
        ("较上年减少12件", "down", "change"),
        ("取消精简36项", None, "count"),
        ("新增12家", None, "count"),
    ],
)
def test_direction_and_kind(text: str, direction: str | None, kind: str) -> None:
    (quantity,) = read(text)
    assert (quantity.direction, quantity.kind) == (direction, kind)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("上年同期为9102起，同比下降4%", [2021, 2022]),
        ("自2019年以来共办理12件", [2022]),
        ("2023年1月13日组织38人考试", [2023]),
        ("同比2021年增长20%", [2022]),
        ("败诉率比2021年的8.5%下降1.6个百分点", [2021, 2022]),
        ("到2025年培育600名", [2025]),
        ("较去年的11次增加7次", [2021, 2022]),
    ],
)
def test_period_year(text: str, years: list[int]) -> None:
    assert [quantity.period_year for quantity in read(text)] == years


def test_goals() -> None:
    assert [q.is_target for q in read("力争网办率达到95%以上")] == [True]
    assert [q.is_target for q in read("网办率达到95%以上")] == [False]
    (quantity,) = read("评查案卷300卷", part="plan")
    assert (quantity.is_target, quantity.period_year) == (True, 2023)


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("受理行政复议案件56件,审结48件,驳回3件", ["受理行政复议案件", "审结行政复议案件", "驳回行政复议案件"]),
        ("28个项目纳入改革", ["项目纳入改革"]),
        ("建成站120个、点80个，建成率分别为96%、80%", ["建成站", "点", "建成站建成率", "点建成率"]),
        (
            "全市文件报备率、报备及时率、报备规范率分别为100%、99%和98%",
            ["文件报备率", "报备及时率", "报备规范率"],
        ),
        ("企业开办由3天缩短至1天", ["企业开办(变化前)", "企业开办"]),
        ("出庭应诉率不高，仅为78.6%", ["出庭应诉率"]),
    ],
)
def test_subjects(text: str, subjects: list[str]) -> None:
    assert [quantity.subject for quantity in read(text)] == subjects


@pytest.mark.parametrize(
    ("text", "raw"),
    [
        ("全年检查14次，未收到投诉举报。", "未收到投诉举报"),
        ("我局无行政诉讼案件。", "无行政诉讼案件"),
        ("执法工作实现零投诉。", "零投诉"),
    ],
)
def test_stated_zeros(text: str, raw: str) -> None:
    zeros = [quantity for quantity in read(text) if quantity.kind == "stated_zero"]
    assert [(zero.raw, zero.value) for zero in zeros] == [(raw, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "确保零投诉。",
        "如未收到投诉举报，则办结。",
        "零距离服务，零容忍打击",
        "无规矩不成方圆",
        "经清理，无相关规范性文件。",
    ],
)
def test_no_stated_zero_in_goals_and_conditions(text: str) -> None:
    assert read(text) == []


def test_damaged_number_is_kept_as_read_with_low_confidence() -> None:
    (quantity,) = read("抓获网上逃犯37万浩无案件")
    assert (quantity.value, quantity.unit) == (37, None)
    assert quantity.confidence < 0.5


ALPHABET = '0123456789０３.,，、。%万亿余多约近第年月日至—-个件次人元（）()《》“”"|\n\t 一二三十百千两零分之成未收到投诉举报增长同比由缩短abAN+'


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=ALPHABET, max_size=200), st.sampled_from([None, 2020]))
def test_any_text_gives_ordered_spans_that_point_at_their_raw(text: str, year: int | None) -> None:
    end = 0
    quantities = map_indicators(read(text, year), body=text, sections=[], catalogue=default_catalogue())
    for quantity in quantities:
        assert text[quantity.char_start : quantity.char_end] == quantity.raw
        assert end <= quantity.char_start < quantity.char_end
        assert isinstance(quantity.subject, str)
        end = quantity.char_end


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_arbitrary_unicode_never_raises(text: str) -> None:
    read(text)


HOSTILE = {
    "digits": "1",
    "enumeration": "、1",
    "counted list": "、1件",
    "open quotes": "“",
    "open titles": "《",
    "version numbers": "1.",
    "thousands": "1,",
    "brackets": "（",
    "han numerals": "一二三",
    "years": "2021年5件",
    "pluses": "1+",
    "cells": "|1",
    "zeros": "未收到",
    "blanks": " ",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_length(name: str) -> None:
    """Twice the text takes about twice the time: four times the length must stay under twelve times the time."""

    def seconds(length: int) -> float:
        text = (HOSTILE[name] * length)[:length]
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            read(text)
            best = min(best, time.process_time() - started)
        return best

    assert seconds(20_000) < max(12 * seconds(5_000), 0.25)


def test_a_line_of_a_megabyte_is_read() -> None:
    text = "全年受理行政复议案件56件，审结48件；" * 4000
    quantities = read(text)
    assert len(quantities) == 8000
    assert {quantity.value for quantity in quantities} == {56, 48}


def test_real_reports_beside_the_repository() -> None:
    path = SHARED / "gold" / "seed_quantities.jsonl"
    if not path.exists():
        pytest.skip("no shared gold beside the repository")
    wanted: dict[str, list[dict[str, Any]]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        wanted.setdefault(row["doc"], []).append(row)
    right = missed = extra = 0
    for doc, rows in wanted.items():
        body = (SHARED / "seeds" / doc).read_text(encoding="utf-8")
        found = {(q.char_start, q.char_end): q for q in read(body, rows[0]["period_year"])}
        spans = {(row["char_start"], row["char_end"]): row for row in rows}
        extra += sum(span not in spans for span in found)
        for span, row in spans.items():
            quantity = found.get(span)
            if quantity and (quantity.value, quantity.unit or "") == (row["value"], row["unit"] or ""):
                right += 1
            elif not row["borderline"]:
                missed += 1
    assert 2 * right / (2 * right + missed + extra) >= 0.985
