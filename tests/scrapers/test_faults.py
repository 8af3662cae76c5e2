"""Each fault of a portal and its exact outcome: what is told, what is kept, how often is asked, and that it mends."""

from __future__ import annotations

import json

import pytest

from scrapers.links import canonical
from scrapers.registry import Source
from scrapers.story import MOST_REASONS, Story
from tests.portal import faults
from tests.portal.huge import huge_generic, huge_trs
from tests.portal.sites import make_site
from tests.scrapers.conftest import Desk, path_of, reasons

FRAME = "<ul>" + "".join(f'<li><a href="/c{n}/">栏目{n}：要闻动态与政务公开</a></li>' for n in range(60)) + "</ul>"
FRAMED_404 = f"<html><head><title>政府网</title></head><body>{FRAME}<p>您访问的页面不存在或已被删除！</p></body></html>"
NO_ADDRESS = "169.254.169.254 is at 169.254.169.254, which is no public address"
ONE_PAGE = [
    # fault, what is told, how often the page is asked for (one retry for what may pass)
    (faults.silent(6), "timed out", 2),
    (faults.reset(), "connection failed: ConnectionResetError", 2),
    (faults.truncated(500), "truncated: {size} bytes came, 500 more were announced", 2),
    (faults.short_length(), "truncated: the page breaks off", 2),
    (faults.cut_chunks(), "truncated: the last chunk is missing", 2),
    (faults.cut_gzip(), "truncated: the gzip coding does not come to its end", 2),
    (faults.status(500), "HTTP 500", 2),
    (faults.status(503), "HTTP 503", 2),
    (faults.status(403), "HTTP 403", 1),
    (faults.status(404), "HTTP 404", 1),
    (faults.status(429, Retry_After="2"), "HTTP 429", 2),
    (faults.status(429, Retry_After="7200"), "HTTP 429, to be asked again after 7,200 s", 1),
    (faults.drip(pause=0.2, seconds=6), "took longer than 1 s", 2),
    (faults.gzip_bomb(20), "larger than 5,242,880 bytes", 1),
    (faults.labelled("br"), "coded as 'br', which was not asked for", 1),
    (faults.labelled("gzip"), "the body is not coded as its header says", 1),
    (faults.endless_redirects(), "more than 5 redirects", 6),
    (faults.redirect(faults.METADATA_ADDRESS), NO_ADDRESS, 1),
    (faults.redirect("file:///etc/passwd"), "redirect to something that is no web address", 1),
    (faults.challenge_jiasule(), "challenge page (jsl)", 1),
    (faults.challenge_ruishu(412), "challenge page ($_ts)", 1),
    (faults.challenge_ruishu(202), "challenge page ($_ts)", 1),
    (faults.challenge_wzws(), "challenge page (wzws)", 1),
    (faults.soft_404(), "not found, said with status 200", 1),
    (faults.instead(FRAMED_404), "not found, said with status 200", 1),
    (faults.login_page(), "login page", 1),
]


@pytest.mark.parametrize(
    ("fault", "told", "times"), ONE_PAGE, ids=[f"{n}-{row[1][:20]}" for n, row in enumerate(ONE_PAGE)]
)
def test_one_bad_page(desk: Desk, fault: faults.Fault, told: str, times: int) -> None:
    site, source = desk.plant()
    bad, *good = desk.reports(site)
    size = f"{len(desk.portal.page(site, path_of(bad)).body):,}"
    desk.portal.fail(site, fault, path=path_of(bad))
    run = desk.harvest(source, total_s=1.2 if "longer" in told else 3, read_s=0.6 if "timed" in told else 2)
    others_too = 7200 if "7,200" in told else 0
    assert run.status == "partial"
    assert json.loads(run.reasons)[0]["reason"] == told.format(size=size)
    assert len(desk.portal.requests(site, path_of(bad))) == times
    assert bad not in desk.found
    if not others_too:  # a host that asks to be left alone is, with all its pages
        assert run.failed == 1
        assert set(good) <= desk.found
    desk.portal.mend(site)
    desk.days_later(1)
    again = desk.harvest(source)
    assert (again.status, reasons(again)) == ("ok", [])
    assert {bad, *good} <= desk.found


