"""Bytes of a file in, a Page out, by what the bytes are: HTML, text, PDF, Word."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from io import BytesIO

from extraction.attachments import read_doc, read_docx
from extraction.decode import decode, garbled
from extraction.errors import Unreadable
from extraction.html import read_html
from extraction.pdf import read_pdf
from extraction.text import read_text
from extraction.types import Page

LARGEST = 64 * 1024**2
# text beyond this is a dump, not a page; pictures written into the page do not count
LARGEST_TEXT = 4 * 1024**2
# the longest yearly reports have 60,000 characters; a book of them is no report, and its numbers are nobody's
LONGEST_BODY = 300_000
INLINE_PICTURE = re.compile(rb"data:image/[\w+.-]+;base64,[A-Za-z0-9+/=\s]*")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKUP = re.compile(r"<(?:!doctype|html|head|body|meta|div|p|table|title|script)\b", re.IGNORECASE)


def read_page(data: bytes, *, url: str | None, name: str | None, media_type: str | None, charset: str | None) -> Page:
    """Read a file of any kind that portals publish.

    The bytes decide; name and media type only where the bytes leave it open. Raises Unreadable, saying why and what to
    do, for empty, scanned, locked, damaged, endless or unknown files.
    """
    page = _read(data, url=url, name=name, media_type=media_type, charset=charset)
    if len(page.body) > LONGEST_BODY:
        raise Unreadable(
            f"the text has {len(page.body):,} characters, more than {LONGEST_BODY:,}: a collection, no report"
        )
    lost = garbled(page.body, page.charset)
    if lost and not any(warning.code == lost[0].code for warning in page.warnings):
        # of a PDF's letters without names, or in an article that is a small part of its page
        page = replace(page, warnings=page.warnings + lost)
    return page


def _read(data: bytes, *, url: str | None, name: str | None, media_type: str | None, charset: str | None) -> Page:
    if not data.strip():
        raise Unreadable("the file is empty")
    if len(data) > LARGEST:
        raise Unreadable(f"the file is larger than {LARGEST // 1024**2} MB")
    suffix = (name or "").lower().rpartition(".")[2]
    if data.startswith(b"%PDF"):
        return _attachment(read_pdf(data), url, "application/pdf")
    if data.startswith(b"PK\x03\x04"):
        return _attachment(
            _zipped(data), url, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        )
    if data.startswith(OLE):
        return _attachment(read_doc(data), url, "application/msword")
    if len(data) > LARGEST_TEXT:
        data = INLINE_PICTURE.sub(b"", data)
        if len(data) > LARGEST_TEXT:
            raise Unreadable(f"the page holds more than {LARGEST_TEXT // 1024**2} MB of text: not an article")
    text, found, warnings = decode(data, charset)
    if (b"\0" in data and text.count("\0") > len(text) // 100) or suffix in (
        "jpg",
        "jpeg",
        "png",
        "gif",
        "zip",
        "rar",
        "xls",
        "xlsx",
    ):
        raise Unreadable(f"not a document: {suffix or media_type or 'unknown bytes'}")
    if suffix == "txt" or (media_type == "text/plain" and not MARKUP.search(text[:4096])):
        return read_text(text, url=url, media_type="text/plain", charset=found, warnings=warnings)
    return read_html(text, url=url, media_type=media_type or "text/html", charset=found, warnings=warnings)


def _attachment(text: str, url: str | None, media_type: str) -> Page:
    return read_text(text, url=url, media_type=media_type, charset=None, warnings=())


def _zipped(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            names = set(package.namelist())
    except zipfile.BadZipFile as error:
        raise Unreadable(f"damaged zip or Office file: {error}") from error
    if "word/document.xml" in names:
        return read_docx(data)
    raise Unreadable("a zip file that is no .docx: not read")
