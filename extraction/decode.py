"""Bytes in, text and the charset that it was really in out; what cannot be right is said in a warning."""

from __future__ import annotations

import codecs
import re

from extraction.types import Warning

HEAD_BYTES = 4096
ASCII = bytes(range(0x80))
SAMPLE, CHUNK = 800, 8192
# official prose has 0.15 to 0.3 of its characters in COMMON, text read in a wrong charset less than 0.05
PLAINLY_CHINESE = 0.12
META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)|encoding\s*=\s*[\"']([\w.:-]+)[\"']", re.IGNORECASE)
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
# a gb2312 or gbk label is written over text that uses all of gb18030
GB_LABELS = ("gb", "x-gb", "cp936", "csgb", "chinese")
# the commonest characters of official prose, simplified and traditional: they tell gb18030 from Big5
COMMON = re.compile("[的一是在不了有和人这中大为上个国我以要他时来用们法治政府建设工作行依年度報務發會]")
# what UTF-8 becomes when it is read as gbk or latin-1, and what a lost character becomes twice over
MOJIBAKE = re.compile(
    "锟斤拷|烫烫烫|[鏂鏀鍦鍏鐨涓浜鍙鍜]{1}[\u4e00-\u9fff€]{0,2}[鏂鏀鍦鍏鐨涓浜鍙鍜]|(?:[ÃÂåæçèé][\u0080-\u00bf]{1,2}){3}"
)
MARKERS = "锟烫鏂鏀鍦鍏鐨涓浜鍙鍜ÃÂåæçèé"
LOST = "\ufffd"
LOST_MANY = 0.002


def decode(data: bytes, header_charset: str | None = None) -> tuple[str, str, tuple[Warning, ...]]:
    """Text, charset, warnings.

    UTF-8 that is valid is believed before any label (labels lie); then the header's and the page's own label, with any
    gb name read as gb18030; then whichever of gb18030 and Big5 reads like Chinese prose.
    """
    for bom, charset in BOMS:
        if data.startswith(bom):
            return _checked(data[len(bom) :].decode(charset, "replace"), charset)
    if b"\0" in data and data.count(0) > len(data) // 4 and len(data) > 1:
        charset = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
        return _checked(data.decode(charset, "replace"), charset)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        # cut off inside a character: still UTF-8
        if error.start >= len(data) - 4 and error.reason == "unexpected end of data":
            return _checked(data.decode("utf-8", "ignore"), "utf-8")
    else:
        return _checked(text, "utf-8")
    return _checked(*_best(data, header_charset))


def _best(data: bytes, header_charset: str | None) -> tuple[str, str]:
    """The charset whose reading looks most like Chinese prose; the first that plainly does is taken at once."""
    found: dict[str, tuple[float, str]] = {}
    for name in (header_charset, _meta_charset(data), "gb18030", "big5", "utf-8"):
        charset = _codec(name)
        if charset and charset not in found:
            text = data.decode(charset, "replace")
            found[charset] = _likeness(text), text
            if found[charset][0] >= PLAINLY_CHINESE:
                break
    best = max(found, key=lambda charset: found[charset][0])
    return found[best][1], best


def _likeness(text: str) -> float:
    """Share of the commonest characters among the first that are not ASCII, less that of lost ones."""
    sample = _sample(text)
    return round((len(COMMON.findall(sample)) - 5 * _lost(text)) / max(1, len(sample)), 2)


def _sample(text: str) -> str:
    # three or four bytes of UTF-8 a character; a character cut off at the end is left out
    found = b""
    for at in range(0, len(text), CHUNK):
        found += text[at : at + CHUNK].encode("utf-8", "replace").translate(None, ASCII)
        if len(found) >= 3 * SAMPLE:
            break
    return found[: 3 * SAMPLE].decode("utf-8", "ignore")


def _lost(text: str) -> int:
    # to look whether there is one is faster than to count
    return text.count(LOST) if LOST in text else 0


def _mojibake(text: str) -> re.Match[str] | None:
    # one look for each marker costs a fraction of one search for all of them
    for marker in MARKERS:
        at = text.find(marker)
        while at >= 0:
            match = MOJIBAKE.match(text, at)
            if match:
                return match
            at = text.find(marker, at + 1)
    return None


def _meta_charset(data: bytes) -> str | None:
    match = META_CHARSET.search(data[:HEAD_BYTES])
    return next((group.decode("ascii", "replace") for group in match.groups() if group), None) if match else None


def _codec(name: str | None) -> str | None:
    if not name:
        return None
    lowered = name.strip().lower()
    if lowered.startswith(GB_LABELS):
        return "gb18030"
    if lowered.startswith("iso-8859") or lowered in ("latin-1", "ascii", "us-ascii"):
        return None  # what servers say when they know nothing; no Chinese page is in it
    try:
        return codecs.lookup(lowered).name
    except LookupError:
        return None


def _checked(text: str, charset: str) -> tuple[str, str, tuple[Warning, ...]]:
    warnings = []
    match = _mojibake(text)
    if match:
        excerpt = text[max(0, match.start() - 10) : match.end() + 10]
        warnings.append(Warning("mojibake", "text was decoded wrongly before it was published", excerpt))
    return text, charset, (*warnings, *garbled(text, charset))


def garbled(text: str, charset: str | None) -> tuple[Warning, ...]:
    """A warning where more than two in a thousand characters are replacements of what could not be read."""
    lost = _lost(text)
    if lost <= LOST_MANY * len(text):
        return ()
    at = text.index(LOST)
    detail = f"{lost} characters cannot be read" + (f" as {charset}" if charset else "")
    return (Warning("garbled_characters", detail, text[max(0, at - 10) : at + 10]),)
