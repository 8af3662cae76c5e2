"""Manners and limits of the fetcher, against a real server."""

from __future__ import annotations

import threading
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from scrapers.fetch import Blocked, Fetcher, FetchError, HarvestSettings
from scrapers.pace import Pace
from scrapers.records import Response
from scrapers.registry import Source
from scrapers.sample.site import Site
from tests.portal import faults
from tests.portal.server import PortalServer
from tests.portal.sites import make_site


class Desk:
    """A site and fetchers for it; `waits` are not slept but counted."""

    def __init__(self, portal: PortalServer) -> None:
        self.portal = portal
        self.site: Site = portal.add(make_site("generic", seed=1))
        self.waits: list[float] = []
        self.settings = HarvestSettings(
            connect_s=2, read_s=1, total_s=2, retries=0, backoff_s=0.01, sleep=self.waits.append, pace=Pace()
        )

    def fetcher(self, *, entry: dict[str, Any] | None = None, **settings: Any) -> Fetcher:
        source = Source.model_validate(self.portal.source(self.site, **(entry or {})))
        return Fetcher(source, replace(self.settings, **settings))

    @property
    def url(self) -> str:
        return self.portal.start_url(self.site)

    def path(self, number: int = 0) -> str:
        return "/" + self.urls[number].split("/", 3)[3]

    @property
    def urls(self) -> list[str]:
        return [self.portal.article_url(self.site, article) for article in self.portal.articles(self.site)]


@pytest.fixture
def desk() -> Iterator[Desk]:
    with PortalServer() as portal:
        yield Desk(portal)


def reason(fetcher: Fetcher, url: str, **given: Any) -> str:
    with pytest.raises(FetchError) as caught:
        fetcher.get(url, **given)
    return caught.value.reason


# ── who asks, how often


def test_who_asks_is_said_openly(desk: Desk) -> None:
    desk.fetcher().get(desk.url)
    assert all("fazhi/" in request.headers["User-Agent"] for request in desk.portal.log)


def test_crawl_delay_is_kept(desk: Desk) -> None:
    desk.portal.robots(desk.site, "User-agent: *\nCrawl-delay: 3\n")
    fetcher = desk.fetcher()
    for _ in range(2):
        fetcher.get(desk.url)
    assert 2.5 < max(desk.waits) <= 3


@pytest.mark.parametrize("asked", ["3600", "1e300"])
def test_crawl_delay_has_a_bound_and_it_is_said(desk: Desk, asked: str) -> None:
    desk.portal.robots(desk.site, f"User-agent: *\nCrawl-delay: {asked}\n")
    fetcher = desk.fetcher()
    for _ in range(2):
        fetcher.get(desk.url)
    assert 59 < max(desk.waits) <= 60
    ((where, remark),) = fetcher.robots.remarks
    assert where.endswith("/robots.txt")
    assert "is followed to 60 s" in remark


