"""The sample sites on a loopback port: one server process, the site chosen by the Host header."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from http.server import ThreadingHTTPServer
from threading import Thread
from types import TracebackType

from scrapers.sample.content import DOMAIN, sites
from scrapers.sample.families import build
from scrapers.sample.handler import SiteHandler
from scrapers.sample.layout import NAVIGATION, newest, page
from scrapers.sample.site import Query, Resource, Routes, Site

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


class _Handler(SiteHandler):
    def find(self, host: str, path: str, query: Query) -> Resource | None:
        routes = all_routes().get(host.replace(".localhost", f".{DOMAIN}"))
        return routes.get(path, query) if routes else self._directory(path)

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
