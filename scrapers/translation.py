"""A library's exception in, what it means for the url out."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from http.client import IncompleteRead
from typing import TypeVar

from requests import RequestException
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as TooSlow

from scrapers.addresses import AddressRefused
from scrapers.refusals import FetchError, Refused

E_ = TypeVar("E_", bound=BaseException)


def translated(url: str, error: Exception) -> Exception:
    """What a library's exception means for the url; an SSL error stays one, so that it can be answered."""
    if isinstance(error, FetchError):
        return error
    if refused := _inside(error, AddressRefused):
        return Refused(url, str(refused))
    if secure := _inside(error, ssl.SSLError):
        return secure
    if _inside(error, socket.gaierror):
        return FetchError(url, "no such host", transient=True)
    if _inside(error, TooSlow) or _inside(error, TimeoutError):
        return FetchError(url, "timed out", transient=True)
    if cut := _inside(error, IncompleteRead):
        came = cut.partial if isinstance(cut.partial, int) else len(cut.partial)
        told = (
            f"{came:,} bytes came, {cut.expected:,} more were announced"
            if cut.expected
            else "the last chunk is missing"
        )
        return FetchError(url, f"truncated: {told}", transient=True)
    if isinstance(error, (RequestException, HTTPError, OSError)) and not isinstance(error, ValueError):
        return FetchError(url, f"connection failed: {_innermost(error)}", transient=True)
    return FetchError(url, f"no valid web address: {error}"[:200])


def tls_reason(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return str(error.verify_message)
    return str(error.reason or error).lower().replace("_", " ")


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and all that it wraps, by cause, context or argument."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        item = waiting.pop(0)
        if not isinstance(item, BaseException) or id(item) in seen:
            continue
        seen.add(id(item))
        yield item
        waiting += [item.__cause__, item.__context__, getattr(item, "reason", None), *item.args]


def _inside(error: BaseException, kind: type[E_]) -> E_ | None:
    return next((item for item in _chain(error) if isinstance(item, kind)), None)


def _innermost(error: BaseException) -> str:
    return type(list(_chain(error))[-1]).__name__
