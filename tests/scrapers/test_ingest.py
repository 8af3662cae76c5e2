"""Files from elsewhere: single ones, folders, WARC files; twice changes nothing, one bad file stops no other."""

from __future__ import annotations

import io
import json
import zlib
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scrapers.archive import Archive, HarvestRun, Response
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


LINKS = "".join(f'<li><a href="/a/{n}.html">关于做好第{n}号工作的通知</a></li>' for n in range(40))
INDEX = f"<html><title>通知公告</title><body><ul>{LINKS}</ul></body></html>".encode()


def test_what_a_crawl_brings_along_is_left_out_and_counted(tmp_path: Path) -> None:
    html = "text/html; charset=utf-8"
    path = crawl(
        tmp_path / "crawl.warc.gz",
        ("http://www.a.invalid/list/", 200, html, INDEX),
        ("http://www.a.invalid/list/2/", 200, html, INDEX),
        ("http://www.a.invalid/x.html", 200, html, "您访问的页面不存在".encode()),
        ("http://www.a.invalid/y.html", 200, html, b"<script>var a='__jsl_clearance'</script>"),
        ("http://www.a.invalid/1.html", 200, html, PAGE),
        ("http://www..invalid/", 200, html, PAGE),
    )
    run = take(tmp_path / "archive", path)
    assert (run.status, run.new, run.failed) == ("partial", 1, 1)
    assert {item["reason"] for item in json.loads(run.reasons)} == {
        "the record's WARC-Target-URI is no web address",
        "index page instead of the article: 2 records left out",
        "not found, said with status 200: 1 records left out",
        "challenge page (jsl): 1 records left out",
    }


def test_a_crawl_of_years_ago_says_nothing_of_today(tmp_path: Path) -> None:
    """It adds a version; what the url holds now stays what was fetched last, after reindexing too."""
    url = "http://www.a.invalid/1.html"
    path = crawl(tmp_path / "crawl.warc.gz", (url, 200, "text/html; charset=utf-8", PAGE))
    newer = PAGE.replace("报告".encode(), "更正后的报告".encode())
    later = datetime(2990, 1, 1, tzinfo=UTC)
    with Archive(tmp_path / "archive") as archive:
        response = Response(url, 200, "OK", [("Content-Type", "text/html")], newer, [], later)
        archive.store(response, source_id="zeta", run_id="2026-01-01-01", canonical_url=url, role="page")
        ingest([path], archive, archive.begin_run(datetime.now(UTC)))
        ingest([path], archive, archive.begin_run(datetime.now(UTC)))
        for _ in range(2):
            assert [archive.read(item).body for item in archive.captures()] == [PAGE, newer]
            latest = archive.latest(url)
            assert latest
            assert archive.read(latest).body == newer
            archive.reindex()


def test_a_crawl_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    html = "text/html; charset=utf-8"
    pages = [(f"http://www.a.invalid/{n}.html", 200, html, PAGE + b"%d" % n) for n in range(5)]
    whole = crawl(tmp_path / "whole.warc.gz", *pages)
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(whole.read_bytes()[: -whole.stat().st_size // 3])
    noise = tmp_path / "noise.warc.gz"
    noise.write_bytes(b"\x1f\x8b\x08" + b"noise" * 100)
    run = take(tmp_path / "archive", noise, torn)
    assert run.status == "partial"
    assert 2 <= run.new <= 4
    assert json.loads(run.reasons)[0]["url"] == "noise.warc.gz"


def test_a_bomb_in_a_crawl_is_refused_and_the_rest_taken(tmp_path: Path) -> None:
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    packed = b"".join(bomb.compress(bytes(1024**2)) for _ in range(80)) + bomb.flush()
    path = tmp_path / "crawl.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number, (body, more) in enumerate([(packed, [("Content-Encoding", "gzip")]), (PAGE, [])]):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *more], protocol="HTTP/1.1")
            url = f"http://www.shili.example/{number}.html"
            writer.write_record(
                writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=headers)
            )
    run = take(tmp_path / "archive", path)
    assert (run.new, run.failed) == (1, 1)
    assert "unpacks to more than 50 MB" in run.reasons
