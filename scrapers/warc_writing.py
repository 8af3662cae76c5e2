"""Exchanges, revisits and metadata in, WARC records as gzip members out.

Our own lines: `warcio`, which reads them, took a fifth of a page's processor time to write them (`make bench BENCH=f`).
https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.0/
"""

from __future__ import annotations

import hashlib
import json
import zlib
from base64 import b32encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from scrapers.records import Response

SAME_CONTENT = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
# the body is stored decoded, so these no longer hold
UNDONE = {"content-encoding", "transfer-encoding", "content-length"}
HTTP = "application/http; msgtype="
ASCII = bytes(range(128))
# zlib's: a gzip header around each member
GZIP_WINDOW, LEVEL = 31, 6


def exchange(response: Response, about: Mapping[str, Any]) -> tuple[bytes, int]:
    """Request (of an HTTP exchange), response or resource, and metadata; with the offset of the second."""
    before = b""
    if response.status:
        before = _request(response)
        head = _http_head(response)
        record = _record("response", response.url, response.fetched_at, HTTP + "response", head, response.body)
    else:
        kind = response.media_type or "application/octet-stream"
        record = _record("resource", response.url, response.fetched_at, kind, b"", response.body)
    return before + record + metadata(response.url, about, response.fetched_at), len(before)


def revisit(response: Response, about: Mapping[str, Any]) -> bytes:
    """A content that is in the archive already and has come back: headers without the body, and metadata."""
    record = b""
    if response.status:
        profile = f"WARC-Profile: {SAME_CONTENT}\r\n"
        head = _http_head(response)
        record = _record("revisit", response.url, response.fetched_at, HTTP + "response", head, None, profile)
    return record + metadata(response.url, about, response.fetched_at)


def metadata(target: str, document: Mapping[str, Any], at: datetime) -> bytes:
    """A metadata record of its own; the last of each group, so that it says the group is whole."""
    return _record("metadata", target, at, "application/json", b"", json.dumps(document, ensure_ascii=False).encode())


def _request(response: Response) -> bytes:
    path = response.url.split("/", 3)[3] if response.url.count("/") > 2 else ""
    head = _http_block(f"{response.method} /{path} HTTP/1.1", response.request_headers)
    return _record("request", response.url, response.fetched_at, HTTP + "request", head, b"")


def _http_head(response: Response) -> bytes:
    kept = [(name, value) for name, value in response.headers if name.lower() not in UNDONE]
    return _http_block(f"HTTP/1.1 {response.status} {response.reason}", kept)


def _http_block(first: str, headers: Iterable[tuple[str, str]]) -> bytes:
    """The lines of an HTTP head; what is not ASCII in them, be it the path or the reason, is percent-encoded."""
    text = "".join([first, "\r\n", *(f"{name}: {value}\r\n" for name, value in headers), "\r\n"])
    if text.isascii():
        return text.encode()
    try:
        sent = text.encode("latin-1")  # as http.client reads what a server sends
    except UnicodeEncodeError:
        sent = text.encode()
    return quote(sent, safe=ASCII).encode()


def _record(
    kind: str, target: str, at: datetime, content_type: str, head: bytes, payload: bytes | None, more: str = ""
) -> bytes:
    """One record as a gzip member; payload: None where the record stands for one that lies elsewhere."""
    body = payload or b""
    digests = f"WARC-Block-Digest: {_digest(head, body)}\r\n"
    if payload is not None:
        digests = f"WARC-Payload-Digest: {_digest(body)}\r\n{digests}"
    fields = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{uuid4()}>\r\nWARC-Target-URI: {target}\r\n"
        f"WARC-Date: {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\r\n{more}{digests}"
        f"Content-Type: {content_type}\r\nContent-Length: {len(head) + len(body)}\r\n\r\n"
    )
    squeeze = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP_WINDOW)
    return squeeze.compress(b"".join([fields.encode(), head, body, b"\r\n\r\n"])) + squeeze.flush()


def _digest(*parts: bytes) -> str:
    made = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        made.update(part)
    return f"sha1:{b32encode(made.digest()).decode()}"