def test_two_sources_on_a_host_share_its_turns(desk: Desk) -> None:
    """Never two requests at once to one host, whoever asks, and the delay between them is kept."""
    fetchers = [desk.fetcher(entry={"id": f"source-{n}", "delay_s": 0.05}, sleep=_sleep) for n in range(4)]
    threads = [threading.Thread(target=fetcher.get, args=(desk.url,)) for fetcher in fetchers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert desk.portal.most_at_once[desk.site.host] == 1
    times = [request.at for request in desk.portal.log]
    assert len(times) == 8
    assert times[-1] - times[0] > 5 * 0.05  # seven delays, less what the machine adds to the first request


def test_an_overloaded_host_is_asked_more_slowly(desk: Desk) -> None:
    fetcher = desk.fetcher(entry={"delay_s": 1}, retries=3)
    desk.portal.fail(desk.site, faults.status(503), path=desk.path(), times=2)
    fetcher.get(desk.urls[0])
    assert 3.5 < max(desk.waits) <= 4  # twice doubled


def _sleep(seconds: float) -> None:
    threading.Event().wait(seconds)


# ── robots.txt


def test_robots_are_asked_wherever_a_redirect_leads(desk: Desk) -> None:
    desk.portal.robots(desk.site, "User-agent: *\nDisallow: /secret/\n")
    desk.portal.fail(desk.site, faults.redirect("/secret/page.html"), path="/open.html")
    assert reason(desk.fetcher(), f"http://{desk.site.host}/open.html") == "disallowed by robots.txt"
    assert not desk.portal.requests(desk.site, "/secret/*")


def test_another_hosts_robots_are_asked_after_a_redirect(desk: Desk) -> None:
    other = desk.portal.add(make_site("trs", seed=2))
    desk.portal.robots(other, "User-agent: *\nDisallow: /\n")
    target = desk.portal.start_url(other)
    desk.portal.fail(desk.site, faults.redirect(target), path="/go.html")
    fetcher = desk.fetcher(entry={"resolve": desk.portal.resolve})
    assert reason(fetcher, f"http://{desk.site.host}/go.html") == "disallowed by robots.txt"
    assert [request.path for request in desk.portal.requests(other)] == ["/robots.txt"]


def test_rules_for_us_by_name_are_ours(desk: Desk) -> None:
    desk.portal.robots(desk.site, "User-agent: *\nDisallow:\n\nUser-agent: fazhi\nDisallow: /\n")
    assert reason(desk.fetcher(), desk.url) == "disallowed by robots.txt"


@pytest.mark.parametrize("name", ["research", "contact", "government"])
def test_rules_for_others_are_not_ours(desk: Desk, name: str) -> None:
    """Words of our User-Agent's comment are no names."""
    desk.portal.robots(desk.site, f"User-agent: {name}\nDisallow: /\n")
    assert desk.fetcher().get(desk.url).status == 200


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\x00\xff\xfe<html>",
        b"Disallow",
        b"Disallow: /\n" * 3,
        b"User-agent: *\nDisallow: %zz\xe6\nCrawl-delay: soon\nCrawl-delay: -3\nSitemap",
        b"User-agent: *\r\rAllow: /\x00\r" + b"Disallow: /a" * 100_000,
        b"<html><body><h1>Welcome</h1></body></html>",
    ],
    ids=["empty", "bytes", "no value", "no agent", "odd values", "huge line", "html"],
)
def test_malformed_robots_say_nothing(desk: Desk, text: bytes) -> None:
    desk.portal.robots(desk.site, text)
    assert desk.fetcher().get(desk.url).status == 200


@pytest.mark.parametrize("status", [500, 503, 429])
def test_robots_that_cannot_be_had_now_close_the_host(desk: Desk, status: int) -> None:
    desk.portal.robots(desk.site, "", status)
    fetcher = desk.fetcher(retries=1)
    assert "robots.txt cannot be read now" in reason(fetcher, desk.url)
    assert "robots.txt cannot be read now" in reason(fetcher, desk.urls[0])
    assert [request.path for request in desk.portal.log] == ["/robots.txt"] * 2  # once more, then no more


def test_remembered_robots_are_not_asked_for(desk: Desk) -> None:
    source = Source.model_validate(desk.portal.source(desk.site))
    old = Response("", 200, "", [], b"User-agent: *\nDisallow: /", [], desk.settings.now())
    fetcher = Fetcher(source, desk.settings, remembered_robots=lambda url: old)
    assert reason(fetcher, desk.url) == "disallowed by robots.txt"
    assert desk.portal.log == []


# ── when a host has had enough


def test_short_retry_after_is_waited_for(desk: Desk) -> None:
    desk.portal.fail(desk.site, faults.status(429, Retry_After="7"), path=desk.path(), times=1)
    assert desk.fetcher(retries=1).get(desk.urls[0]).status == 200
    assert 7.0 in desk.waits


