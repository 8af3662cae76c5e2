"""A url in, a Response or a typed refusal out: one host at a time, slowly, honestly, within limits, to public addresses.

`requests` does HTTP; the connection step is ours, so that the address that is really connected to is the one checked.
"""

from __future__ import annotations

import ipaddress
import random
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from protego import Protego
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError
from urllib3.util.connection import create_connection

from scrapers.archive import Response
from scrapers.links import absolute
from scrapers.pages import trouble
from scrapers.registry import Source

RETRY_STATUS = {429, 500, 502, 503, 504}
DEFAULT_USER_AGENT = "fazhi/0.1 (research archive of public government reports; +contact: set FAZHI_CONTACT)"


class FetchError(Exception):
    """A url could not be had; `reason` is short and stable, `transient` says whether later may be better."""

    def __init__(self, url: str, reason: str, *, transient: bool = False, status: int | None = None) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason, self.transient, self.status = url, reason, transient, status


class Blocked(FetchError):
    """The portal does not want this client: robots.txt, a challenge page, a login."""


class Refused(FetchError):
    """We do not go there: a private address, another scheme."""


@dataclass(frozen=True)
class HarvestSettings:
    """Limits and habits of fetching; times in seconds, sizes in bytes. Clock, sleep and seed are for exact tests."""

    user_agent: str = DEFAULT_USER_AGENT
    delay_s: float = 1.0
    connect_s: float = 10.0
    read_s: float = 30.0
    total_s: float = 120.0
    max_bytes: int = 50 * 1024**2
    max_redirects: int = 5
    retries: int = 3
    backoff_s: float = 2.0
    longest_wait_s: float = 120.0
    breaker: int = 5
    seed: int = 0
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic


Resolver = Callable[[str, int], list[tuple[str, int]]]


