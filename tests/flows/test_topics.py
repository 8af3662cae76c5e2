"""Subjects that say the same with other words around it have one topic."""

from __future__ import annotations

import pytest

from flows.topics import topic


@pytest.mark.parametrize(
    ("one", "other"),
    [("全年开展法治督察", "开展的法治督察"), ("共受理行政复议案件", "行政复议案件受理")],
)
def test_order_and_small_words_make_no_other_topic(one: str, other: str) -> None:
    assert topic(one) == topic(other)


def test_other_nouns_make_another_topic() -> None:
    assert topic("查处林政案件") != topic("查处海事案件")
    assert topic("36") == "36"
