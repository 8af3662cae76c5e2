"""What a response really is, by its bytes: a page, a challenge, a login, "not found" with status 200; and its text."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
TAG = re.compile(rb"<[^<>]*>")
OPENING = re.compile(rb"<(?:html|body)\b", re.IGNORECASE)
CLOSING = re.compile(rb"</(?:html|body)\b", re.IGNORECASE)
HIDDEN = re.compile(rb"<(script|style)")
# labels that fit any bytes, or that the bytes have just disproved
SAYS_NOTHING = ("utf", "iso-8859-1", "latin", "ascii", "us-ascii", "windows-1252", "cp1252")
PASSWORD = re.compile(rb"<input[^<>]+type\s*=\s*[\"']?password", re.IGNORECASE)

TROUBLES = tomllib.loads(Path(__file__).with_name("troubles.toml").read_text(encoding="utf-8"))
CHALLENGES = tuple((re.compile(row["pattern"]), f"challenge page ({row['name']})") for row in TROUBLES["challenge"])
NOT_FOUND = re.compile(TROUBLES["not_found"]["text"], re.IGNORECASE)

# in bytes: a challenge has next to nothing to read, an error page of its own little
BARE, SHORT = 100, 1_200


def text_of(body: bytes, content_type: str | None = None) -> str:
    """A page's text for finding links. What is valid UTF-8 is that, whatever header and meta say; gb2312 is gb18030."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    for place in ((content_type or "").encode(), body[:4096]):
        named = META_CHARSET.search(place)
        charset = named.group(1).decode().lower() if named else ""
        if charset and not charset.startswith(SAYS_NOTHING):
            try:
                return body.decode("gb18030" if charset.startswith("gb") else charset)
            except (LookupError, UnicodeDecodeError):
                continue
    # damaged in either: the charset that loses fewer characters
    return min(
        (body.decode(charset, "replace") for charset in ("utf-8", "gb18030")), key=lambda text: text.count("\ufffd")
    )


def trouble(status: int, media_type: str | None, body: bytes) -> str | None:
    """Why this response is no page of the portal's own, or None; by status and by pages that hold little else."""
    if status == 304 or "html" not in (media_type or "html"):
        return None
    visible = len(TAG.sub(b"", _without_scripts(body)).strip())
    if status in (521, 412, 403, 202) or visible < BARE:
        source = text_of(body)
        for pattern, reason in CHALLENGES:
            if pattern.search(source):
                return reason
        if status in (521, 412) or (status == 202 and b"<script" in body.lower()):
            return f"challenge page (HTTP {status})"
    if visible < SHORT and status < 400:
        if NOT_FOUND.search(text_of(body)):
            return f"not found, said with status {status}"
        if PASSWORD.search(body):
            return "login page"
    return None


def breaks_off(media_type: str | None, body: bytes) -> bool:
    """Whether a page ends in the middle of a tag or of its text. Pages that only never close theirs are common."""
    if "html" not in (media_type or "html") or not OPENING.search(body[:4096]):
        return False
    return not CLOSING.search(body) and not body.rstrip(b"\0 \t\r\n").endswith(b">")


def _without_scripts(body: bytes) -> bytes:
    """The body without script and style elements; one that is not closed goes on to the end."""
    lower, parts, at = body.lower(), [], 0
    while match := HIDDEN.search(lower, at):
        parts.append(body[at : match.start()])
        at = lower.find(b"</" + match.group(1), match.end())
        if at < 0:
            return b"".join(parts)
    return b"".join([*parts, body[at:]])
