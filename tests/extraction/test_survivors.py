"""What a sample of mutants of the numbers' core got away with in the other quick tests."""

from __future__ import annotations

import pytest

from extraction.meaning import years
from extraction.numerals import scaled
from extraction.quantities import find_quantities
from extraction.tokens import number_tokens


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
