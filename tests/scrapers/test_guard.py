"""No source can end a run: whatever breaks at one is that source's failed run, with a reason and a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows import harvesting
from scrapers.families.trs import Trs
from scrapers.harvest import harvest_source
from scrapers.links import Item
from scrapers.registry import Source
from tests.scrapers.conftest import Desk, reasons


def test_a_reader_of_lists_that_breaks(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One list of two: the other's reports are there."""
    left, _ = desk.plant("trs", key="left")
    right, _ = desk.plant("generic", key="right", seed=2)
    starts = [desk.portal.start_url(site) for site in (left, right)]
    source = Source.model_validate(desk.portal.source(left, start_urls=starts, resolve=desk.portal.resolve))

    def broken(self: Trs, html: str, url: str) -> list[Item]:
        raise ValueError("invalid literal for int() with base 10: 'total'")

    monkeypatch.setattr(Trs, "items", broken)
    run = desk.harvest(source)
    assert run.status == "failed"
    assert reasons(run) == ["internal error: ValueError: invalid literal for int() with base 10: 'total'"]
    (told,) = [fields for event, fields in desk.events if event == "crashed"]
    assert told["url"] == starts[0]
    assert "in broken" in told["traceback"]
    assert set(desk.reports(right)) <= desk.found
    monkeypatch.undo()
    assert desk.harvest(source).status == "ok"
    assert set(desk.reports(left)) <= desk.found


def test_a_page_that_breaks_its_reader(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    site, source = desk.plant()
    bad, *good = desk.reports(site)

    def broken(asked: str, *given: object) -> None:
        if asked == bad:
            raise RecursionError("too deep")

    monkeypatch.setattr("scrapers.visits.not_the_article", broken)
    run = desk.harvest(source)
    assert (run.status, reasons(run), run.failed) == ("partial", ["internal error: RecursionError: too deep"], 1)
    assert set(good) <= desk.found


def test_a_damaged_archive_fails_its_source_alone(desk: Desk) -> None:
    """The run is told all the same, and the error says which file and what to do."""
    left, first = desk.plant("trs", key="left")
    _, second = desk.plant("generic", key="right", seed=2)
    desk.harvest(first)
    (desk.archive.root / "left.warc.gz").write_bytes(b"")
    report = next(article for article in desk.portal.articles(left) if article.report)
    desk.portal.change(left, report, paragraphs=("更正后的内容，共计办理若干件。" * 60,))
    run = desk.harvest(first, full_sweep=True)
    assert run.status == "failed"
    assert "left.warc.gz: has 0 bytes" in reasons(run)[0]
    assert "fazhi archive reindex" in reasons(run)[0]
    assert desk.harvest(second).status == "ok"
    assert "source crashed" in [event for event, _ in desk.events]


def test_a_damaged_record_is_told_and_healed(desk: Desk) -> None:
    """Reindexing leaves it out, the next run fetches the page again."""
    _, source = desk.plant()
    desk.harvest(source)
    capture = next(iter(desk.archive.captures()))
    path = desk.archive.root / capture.warc_file
    data = bytearray(path.read_bytes())
    data[capture.warc_offset + 60] ^= 0xFF
    path.write_bytes(data)
    desk.archive._db.execute("update url set complete = 0")
    desk.archive._db.execute("delete from listed")
    run = desk.harvest(source)
    assert run.status == "ok"
    assert "fazhi archive reindex" in reasons(run)[0]
    desk.archive.reindex()
    assert capture.canonical_url not in desk.found
    assert (desk.harvest(source).new, capture.canonical_url in desk.found) == (1, True)


def test_harvesting_into_no_archive(desk: Desk, tmp_path: Path) -> None:
    """What the flow calls gives a failed run too where the archive itself cannot be opened."""
    _, source = desk.plant()
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    told: list[str] = []
    run = harvesting.harvest_one(
        source, blocked / "archive", "2026-03-01-01", on_event=lambda event, _: told.append(event)
    )
    assert (run.source_id, run.status, told) == (source.id, "failed", ["source crashed"])
    assert "NotADirectoryError" in reasons(run)[0]


def test_an_archive_that_vanishes_under_the_run(desk: Desk) -> None:
    _, source = desk.plant()
    run_id = desk.archive.begin_run(desk.today)
    shutil.rmtree(desk.archive.root)
    run = harvest_source(source, desk.archive, run_id, settings=desk.settings)
    assert run.status == "failed"


def test_who_to_write_to_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_CONTACT", "mailto:archive@example.org")
    assert harvesting.fetch_settings().user_agent.endswith("; +mailto:archive@example.org)")
    monkeypatch.setenv("FAZHI_CONTACT", "evil\r\nHost: other")
    assert "evil" not in harvesting.fetch_settings().user_agent
