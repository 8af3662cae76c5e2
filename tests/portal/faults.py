"""The switches: each function here makes a Fault, which answers a request in place of (or before) the site itself.

A Fault takes an Exchange and returns a Resource to send, None to let the site answer, or HANDLED when it has
written (or withheld) the answer itself. Every one that waits stops waiting when the portal stops.
"""

from __future__ import annotations

import gzip
import socket
import struct
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from threading import Event
from typing import Final

from scrapers.sample.handler import dated
from scrapers.sample.site import Resource

HANDLED: Final = object()
METADATA_ADDRESS = "http://169.254.169.254/latest/meta-data/"  # only ever a Location header's text
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, what the site would answer (None: not found), and the event that ends all waiting."""

    handler: BaseHTTPRequestHandler
    resource: Resource | None
    stopping: Event

    @property
    def content(self) -> bytes:
        return dated(self.resource) if self.resource else b"<html><body>nothing</body></html>"

    @property
    def media_type(self) -> str:
        return self.resource.media_type if self.resource else HTML

    def head(self, length: int | None, *, status: int = 200, **headers: str) -> None:
        """Status line and headers; `Content_Encoding="gzip"` gives the header Content-Encoding."""
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", self.media_type)
        if length is not None:
            self.handler.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()

    def close(self) -> object:
        self.handler.close_connection = True
        return HANDLED


Fault = Callable[[Exchange], object]


# -- the connection -------------------------------------------------------------------------------------------------
def silent(seconds: float = 20.0) -> Fault:
    """Takes the request and says nothing: a read timeout."""

    def fault(exchange: Exchange) -> object:
        exchange.stopping.wait(seconds)
        return exchange.close()

    return fault


def reset(after: int = 200) -> Fault:
    """Announces the whole body, sends `after` bytes of it, resets the connection."""

    def fault(exchange: Exchange) -> object:
        exchange.head(len(exchange.content))
        exchange.handler.wfile.write(exchange.content[:after])
        exchange.handler.wfile.flush()
        time.sleep(0.05)  # so that the first bytes are read before the reset discards them
        linger = struct.pack("ii", 1, 0)
        exchange.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        exchange.handler.connection.close()
        return exchange.close()

    return fault


def truncated(missing: int = 500) -> Fault:
    """Content-Length says more than comes; the connection is closed in good order."""

    def fault(exchange: Exchange) -> object:
        exchange.head(len(exchange.content) + missing)
        exchange.handler.wfile.write(exchange.content)
        return exchange.close()

    return fault


def short_length() -> Fault:
    """Content-Length says less than comes: a client that believes it has the page up to the end of a paragraph."""

    def fault(exchange: Exchange) -> object:
        exchange.head(exchange.content.rindex(b"</p>"))
        exchange.handler.wfile.write(exchange.content)
        return exchange.close()

    return fault


def drip(piece: int = 16, pause: float = 0.1, seconds: float = 30.0) -> Fault:
    """A few bytes at a time, each soon enough to keep a read timeout from striking, for at most `seconds`."""

    def fault(exchange: Exchange) -> object:
        exchange.head(len(exchange.content))
        until = time.monotonic() + seconds
        for start in range(0, len(exchange.content), piece):
            if exchange.stopping.wait(pause) or time.monotonic() > until:
                break
            try:
                exchange.handler.wfile.write(exchange.content[start : start + piece])
                exchange.handler.wfile.flush()
            except OSError:  # the client has had enough, as it should
                break
        return exchange.close()

    return fault


def drip_head(pause: float = 0.1, seconds: float = 30.0) -> Fault:
    """A header line that never ends, a byte at a time, for at most `seconds`."""

    def fault(exchange: Exchange) -> object:
        exchange.handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        until = time.monotonic() + seconds
        while time.monotonic() < until and not exchange.stopping.wait(pause):
            try:
                exchange.handler.wfile.write(b"a")
                exchange.handler.wfile.flush()
            except OSError:
                break
        return exchange.close()

    return fault


def endless(megabytes: int = 100) -> Fault:
    """A body without a length that goes on and on, for at most so many megabytes."""

    def fault(exchange: Exchange) -> object:
        exchange.head(None)
        for _ in range(megabytes * 16):
            if exchange.stopping.is_set():
                break
            exchange.handler.wfile.write(b" " * 65_536)
        return exchange.close()

    return fault


# -- coding ---------------------------------------------------------------------------------------------------------
def gzip_bomb(megabytes: int = 200) -> Fault:
    """A small gzip body (about a thousandth) that unpacks to so many megabytes of blanks."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join([packer.compress(b" " * 1_000_000) for _ in range(megabytes)]) + packer.flush()

    def fault(exchange: Exchange) -> object:
        exchange.head(len(body), Content_Encoding="gzip")
        exchange.handler.wfile.write(body)
        return exchange.close()

    return fault


def gzipped() -> Fault:
    """The right answer, gzip coded whether asked for or not."""

    def fault(exchange: Exchange) -> object:
        body = gzip.compress(exchange.content)
        exchange.head(len(body), Content_Encoding="gzip")
        exchange.handler.wfile.write(body)
        return HANDLED

    return fault


def deflated(*, raw: bool = False) -> Fault:
    """The right answer, deflate coded; raw: without zlib's header, as some servers understand the name."""

    def fault(exchange: Exchange) -> object:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15 if raw else 15)
        body = packer.compress(exchange.content) + packer.flush()
        exchange.head(len(body), Content_Encoding="deflate")
        exchange.handler.wfile.write(body)
        return HANDLED

    return fault