def system_resolver(host: str, port: int) -> list[tuple[str, int]]:
    """Addresses of a host, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [(str(item[4][0]), int(item[4][1])) for item in found]


def is_public(address: str) -> bool:
    """Whether an address is one of the open internet: not private, loopback, link-local, multicast or reserved."""
    ip = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not (mapped or ip).is_multicast


class Fetcher:
    """Fetches for one source: its own cookies, its own pace per host, its own breaker."""

    def __init__(self, source: Source, settings: HarvestSettings, resolver: Resolver = system_resolver) -> None:
        self._source, self._settings, self._resolver = source, settings, resolver
        self._random = random.Random(f"{settings.seed}/{source.id}")
        self._next: dict[str, float] = {}
        self._robots: dict[str, Protego | None] = {}
        # robots.txt files read and not yet archived: they decide what is fetched
        self.robots_read: list[Response] = []
        self._failures: dict[str, int] = {}
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.max_redirects = settings.max_redirects
        self._session.headers.update({"User-Agent": settings.user_agent, "Accept-Language": "zh-CN,zh;q=0.9"})
        self._session.headers["Accept-Encoding"] = "gzip, deflate"
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _CheckedAdapter(self._addresses))

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        form: Mapping[str, str] | None = None,
        referer: str | None = None,
    ) -> Response:
        """Fetch a url (POST where `form` is given); a 304 comes back as such.

        Raises Blocked, Refused or FetchError with a reason.
        """
        self._ask_robots(url)
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified, "Referer": referer}
        return self._with_retries(url, {key: value for key, value in headers.items() if value}, form)

    # ── politeness

    def _ask_robots(self, url: str) -> None:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._robots:
            self._robots[site] = self._read_robots(site)
        rules = self._robots[site]
        if rules is None:
            raise Blocked(url, "robots.txt cannot be read now: everything is disallowed", transient=True)
        if not rules.can_fetch(url, self._settings.user_agent):
            raise Blocked(url, "disallowed by robots.txt")

    def _read_robots(self, site: str) -> Protego | None:
        """RFC 9309: 4xx allows all, 5xx and no answer disallow all."""
        try:
            response = self._with_retries(f"{site}/robots.txt", {}, None)
        except FetchError as error:
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return Protego.parse("")
            if isinstance(error, Refused):
                raise
            return None
        self.robots_read.append(response)
        return Protego.parse(response.body[: 512 * 1024].decode("utf-8", "replace"))

    def _delay(self, url: str) -> float:
        wanted = self._source.delay_s
        delay = wanted if wanted is not None else 0.0 if self._source.local else self._settings.delay_s
        parts = urlsplit(url)
        rules = self._robots.get(f"{parts.scheme}://{parts.netloc}")
        crawl = rules.crawl_delay(self._settings.user_agent) if rules else None
        return max(delay, float(crawl or 0))

    def _wait_turn(self, url: str) -> None:
        host = urlsplit(url).netloc
        wait = self._next.get(host, 0.0) - self._settings.monotonic()
        if wait > 0:
            self._settings.sleep(wait)
        self._next[host] = self._settings.monotonic() + self._delay(url)

    # ── requests

    def _with_retries(self, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None) -> Response:
        host = urlsplit(url).netloc
        attempt = 0
        while True:
            if self._failures.get(host, 0) >= self._settings.breaker:
                raise FetchError(url, f"{host} failed {self._settings.breaker} times in a row", transient=True)
            try:
                response = self._once(url, headers, form)
            except FetchError as error:
                self._failures[host] = self._failures.get(host, 0) + error.transient
                attempt += 1
                if not error.transient or attempt > self._settings.retries:
                    raise
                self._settings.sleep(self._backoff(attempt, getattr(error, "retry_after", None)))
            else:
                self._failures[host] = 0
                return response

    def _backoff(self, attempt: int, retry_after: float | None) -> float:
        jittered = self._settings.backoff_s * 2 ** (attempt - 1) * (0.5 + self._random.random())
        return min(self._settings.longest_wait_s, retry_after if retry_after is not None else jittered)

    def _once(self, url: str, headers: Mapping[str, str], form: Mapping[str, str] | None) -> Response:
        settings = self._settings
        deadline = settings.monotonic() + settings.total_s
        for _ in range(settings.max_redirects + 1):
            self._wait_turn(url)
            try:
                with self._session.request(
                    "POST" if form is not None else "GET",
                    url,
                    headers=dict(headers),
                    data=dict(form) if form is not None else None,
                    timeout=(settings.connect_s, settings.read_s),
                    stream=True,
                    allow_redirects=False,
                ) as answer:
                    if answer.is_redirect:
                        target = absolute(url, answer.headers.get("Location", ""))
                        if target is None:
                            raise Refused(url, "redirect to something that is no web address")
                        url = target
                        continue
                    body = self._read(url, answer, deadline)
                    return self._judge(url, answer, body)
            except _AddressRefused as error:
                raise Refused(url, str(error)) from error
            except requests.exceptions.SSLError as error:
                raise FetchError(url, "TLS failed", transient=False) from error
            except requests.Timeout as error:
                raise FetchError(url, "timed out", transient=True) from error
            except ReadTimeoutError as error:
                raise FetchError(url, "timed out", transient=True) from error
            except DecodeError as error:
                raise FetchError(url, "the body is not coded as its header says") from error
            except (requests.RequestException, HTTPError) as error:
                if isinstance(_root(error), _AddressRefused):
                    raise Refused(url, str(_root(error))) from error
                raise FetchError(url, f"connection failed: {type(error).__name__}", transient=True) from error
        raise FetchError(url, f"more than {settings.max_redirects} redirects")

    def _read(self, url: str, answer: requests.Response, deadline: float) -> bytes:
        """The body with content coding undone, within size and time; its received length as announced."""
        chunks, size = [], 0
        # read1 gives what has arrived: a server that drips a byte at a time cannot outlast the deadline
        while chunk := answer.raw.read1(64 * 1024, decode_content=True):
            size += len(chunk)
            if size > self._settings.max_bytes:
                raise FetchError(url, f"larger than {self._settings.max_bytes:,} bytes")
            if self._settings.monotonic() > deadline:
                raise FetchError(url, f"took longer than {self._settings.total_s:.0f} s", transient=True)
            chunks.append(chunk)
        announced = answer.headers.get("Content-Length", "")
        if announced.isdigit() and "Content-Encoding" not in answer.headers and size != int(announced):
            raise FetchError(url, f"truncated: {size:,} of {int(announced):,} bytes", transient=True)
        return b"".join(chunks)

    def _judge(self, url: str, answer: requests.Response, body: bytes) -> Response:
        status = answer.status_code
        challenge = trouble(status, dict(answer.headers), body)
        if challenge and challenge.startswith("not found"):
            raise FetchError(url, challenge, status=404)
        if challenge:
            raise Blocked(url, challenge, status=status)
        if status in RETRY_STATUS:
            error = FetchError(url, f"HTTP {status}", transient=True, status=status)
            error.retry_after = _retry_after(answer.headers.get("Retry-After"), self._settings.now())  # type: ignore[attr-defined]
            raise error
        if status >= 400 or status not in (200, 203, 304):
            raise FetchError(url, f"HTTP {status}", status=status)
        return Response(
            url=url,
            status=status,
            reason=answer.reason or "",
            headers=list(answer.headers.items()),
            body=body,
            request_headers=[("Host", urlsplit(url).netloc), *answer.request.headers.items()],
            fetched_at=self._settings.now(),
            method=str(answer.request.method),
        )

    def _addresses(self, host: str, port: int) -> list[tuple[str, int]]:
        """Where to connect for a host; raises _AddressRefused unless every address is public or the source local."""
        override = self._source.resolve.get(host)
        if override:
            address, _, at = override.rpartition(":")
            return [(address, int(at))]
        found = self._resolver(host, port)
        if not self._source.local:
            for address, _ in found:
                if not is_public(address):
                    raise _AddressRefused(f"{host} is at {address}, which is no public address")
        return found


class _AddressRefused(OSError):
    pass


class _CheckedAdapter(HTTPAdapter):
    """Connects to the addresses that `addresses` allows, and to no other."""

    def __init__(self, addresses: Callable[[str, int], list[tuple[str, int]]]) -> None:
        self._allowed = addresses
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        allowed = self._allowed

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self, allowed)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return _connect(self, allowed)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _connect(connection: Any, allowed: Callable[[str, int], list[tuple[str, int]]]) -> socket.socket:
    last: OSError = OSError("no address")
    for address in allowed(connection.host, connection.port):
        try:
            made: socket.socket = create_connection(
                address, connection.timeout, socket_options=connection.socket_options
            )
        except OSError as error:
            last = error
        else:
            return made
    raise requests.ConnectionError(last) from last


def _root(error: BaseException) -> BaseException:
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return error


def _retry_after(value: str | None, now: datetime) -> float | None:
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None
