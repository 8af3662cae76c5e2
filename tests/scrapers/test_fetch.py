"""The fetcher goes only where it may: the address that is connected to is the one that was checked."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import pytest

from scrapers.fetch import Fetcher, FetchError, HarvestSettings, Refused, is_public
from scrapers.registry import Source
from tests.portal import faults
from tests.portal.server import PortalServer
from tests.portal.sites import make_site

QUICK = HarvestSettings(connect_s=2, read_s=2, total_s=4, retries=0, delay_s=0, sleep=lambda _: None)
PUBLIC = Source(id="demo", name="demo", start_urls=("http://portal.invalid/",))


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Addresses that a connection was tried to; nothing is connected."""
    tried: list[object] = []

    def refuse(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError("not in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.9",
        "172.16.5.5",
        "169.254.169.254",
        "0.0.0.0",
        "::1",
        "fe80::1",
        "fd00::1",
        "::ffff:169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
    ],
)
def test_no_private_address_is_connected_to(connects: list[object], address: str) -> None:
    fetcher = Fetcher(PUBLIC, QUICK, resolver=lambda host, port: [(address, port)])
    with pytest.raises(Refused, match="no public address"):
        fetcher.get("http://portal.invalid/report.html")
    assert connects == []
    assert not is_public(address)


def test_a_name_that_changes_its_address_is_checked_at_each_connection(connects: list[object]) -> None:
    """DNS rebinding: the first answer is public, the next is not."""
    answers: Iterator[str] = iter(["203.0.114.7", "127.0.0.1"])
    fetcher = Fetcher(PUBLIC, QUICK, resolver=lambda host, port: [(next(answers), port)])
    with pytest.raises(FetchError):
        fetcher.get("http://portal.invalid/report.html")
    assert connects == [("203.0.114.7", 80)]
    fetcher = Fetcher(PUBLIC, QUICK, resolver=lambda host, port: [(next(answers), port)])
    with pytest.raises(Refused):
        fetcher.get("http://portal.invalid/report.html")
    assert connects == [("203.0.114.7", 80)]


def test_a_mixed_answer_is_refused_as_a_whole(connects: list[object]) -> None:
    fetcher = Fetcher(PUBLIC, QUICK, resolver=lambda host, port: [("203.0.114.7", port), ("10.0.0.1", port)])
    with pytest.raises(Refused):
        fetcher.get("https://portal.invalid/")
    assert connects == []


def test_redirect_to_a_metadata_address_is_refused_before_connecting() -> None:
    """A local source may be on loopback with its own hosts; where it sends us is looked up like any other host."""
    with PortalServer() as portal:
        site = portal.add(make_site("trs", seed=1))
        entry = Source.model_validate(portal.source(site))
        portal.fail(site, faults.redirect("http://169.254.169.254/latest/meta-data/"))
        looked_up: list[str] = []

        def resolver(host: str, port: int) -> list[tuple[str, int]]:
            looked_up.append(host)
            return [(host, port)]

        fetcher = Fetcher(entry, QUICK, resolver=resolver)
        with pytest.raises(FetchError) as caught:
            fetcher.get(portal.start_url(site))
        fetcher.close()
    assert looked_up == ["169.254.169.254"]
    assert isinstance(caught.value, Refused)


def test_cookies_set_by_a_redirect_are_kept() -> None:
    with PortalServer() as portal:
        site = portal.add(make_site("generic", seed=1))
        path = "/" + portal.start_url(site).split("/", 3)[3]
        portal.fail(site, faults.cookie_by_redirect(), path=path)
        fetcher = Fetcher(Source.model_validate(portal.source(site)), QUICK)
        assert fetcher.get(portal.start_url(site)).status == 200
        fetcher.close()


def test_who_asks_is_said_openly() -> None:
    with PortalServer() as portal:
        site = portal.add(make_site("generic", seed=1))
        fetcher = Fetcher(Source.model_validate(portal.source(site)), QUICK)
        fetcher.get(portal.start_url(site))
        fetcher.close()
        assert all("fazhi/" in request.headers["User-Agent"] for request in portal.requests(site))


def test_crawl_delay_is_kept() -> None:
    waits: list[float] = []
    with PortalServer() as portal:
        site = portal.add(make_site("generic", seed=1))
        portal.robots(site, "User-agent: *\nCrawl-delay: 3\n")
        settings = HarvestSettings(connect_s=2, read_s=2, retries=0, sleep=waits.append)
        fetcher = Fetcher(Source.model_validate(portal.source(site)), settings)
        for _ in range(2):
            fetcher.get(portal.start_url(site))
        fetcher.close()
    assert max(waits) > 2.5


def test_certificates_are_checked() -> None:
    assert ssl.create_default_context().verify_mode is ssl.CERT_REQUIRED
    assert Fetcher(PUBLIC, QUICK)._wire._session.verify is True
