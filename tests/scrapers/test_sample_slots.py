"""The slots of the sample's sentences: what is printed, what is recorded, and where it stands afterwards."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.sample.bank import PlantedError
from scrapers.sample.slots import CannotState, Printer
from scrapers.sample.stated import Stated, place

NOW = {
    "recon_received": 90.0,
    "recon_concluded": 56.0,
    "recon_upheld": 36.0,
    "recon_rejected": 0.0,
    "recon_revoked": 8.0,
    "recon_illegal": 2.0,
    "recon_ordered": 0.0,
    "recon_settled": 10.0,
    "lit_due": 40.0,
    "lit_attended": 39.0,
    "disclosed": 56_980.0,
    "leaflets": 213_456.0,
    "fines": 409.65,
}
BEFORE = {"recon_received": 80.0, "disclosed": 56_980.0, "fines": 500.0, "lit_due": 40.0, "lit_attended": 38.0}


def printer(*errors: PlantedError) -> Printer:
    return Printer({"our": "我市"}, NOW, BEFORE, Random(1), errors)


def state(sentence: str, *errors: PlantedError) -> tuple[str, tuple[Stated, ...]]:
    made = printer(*errors)
    return place(made.fill(sentence), made.stated)


@pytest.mark.parametrize(
    ("sentence", "text", "value", "unit", "approx"),
    [
        ("{our}收到{recon_received:件}。", "我市收到90件。", 90, "件", "exact"),
        ("公开{disclosed:余条}", "公开56000余条", 56_000, "条", "more_than"),
        ("资料{leaflets:余份}", "资料21万余份", 210_000, "份", "more_than"),
        ("罚没{fines:万元}", "罚没409.65万元", 4_096_500, "元", "exact"),
        ("出庭率{lit_attend_rate:%}以上", "出庭率97.5%以上", 97.5, "%", "at_least"),
        ("约{~300-300:人}", "约300人", 300, "人", "about"),
        ("不超过{~5-5:个工作日}", "不超过5个工作日", 5, "个工作日", "less_than"),
        ("不低于{~60-60:学时}", "不低于60学时", 60, "学时", "at_least"),
        ("超{~3-3:万余人次}", "超3万余人次", 30_000, "人次", "more_than"),
        ("{=0:未发生败诉}", "未发生败诉", 0, "", "exact"),
    ],
)
def test_figure_is_printed_and_recorded(sentence, text, value, unit, approx):
    body, (item,) = state(sentence)
    assert body == text
    assert (item.value, item.unit, item.approx) == (value, unit, approx)
    assert body[item.char_start : item.char_end] == item.raw


def test_parts_leave_out_what_is_zero_and_sum_to_the_total():
    body, parts = state("其中{*recon_concluded:件}")
    assert [item.field for item in parts] == ["recon_upheld", "recon_revoked", "recon_illegal", "recon_settled"]
    assert sum(item.value for item in parts) == 56
    assert body.count("、") >= 3 and "0件、" not in body.replace("10件", "")


@pytest.mark.parametrize(
    ("slot", "raw", "value"),
    [("{^recon_received}", "12.5%", 12.5), ("{^recon_received:件}", "10件", 10), ("{^fines}", "18.07%", 18.07)],
)
def test_change_follows_from_the_year_before(slot, raw, value):
    body, (item,) = state(f"同比{slot}")
    assert (item.raw, item.value) == (raw, value)
    assert body[2:4] in ({"下降", "减少"} if "fines" in slot else {"增长", "上升", "增加"})


def test_change_of_a_rate_is_in_points():
    body, (item,) = state("比上年{^lit_attend_rate:个百分点}")
    assert body == "比上年提高2.5个百分点"
    assert (item.value, item.unit) == (2.5, "个百分点")


@pytest.mark.parametrize("slot", ["{^disclosed}", "{recon_rejected:件}", "{unknown:件}", "{^lit_lost_rate:个百分点}"])
def test_what_cannot_be_stated_is_refused_and_leaves_no_trace(slot):
    made = printer()
    with pytest.raises(CannotState):
        made.fill("收到{recon_received:件}，" + slot)
    assert made.stated == []


def test_planted_error_is_printed_beside_the_truth():
    error = PlantedError("report", "parts_do_not_sum", "recon_upheld", 10, ())
    _, parts = state("其中{*recon_concluded:件}", error)
    assert (parts[0].value, parts[0].true_value) == (46, 36)
    assert sum(item.value for item in parts) == 66


@given(
    st.lists(st.tuples(st.text("，。的件一二12", max_size=6), st.integers(0, 4)), max_size=8),
    st.text("，。的", max_size=4),
)
def test_offsets_hold_whatever_stands_between(pieces, tail):
    slots = ["{recon_received:件}", "{disclosed:余条}", "{fines:万元}", "{lit_attend_rate:%}", "{=100:100%}"]
    body, stated = state("".join(text + slots[i] for text, i in pieces) + tail)
    assert len(stated) == len(pieces)
    assert [body[item.char_start : item.char_end] for item in stated] == [item.raw for item in stated]
    assert all(left.char_end <= right.char_start for left, right in pairwise(stated))
    assert "\x02" not in body and "\x04" not in body