@pytest.mark.parametrize("wait", ["121", "86400", "Fri, 01 Jan 2999 00:00:00 GMT"])
def test_long_retry_after_ends_the_run_at_the_host(desk: Desk, wait: str) -> None:
    desk.portal.fail(desk.site, faults.status(429, Retry_After=wait), path=desk.path())
    fetcher = desk.fetcher(retries=3)
    assert reason(fetcher, desk.urls[0]).startswith("HTTP 429, to be asked again after ")
    assert reason(fetcher, desk.urls[1]).endswith("not asked again in this run")
    assert len(desk.portal.requests(desk.site, desk.path())) == 1
    assert not desk.portal.requests(desk.site, desk.path(1))
    assert max(desk.waits, default=0) < 1


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(faults.status(500), FetchError), (faults.challenge_jiasule(), Blocked), (faults.login_page(), Blocked)],
    ids=["500", "challenge", "login"],
)
def test_failures_in_a_row_open_the_breaker(desk: Desk, fault: faults.Fault, kind: type[FetchError]) -> None:
    desk.portal.fail(desk.site, fault, path="/*.htm*")
    fetcher = desk.fetcher(breaker=3)
    reasons = [reason(fetcher, url) for url in desk.urls[:5]]
    assert reasons[3] == reasons[4] == f"{desk.site.host} failed 3 times in a row"
    with pytest.raises(kind):
        fetcher.get(desk.urls[5])
    assert len([request for request in desk.portal.log if request.path != "/robots.txt"]) == 3


def test_pages_that_are_not_there_open_no_breaker(desk: Desk) -> None:
    fetcher = desk.fetcher(breaker=2)
    for number in range(6):
        assert reason(fetcher, f"http://{desk.site.host}/gone/{number}.html") == "HTTP 404"
    assert fetcher.get(desk.url).status == 200


def test_one_bad_page_opens_no_breaker(desk: Desk) -> None:
    """However often it is tried: several urls have to fail."""
    desk.portal.fail(desk.site, faults.status(502), path=desk.path())
    fetcher = desk.fetcher(breaker=3, retries=5)
    assert reason(fetcher, desk.urls[0]) == "HTTP 502"
    assert fetcher.get(desk.urls[1]).status == 200


# ── redirects


def test_cookies_set_by_a_redirect_are_kept(desk: Desk) -> None:
    desk.portal.fail(desk.site, faults.cookie_by_redirect(), path=desk.path())
    assert desk.fetcher().get(desk.urls[0]).status == 200


