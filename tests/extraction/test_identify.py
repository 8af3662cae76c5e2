"""Who reports, from where, on which year, and whether it is a report at all: decided by evidence, else left open."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.genre import genre_of
from extraction.identify import Identity, identify
from extraction.provenance import look_at
from extraction.report_year import report_year_of
from extraction.sections import find_sections
from extraction.types import Evidence, Page

CASES = list(csv.DictReader((Path(__file__).parent / "identity_cases.csv").open(encoding="utf-8")))
FILLER = "我们坚持依法行政，推进法治政府建设。现将有关情况报告如下。" * 40


def page(title: str | None = None, body: str = "", signature: tuple[str, ...] = (), **fields: str) -> Page:
    evidence = {name: Evidence(value, f"test {name}") for name, value in fields.items()}
    if title:
        evidence["title"] = Evidence(title, "heading")
    return Page(None, "text/html", "utf-8", body, evidence, signature)


def identified(case: dict[str, str]) -> Identity:
    name, _, value = case["evidence"].partition("=")
    signature = (value,) if name == "signature" else ()
    fields = {name: value} if name and name != "signature" else {}
    built = page(case["title"], f"{case['text']}\n{FILLER}", signature, **fields)
    return identify(built, find_sections(built.body))


@pytest.mark.parametrize("case", CASES, ids=[f"{case['title']}|{case['evidence']}" for case in CASES])
def test_publisher_region_and_year(case: dict[str, str]) -> None:
    found = identified(case)
    assert found.publisher == case["publisher"]
    assert found.region_code == (case["region_code"] or None)
    assert found.report_year == int(case["report_year"])
    assert found.genre == "annual_report"


def test_undecided_region_says_so() -> None:
    case = next(case for case in CASES if not case["region_code"])
    assert "ambiguous_region" in {warning.code for warning in identified(case).warnings}


@pytest.mark.parametrize(
    ("title", "genre"),
    [
        ("甲辰区2022年法治政府建设年度报告", "annual_report"),
        ("甲辰区2013年依法行政工作总结", "annual_report"),
        ("甲辰区司法局关于2021年度推进法治政府建设工作情况的报告", "annual_report"),
        ("关于印发《甲辰区2022年法治政府建设情况报告》的通知", "annual_report"),
        ("样例市自然资源和规划局2022年法治政府建设年度报告", "annual_report"),
        ("样例市新闻出版局2022年度法治政府建设情况报告", "annual_report"),
        ("样例市教育局2022年法治政府建设工作总结和2023年工作计划", "annual_report"),
        ("关于报送样例市教育局2022年法治政府建设情况的报告", "annual_report"),
        ("关于做好2022年度法治政府建设年度报告编制工作的通知", "other"),
        ("样例市发布2022年法治政府建设年度报告", "other"),
        ("《甲辰区2022年法治政府建设年度报告》解读", "other"),
        ("甲辰区2022年法治政府建设工作要点", "other"),
        ("甲辰区2022年上半年法治政府建设工作情况报告", "other"),
        ("甲辰区2022年政府信息公开工作年度报告", "other"),
        ("法治政府建设年度报告（参考模板）", "other"),
        ("关于做好2022年度法治政府建设年度报告报送和公开工作的通知", "other"),
        ("甲辰区召开法治政府建设工作会议", "other"),
        ("甲辰区2022年国民经济和社会发展统计公报", "other"),
    ],
)
def test_genre_by_title(title: str, genre: str) -> None:
    assert genre_of(title, FILLER)[0] == genre


def test_template_with_masked_numbers_is_no_report() -> None:
    body = "全年受理行政复议案件XX件，审结XX件，出庭应诉XX次，办理XX项。" + FILLER
    assert genre_of("甲辰区2022年法治政府建设年度报告", body)[0] == "other"
    assert "masked_numbers" in {warning.code for warning in look_at(page(body=body))}


@pytest.mark.parametrize(
    ("title", "headings", "text", "year"),
    [
        ("甲辰区2021年度法治政府建设情况报告", [], "2023年3月", 2021),
        (None, ["一、2023年推进法治政府建设情况", "二、2024年主要安排"], "", 2023),
        (None, [], "2022年,甲辰区扎实推进法治政府建设,取得成效。", 2022),
        ("甲辰区法治政府建设情况报告", [], "一年来成效明显。", None),
        ("关于贯彻《实施纲要(2021—2025年)》2022年法治政府建设情况的报告", [], "", 2022),
    ],
)
def test_report_year(title: str | None, headings: list[str], text: str, year: int | None) -> None:
    assert report_year_of(title, headings, text)[0] == year


@pytest.mark.parametrize(
    ("built", "code"),
    [
        (page(body=FILLER, sponsor="鼎盛体育"), "sponsor_mismatch"),
        (page(body=FILLER + "更多精彩尽在某某娱乐城官网开户送彩金" + FILLER), "injected_spam"),
        (page(body=FILLER + "АPP办理" + "аbс平台" + FILLER), "homoglyphs"),
        (page(body="依法行政推進法治政府建設，國務院發佈實施綱要，縣級機關規範執法。" * 30), "converted_traditional"),
    ],
)
def test_doubtful_provenance_is_told(built: Page, code: str) -> None:
    assert code in {warning.code for warning in look_at(built)}


@pytest.mark.parametrize(
    "sponsor", ["甲辰区人民政府办公室", "样例市司法局", "样例市大数据中心", "中共样例市委政法委员会"]
)
def test_clean_pages_raise_no_alarm(sponsor: str) -> None:
    assert look_at(page("甲辰区2022年法治政府建设年度报告", FILLER, sponsor=sponsor)) == ()


def test_sign_off_gives_the_day() -> None:
    found = identify(page("甲辰区2022年法治政府建设年度报告", FILLER, ("甲辰区人民政府", "2023年1月16日")), [])
    assert found.signed_on == "2023-01-16"


TEXT = st.text(alphabet="一二三四(（)）、.。，,1234567890是第章\n法治政府建设年度报告市区县甲乙《》XX", max_size=300)


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_sections_are_ordered_nested_and_inside_the_body(body: str) -> None:
    sections = find_sections(body)
    for section in sections:
        assert 0 <= section.char_start < section.char_end <= len(body)
        assert body[section.char_start :].lstrip().startswith(section.heading[:1])
    for before, after in itertools.pairwise(sections):
        assert before.char_start < after.char_start
        assert after.char_end <= before.char_end or after.char_start >= before.char_end


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_identify_never_raises(title: str, body: str, sponsor: str) -> None:
    built = page(title or None, body, (sponsor[:30],), sponsor=sponsor or "x", publisher=title or "y", site_id="99")
    identify(built, find_sections(body))


PARTS = """一、2022年主要举措和成效
（一）依法全面履行政府职能。全年办理事项56项。一是优化流程。二是加强监管。
（二）健全依法行政制度体系
1.规范制定程序。审查文件3件。
2．清理文件。
二、存在的问题和原因
基层力量不足。
三、党政主要负责人履行推进法治建设第一责任人职责情况
四、下一步工作安排
（一）加强培训。"""


def test_headings_levels_and_parts() -> None:
    found = [(item.path, item.level, item.heading, item.part) for item in find_sections(PARTS) if item.level < 4]
    assert found == [
        ("1", 1, "一、2022年主要举措和成效", "achievements"),
        ("1.1", 2, "（一）依法全面履行政府职能", "achievements"),
        ("1.2", 2, "（二）健全依法行政制度体系", "achievements"),
        ("1.2.1", 3, "1.规范制定程序", "achievements"),
        ("1.2.2", 3, "2．清理文件", "achievements"),
        ("2", 1, "二、存在的问题和原因", "problems"),
        ("3", 1, "三、党政主要负责人履行推进法治建设第一责任人职责情况", "leadership"),
        ("4", 1, "四、下一步工作安排", "plan"),
        ("4.1", 2, "（一）加强培训", "plan"),
    ]
