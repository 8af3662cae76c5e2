"""One request in, one answer out, redirects not followed: `requests` does HTTP, the connection step is ours, so that
the address that is really connected to is the one checked and no server outlasts the time limit."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.connection import create_connection

from scrapers import deadlines
from scrapers.body import read_body
from scrapers.limits import HarvestSettings
from scrapers.pace import host_of
from scrapers.records import Response
from scrapers.refusals import FetchError
from scrapers.translation import tls_reason, translated

Allowed = Callable[[str, int], list[tuple[str, int]]]
CONDITIONS = ("If-None-Match", "If-Modified-Since")
# OpenSSL's flag for servers without secure renegotiation; Python names it from 3.12 on
LEGACY_SERVER_CONNECT = 0x4


@dataclass(frozen=True, slots=True)
class Ask:
    """What to ask for: a url, headers beyond the usual, and form fields (POST) or None (GET)."""

    url: str
    headers: Mapping[str, str]
    form: Mapping[str, str] | None = None

    def redirected(self, status: int, target: str) -> Ask:
        """The same wish at another url: conditions belong to the old one, a form goes along only with 307 and 308 and
        never to another host."""
        keep_form = status in (307, 308) and urlsplit(target).netloc == urlsplit(self.url).netloc
        headers = {name: value for name, value in self.headers.items() if name not in CONDITIONS}
        return replace(self, url=target, headers=headers, form=self.form if keep_form else None)


class Wire:
    """The connections of one source, with its cookies."""

    def __init__(self, settings: HarvestSettings, allowed: Allowed) -> None:
        self._settings, self._allowed = settings, allowed
        self._busy = _Busy()
        self._cookies: dict[str, RequestsCookieJar] = {}
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(settings.ca_file) if settings.ca_file else True
        self._session.headers.update({"User-Agent": settings.user_agent, "Accept-Language": "zh-CN,zh;q=0.9"})
        self._session.headers["Accept-Encoding"] = "gzip, deflate"
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, _CheckedAdapter(allowed, self._busy))

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def send(self, ask: Ask) -> Response:
        """The answer of whatever status, without the body of a redirect. Raises FetchError or Refused.

        A host whose TLS fails is tried once more with the old protocols, from then on always; no other host is.
        """
        try:
            return self._send(ask)
        except ssl.SSLError as error:
            host = f"https://{urlsplit(ask.url).netloc}/".lower()
            if host in self._session.adapters:
                raise FetchError(ask.url, f"TLS failed: {tls_reason(error)}") from error
            self._session.mount(host, _CheckedAdapter(self._allowed, self._busy, _old_tls()))
        try:
            return self._send(ask)
        except ssl.SSLError as error:
            raise FetchError(ask.url, f"TLS failed: {tls_reason(error)}") from error

    def _send(self, ask: Ask) -> Response:
        # a cookie goes to the host that set it, whatever domain it names
        self._session.cookies = self._cookies.setdefault(host_of(ask.url), RequestsCookieJar())
        late = threading.Event()
        watch = deadlines.SHARED.at(self._settings.total_s, lambda: self._cut(late))
        try:
            with self._session.request(
                "POST" if ask.form is not None else "GET",
                ask.url,
                headers=dict(ask.headers),
                data=dict(ask.form) if ask.form is not None else None,
                timeout=(self._settings.connect_s, self._settings.read_s),
                stream=True,
                allow_redirects=False,
            ) as answer:
                response = self._response(ask, answer)
        except (FetchError, requests.RequestException, HTTPError, OSError, ValueError) as error:
            if late.is_set():
                raise self._too_long(ask) from error
            raise translated(ask.url, error) from error
        finally:
            deadlines.SHARED.withdraw(watch)
            self._busy.done()
        if late.is_set():
            raise self._too_long(ask)
        return response

    def _too_long(self, ask: Ask) -> FetchError:
        return FetchError(ask.url, f"took longer than {self._settings.total_s:.0f} s", transient=True)

    def _response(self, ask: Ask, answer: requests.Response) -> Response:
        body = b""
        if not answer.is_redirect:
            # read1 gives what has arrived, so that the limits are looked at while a server drips
            coding = answer.headers.get("Content-Encoding")
            body = read_body(
                ask.url, coding, lambda size: answer.raw.read1(size, decode_content=False), self._settings.max_bytes
            )
        return Response(
            url=ask.url,
            status=answer.status_code,
            reason=answer.reason or "",
            headers=[(str(name), str(value)) for name, value in answer.raw.headers.items()],
            body=body,
            request_headers=[("Host", urlsplit(ask.url).netloc), *answer.request.headers.items()],
            fetched_at=self._settings.now(),
            method=str(answer.request.method),
        )

    def _cut(self, late: threading.Event) -> None:
        late.set()
        for sock in (self._busy.new, getattr(self._busy.connection, "sock", None)):
            if sock is not None:
                with contextlib.suppress(OSError):
                    # not the method of an SSL socket, which would take the session away from under the reader
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Busy:
    """The connection that the request under way is sent on: there is one request at a time.

    new: its socket once more, where it was just made: during a TLS handshake nobody else holds one that works.
    """

    connection: Any = None
    new: socket.socket | None = None

    def made(self, connection: Any, sock: socket.socket) -> socket.socket:
        """Note a connection that was just made."""
        self.done()
        self.connection, self.new = connection, sock.dup()
        return sock

    def done(self) -> None:
        """The request is over."""
        if self.new is not None:
            self.new.close()
            self.new = None


class _CheckedAdapter(HTTPAdapter):
    """Connects to the addresses that `allowed` gives, and to no other."""

    def __init__(self, allowed: Allowed, busy: _Busy, context: ssl.SSLContext | None = None) -> None:
        self._allowed, self._busy, self._context = allowed, busy, context
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        if self._context:
            kwargs["ssl_context"] = self._context
        super().init_poolmanager(*args, **kwargs)
        allowed, busy = self._allowed, self._busy

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return busy.made(self, _connect(self, allowed))

            def request(self, *args: Any, **kwargs: Any) -> None:
                busy.connection = self
                super().request(*args, **kwargs)

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return busy.made(self, _connect(self, allowed))

            def request(self, *args: Any, **kwargs: Any) -> None:
                busy.connection = self
                super().request(*args, **kwargs)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _connect(connection: Any, allowed: Allowed) -> socket.socket:
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
    raise last


def _old_tls() -> ssl.SSLContext:
    """Certificates are checked as ever; protocols, ciphers and key sizes may be those of 2005."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.options |= LEGACY_SERVER_CONNECT
    return context
