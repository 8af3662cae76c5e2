"""What the numbers' core does at its edges, where a small fault in it went unseen by the other quick tests."""

from __future__ import annotations

import pytest

from extraction.numerals import chinese, scaled
from extraction.quantities import find_quantities
from extraction.subject import compose, left_label, right_noun
from extraction.tokens import number_tokens
from extraction.told_before import event_before


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("走访百余户", [100]),
        ("走访百户", []),
        ("慰问百名", []),
        ("慰问千余名", [1000]),
        ("服务万余名", [10_000]),
        ("服务万名", []),
        ("走访千家", []),
    ],
)
def test_a_bare_hundred_is_a_figure_of_speech_unless_it_is_hedged(text: str, values: list[int]) -> None:
    assert [token.value for token in number_tokens(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [("建成两个中心", [2]), ("建成三个平台", [3]), ("推进“两个中心", []), ("、三个平台", []), ("、十二个平台", [12])],
)
def test_a_slogan_in_marks_or_in_a_row_counts_no_places(text: str, values: list[int]) -> None:
    assert [token.value for token in number_tokens(text)] == values


@pytest.mark.parametrize(("text", "values"), [("缩短2年", [2]), ("有效期缩短2年", [2]), ("3年行动", [])])
def test_years_are_a_quantity_only_as_a_term_that_changes(text: str, values: list[int]) -> None:
    assert [token.value for token in number_tokens(text)] == values


@pytest.mark.parametrize(
    ("text", "values"), [("开展演练一次，受理", [1]), ("开展演练一次", [1]), ("演练一次性通过", [])]
)
def test_one_is_counted_where_the_clause_ends_behind_it(text: str, values: list[int]) -> None:
    assert [token.value for token in number_tokens(text)] == values


def test_large_scales() -> None:
    assert scaled(1.2, "万亿") == 1_200_000_000_000
    assert chinese("二十亿") == 2_000_000_000
    assert chinese("一万二千亿") == 1_200_000_000_000
    assert chinese("三万亿") == 3_000_000_000_000


def test_a_numeral_in_words_is_marked_as_one() -> None:
    assert [token.han for token in number_tokens("查处一起，每年召开两次，查处3起")] == [True, True, False]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        # once the report speaks of its own year it stays there
        ("2020年受理12件，今年受理5件，办结3件", [2020, 2022, 2022]),
        # a year that only tells how old something is dates no figure
        ("化解2019年信访积案12件", [2022]),
    ],
)
def test_the_year_of_a_figure(text: str, years: list[int]) -> None:
    assert [item.period_year for item in find_quantities(text, sections=[], report_year=2022)] == years


@pytest.mark.parametrize("text", ["服务企业30件+", "服务企业30件\uff0b"])
def test_a_plus_behind_the_unit_is_more_than(text: str) -> None:
    assert [item.approx for item in find_quantities(text, sections=[], report_year=2022)] == ["more_than"]


@pytest.mark.parametrize(("clause", "event"), [("组织执法资格考试", "执法资格考试"), ("开展3场培训", "")])
def test_an_event_that_was_counted_is_not_what_the_next_clause_is_about(clause: str, event: str) -> None:
    assert event_before(clause) == event


@pytest.mark.parametrize(
    ("before", "after", "fresh", "subject"),
    [
        ("开展检查", "场所", True, "开展检查场所"),
        # behind another number stands that number's own noun first
        ("家企业检查", "场所", False, "场所"),
        ("家单位、培训", "人员", False, "培训人员"),
        ("行政执法单位、执法人员", "", False, "执法人员"),
        ("行政执法单位、执法人员", "", True, "行政执法单位、执法人员"),
        ("出台《办法》", "文件并印发", True, "文件"),
        # 等 ends a list of examples: the thing stands behind the number
        ("覆盖企业、学校等", "单位", True, "单位"),
    ],
)
def test_a_subject_begins_behind_the_noun_of_the_number_before(
    before: str, after: str, fresh: bool, subject: str
) -> None:
    assert compose(before, after, fresh) == (subject, True)


def test_a_label_begins_behind_the_titles_that_it_lists() -> None:
    assert left_label("印发《办法》等规范性文件") == "规范性文件"


def test_a_minus_belongs_to_its_number_and_nothing_before_it() -> None:
    text = "增幅-3.5%"
    assert [text[token.start : token.end] for token in number_tokens(text)] == ["-3.5%"]


@pytest.mark.parametrize("after", ["“送法下乡”活动", "《办法》解读", "执法人员"])
def test_what_is_counted_may_open_with_a_mark(after: str) -> None:
    assert right_noun(after) == after


@pytest.mark.parametrize(
    ("text", "direction"), [("审批材料精简36%", "down"), ("材料精简3个百分点", "down"), ("取消精简36项", None)]
)
def test_a_share_that_was_cut_went_down_and_a_number_that_was_cut_is_a_count(text: str, direction: str | None) -> None:
    assert [item.direction for item in find_quantities(text, sections=[], report_year=2022)] == [direction]
