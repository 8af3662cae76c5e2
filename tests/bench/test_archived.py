"""The benchmark's archive: pages that are read as the reports they were made of, none lost, more added by a second call."""

from __future__ import annotations

from pathlib import Path

from bench.archived import FIRST_AT, make_archive
from bench.parts.pages import FIRST, _write
from bench.peers import measure, read_folder
from flows.extracting import parse_capture
from scrapers.archive import Archive


def test_made_pages_are_reports_of_their_bodies(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    make_archive(root, 0, 6, bodies=3, at=FIRST_AT, scratch=tmp_path / "made.duckdb")
    with Archive(root, read_only=True) as archive:
        captures = list(archive.captures())
        documents = [parse_capture(archive, capture) for capture in captures]
        assert {run.status for run in archive.harvest_runs()} == {"ok"}
    assert {document.genre for document in documents} == {"annual_report"}
    assert len({(document.publisher, document.report_year) for document in documents}) == 6
    assert all(len(document.quantities) > 20 and document.region_code for document in documents)

    make_archive(root, 6, 9, bodies=3, at=FIRST_AT.replace(day=8), scratch=tmp_path / "made.duckdb")
    with Archive(root, read_only=True) as archive:
        later = list(archive.captures())
    assert {capture.capture_id for capture in captures} < {capture.capture_id for capture in later}


def test_extractors_are_measured_on_the_same_pages(tmp_path: Path) -> None:
    _write(tmp_path / "made", 2)
    pages = read_folder(tmp_path / "made")
    rows = measure(pages, rounds=1)
    assert len(pages) == 2 and FIRST
    assert rows["fazhi"]["f1"] == 1.0 and rows["fazhi"]["ratio"] == 1.0
    assert rows["selectolax, parsing alone"]["f1"] is None
