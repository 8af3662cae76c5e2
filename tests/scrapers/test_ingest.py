"""Files from elsewhere: single ones, folders, WARC files; twice changes nothing, one bad file stops no other."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrapers.archive import Archive, HarvestRun
from scrapers.ingest import ingest

PAGE = "<html><body>法治政府建设年度报告</body></html>".encode()


def crawl(path: Path, *pages: tuple[str, int, str, bytes]) -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=path.suffix == ".gz")
        for url, status, media_type, body in pages:
            headers = StatusAndHeaders(f"{status} OK", [("Content-Type", media_type)], protocol="HTTP/1.1")
            record = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=headers)
            writer.write_record(record)
    return path


def take(root: Path, *paths: Path) -> HarvestRun:
    with Archive(root) as archive:
        run = ingest(paths, archive, archive.begin_run(datetime.now(UTC)))
        archive.finish_runs()
        return run


def test_files_and_folders(tmp_path: Path) -> None:
    folder = tmp_path / "saved" / "deep"
    folder.mkdir(parents=True)
    (folder / "报告.html").write_bytes(PAGE)
    (folder / "note.log").write_bytes(b"not taken from a folder")
    single = tmp_path / "report.txt"
    single.write_text("2022年法治政府建设情况报告", encoding="utf-8")
    run = take(tmp_path / "archive", tmp_path / "saved", single)
    assert (run.status, run.new, run.listed) == ("ok", 2, 2)
    with Archive(tmp_path / "archive", read_only=True) as archive:
        found = {capture.link_text: archive.read(capture).body for capture in archive.captures()}
    assert found == {"报告.html": PAGE, "report.txt": single.read_bytes()}


def test_twice_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_bytes(PAGE)
    take(tmp_path / "archive", path)
    size = (tmp_path / "archive" / "ingest.warc.gz").stat().st_size
    run = take(tmp_path / "archive", path, path)
    assert (run.new, run.unchanged) == (0, 2)
    with Archive(tmp_path / "archive", read_only=True) as archive:
        assert len(list(archive.captures())) == 1
    # only the run's own record is added
    assert (tmp_path / "archive" / "ingest.warc.gz").stat().st_size < size + 1500


def test_warc_records_keep_their_url_and_day(tmp_path: Path) -> None:
    path = crawl(
        tmp_path / "crawl.warc.gz",
        ("http://www.a.invalid/1.html", 200, "text/html; charset=utf-8", PAGE),
        ("http://www.a.invalid/gone.html", 404, "text/html", b"no"),
        ("http://www.a.invalid/logo.png", 200, "image/png", b"\x89PNG"),
    )
    run = take(tmp_path / "archive", path)
    assert (run.status, run.new) == ("ok", 1)
    with Archive(tmp_path / "archive", read_only=True) as archive:
        (capture,) = archive.captures()
    assert (capture.canonical_url, capture.role, capture.http_status) == ("http://www.a.invalid/1.html", "page", 200)


def test_damaged_warc_stops_no_other_file(tmp_path: Path) -> None:
    good = tmp_path / "good.html"
    good.write_bytes(PAGE)
    bad = tmp_path / "bad.warc"
    bad.write_bytes(b"this is no WARC file\r\n\r\n")
    run = take(tmp_path / "archive", bad, good)
    assert (run.status, run.new, run.failed) == ("partial", 1, 1)
    assert json.loads(run.reasons)[0]["url"] == "bad.warc"
