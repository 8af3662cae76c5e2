"""A request in, the bytes of a site's answer out: Host header, form or query, conditional requests, today's date."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from scrapers.sample.site import TODAY, Query, Resource

CHINA = timezone(timedelta(hours=8))
NOT_FOUND = Resource("<html><body>404 页面不存在</body></html>".encode(), "text/html; charset=utf-8", None, 404)


class SiteHandler(BaseHTTPRequestHandler):
    """Answers what `find` finds; a subclass says what there is."""

    protocol_version = "HTTP/1.1"
    server_version = "portal"
    sys_version = ""
    timeout = 30
    wbufsize = 65_536  # head and body in one packet; in two, a client's delayed acknowledgement costs 40 ms each
    disable_nagle_algorithm = True

    def find(self, host: str, path: str, query: Query) -> Resource | None:
        raise NotImplementedError

    def do_GET(self) -> None:
        self.answer(dict(parse_qsl(urlsplit(self.path).query)))

    do_HEAD = do_GET

    def do_POST(self) -> None:
        length = min(int(self.headers.get("Content-Length") or 0), 65_536)
        form = parse_qsl(self.rfile.read(length).decode("utf-8", "replace"))
        self.answer(dict(parse_qsl(urlsplit(self.path).query)) | dict(form))

    @property
    def host(self) -> str:
        return (self.headers.get("Host") or "").partition(":")[0].lower()

    def answer(self, query: Query) -> None:
        self.send(self.find(self.host, urlsplit(self.path).path, query) or NOT_FOUND)

    def send(self, resource: Resource) -> None:
        unchanged = resource.status == 200 and self._is_current(resource)
        body = b"" if unchanged else dated(resource)
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
        if not resource.modified:
            return False
        if tags := self.headers.get("If-None-Match"):
            return resource.etag in [tag.strip().removeprefix("W/") for tag in tags.split(",")]
        since = self.headers.get("If-Modified-Since")
        if not since:
            return False
        try:
            return _utc(resource.modified) <= parsedate_to_datetime(since)
        except ValueError:
            return False

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: whoever asks keeps a log of their own."""


def dated(resource: Resource) -> bytes:
    """The body with today's date in its place: China's, or FAZHI_SAMPLE_TODAY for two harvests to compare."""
    fixed = os.environ.get("FAZHI_SAMPLE_TODAY")
    day = date.fromisoformat(fixed) if fixed else datetime.now(CHINA).date()
    today = f"{day.year}年{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}"
    encoding = "gb18030" if b"gb2312" in resource.body[:400] else "utf-8"
    return resource.body.replace(TODAY, today.encode(encoding))


def _utc(when: datetime) -> datetime:
    return when.replace(tzinfo=CHINA).astimezone(UTC)
