"""The sample sites on a loopback port: one server process, the site chosen by the Host header, 304 where unchanged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit

from scrapers.sample.content import DOMAIN, sites
from scrapers.sample.families import build
from scrapers.sample.layout import NAVIGATION, newest, page
from scrapers.sample.site import TODAY, Resource, Routes, Site

CHINA = timezone(timedelta(hours=8))
ROBOTS = "User-agent: *\nDisallow: /was5/\nDisallow: /search/\n"


@cache
def all_routes() -> Mapping[str, Routes]:
    """What each host serves, built once a process (about a quarter of a second)."""
    return {site.host: _with_home(site, build(site)) for site in sites()}


def _with_home(site: Site, routes: Routes) -> Routes:
    links = "".join(f'<li><a href="{routes.start}">{name}</a></li>' for name in (site.column, *NAVIGATION[1:]))
    values = {"items": f"<tr><td><ul>{links}</ul></td></tr>", "pager": ""}
    home = page(site, "generic_list", newest(site), values)
    for path in ("/", "/index.htm", "/index.html"):
        routes.pages.setdefault(path, home)
    routes.pages["/robots.txt"] = Resource(ROBOTS.encode(), "text/plain", newest(site))
    return routes


class SamplePortal:
    """Serves all sample sites on 127.0.0.1 while its `with` block runs.

    port: 0 takes a free one. base_urls: start address by site key, under the sites' fixed names; `resolve` says
    where to connect to for each of those names, so that the port never becomes part of a url.
    """

    def __init__(self, port: int = 0) -> None:
        self._wanted_port = port
        self._server: ThreadingHTTPServer | None = None
        self._thread: Thread | None = None

    def __enter__(self) -> SamplePortal:
        all_routes()
        self._server = ThreadingHTTPServer(("127.0.0.1", self._wanted_port), _Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server and self._thread
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
        self._server = None

    @property
    def port(self) -> int:
        if self._server is None:
            raise RuntimeError("the sample portal is not running: use it in a with statement")
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def base_urls(self) -> dict[str, str]:
        return {site.key: f"http://{site.host}/" for site in sites()}

    @property
    def start_urls(self) -> dict[str, str]:
        """The list page of each site."""
        return {site.key: f"http://{site.host}{all_routes()[site.host].start}" for site in sites()}

    @property
    def resolve(self) -> dict[str, str]:
        return {site.host: self.address for site in sites()}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sample"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        self._answer()

    do_HEAD = do_GET

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), 65_536)
        self._answer(dict(parse_qsl(self.rfile.read(length).decode("utf-8", "replace"))))

    def _answer(self, form: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(self.path)
        host = (self.headers.get("Host") or "").partition(":")[0].lower()
        routes = all_routes().get(host.replace(".localhost", f".{DOMAIN}"))
        query = dict(parse_qsl(parts.query)) | dict(form or {})
        resource = routes.get(parts.path, query) if routes else self._directory(parts.path)
        if resource is None:
            resource = Resource(
                "<html><body>404 页面不存在</body></html>".encode(), "text/html; charset=utf-8", None, 404
            )
        self._send(resource)

    def _directory(self, path: str) -> Resource | None:
        """For a person who looks at 127.0.0.1 itself: links that browsers resolve to the loopback address."""
        if path != "/":
            return None
        port = self.headers.get("Host", "").partition(":")[2]
        rows = "".join(
            f'<li><a href="http://{site.key}.localhost:{port}{all_routes()[site.host].start}">{site.name}</a></li>'
            for site in sites()
        )
        return Resource(
            f"<meta charset=utf-8><h1>示例数据，纯属虚构</h1><ul>{rows}</ul>".encode(), "text/html; charset=utf-8"
        )

    def _send(self, resource: Resource) -> None:
        unchanged = resource.status == 200 and self._is_current(resource)
        body = (
            b""
            if unchanged
            else resource.body.replace(TODAY, _today().encode("gb18030" if _is_gb(resource) else "utf-8"))
        )
        self.send_response(304 if unchanged else resource.status)
        if not unchanged:
            self.send_header("Content-Type", resource.media_type)
            self.send_header("Content-Length", str(len(body)))
        if resource.modified:
            self.send_header("ETag", resource.etag)
            self.send_header("Last-Modified", format_datetime(_utc(resource.modified), usegmt=True))
        for name, value in resource.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _is_current(self, resource: Resource) -> bool:
        """RFC 9110: If-None-Match decides where it is sent, else If-Modified-Since."""
        if tags := self.headers.get("If-None-Match"):
            return resource.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        if not since or not resource.modified:
            return False
        try:
            return _utc(resource.modified) <= parsedate_to_datetime(since)
        except ValueError:
            return False

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: the harvest keeps its own log."""


def _utc(when: datetime) -> datetime:
    return when.replace(tzinfo=CHINA).astimezone(UTC)


def _today() -> str:
    now = datetime.now(CHINA)
    return f"{now.year}年{now.month}月{now.day}日 星期{'一二三四五六日'[now.weekday()]}"


def _is_gb(resource: Resource) -> bool:
    return b"charset=gb2312" in resource.body[:400] or b'charset="gb2312' in resource.body[:400]
