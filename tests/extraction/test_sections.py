"""Headings of every way of numbering: the tree, the parts, and texts that number nothing or break no line."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.sections import find_sections

REST = "，有关工作扎实推进，共办理案件12件，取得积极成效，群众满意度不断提升，各项任务如期完成。"
LEADER = "一、党政主要负责人履行推进法治建设第一责任人职责情况"
CASES = {
    "one line": (
        f"情况如下：一、主要做法和成效（一）加强领导。党组重视{REST}（二）规范执法。严格{REST}二、存在的问题和不足。一是认识{REST}"
        f"三、主要负责人履职情况。带头{REST}四、下一步工作打算。继续{REST}",
        ["1 achievements", "1.1 achievements", "1.2 achievements", "2 problems", "3 leadership", "4 plan"],
    ),
    "no numbers": (
        f"情况如下：\n主要工作举措和成效\n坚持{REST}\n存在的问题和不足\n重视不够{REST}\n下一步工作安排\n将继续努力{REST}",
        ["1 achievements", "2 problems", "3 plan"],
    ),
    "parts over numbers": (
        f"第一部分 主要成效\n一、领导\n坚持{REST}\n二、执法\n严格{REST}\n第二部分 存在问题\n认识不足{REST}\n第三部分 下步打算\n继续{REST}",
        ["1 achievements", "1.1 achievements", "1.2 achievements", "2 problems", "3 plan"],
    ),
    "Arabic": (
        f"1、主要成效\n坚持{REST}\n（1）领导\n重视{REST}\n2、存在问题\n不足{REST}\n3、明年工作计划\n继续{REST}",
        ["1 achievements", "1.1 achievements", "2 problems", "3 plan"],
    ),
    "run in": (
        f"一、加强组织领导\n坚持{REST}{REST}\n二、推进依法行政\n严格{REST}{REST}\n"
        f"虽然取得一定成绩，但仍存在一些不足：执法力量薄弱。\n下一步，将重点抓好以下工作，一是加强学习；二是强化监督{REST}",
        ["1 achievements", "2 achievements", "3 problems", "4 plan"],
    ),
    "wrong and repeated numbers": (
        f"一、主要成效\n（一）甲{REST}\n（二）乙{REST}\n（二）丙{REST}\n三、问题\n不足{REST}\n三、下一步工作\n继续{REST}",
        ["1 achievements", "1.1 achievements", "1.2 achievements", "1.3 achievements", "2 problems", "3 plan"],
    ),
    "leader first": (
        f"{LEADER}\n（一）带头学法{REST}\n二、推进法治政府建设的主要举措和成效\n{REST}{REST}\n三、存在的不足和原因\n{REST}\n四、主要安排\n{REST}",
        ["1 leadership", "1.1 leadership", "2 achievements", "3 problems", "4 plan"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_tree_and_parts(name: str) -> None:
    body, expected = CASES[name]
    assert [f"{section.path} {section.part}" for section in find_sections(body)] == expected


@pytest.mark.parametrize("name", CASES)
def test_headings_are_the_text_s_own(name: str) -> None:
    body = CASES[name][0]
    for section in find_sections(body):
        assert body[section.char_start :].startswith(section.heading[:4])
        assert section.level == section.path.count(".") + 1


PIECES = st.sampled_from(
    [
        "一、",
        "（一）",
        "1.",
        "（1）",
        "第一部分",
        "一是",
        "主要成效",
        "存在问题",
        "\n",
        "。",
        "：",
        "下一步，",
        REST,
        "  ",
        "①",
        "12件",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_sections_nest_and_cover(body: str) -> None:
    sections = find_sections(body)
    for section in sections:
        assert 0 <= section.char_start < section.char_end <= len(body)
    for section, following in pairwise(sections):
        assert section.char_start < following.char_start
        deeper = following.path.startswith(section.path + ".")
        assert following.char_end <= section.char_end if deeper else section.char_end <= following.char_start
    assert len({section.path for section in sections}) == len(sections)
