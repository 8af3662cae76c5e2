"""Numerals as printed against the numbers that they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.numerals import arabic, chinese, scaled


@pytest.mark.parametrize(
    ("text", "value"), [("1,286", 1286), ("１２３", 123), ("1 054", 1054), ("3.62", 3.62), ("99．6", 99.6), ("0", 0)]
)
def test_arabic(text: str, value: float) -> None:
    assert arabic(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两", 2),
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("八十五", 85),
        ("二百", 200),
        ("一百零三", 103),
        ("三千二百", 3200),
        ("一万二千", 12000),
        ("万", 10000),
        ("十二万", 120000),
        ("一亿零五万", 100050000),
        ("二〇二三", 2023),
    ],
)
def test_chinese(text: str, value: int) -> None:
    assert chinese(text) == value


def test_chinese_refuses_other_characters() -> None:
    with pytest.raises(ValueError, match="not a Chinese numeral"):
        chinese("十个")


@pytest.mark.parametrize(
    ("number", "words", "value"),
    [
        (925.1756, ("万",), 9251756),
        (1.2, ("亿",), 120000000),
        (30, ("万", None), 300000),
        (0.0005, ("万",), 5),
        (7, (), 7),
    ],
)
def test_scaled_is_free_of_binary_dust(number: float, words: tuple[str | None, ...], value: int) -> None:
    result = scaled(number, *words)
    assert result == value
    assert isinstance(result, int)


_NAMES = "零一二三四五六七八九"


@given(st.integers(min_value=1, max_value=9999))
def test_chinese_reads_back_what_was_written(number: int) -> None:
    written, zero = "", False
    for power, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            written += ("零" if zero and written else "") + _NAMES[digit] + word
            zero = False
        else:
            zero = True
    assert chinese(written) == number
