"""Two fetches of a page in, whether they say the same out: dates of the day, clocks, counters and scripts aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from selectolax.lexbor import LexborHTMLParser

from scrapers.links import is_file
from scrapers.pages import text_of

CHINA = timezone(timedelta(hours=8))
# only short lines are judged: in a paragraph of a report every figure counts
LONGEST = 60
TODAY = re.compile("今天是|今日|现在(?:是|时间)|当前时间|北京时间|星期[一二三四五六日天]|农历|天气|℃")
COUNTER = re.compile(
    "(?:浏览|阅读|点击|访问|查看|点赞|转发|下载)(?:次数|人次|总?量|数|率)?|在线人数|您是第|次浏览|次阅读|Views?|Hits?",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[\d,.\s]+(?:次|人|人次)?")


def same_content(before: bytes, at: datetime, after: bytes, now: datetime) -> bool:
    """Whether a page fetched `at` and again `now` reads the same and leads to the same files."""
    first, second = LexborHTMLParser(text_of(before)), LexborHTMLParser(text_of(after))
    if _files(first) != _files(second):
        return False
    return list(_lines(first, at)) == list(_lines(second, now))


def _files(tree: LexborHTMLParser) -> set[str]:
    return {href for node in tree.css("a[href]") if is_file(href := node.attributes.get("href") or "")}


def _lines(tree: LexborHTMLParser, at: datetime) -> Iterator[str]:
    """What a reader would compare."""
    for node in tree.css("script, style, noscript"):
        node.decompose()
    today = _spellings(at)
    after_counter = False
    text = tree.root.text(separator="\n") if tree.root else ""
    for raw in text.splitlines():
        line = " ".join(raw.split())
        if not line:
            continue
        if len(line) > LONGEST:
            yield line
        elif not (TODAY.search(line) or COUNTER.search(line) or (after_counter and NUMBER.fullmatch(line))):
            yield today.sub("", line)
        # the number may stand in an element of its own
        after_counter = bool(COUNTER.search(line)) and len(line) <= LONGEST


def _spellings(at: datetime) -> re.Pattern[str]:
    """The day as headers print it."""
    day = at.astimezone(CHINA)
    return re.compile(
        rf"{day.year}\s*[-/.年]\s*0?{day.month}\s*[-/.月]\s*0?{day.day}(?!\d)\s*日?(?:\s*\d{{1,2}}:\d\d(?::\d\d)?)?"
    )
