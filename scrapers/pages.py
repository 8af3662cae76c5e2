"""What a response really is: a page, a challenge, a login, or "not found" with status 200; and its text for lists."""

from __future__ import annotations

import re
from collections.abc import Mapping

META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
SCRIPT = re.compile(rb"<script\b.*?</script>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(rb"<[^>]*>")
# 加速乐 sets a cookie by script with status 521; 瑞数 answers 202 or 412 with nothing but script; WZWS 403
CHALLENGES = (
    (re.compile(rb"__jsl_clearance|__jsluid"), "challenge page (jsl)"),
    (re.compile(rb"\$_ts\s*[=.]|window\[.\$_ts"), "challenge page ($_ts)"),
    (re.compile(rb"wzws|WZWS|GeoBL"), "challenge page (wzws)"),
)
NOT_FOUND = re.compile(
    "(?:您(?:要)?访问的(?:页面|内容)|页面|网页)(?:已经?)?(?:不存在|找不到|被删除|丢失)|404 ?(?:Not Found|页面)"
)
LOGIN = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
SHORT_TEXT = 400


def text_of(body: bytes, content_type: str | None = None) -> str:
    """A page's text for finding links: charset of header or meta, gb2312 read as gb18030, UTF-8 otherwise."""
    named = META_CHARSET.search((content_type or "").encode()) or META_CHARSET.search(body[:4096])
    charset = named.group(1).decode().lower() if named else "utf-8"
    if charset.startswith("gb"):
        charset = "gb18030"
    try:
        return body.decode(charset)
    except (LookupError, UnicodeDecodeError):
        pass
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace")


def trouble(status: int, headers: Mapping[str, str], body: bytes) -> str | None:
    """Why this response is no page of the portal's own, or None."""
    if status == 304 or "html" not in headers.get("Content-Type", headers.get("content-type", "html")).lower():
        return None
    visible = len(TAG.sub(b"", SCRIPT.sub(b"", body)).strip())
    if status in (521, 412, 403, 202) or visible < SHORT_TEXT // 4:
        for pattern, reason in CHALLENGES:
            if pattern.search(body):
                return reason
        if status in (521, 412) or (status == 202 and b"<script" in body.lower()):
            return f"challenge page (HTTP {status})"
    if visible < SHORT_TEXT * 3:
        if NOT_FOUND.search(text_of(body)):
            return "not found, said with status 200" if status == 200 else f"HTTP {status}"
        if LOGIN.search(body):
            return "login page"
    return None
