"""A page that only shows another day or count is the same page; one with another figure is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from scrapers.sameness import same_content
from scrapers.sample.site import Resource
from tests.scrapers.conftest import Desk, path_of

THEN = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)  # the second of March in China
NOW = datetime(2026, 4, 9, 1, 0, tzinfo=UTC)
PROSE = "一年来，全局办理行政许可1,024件，开展执法检查36次，2026年3月2日前全部办结，群众浏览公开栏目踊跃，未发生行政败诉案件，公众满意度持续提升，依法行政水平不断提高。"


def page(day: str, count: str, *, prose: str = PROSE, cell: str = "36", extra: str = "") -> bytes:
    return (
        f"<html><head><title>报告</title><script>var t='{day}{count}'</script></head><body><div>{day}</div>"
        f"<p>浏览次数：<span>{count}</span></p><p>发布日期：2026-01-15</p><p>{prose}</p>"
        f"<table><tr><td>执法检查</td><td>{cell}</td></tr></table>{extra}</body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("今天是2026年3月2日 星期一", "今天是2026年4月9日 星期四"),
        ("2026年03月02日", "2026年04月09日"),
        ("2026-3-2 04:00:01", "2026-4-9 09:00:59"),
        ("星期一 晴 12℃", "星期四 雨 9℃"),
    ],
)
def test_another_day_and_another_count(then: str, now: str) -> None:
    assert same_content(page(then, "17"), THEN, page(now, "1,203"), NOW)
    assert same_content(page(then, "17次"), THEN, page(now, ""), NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"prose": PROSE.replace("1,024", "1,025")},
        {"prose": PROSE.replace("2026年3月2日", "2026年4月9日")},
        {"cell": "37"},
        {"extra": "<p>更正说明</p>"},
        {"extra": '<a href="P01.pdf"></a>'},
    ],
    ids=["figure", "date in the text", "cell", "line", "file"],
)
def test_another_figure_is_another_version(changed: dict[str, str]) -> None:
    day = "今天是2026年3月2日"
    assert not same_content(page(day, "1"), THEN, page(day, "1", **changed), NOW)


def test_another_publishing_date_is_another_version() -> None:
    before = page("", "1")
    assert not same_content(before, THEN, before.replace(b"2026-01-15", b"2026-01-16"), NOW)


def test_pages_that_count_their_readers_make_no_versions(desk: Desk) -> None:
    """Without validators, and other bytes each time: asked about now and then, stored once, until a figure changes."""
    site, source = desk.plant()
    url = desk.reports(site)[0]
    body = desk.portal.page(site, path_of(url)).body

    def served(count: int, figure: bytes = b"") -> None:
        counter = f"<p>浏览次数：{count}</p>".encode() + figure
        changed = body.replace(b"</body>", counter + b"</body>")
        desk.portal.put(site, path_of(url), Resource(changed, "text/html; charset=utf-8"))

    served(1)
    desk.harvest(source)
    before = list(desk.archive.captures())
    for count in range(2, 5):
        served(count)
        desk.today += timedelta(days=40)
        run = desk.harvest(source)
        assert (run.status, run.changed) == ("ok", 0)
    assert list(desk.archive.captures()) == before
    assert len(desk.portal.requests(site, path_of(url))) == 4
    served(9, "<p>更正：办理许可若干件。</p>".encode())
    desk.today += timedelta(days=40)
    assert desk.harvest(source).changed == 1
