"""`fazhi serve`: the explorer's folder in, an HTTP server on loopback out; it only reads, and only that folder.

Besides files it answers `/api/search`, from the search index of the published warehouse.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from flows.errors import Exit, FazhiError
from flows.settings import Settings
from flows.site import MARKER
from warehouse.errors import WarehouseError
from warehouse.searching import search

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
TYPES = {
    ".gz": "application/gzip",
    ".wasm": "application/wasm",
    ".js": "text/javascript",
    ".parquet": "application/vnd.apache.parquet",
    ".duckdb": "application/octet-stream",
    ".csv": "text/csv; charset=utf-8",
}
# the build puts a hash of the content into these names; everything else is asked for again each time, by its tag
HASHED = re.compile(r"/app/[^/]+-[0-9A-Z]{8}\.js")
FOREVER = "public, max-age=31536000, immutable"
MOST_HITS = 50
LONGEST_QUERY = 200


def serve_site(settings: Settings, host: str, port: int, folder: Path | None) -> int:
    """Serve until stopped. Raises FazhiError where there is no site."""
    import uvicorn

    served = (folder or settings.home / "site").absolute()
    app = make_app(settings, served, host)
    typer.echo(f"http://{host}:{port}/ shows {served} (Ctrl-C ends it)")
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False, server_header=False)
    return Exit.OK


def make_app(settings: Settings, folder: Path, host: str) -> Starlette:
    """The application. A server on loopback answers only to loopback's names, so no other site can speak through it."""
    if not (folder / MARKER).exists():
        raise FazhiError(f"{folder} holds no explorer: `fazhi site` makes it")
    policies = json.loads((folder / "policy.json").read_text(encoding="utf-8"))
    names = list(LOOPBACK) if host in LOOPBACK else ["*"]

    async def find(request: Request) -> Response:
        return await _find(settings, request)

    async def state(_: Request) -> Response:
        said = json.loads((folder / MARKER).read_text(encoding="utf-8"))
        return JSONResponse({**said, "search": settings.search.exists()})

    return Starlette(
        routes=[
            Route("/api/search", find, methods=["GET"]),
            Route(f"/{MARKER.as_posix()}", state, methods=["GET"]),
            Mount("/", _Files(directory=folder, html=True)),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=names), Middleware(_Headers, policies=policies)],
    )


class _Files(StaticFiles):
    """Static files with the media types that browsers need; `.gz` files are sent as they are."""

    def file_response(
        self, full_path: Any, stat_result: os.stat_result, scope: Any, status_code: int = 200
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        kind = TYPES.get(Path(str(full_path)).suffix)
        if kind and response.status_code != 304:
            response.headers["content-type"] = kind
        return response


class _Headers:
    """Says with every answer what its page may do: run this site's own scripts, speak to this site, nothing else."""

    def __init__(self, app: ASGIApp, policies: dict[str, str]) -> None:
        self.app = app
        self.policies = policies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        worker = scope["path"].endswith(".worker.js")
        policy = self.policies["worker" if worker else "page"] + "; frame-ancestors 'none'"

        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["content-security-policy"] = policy
                headers["x-content-type-options"] = "nosniff"
                headers["referrer-policy"] = "no-referrer"
                headers["cross-origin-opener-policy"] = "same-origin"
                headers["cross-origin-resource-policy"] = "same-origin"
                lasting = HASHED.fullmatch(scope["path"]) and message["status"] in (200, 206, 304)
                headers.setdefault("cache-control", FOREVER if lasting else "no-cache")
            await send(message)

        await self.app(scope, receive, said)


async def _find(settings: Settings, request: Request) -> Response:
    asked = request.query_params
    words = asked.get("q", "").strip()
    if not words or len(words) > LONGEST_QUERY:
        return JSONResponse({"error": f"q: one word or more, at most {LONGEST_QUERY} characters"}, status_code=400)
    numbers = {name: asked.get(name, "") for name in ("year", "limit")}
    for name, value in numbers.items():
        if value and not (value.isascii() and value.isdecimal() and len(value) <= 4):
            return JSONResponse({"error": f"{name}: a whole number is needed, not {value!r}"}, status_code=400)
    year = int(numbers["year"]) if numbers["year"] else None
    limit = min(max(int(numbers["limit"] or 20), 1), MOST_HITS)
    try:
        found = await run_in_threadpool(
            search,
            *(settings.warehouse, settings.search, words),
            quantities=asked.get("kind") == "quantities",
            region=asked.get("region") or None,
            years=(year, year) if year else None,
            limit=limit,
        )
    except WarehouseError as error:
        return JSONResponse({"error": str(error)}, status_code=503)
    hits = [{**hit.fields, "snippet": hit.snippet, "highlights": hit.highlights} for hit in found.hits]
    return JSONResponse({"hits": hits, "words": found.words})
