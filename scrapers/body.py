"""An answer's stream in, its whole body out with the content coding undone; too large, too long or cut short is an
error."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from scrapers.refusals import FetchError

CHUNK = 64 * 1024
# what was asked for, and as what zlib reads it; deflate comes with and without zlib's header
CODINGS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def read_body(url: str, coding: str | None, read: Callable[[int], bytes], max_bytes: int) -> bytes:
    """Read until `read` gives nothing. Never holds more than `max_bytes` and one chunk, however well it is packed.

    Raises FetchError for a coding that was not asked for, a damaged or unfinished one, and a body over the limit.
    """
    name = (coding or "identity").strip().lower()
    if name in ("", "identity"):
        decode: Callable[[bytes], bytes] | None = None
        decoder = None
    elif name in CODINGS:
        decoder = _Decoder(CODINGS[name], max_bytes)
        decode = decoder.feed
    else:
        raise FetchError(url, f"coded as {name[:40]!r}, which was not asked for")
    chunks, size = [], 0
    while chunk := read(CHUNK):
        try:
            part = decode(chunk) if decode else chunk
        except zlib.error as error:
            raise FetchError(url, "the body is not coded as its header says") from error
        size += len(part)
        if size > max_bytes:
            raise FetchError(url, f"larger than {max_bytes:,} bytes")
        chunks.append(part)
    if decoder and not decoder.complete:
        raise FetchError(url, f"truncated: the {name} coding does not come to its end", transient=True)
    return b"".join(chunks)


class _Decoder:
    """Undoes one coding, several gzip members in a row too; gives at most one byte more than it may."""

    def __init__(self, window: int, most: int) -> None:
        self._window, self._left = window, most + 1
        self._inner = zlib.decompressobj(window)
        self._begun = False

    def feed(self, data: bytes) -> bytes:
        parts = []
        while data and self._left > 0:
            if self._inner.eof:
                if not data.lstrip(b"\0"):
                    break
                self._inner = zlib.decompressobj(self._window)
            try:
                part = self._inner.decompress(data, self._left)
            except zlib.error:
                if self._begun or self._window != CODINGS["deflate"]:
                    raise
                self._window = -15
                self._inner = zlib.decompressobj(self._window)
                part = self._inner.decompress(data, self._left)
            self._begun = True
            self._left -= len(part)
            parts.append(part)
            data = self._inner.unused_data or self._inner.unconsumed_tail
        return b"".join(parts)

    @property
    def complete(self) -> bool:
        return self._inner.eof or not self._begun
