"""Old TLS only after it failed, only for that host, and certificates are checked all the same."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from scrapers.fetch import Fetcher, FetchError, HarvestSettings
from scrapers.pace import Pace
from scrapers.pools import old_tls
from scrapers.registry import Source
from scrapers.wire import Ask
from tests.portal.tls import Authority, TlsServer

pytestmark = pytest.mark.filterwarnings("ignore:ssl.OP_NO_:DeprecationWarning")
QUICK = HarvestSettings(connect_s=3, read_s=3, total_s=6, retries=0, delay_s=0, sleep=lambda _: None)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


def fetcher(stack: ExitStack, authority: Authority, hosts: dict[str, TlsServer]) -> Fetcher:
    source = Source(
        id="demo",
        name="demo",
        start_urls=tuple(f"https://{host}/" for host in hosts),
        local=True,
        resolve={host: server.address for host, server in hosts.items()},
    )
    made = Fetcher(source, replace(QUICK, ca_file=authority.ca_file, pace=Pace()))
    stack.callback(made.close)
    return made


def test_old_protocols_are_spoken_with_the_one_host_that_needs_them(stack: ExitStack, authority: Authority) -> None:
    hosts = {
        name: stack.enter_context(TlsServer(authority.certificate(name), old=name.startswith("old")))
        for name in ("old.portal.invalid", "new.portal.invalid", "old-too.portal.invalid")
    }
    old, new, old_too = hosts.values()
    got = fetcher(stack, authority, hosts)
    assert "法治".encode() in got.get("https://old.portal.invalid/a").body
    assert (old.protocols, old.refused) == (["TLSv1", "TLSv1"], 1)  # robots.txt and the page
    got.get("https://old.portal.invalid/b")
    assert old.refused == 1  # from then on without a failed try
    got.get("https://new.portal.invalid/")
    assert (set(new.protocols), new.refused) == ({"TLSv1.3"}, 0)
    got.get("https://old-too.portal.invalid/")
    assert old_too.refused == 1  # what holds for one host holds for no other


@pytest.mark.parametrize("old", [False, True], ids=["new", "old"])
def test_a_certificate_that_has_run_out_is_refused(stack: ExitStack, authority: Authority, old: bool) -> None:
    host = f"expired-{old}.portal.invalid".lower()
    server = stack.enter_context(TlsServer(authority.certificate(host, expired=True), old=old))
    with pytest.raises(FetchError, match="certificate has expired") as caught:
        fetcher(stack, authority, {host: server})._wire.send(Ask(f"https://{host}/", {}))
    assert not caught.value.transient
    assert server.protocols == []


def test_a_certificate_of_an_unknown_authority_is_refused(stack: ExitStack, tmp_path: Path) -> None:
    host = "unknown.portal.invalid"
    server = stack.enter_context(TlsServer(Authority(tmp_path).certificate(host)))
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(FetchError, match="TLS failed"):
        fetcher(stack, Authority(other), {host: server})._wire.send(Ask(f"https://{host}/", {}))
    assert server.protocols == []


def test_no_handshake_outlasts_the_limit() -> None:
    """The beginning of a TLS record, then a byte now and then, soon enough for every read."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        stop = threading.Event()

        def drip() -> None:
            with contextlib.suppress(OSError):
                connection, _ = server.accept()
                with connection:
                    connection.sendall(b"\x16\x03\x03\x40\x00")
                    while not stop.wait(0.05):
                        connection.sendall(b"\x02")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        address = f"127.0.0.1:{server.getsockname()[1]}"
        source = Source(
            id="demo",
            name="demo",
            start_urls=("https://drip.portal.invalid/",),
            local=True,
            resolve={"drip.portal.invalid": address},
        )
        fetcher = Fetcher(source, replace(QUICK, total_s=0.6, pace=Pace()))
        with pytest.raises(FetchError, match="took longer than 1 s"):
            fetcher._wire.send(Ask("https://drip.portal.invalid/", {}))
        stop.set()
        thread.join(10)
        fetcher.close()


def test_the_usual_context_is_not_touched() -> None:
    # what it is to begin with differs: Debian's Python leaves it to OpenSSL
    before = ssl.create_default_context()
    assert old_tls().options != before.options
    after = ssl.create_default_context()
    assert (after.minimum_version, after.options) == (before.minimum_version, before.options)
    assert after.get_ciphers() == before.get_ciphers()
