"""A link's title and target in, the decision whether it may lead to a yearly rule-of-law report out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

# 法治政府建设…报告, 依法行政…总结, 法治建设…情况: what the reports have been called since 2010
SUBJECT = re.compile(r"法治政府|依法行政|法治建设|推进法治|法治(?:机关|工作)")
FORM = re.compile(r"报告|总结|情况|年报|汇报")
# other genres that carry the same words; 通知 is not among them: reports are also issued by one
OTHER = re.compile(
    r"解读|图解|工作要点|实施方案|工作方案|工作计划|规划|信息公开|半年|季度|征求意见|征集|召开|会议|座谈|培训|启动|宣讲"
    r"|讲话|调研|督察|评估|示范创建|模板|报道|述法|公示|名单|问卷|招标|采购"
)
FILE_SUFFIXES = (".pdf", ".doc", ".docx", ".wps", ".ofd")
SESSION = re.compile(r";jsessionid=[^?#/]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """A link of a list page: absolute url, title, and the date that stands beside it (as printed) or None."""

    url: str
    title: str
    date: str | None = None


def is_candidate(item: Item) -> bool:
    """Whether the item may be a yearly report; the page itself decides later."""
    title = "".join(item.title.split())
    return bool(SUBJECT.search(title) and FORM.search(title) and not OTHER.search(title))


def is_file(url: str) -> bool:
    """Whether the url names a document file rather than a page."""
    return urlsplit(url).path.lower().endswith(FILE_SUFFIXES)


def absolute(base: str, href: str) -> str | None:
    """The absolute web url of a link, or None for what is none (javascript:, mailto:, an empty or broken one)."""
    try:
        url = urldefrag(urljoin(base, href.strip())).url
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    netloc = host if port in (None, {"http": 80, "https": 443}[parts.scheme]) else f"{host}:{port}"
    return urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))


def canonical(url: str) -> str:
    """The url that identifies a document: host in lower case, no default port, fragment or session."""
    found = absolute(url, url)
    return SESSION.sub("", found or url)
