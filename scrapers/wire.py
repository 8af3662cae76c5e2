"""One request in, one answer out, redirects not followed, and no server outlasts the time limit.

`urllib3` carries it: `requests`, which stands on it, took another third of a page's processor time (`make bench BENCH=f`);
what is rare or delicate, odd urls and cookies, is still its part.
"""

from __future__ import annotations

import ssl
import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from requests import PreparedRequest, RequestException
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar, get_cookie_header
from urllib3 import BaseHTTPResponse, PoolManager, Timeout
from urllib3.exceptions import HTTPError

from scrapers import deadlines
from scrapers.body import read_body
from scrapers.limits import HarvestSettings
from scrapers.links import PLAIN_URL
from scrapers.pace import host_of
from scrapers.pools import Allowed, Busy, checked_pools, old_tls
from scrapers.records import Response
from scrapers.refusals import FetchError
from scrapers.translation import tls_reason, translated

CONDITIONS = ("If-None-Match", "If-Modified-Since")
REDIRECTS = {301, 302, 303, 307, 308}


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


class _Sent(NamedTuple):
    """A request as it goes out; `requests` reads url and headers of it to choose cookies."""

    method: str
    url: str
    headers: dict[str, str]
    body: str | None


class Wire:
    """The connections of one source, with its cookies."""

    def __init__(self, settings: HarvestSettings, allowed: Allowed) -> None:
        self._settings, self._allowed = settings, allowed
        self._busy = Busy()
        self._cookies: defaultdict[str, RequestsCookieJar] = defaultdict(RequestsCookieJar)
        self._headers = {
            "User-Agent": settings.user_agent,
            "Accept-Encoding": "gzip, deflate",
            "Accept": "*/*",
            "Connection": "keep-alive",
            "Accept-Language": "zh-CN,zh;q=0.9",
        }
        self._timeout = Timeout(connect=settings.connect_s, read=settings.read_s)
        self._pools = checked_pools(allowed, self._busy, settings.ca_file)
        # for the hosts whose TLS is old
        self._old_pools: PoolManager | None = None
        self._old_hosts: set[str] = set()

    def close(self) -> None:
        """Close the connections."""
        self._pools.clear()
        if self._old_pools:
            self._old_pools.clear()

    def send(self, ask: Ask) -> Response:
        """The answer of whatever status, without the body of a redirect. Raises FetchError or Refused.

        A host whose TLS fails is tried once more with the old protocols, from then on always; no other host is.
        """
        try:
            return self._send(ask)
        except ssl.SSLError as error:
            host = urlsplit(ask.url).netloc.lower()
            if host in self._old_hosts:
                raise FetchError(ask.url, f"TLS failed: {tls_reason(error)}") from error
            self._old_hosts.add(host)
            self._old_pools = self._old_pools or checked_pools(
                self._allowed, self._busy, self._settings.ca_file, old_tls()
            )
        try:
            return self._send(ask)
        except ssl.SSLError as error:
            raise FetchError(ask.url, f"TLS failed: {tls_reason(error)}") from error

    def _send(self, ask: Ask) -> Response:
        late = threading.Event()
        watch = deadlines.SHARED.at(self._settings.total_s, lambda: self._cut(late))
        try:
            # a cookie goes to the host that set it, whatever domain it names
            cookies = self._cookies[host_of(ask.url)]
            sent = self._prepared(ask, cookies)
            answer = self._answer(sent)
            try:
                if "set-cookie" in answer.headers:
                    extract_cookies_to_jar(cookies, sent, answer)  # type: ignore[no-untyped-call]
                response = self._response(ask, sent, answer)
            finally:
                answer.close()
                answer.release_conn()
        except (FetchError, RequestException, HTTPError, OSError, ValueError) as error:
            if late.is_set():
                raise self._too_long(ask) from error
            raise translated(ask.url, error) from error
        finally:
            deadlines.SHARED.withdraw(watch)
            self._busy.done()
        if late.is_set():
            raise self._too_long(ask)
        return response

    def _prepared(self, ask: Ask, cookies: RequestsCookieJar) -> _Sent:
        """The request as it goes out. Raises a ValueError for a url that is none."""
        url = ask.url
        if "%" in url or not PLAIN_URL.fullmatch(url):
            odd = PreparedRequest()
            odd.prepare_url(url, None)
            url = str(odd.url)
        headers = {**self._headers, **ask.headers}
        body = None
        if ask.form is not None:
            body = urlencode(dict(ask.form))
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        sent = _Sent("GET" if ask.form is None else "POST", url, headers, body)
        if len(cookies) and (cookie := get_cookie_header(cookies, sent)):  # type: ignore[no-untyped-call]
            headers["Cookie"] = cookie
        return sent

    def _answer(self, sent: _Sent) -> BaseHTTPResponse:
        parts = urlsplit(sent.url)
        is_old = parts.scheme == "https" and parts.netloc.lower() in self._old_hosts
        pools = self._old_pools if self._old_pools and is_old else self._pools
        return pools.connection_from_host(parts.hostname, parts.port, parts.scheme).urlopen(
            sent.method,
            f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/",
            sent.body,
            sent.headers,
            retries=False,
            redirect=False,
            assert_same_host=False,
            timeout=self._timeout,
            preload_content=False,
            decode_content=False,
        )

    def _too_long(self, ask: Ask) -> FetchError:
        return FetchError(ask.url, f"took longer than {self._settings.total_s:.0f} s", transient=True)

    def _response(self, ask: Ask, sent: _Sent, answer: BaseHTTPResponse) -> Response:
        body = b""
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            # read1 gives what has arrived, so that the limits are looked at while a server drips
            coding = answer.headers.get("Content-Encoding")
            body = read_body(
                ask.url, coding, lambda size: answer.read1(size, decode_content=False), self._settings.max_bytes
            )
        return Response(
            url=ask.url,
            status=answer.status,
            reason=answer.reason or "",
            headers=[(str(name), str(value)) for name, value in answer.headers.items()],
            body=body,
            request_headers=[("Host", urlsplit(ask.url).netloc), *sent.headers.items()],
            fetched_at=self._settings.now(),
            method=sent.method,
        )

    def _cut(self, late: threading.Event) -> None:
        late.set()
        self._busy.cut()