def cut_gzip(share: float = 0.5) -> Fault:
    """A gzip body without a length that ends halfway, in good order."""

    def fault(exchange: Exchange) -> object:
        body = gzip.compress(exchange.content)
        exchange.head(None, Content_Encoding="gzip")
        exchange.handler.wfile.write(body[: int(len(body) * share)])
        return exchange.close()

    return fault


def cut_chunks() -> Fault:
    """A chunked body whose last chunks never come."""

    def fault(exchange: Exchange) -> object:
        exchange.head(None, Transfer_Encoding="chunked")
        exchange.handler.wfile.write(b"%x\r\n%s\r\n" % (100, exchange.content[:100]))
        return exchange.close()

    return fault


def labelled(coding: str = "br") -> Fault:
    """Says that the body is coded so; it is not."""

    def fault(exchange: Exchange) -> object:
        exchange.head(len(exchange.content), Content_Encoding=coding)
        exchange.handler.wfile.write(exchange.content)
        return HANDLED

    return fault


def chunked(piece: int = 700) -> Fault:
    """The right answer without a length, in chunks: no fault, but many servers do it."""

    def fault(exchange: Exchange) -> object:
        exchange.head(None, Transfer_Encoding="chunked")
        for start in range(0, len(exchange.content), piece):
            part = exchange.content[start : start + piece]
            exchange.handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        exchange.handler.wfile.write(b"0\r\n\r\n")
        return HANDLED

    return fault


def charset(label: str) -> Fault:
    """The header names another charset than the bytes have; the page's own meta tag is left as it is."""

    def fault(exchange: Exchange) -> object:
        if not exchange.resource:
            return None
        return replace(exchange.resource, media_type=f"text/html; charset={label}", modified=None)

    return fault


# -- status and redirects -------------------------------------------------------------------------------------------
def status(code: int, **headers: str) -> Fault:
    """This status with a short page; `Retry_After="2"` gives the header Retry-After."""
    page = Resource(
        f"<html><body><h1>{code}</h1></body></html>".encode(),
        HTML,
        None,
        code,
        tuple((name.replace("_", "-"), value) for name, value in headers.items()),
    )
    return lambda exchange: page


def redirect(target: str, code: int = 302) -> Fault:
    return status(code, Location=target)


def endless_redirects() -> Fault:
    """Each answer sends on to another address of the same host, for ever."""

    def fault(exchange: Exchange) -> object:
        path, _, number = exchange.handler.path.partition("?hop=")
        return redirect(f"{path}?hop={int(number or 0) + 1}")(exchange)

    return fault


# -- pages that are not what they seem ------------------------------------------------------------------------------
def instead(html: str, code: int = 200, *cookies: str) -> Fault:
    """Another page in the place of the right one."""
    page = Resource(html.encode(), HTML, None, code, tuple(("Set-Cookie", cookie) for cookie in cookies))
    return lambda exchange: page


def challenge_jiasule() -> Fault:
    """加速乐: 521, a cookie, and a script that would compute another."""
    script = "document.cookie=('_')+('_')+('jsl_clearance_s=')+(-~[]+'')+('|0|');location.href=location.pathname"
    return instead(f"<script>{script}</script>", 521, "__jsluid_h=3f8a1c; max-age=31536000; path=/; HttpOnly")


def challenge_ruishu(code: int = 412) -> Fault:
    """瑞数: 412 or 202 with a script in the head and nothing to read."""
    body = (
        '<script type="text/javascript">$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=36712;$_ts.cd="qrrdr";</script>'
    )
    page = (
        f'<!DOCTYPE html><html><head><meta id="9DhefwqGPrzGxEp9hPaoag" content="7G}}">{body}</head><body></body></html>'
    )
    return instead(page, code, "NOh8RTWx6K2dS=60Ffg; Path=/; HttpOnly")


def challenge_wzws() -> Fault:
    """WZWS: 403 by place of origin."""
    page = "<html><head><title>403 Forbidden</title></head><body>WZWS GeoBL: Your access is denied.</body></html>"
    return instead(page, 403, "wzws_sessionid=gjA5; path=/")


def cookie_by_redirect(name: str = "wzwsvtime") -> Fault:
    """302 to the same address with a cookie; who brings the cookie back is served."""

    def fault(exchange: Exchange) -> object:
        if f"{name}=1" in (exchange.handler.headers.get("Cookie") or ""):
            return None
        return status(302, Location=exchange.handler.path, Set_Cookie=f"{name}=1; path=/")(exchange)

    return fault


def soft_404() -> Fault:
    text = "您访问的页面不存在或已被删除！<br>系统将在5秒后返回首页"
    return instead(f"<html><head><title>页面不存在</title></head><body><div>{text}</div></body></html>")


def login_page() -> Fault:
    form = '用户名<input name="username"> 密码<input type="password" name="password"> 验证码<input name="captcha">'
    return instead(
        f'<html><head><title>用户登录</title></head><body><form action="/login" method="post">{form}'
        '<input type="submit" value="登录"></form></body></html>'
    )


def page_of(resource: Resource) -> Fault:
    """Another page of the site in the place of this one, such as its index."""
    return lambda exchange: replace(resource, modified=None)


def hijacked(sponsor: str, brand: str = "鼎星体育娱乐平台") -> Fault:
    """The sponsor's name in the footer has become a gambling brand."""

    def fault(exchange: Exchange) -> object:
        if not exchange.resource:
            return None
        encoding = "gb18030" if b"gb2312" in exchange.resource.body[:400] else "utf-8"
        body = exchange.resource.body.replace(sponsor.encode(encoding), brand.encode(encoding))
        return replace(exchange.resource, body=body)

    return fault
