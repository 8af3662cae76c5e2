"""A real HTTP server on the loopback that serves many sites by Host header, misbehaves on demand and logs requests."""

from __future__ import annotations

import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from http.server import ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from scrapers.sample.handler import NOT_FOUND, SiteHandler
from scrapers.sample.layout import newest
from scrapers.sample.site import Article, Query, Resource, Routes, Site
from tests.portal.families import FAMILIES
from tests.portal.families.variants import without_articles
from tests.portal.faults import HANDLED, Exchange, Fault


@dataclass(frozen=True, slots=True)
class Request:
    """A logged request: when it came (monotonic seconds), what it asked for, from which of the client's ports."""

    at: float
    method: str
    host: str
    path: str
    query: str
    headers: dict[str, str]
    client_port: int


@dataclass(slots=True)
class Switch:
    """A fault that is on for some requests: paths that match `pattern`, after the first `skip`, `left` times."""

    pattern: str
    fault: Fault
    left: int | None
    skip: int

    def takes(self, path: str) -> bool:
        if self.left == 0 or not fnmatchcase(path, self.pattern):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.left is not None:
            self.left -= 1
        return True


@dataclass(slots=True)
class Hosted:
    site: Site
    build: Callable[[Site], Routes]
    routes: Routes
    switches: list[Switch] = field(default_factory=list)
    gone: dict[str, int] = field(default_factory=dict)
    address: str | None = None  # where `resolve` sends clients, if not to this server