@pytest.mark.parametrize("place", ["list", "home"])
def test_another_page_in_an_articles_place(desk: Desk, place: str) -> None:
    """Its own list, or a home page of the same make, is never stored as a report."""
    site, source = desk.plant()
    bad, *good = desk.reports(site)
    start = path_of(desk.portal.start_url(site))
    fault = faults.page_of(desk.portal.page(site, start)) if place == "list" else faults.redirect("/")
    desk.portal.put(site, "/", desk.portal.page(site, start))
    desk.portal.fail(site, fault, path=path_of(bad))
    run = desk.harvest(source)
    wanted = "index page instead of the article" if place == "list" else "home page instead of the article"
    assert (run.status, reasons(run)) == ("partial", [wanted])
    assert bad not in desk.found
    assert set(good) <= desk.found


def test_burst_of_errors_is_waited_out(desk: Desk) -> None:
    site, source = desk.plant()
    desk.portal.fail(site, faults.status(503), path=path_of(desk.reports(site)[0]), times=3)
    run = desk.harvest(source, retries=3)
    assert (run.status, reasons(run)) == ("ok", [])
    assert set(desk.reports(site)) <= desk.found


@pytest.mark.parametrize(
    ("family", "label"),
    [("trs", "gb2312"), ("trs", "iso-8859-1"), ("trs", "nonsense"), ("boda", "utf-8"), ("boda", "iso-8859-1")],
)
def test_wrong_charset_in_the_header(desk: Desk, family: str, label: str) -> None:
    """Lists are read all the same, and the header is kept as it came."""
    site, source = desk.plant(family)
    desk.portal.fail(site, faults.charset(label), path="*htm*")
    run = desk.harvest(source)
    assert (run.status, reasons(run)) == ("ok", [])
    assert set(desk.reports(site)) <= desk.found


# ── the whole portal


@pytest.mark.parametrize(
    ("fault", "status", "told"),
    [
        (faults.challenge_jiasule(), "blocked", "challenge page (jsl)"),
        (faults.challenge_ruishu(202), "blocked", "challenge page ($_ts)"),
        (faults.challenge_ruishu(412), "blocked", "challenge page ($_ts)"),
        (faults.challenge_wzws(), "blocked", "challenge page (wzws)"),
        (faults.login_page(), "blocked", "login page"),
        (faults.status(503), "blocked", "robots.txt cannot be read now (HTTP 503): everything is disallowed"),
        (faults.status(403), "failed", "HTTP 403"),
        (faults.silent(6), "failed", "robots.txt cannot be read now (timed out): everything is disallowed"),
        (faults.redirect(faults.METADATA_ADDRESS), "failed", NO_ADDRESS),
        (faults.instead("<html></html>"), "failed", "a page without links"),
    ],
    ids=["jsl", "202", "412", "wzws", "login", "503", "403", "silent", "metadata", "empty pages"],
)
def test_a_portal_that_gives_nothing_else(desk: Desk, fault: faults.Fault, status: str, told: str) -> None:
    site, source = desk.plant()
    desk.portal.fail(site, fault)
    run = desk.harvest(source, read_s=0.6)
    assert run.status == status
    assert told in reasons(run)[0]
    assert desk.found == set()
    assert len(desk.portal.log) <= 4


def test_a_portal_that_is_not_there(desk: Desk) -> None:
    site, _ = desk.plant()
    desk.portal.refuse(site)
    run = desk.harvest(Source.model_validate(desk.portal.source(site)))
    told = "robots.txt cannot be read now (connection failed: ConnectionRefusedError): everything is disallowed"
    assert (run.status, reasons(run)) == ("failed", [told])
    assert desk.events[-1][1]["may_pass"]


def test_a_portal_that_takes_no_connection(desk: Desk) -> None:
    site, _ = desk.plant()
    desk.portal.hang(site)
    run = desk.harvest(Source.model_validate(desk.portal.source(site)), connect_s=0.3)
    assert (run.status, reasons(run)) == (
        "failed",
        ["robots.txt cannot be read now (timed out): everything is disallowed"],
    )


@pytest.mark.parametrize(
    ("text", "code", "status", "told"),
    [
        ("User-agent: *\nDisallow: /", 200, "blocked", "disallowed by robots.txt"),
        ("", 503, "blocked", "robots.txt cannot be read now (HTTP 503): everything is disallowed"),
        ("", 404, "ok", None),
        ("", 403, "ok", None),
        ("\x00<html>", 200, "ok", None),
        ("User-agent: *\nCrawl-delay: 86400", 200, "ok", "Crawl-delay 86,400 s is followed to 60 s"),
    ],
    ids=["disallow", "503", "404", "403", "malformed", "crawl-delay"],
)
def test_robots(desk: Desk, text: str, code: int, status: str, told: str | None) -> None:
    site, source = desk.plant()
    desk.portal.robots(site, text, code)
    run = desk.harvest(source)
    assert (run.status, reasons(run)) == (status, [told] if told else [])


