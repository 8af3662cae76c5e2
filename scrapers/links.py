"""A link's title and target in, absolute urls and the decision whether it may lead to a yearly report out."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from scrapers.titles import FORM, SUBJECT, YEAR, may_be_report

__all__ = [
    "FORM",
    "SUBJECT",
    "Item",
    "absolute",
    "canonical",
    "is_candidate",
    "is_column_url",
    "is_file",
]

FILE_SUFFIXES = (".pdf", ".doc", ".docx", ".wps", ".ofd")
SESSION = re.compile(r";jsessionid=[^?#/]*", re.IGNORECASE)
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
# most links, which need not be taken apart: nothing in them is to be folded, joined or cut off
SEGMENT = r"(?!\.{1,2}(?:/|$))[\w.,~%+=@&!$()-]+"
HOST_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
PORT = r"(?::(?!80/|443/)(?:[1-9]\d{1,3}|[1-5]\d{4})(?=/))"
PLAIN_URL = re.compile(
    rf"https?://(?=[a-z0-9.-]{{1,253}}[/:]){HOST_LABEL}(?:\.{HOST_LABEL})+{PORT}?(?:/{SEGMENT})*/?(?:\?[\w.,%+=&-]+)?",
    re.ASCII,
)
PLAIN_PATH = re.compile(rf"(?:/{SEGMENT})+/?|(?:\./)?{SEGMENT}(?:/{SEGMENT})*/?", re.ASCII)
DEFAULT_PORT = {"http": 80, "https": 443}
# what content systems call the pages of lists, and what they name single pages by
COLUMN_STEM = re.compile(r"^(?:index|list|default|column|channel|node|col|lm|catalog|more)", re.IGNORECASE)
SERIAL = re.compile(r"\d{4,}|[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f]{4}", re.IGNORECASE)
# /20240105/<hex>/ is a page of its own, /2023/, /ch00232/ and /col1234567/ are not
PAGE_FOLDER = re.compile(r"\d{5,}|[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f-]{4,}|\w+[_-]\d{5,}", re.IGNORECASE)
PAGE_STEM = re.compile(r"^(?:c|content|detail|view|show|info|article|post)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """A link of a list page: absolute url, title, the date beside it (as printed) or None, the name of its column."""

    url: str
    title: str
    date: str | None = None
    column: str = ""


def is_candidate(item: Item) -> bool:
    """Whether the item may be a yearly report; the page itself decides later.

    A link without a year or a date that leads to another list (法治政府建设年度报告 in a menu) is a column.
    """
    if not may_be_report(item.title, item.column):
        return False
    return bool(item.date or YEAR.search(item.title) or not is_column_url(item.url))


def is_column_url(url: str) -> bool:
    """Whether the url looks like a list's rather than a page's: no serial number in its last part."""
    parts = urlsplit(url)
    folder, _, last = parts.path.rpartition("/")
    stem, dot, _ = last.rpartition(".")
    if is_file(url) or PAGE_STEM.match(stem or last):
        return False
    if not last or COLUMN_STEM.match(stem or last):
        return not PAGE_FOLDER.fullmatch(folder.rpartition("/")[2])
    if not dot:
        return not PAGE_FOLDER.fullmatch(last) and not SERIAL.search(parts.query)
    return not SERIAL.search(stem + parts.query)


def is_file(url: str) -> bool:
    """Whether the url names a document file rather than a page."""
    return urlsplit(url).path.lower().endswith(FILE_SUFFIXES)


def absolute(base: str, href: str) -> str | None:
    """The absolute web url of a link, or None for what is none (javascript:, mailto:, an empty or broken one)."""
    if PLAIN_URL.fullmatch(href) and "/" in href[8:]:
        return href
    if PLAIN_PATH.fullmatch(href) and (root_and_folder := _root_and_folder(base)):
        root, folder = root_and_folder
        return f"{root}{href}" if href[0] == "/" else f"{folder}{href.removeprefix('./')}"
    return _absolute(base, href)


@lru_cache(maxsize=2048)
def _absolute(base: str, href: str) -> str | None:
    try:
        url = urldefrag(urljoin(base, href.strip())).url
        parts = urlsplit(url)
        host = _host(parts.hostname or "")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in DEFAULT_PORT or host is None or port == 0:
        return None
    netloc = host if port in (None, DEFAULT_PORT[parts.scheme]) else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))


def canonical(url: str) -> str:
    """The url that identifies a document: host in lower case, no default port, fragment or session."""
    if PLAIN_URL.fullmatch(url) and "/" in url[8:]:
        return url
    found = _absolute(url, url)
    return SESSION.sub("", found or url)


@lru_cache(maxsize=256)
def _root_and_folder(base: str) -> tuple[str, str] | None:
    """The parts of a plain page's url that its plain links are put behind."""
    plain = base.partition("#")[0].partition("?")[0]
    if not PLAIN_URL.fullmatch(plain):
        return None
    return plain[: plain.index("/", 8)], plain[: plain.rindex("/") + 1]


def _host(name: str) -> str | None:
    """The host as it goes into a url, or None where no name server could know it (`www..gov`)."""
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name)}]"  # a ValueError otherwise
    try:
        plain = name.rstrip(".").encode("idna").decode()
    except UnicodeError:
        return None
    return plain if len(plain) <= 253 and all(LABEL.fullmatch(label) for label in plain.split(".")) else None
