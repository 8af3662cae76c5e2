"""The sample portal prints today's date, or the one that is asked for."""

from __future__ import annotations

from datetime import datetime

import pytest

from scrapers.sample.handler import CHINA, dated
from scrapers.sample.site import TODAY, Resource

PAGE = Resource(b"<p>" + TODAY + b"</p>", "text/html; charset=utf-8", None, 200)


def test_a_day_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_SAMPLE_TODAY", "2026-02-03")
    assert dated(PAGE).decode() == "<p>2026年2月3日 星期二</p>"


def test_else_it_is_the_day_in_china(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAZHI_SAMPLE_TODAY", raising=False)
    before, printed, after = datetime.now(CHINA), dated(PAGE).decode(), datetime.now(CHINA)
    assert any(f"{day.year}年{day.month}月{day.day}日" in printed for day in (before, after))