def test_robots_behind_a_page_that_says_not_found(desk: Desk) -> None:
    site, source = desk.plant()
    desk.portal.fail(site, faults.soft_404(), path="/robots.txt")
    assert desk.harvest(source).status == "ok"


# ── lists without an end


@pytest.mark.parametrize(("family", "build"), [("trs", huge_trs), ("generic", huge_generic)])
def test_ten_thousand_list_pages(desk: Desk, family: str, build: object) -> None:
    """The sweep is bounded, says so, and the next one asks for the first page alone."""
    site = desk.portal.add(make_site(family, seed=1), build)  # type: ignore[arg-type]
    source = Source.model_validate(desk.portal.source(site, max_pages=12))
    run = desk.harvest(source)
    assert (run.status, reasons(run)) == ("partial", ["stopped after 12 list pages (max_pages)"])
    pages = {request.path for request in desk.portal.log} - {path_of(url) for url in desk.found} - {"/robots.txt"}
    assert len(pages) == 12
    within = {canonical(desk.portal.article_url(site, item)) for page in site.pages()[:-1] for item in page}
    assert set(desk.reports(site)) & within <= desk.found
    again = desk.harvest(source)
    assert (again.status, again.requests, again.listed) == ("ok", 1, run.listed)


# ── hosts that are left alone


def test_a_host_that_asks_for_a_long_pause_is_told_of_once(desk: Desk) -> None:
    """Its pages were not asked, so nothing is held against them: the next run gets them all."""
    site, source = desk.plant()
    first, *others = desk.reports(site)
    desk.portal.fail(site, faults.status(503, Retry_After="3600"), path=path_of(first), times=1)
    run = desk.harvest(source)
    assert (run.status, run.failed, run.new) == ("partial", 1 + len(others), 0)
    pause = f"{site.host} asked for a pause of 3,600 s: not asked again in this run"
    assert reasons(run) == ["HTTP 503, to be asked again after 3,600 s", pause]
    assert run.requests == 5  # four list pages and the first report
    assert [wanted.failures for wanted in desk.archive.wanted(source.id).values()].count(0) == len(others)
    again = desk.harvest(source)
    assert (again.status, again.new, again.requests) == ("ok", 1 + len(others), 2 + len(others))


def test_articles_behind_a_challenge_make_a_blocked_source(desk: Desk) -> None:
    """The list is open, not one of its pages can be had."""
    site, source = desk.plant()
    for url in desk.reports(site):
        desk.portal.fail(site, faults.challenge_ruishu(), path=path_of(url))
    run = desk.harvest(source)
    assert (run.status, run.new) == ("blocked", 0)
    assert set(reasons(run)) == {"challenge page ($_ts)"}
    desk.portal.mend(site)
    desk.days_later(1)
    assert desk.harvest(source).status == "ok"


def test_a_source_has_its_time(desk: Desk) -> None:
    """What is left when it is over waits for the next run; nothing is lost."""
    site, source = desk.plant()
    ticks = iter(range(10**6))
    run = desk.harvest(source, source_s=20, monotonic=lambda: float(next(ticks)))
    assert run.status == "partial"
    assert "the rest waits for the next run" in reasons(run)[-1]
    assert 0 < run.new < len(desk.reports(site))
    again = desk.harvest(source)
    assert (again.status, reasons(again)) == ("ok", [])
    assert set(desk.reports(site)) <= desk.found


def test_a_tangled_page_is_told_and_not_read(desk: Desk) -> None:
    site, source = desk.plant()
    desk.portal.fail(site, faults.instead("<div>" * 100_000), path=path_of(desk.reports(site)[0]))
    run = desk.harvest(source)
    assert (run.status, reasons(run)) == ("partial", ["nested too deeply to be read"])


def test_a_thousand_reasons_are_cut_and_counted() -> None:
    story = Story()
    for number in range(1000):
        story.tell(f"http://a.invalid/{number}", "HTTP 404")
    told = json.loads(story.reasons_json())
    assert len(told) == MOST_REASONS + 1
    assert told[-1]["reason"] == "and 800 more"
