"""Captures of a real archive in, staging rows out: a damaged record stops no other and is asked for again."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from flows.extracting import pending
from scrapers.archive import Archive, Response
from scrapers.warc import scan
from tests.extracted import extract_into
from warehouse.staging import open_staging

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
PAGE = "<html><body><h1>样例市2022年法治政府建设情况报告</h1><p>2022年，样例市办理行政复议案件{}件。</p></body></html>"


def stored(root: Path) -> None:
    with Archive(root) as archive:
        run = archive.begin_run(NOW)
        for number in range(3):
            url = f"http://a.invalid/{number}.html"
            body = PAGE.format(number).encode()
            response = Response(url, 200, "OK", [("Content-Type", "text/html")], body, [], NOW)
            archive.store(response, source_id="demo", run_id=run, canonical_url=url, role="page")
        archive.finish_runs()


def test_a_damaged_record_is_told_and_asked_for_again(tmp_path: Path) -> None:
    stored(tmp_path / "archive")
    path = tmp_path / "archive" / "demo.warc.gz"
    with Archive(tmp_path / "archive", read_only=True) as archive:
        captures = list(archive.captures())
    damaged = captures[1]
    data = bytearray(path.read_bytes())
    end = next(item.start for item in scan(path) if item.start > damaged.warc_offset)
    middle = (damaged.warc_offset + end) // 2
    data[middle : middle + 8] = b"\0" * 8
    path.write_bytes(data)
    staging = open_staging(tmp_path / "staging.duckdb")
    extract_into(staging, tmp_path / "archive", captures)
    errors = dict(staging.execute("select capture_id, error from staging.document").fetchall())
    assert len(errors) == 3
    assert "demo.warc.gz" in errors[damaged.capture_id]
    assert [capture_id for capture_id, error in errors.items() if error] == [damaged.capture_id]
    with Archive(tmp_path / "archive", read_only=True) as archive:
        assert pending(archive, staging) == [damaged]
