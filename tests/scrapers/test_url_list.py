"""Lists of urls: read strictly, fetched politely, known pages asked only whether they changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scrapers.archive import HarvestRun
from scrapers.registry import Source
from scrapers.url_list import SOURCE_ID, UrlListError, ingest_urls, read_url_list
from tests.portal import faults
from tests.scrapers.conftest import Desk, path_of, reasons


def take(desk: Desk, urls: list[str]) -> HarvestRun:
    source = Source(
        id=SOURCE_ID, name=SOURCE_ID, start_urls=tuple(urls[:1]), local=True, resolve=desk.portal.resolve, delay_s=0
    )
    run = ingest_urls(urls, desk.archive, desk.archive.begin_run(desk.today), source=source, settings=desk.settings)
    desk.archive.finish_runs()
    return run


def test_a_list_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text(
        "\ufeff# reports\n\nhttp://www.A.invalid/1.html\n  https://b.invalid:443/2.html#top \r\n"
        "http://www.a.invalid:80/1.html;jsessionid=F0\n",
        encoding="utf-8",
    )
    assert read_url_list(path) == ["http://www.a.invalid/1.html", "https://b.invalid/2.html"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"http://a.invalid/\nwww.b.invalid/2.html\n", "line 2: 'www.b.invalid/2.html' is no http or https url"),
        (b"file:///etc/passwd", "line 1: "),
        (b"http://www..invalid/", "line 1: "),
        (b"# nothing\n", "no url in it"),
        (b"\xff\xfe\x00", "cannot be read as text in UTF-8"),
    ],
)
def test_a_list_that_is_none_names_its_line(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "urls.txt"
    path.write_bytes(content)
    with pytest.raises(UrlListError, match=r"urls\.txt: ") as caught:
        read_url_list(path)
    assert told in str(caught.value)


def test_pages_files_and_what_is_none(desk: Desk) -> None:
    left, _ = desk.plant("trs", key="left")
    right, _ = desk.plant("generic", key="right", seed=2)
    good = [*desk.reports(left), *desk.reports(right)]
    urls = [*good, desk.portal.start_url(left), f"http://{left.host}/gone.html", f"http://{right.host}/no/file.pdf"]
    desk.portal.fail(right, faults.soft_404(), path="/no/*")
    run = take(desk, urls)
    assert (run.source_id, run.status, run.listed, run.new) == (SOURCE_ID, "partial", len(urls), len(good))
    assert sorted(reasons(run)) == ["HTTP 404", "index page instead of the article", "not found, said with status 200"]
    assert desk.found == set(good)
    assert desk.portal.most_at_once == {left.host: 1, right.host: 1}
    hosts = [request.host for request in desk.portal.log if request.path != "/robots.txt"]
    assert hosts[:6] == [left.host, right.host] * 3  # while one host rests the other is asked
    assert {capture.role for capture in desk.archive.captures()} == {"page"}


def test_again_is_conditional_and_changes_nothing(desk: Desk) -> None:
    site, _ = desk.plant()
    urls = desk.reports(site)
    take(desk, urls)
    captures = list(desk.archive.captures())
    desk.portal.clear_log()
    run = take(desk, urls)
    assert (run.status, run.new, run.unchanged) == ("ok", 0, len(urls))
    assert list(desk.archive.captures()) == captures
    assert all("If-None-Match" in request.headers for request in desk.portal.log if request.path != "/robots.txt")


def test_robots_hold_for_lists_of_urls_too(desk: Desk) -> None:
    site, _ = desk.plant()
    desk.portal.robots(site, "User-agent: *\nDisallow: /\n")
    run = take(desk, desk.reports(site))
    assert set(reasons(run)) == {"disallowed by robots.txt"}
    assert desk.found == set()


def test_private_addresses_are_not_for_lists(desk: Desk) -> None:
    run_id = desk.archive.begin_run(desk.today)
    run = ingest_urls(["http://127.0.0.1:9/x", "http://169.254.169.254/"], desk.archive, run_id, settings=desk.settings)
    assert run.status == "partial"
    assert all("no public address" in reason for reason in reasons(run))
    assert len(json.loads(run.reasons)) == 2


def test_a_page_known_from_a_portal_keeps_its_source(desk: Desk) -> None:
    site, source = desk.plant()
    desk.harvest(source)
    url = desk.reports(site)[0]
    desk.portal.clear_log()
    run = take(desk, [url])
    assert (run.status, run.unchanged) == ("ok", 1)
    (request,) = desk.portal.requests(site, path_of(url))
    assert "If-None-Match" in request.headers
    known = desk.archive.known_url(url)
    assert known
    assert known.source_id == source.id