class PortalServer:
    """Use as a context manager. `log`: all requests in the order of their coming; `most_at_once`: by host, the
    greatest number of requests that were open at one time."""

    def __init__(self) -> None:
        self._hosted: dict[str, Hosted] = {}
        self._lock = Lock()
        self._stopping = Event()
        self._open: Counter[str] = Counter()
        self.most_at_once: Counter[str] = Counter()
        self.log: list[Request] = []
        self._held: list[socket.socket] = []

    def __enter__(self) -> PortalServer:
        portal = self

        class Handler(_Handler):
            owner = portal

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=5)
        for held in self._held:
            held.close()

    # -- sites ------------------------------------------------------------------------------------------------------
    def add(self, site: Site, build: Callable[[Site], Routes] | None = None) -> Site:
        """Serve a site; build: how its pages are made, by default as its family's name says."""
        build = build or FAMILIES[site.family]
        self._hosted[site.host] = Hosted(site, build, build(site))
        return site

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def resolve(self) -> dict[str, str]:
        """Where to connect to for each host, as a source's `resolve` field wants it."""
        return {host: hosted.address or self.address for host, hosted in self._hosted.items()}

    def start_url(self, site: Site) -> str:
        return f"http://{site.host}{self._hosted[site.host].routes.start}"

    def article_url(self, site: Site, article: Article) -> str:
        return f"http://{site.host}{self._hosted[site.host].routes.article_paths[article.number]}"

    def report_urls(self, site: Site) -> list[str]:
        """Addresses of the pages that a harvest ought to store, newest first."""
        return [self.article_url(site, article) for article in self.articles(site) if article.genre == "report"]

    def articles(self, site: Site) -> tuple[Article, ...]:
        return self._hosted[site.host].site.articles

    def source(self, site: Site, **fields: Any) -> dict[str, Any]:
        """A registry entry for the site; fields: anything to add or replace."""
        host = {site.host: self.resolve[site.host]}
        entry: dict[str, Any] = {"id": site.key, "name": site.name, "start_urls": [self.start_url(site)]}
        entry |= {"family": "auto", "status": "active", "verified": "never", "local": True, "resolve": host}
        return entry | fields

    # -- switches ---------------------------------------------------------------------------------------------------
    def fail(self, site: Site, fault: Fault, path: str = "*", *, times: int | None = None, skip: int = 0) -> None:
        """Switch a fault on for the site's paths that match the pattern: `times` times (None: always), after `skip`
        requests that go well. The switch set last is asked first."""
        self._hosted[site.host].switches.insert(0, Switch(path, fault, times, skip))

    def mend(self, site: Site) -> None:
        """Switch all faults of the site off."""
        hosted = self._hosted[site.host]
        hosted.switches.clear()
        hosted.address = None

    def refuse(self, site: Site) -> None:
        """From now on `resolve` names a port on which nothing listens."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._hosted[site.host].address = f"127.0.0.1:{probe.getsockname()[1]}"

    def hang(self, site: Site) -> None:
        """From now on `resolve` names a port whose queue is full: a connection is neither made nor refused."""
        full = socket.socket()
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        self._held.append(full)
        for _ in range(2):
            waiting = socket.socket()
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
            self._held.append(waiting)
        self._hosted[site.host].address = f"127.0.0.1:{full.getsockname()[1]}"

    def robots(self, site: Site, text: str | bytes, status: int = 200) -> None:
        """Serve this as the site's robots.txt (without it: 404)."""
        body = text if isinstance(text, bytes) else text.encode()
        pages = self._hosted[site.host].routes.pages
        pages["/robots.txt"] = Resource(body, "text/plain", newest(site) if status == 200 else None, status)

    def put(self, site: Site, path: str, resource: Resource) -> None:
        self._hosted[site.host].routes.pages[path] = resource

    def page(self, site: Site, path: str) -> Resource:
        return self._hosted[site.host].routes.pages[path]

    def change(self, site: Site, article: Article, **fields: Any) -> Article:
        """Replace fields of an article (`paragraphs=…`) and lay the site out anew; returns the new article."""
        hosted = self._hosted[site.host]
        changed = replace(article, **fields)
        articles = tuple(changed if item.number == article.number else item for item in hosted.site.articles)
        self._relay(hosted, replace(hosted.site, articles=articles))
        return changed

    def publish(self, site: Site, article: Article) -> None:
        """Put a new article on top of the list."""
        hosted = self._hosted[site.host]
        self._relay(hosted, replace(hosted.site, articles=(article, *hosted.site.articles)))

    def vanish(self, site: Site, article: Article, status: int = 404) -> None:
        """The article's page answers 404 (or 410) from now on; the list still names it."""
        hosted = self._hosted[site.host]
        hosted.gone[hosted.routes.article_paths[article.number]] = status

    def empty(self, site: Site) -> None:
        """The list holds nothing any more; the articles' pages are gone too."""
        hosted = self._hosted[site.host]
        self._relay(hosted, without_articles(hosted.site))

    def _relay(self, hosted: Hosted, site: Site) -> None:
        robots = hosted.routes.pages.get("/robots.txt")
        hosted.site, hosted.routes = site, hosted.build(site)
        if robots:
            hosted.routes.pages["/robots.txt"] = robots

    # -- the log ----------------------------------------------------------------------------------------------------
    def requests(self, site: Site, path: str = "*") -> list[Request]:
        return [item for item in self.log if item.host == site.host and fnmatchcase(item.path, path)]

    def clear_log(self) -> None:
        with self._lock:
            self.log.clear()
            self.most_at_once.clear()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave in the middle of an answer are no news; anything else is told as usual."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(SiteHandler):
    owner: PortalServer

    def find(self, host: str, path: str, query: Query) -> Resource | None:
        hosted = self.owner._hosted.get(host)
        if not hosted:
            return None
        if status := hosted.gone.get(path):
            return replace(NOT_FOUND, status=status)
        return hosted.routes.get(path, {**query, "referer": self.headers.get("Referer", "")})

    def answer(self, query: Query) -> None:
        parts = urlsplit(self.path)
        owner, host = self.owner, self.host
        seen = Request(
            time.monotonic(), self.command, host, parts.path, parts.query, dict(self.headers), self.client_address[1]
        )
        with owner._lock:
            owner.log.append(seen)
            owner._open[host] += 1
            owner.most_at_once[host] = max(owner.most_at_once[host], owner._open[host])
            hosted = owner._hosted.get(host)
            switch = next((item for item in hosted.switches if item.takes(parts.path)), None) if hosted else None
        try:
            self._serve(self.find(host, parts.path, query), switch)
        except (BrokenPipeError, ConnectionResetError):  # clients may leave when they like
            self.close_connection = True
        finally:
            with owner._lock:
                owner._open[host] -= 1

    def _serve(self, resource: Resource | None, switch: Switch | None) -> None:
        if switch:
            verdict = switch.fault(Exchange(self, resource, self.owner._stopping))
            if verdict is HANDLED:
                return
            if isinstance(verdict, Resource):
                resource = verdict
        self.send(resource or NOT_FOUND)