@pytest.mark.parametrize(("code", "method"), [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")])
def test_a_form_goes_along_only_where_the_redirect_says_so(desk: Desk, code: int, method: str) -> None:
    desk.portal.fail(desk.site, faults.redirect(desk.path(), code), path="/form")
    desk.fetcher().get(f"http://{desk.site.host}/form", form={"page": "2"})
    (request,) = desk.portal.requests(desk.site, desk.path())
    assert request.method == method
    assert request.headers.get("Content-Length") == ("6" if method == "POST" else None)


def test_a_form_goes_to_no_other_host(desk: Desk) -> None:
    other = desk.portal.add(make_site("trs", seed=2))
    desk.portal.fail(desk.site, faults.redirect(desk.portal.start_url(other), 307), path="/form")
    desk.fetcher(entry={"resolve": desk.portal.resolve}).get(f"http://{desk.site.host}/form", form={"page": "2"})
    assert [request.method for request in desk.portal.requests(other)] == ["GET", "GET"]


def test_conditions_belong_to_the_url_that_was_asked(desk: Desk) -> None:
    desk.portal.fail(desk.site, faults.redirect(desk.path()), path="/moved.html")
    etag = desk.portal.page(desk.site, desk.path()).etag
    url = f"http://{desk.site.host}/moved.html"
    response = desk.fetcher().get(url, etag=etag, last_modified="Fri, 01 Jan 2100 00:00:00 GMT")
    assert response.status == 200
    first, second = desk.portal.requests(desk.site, "/moved.html")[0], desk.portal.requests(desk.site, desk.path())[0]
    assert {"If-None-Match", "If-Modified-Since"} <= set(first.headers)
    assert not {"If-None-Match", "If-Modified-Since"} & set(second.headers)


@pytest.mark.parametrize("target", ["", "ftp://files.invalid/x", "http://www..gov/", "javascript:void(0)"])
def test_redirect_to_nowhere(desk: Desk, target: str) -> None:
    desk.portal.fail(desk.site, faults.redirect(target), path="/go.html")
    assert "redirect" in reason(desk.fetcher(), f"http://{desk.site.host}/go.html")


# ── bodies


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, gzip", "gzip, br", "aes128gcm", "x" * 1000])
def test_codings_that_were_not_asked_for_are_refused_unread(desk: Desk, coding: str) -> None:
    """A brotli or zstd bomb among them; several codings on top of each other too."""
    desk.portal.fail(desk.site, faults.labelled(coding), path=desk.path())
    assert "which was not asked for" in reason(desk.fetcher(), desk.urls[0])


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_a_body_that_is_not_coded_as_it_says(desk: Desk, coding: str) -> None:
    desk.portal.fail(desk.site, faults.labelled(coding), path=desk.path())
    assert reason(desk.fetcher(), desk.urls[0]) == "the body is not coded as its header says"


@pytest.mark.parametrize("fault", [faults.gzipped(), faults.deflated(), faults.deflated(raw=True), faults.chunked()])
def test_codings_are_undone(desk: Desk, fault: faults.Fault) -> None:
    plain = desk.fetcher().get(desk.urls[0]).body
    desk.portal.fail(desk.site, fault, path=desk.path())
    assert desk.fetcher().get(desk.urls[0]).body == plain


@pytest.mark.parametrize("fault", [faults.gzip_bomb(100), faults.endless()], ids=["gzip bomb", "endless"])
def test_a_huge_body_is_not_held(desk: Desk, fault: faults.Fault) -> None:
    desk.portal.fail(desk.site, fault, path=desk.path())
    tracemalloc.start()
    try:
        assert reason(desk.fetcher(max_bytes=1_000_000, total_s=20), desk.urls[0]) == "larger than 1,000,000 bytes"
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000


@pytest.mark.parametrize("fault", [faults.truncated(), faults.cut_gzip(), faults.cut_chunks()])
def test_a_body_cut_short_is_told(desk: Desk, fault: faults.Fault) -> None:
    desk.portal.fail(desk.site, fault, path=desk.path())
    assert reason(desk.fetcher(), desk.urls[0]).startswith("truncated: ")


@pytest.mark.parametrize("fault", [faults.drip(pause=0.05), faults.drip_head(pause=0.05)], ids=["body", "head"])
def test_no_drip_outlasts_the_limit(desk: Desk, fault: faults.Fault) -> None:
    """Each byte comes soon enough for the read timeout; the whole has its own."""
    desk.portal.fail(desk.site, fault, path=desk.path())
    assert reason(desk.fetcher(total_s=0.6), desk.urls[0]) == "took longer than 1 s"


def test_silence_and_refusal(desk: Desk) -> None:
    desk.portal.fail(desk.site, faults.silent(5), path=desk.path())
    assert reason(desk.fetcher(read_s=0.3), desk.urls[0]) == "timed out"
    desk.portal.refuse(desk.site)
    assert "robots.txt cannot be read now" in reason(desk.fetcher(), desk.urls[0])


def test_a_304_is_handed_on(desk: Desk) -> None:
    fetcher = desk.fetcher()
    first = fetcher.get(desk.urls[0])
    again = fetcher.get(desk.urls[0], etag=first.header("etag"), last_modified=first.header("last-modified"))
    assert (again.status, again.body) == (304, b"")


def test_cookies_stay_with_the_host_that_set_them(desk: Desk) -> None:
    """Whatever domain they name: portals of one city share a domain."""
    other = desk.portal.add(make_site("trs", seed=2))
    desk.portal.fail(
        desk.site, faults.instead("<p>hello</p>", 200, "city=1; domain=portal.invalid; path=/"), "/in.html"
    )
    fetcher = desk.fetcher(entry={"resolve": desk.portal.resolve})
    fetcher.get(f"http://{desk.site.host}/in.html")
    fetcher.get(desk.portal.start_url(other))
    fetcher.get(desk.url)
    assert desk.portal.requests(desk.site)[-1].headers["Cookie"] == "city=1"
    assert all("Cookie" not in request.headers for request in desk.portal.requests(other))
