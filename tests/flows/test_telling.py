"""What is news: told once, also where a kill came between publishing and telling."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from flows import telling
from flows.settings import Settings
from scrapers.archive import HarvestRun
from warehouse.snapshots import publish_snapshot

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def publish(settings: Settings, reports: int, keep: int = 5) -> None:
    """A warehouse with so many reports."""
    side = settings.home / "side.duckdb"
    with duckdb.connect(str(side)) as con:
        con.execute("create schema marts")
        con.execute("create table marts.fct_report as select 'r' || i as report_id from range(?) t(i)", [reports])
    publish_snapshot(*(side, settings.warehouse, settings.snapshots), fingerprint=f"of {reports}", at=NOW, keep=keep)


def run(source: str, status: str, reasons: str = "[]") -> HarvestRun:
    return HarvestRun("2026-03-02-01", source, NOW, NOW, status, 1, 0, 0, 0, 0, 0, 0, reasons)


def test_reports_are_told_once_and_counted_from_what_was_told(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    told = telling.read(settings)
    publish(settings, 3)
    news = telling.news(settings, told, [])
    assert news.reports == 3
    # killed before it was told: the next run publishes more, and tells of all
    publish(settings, 5)
    news = telling.news(settings, told, [])
    assert news.reports == 5
    telling.remember(settings, news.told)
    assert telling.news(settings, telling.read(settings), []).reports == 0
    publish(settings, 6)
    publish(settings, 7)
    assert telling.news(settings, telling.read(settings), []).reports == 2


def test_what_was_published_before_anything_was_noted_is_no_news(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    publish(settings, 3)
    told = telling.read(settings)
    assert telling.news(settings, told, []).reports == 0
    publish(settings, 4)
    assert telling.news(settings, told, []).reports == 1


def test_a_told_state_that_is_gone_is_counted_from_the_oldest_kept(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    for reports in (1, 2, 4, 8):
        publish(settings, reports, keep=2)
    gone = telling.Told("2026-03-02-01")
    assert telling.news(settings, gone, []).reports == 4


def test_a_source_is_news_when_it_was_fine_before(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    told = telling.Told(None, {"a": "ok", "b": "failed", "d": "failed", "e": "ok", "z": "failed"})
    runs = [run("a", "failed", '["it says 403"]'), run("b", "failed"), run("c", "blocked"), run("d", "ok")]
    news = telling.news(settings, told, [*runs, run("e", "partial")])
    assert news.broken == [("a", "failed", "it says 403"), ("c", "blocked", "")]
    telling.remember(settings, news.told)
    kept = telling.read(settings)
    assert kept.sources == {"a": "failed", "b": "failed", "c": "blocked", "d": "ok", "e": "partial", "z": "failed"}
    assert telling.news(settings, kept, runs).broken == []
