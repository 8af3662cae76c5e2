"""The fetcher goes only where it may: the address that is connected to is the one that was checked."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from scrapers.fetch import Fetcher, FetchError, HarvestSettings, Refused, is_public
from scrapers.pace import Pace
from scrapers.registry import Source
from tests.portal import faults
from tests.portal.server import PortalServer
from tests.portal.sites import make_site

QUICK = HarvestSettings(
    connect_s=2, read_s=2, total_s=4, retries=0, delay_s=0, breaker=1000, sleep=lambda _: None, pace=Pace()
)
PUBLIC = Source(id="demo", name="demo", start_urls=("http://portal.invalid/",))
NOT_PUBLIC = [
    *("127.0.0.1", "10.1.2.3", "192.168.0.9", "172.16.5.5", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1"),
    *("255.255.255.255", "240.0.0.1", "192.88.99.1", "198.18.0.1", "192.0.2.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fd00::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1", "5f00::1"),
    # an IPv4 address inside: mapped, v4-compatible, translated (NAT64), 6to4, Teredo, ISATAP
    *("::ffff:169.254.169.254", "::ffff:0:10.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254"),
    *("64:ff9b:1::10.0.0.1", "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::", "2001:0:1::f5ff:fffe"),
    *("2400:3200::5efe:10.0.0.1", "2400:3200::200:5efe:10.0.0.1"),
]


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Addresses that a connection was tried to; nothing is connected."""
    tried: list[object] = []

    def refuse(self: socket.socket, address: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError("not in this test")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_private_address_is_connected_to(connects: list[object], address: str) -> None:
    fetcher = Fetcher(PUBLIC, QUICK, resolver=lambda host, port: [(address, port)])
    with pytest.raises(Refused, match="no public address"):
        fetcher.get("http://portal.invalid/report.html")
    assert connects == []
    assert not is_public(address)


@pytest.mark.parametrize("address", ["114.114.114.114", "2400:3200::1", "::ffff:114.114.114.114"])
def test_public_addresses_are(connects: list[object], address: str) -> None:
    fetcher = Fetcher(PUBLIC, QUICK, resolver=lambda host, port: [(address, port)])
    with pytest.raises(FetchError, match="robots"):
        fetcher.get("http://portal.invalid/report.html")
    assert [item[0] for item in connects if isinstance(item, tuple)] == [address]


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


@pytest.mark.parametrize("at", ["127.0.0.1:8080", "[::1]:8080", "10.0.0.1:80"])
def test_resolve_opens_no_door_without_local(connects: list[object], at: str) -> None:
    """The registry refuses such an entry; the fetcher does not rely on that."""
    source = PUBLIC.model_copy(update={"resolve": {"portal.invalid": at}})
    with pytest.raises(Refused, match="no public address"):
        Fetcher(source, QUICK).get("http://portal.invalid/")
    assert connects == []


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "224.0.0.1", "0.0.0.0"])
def test_local_is_no_leave_for_metadata(connects: list[object], address: str) -> None:
    source = PUBLIC.model_copy(update={"local": True})
    with pytest.raises(Refused, match="no public address"):
        Fetcher(source, QUICK, resolver=lambda host, port: [(address, port)]).get("http://portal.invalid/")
    assert connects == []


def test_redirect_to_a_metadata_address_is_refused_before_connecting() -> None:
    """A local source may be on loopback with its own hosts; where it sends us is looked up like any other host."""
    with PortalServer() as portal:
        site = portal.add(make_site("trs", seed=1))
        entry = Source.model_validate(portal.source(site))
        portal.fail(site, faults.redirect(faults.METADATA_ADDRESS))
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


def test_redirect_of_a_local_source_to_another_host_on_loopback_is_refused() -> None:
    with PortalServer() as portal:
        site = portal.add(make_site("trs", seed=1))
        entry = Source.model_validate(portal.source(site))
        fetcher = Fetcher(entry, QUICK, resolver=lambda host, port: [("127.0.0.1", port)])
        portal.fail(site, faults.redirect("http://another.portal.invalid/"), path="/go.html")
        with pytest.raises(Refused, match=r"another\.portal\.invalid is at 127"):
            fetcher.get(f"http://{site.host}/go.html")
        fetcher.close()


@pytest.mark.parametrize("url", ["http://www..gov/", "http://" + "a" * 64 + ".gov/", "http://[::1", "http://"])
def test_a_url_that_no_resolver_can_take_is_a_failure_of_that_url(url: str) -> None:
    with pytest.raises(FetchError):
        Fetcher(PUBLIC, QUICK).get(url)
