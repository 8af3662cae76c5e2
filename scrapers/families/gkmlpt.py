"""gkmlpt (政府信息公开平台, Guangdong): columns stand in the page's script, items come from a JSON interface."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qs, urlsplit

from scrapers.families.base import HtmlFamily, ListError, PageRequest, link_items, number
from scrapers.links import Item, absolute
from scrapers.titles import names_column

CONFIG = re.compile(r"_CONFIG\s*=")
SID = re.compile(r"[\"']?SID[\"']?\s*:\s*[\"']?(\d+)")
TREE = re.compile(r"[\"']?TREE[\"']?\s*:\s*(?=\[)")
INTERFACE = re.compile(r"/gkmlpt/api/all/\d+")
ALL = 0  # the interface's name for the whole catalogue
PAGE_SIZE = 100
CHINA = timezone(timedelta(hours=8))


class Gkmlpt(HtmlFamily):
    """The columns wanted are the one after # in the start url, else those named after the subject, else all."""

    name = "gkmlpt"
    shell = True

    def detect(self, html: str) -> bool:
        """By the script's configuration."""
        return bool(CONFIG.search(html) and SID.search(html) and TREE.search(html))

    def items(self, html: str, url: str) -> list[Item]:
        """The articles of an answer; the first page has only its menus."""
        if not INTERFACE.search(url):
            return link_items(html, url)
        answer = _answer(html, url)
        classify = answer.get("classify")
        column = str(classify.get("name") or "") if isinstance(classify, dict) else ""
        found = (_item(row, url, column) for row in answer["articles"] if isinstance(row, dict))
        return [item for item in found if item]

    def further(self, html: str, url: str) -> Iterator[PageRequest]:
        """The first page of each column wanted."""
        sid, tree = SID.search(html), TREE.search(html)
        if not sid or not tree:
            raise ListError(url, "the page's script names no SID and TREE: is it a gkmlpt catalogue?")
        try:
            nodes, _ = json.JSONDecoder().raw_decode(html, tree.end())
        except (ValueError, RecursionError):
            nodes = None
        asked = number(urlsplit(url).fragment, ALL)
        wanted = [asked] if asked else list(dict.fromkeys(_columns(nodes)))
        if nodes is None and not asked:
            raise ListError(url, "the catalogue's TREE cannot be read; name the column after # in the start url")
        # a department's catalogue lies below the department's folder: /zqhjj/gkmlpt/index
        folder = urlsplit(url).path.partition("/gkmlpt")[0] if "/gkmlpt" in urlsplit(url).path else ""
        for column in wanted or [ALL]:
            target = absolute(url, f"{folder}/gkmlpt/api/all/{column}?page=1&sid={sid.group(1)}")
            if target:
                yield PageRequest(target, referer=url)

    def after(self, html: str, url: str) -> PageRequest | None:
        """The next page, as long as the total says that there is one."""
        if not INTERFACE.search(url):
            return None
        answer = _answer(html, url)
        page = number(parse_qs(urlsplit(url).query).get("page", ["1"])[0], 1)
        rows, classify = len(answer["articles"]), answer.get("classify")
        counted = classify.get("post_count") if isinstance(classify, dict) else None
        total = number(answer.get("total"), number(counted, 0))
        # a catalogue may hold fewer than it counts: an empty page ends it
        size = rows if page == 1 else PAGE_SIZE
        if not rows or (page * size >= total if total else rows < PAGE_SIZE):
            return None
        return PageRequest(
            re.sub(r"([?&]page=)\d+", rf"\g<1>{page + 1}", url), referer=absolute(url, "/"), may_be_empty=True
        )


def _columns(nodes: Any) -> Iterator[int]:
    """Ids of the columns in the tree whose names fit, with all that lies below the first that does."""
    for node in nodes if isinstance(nodes, list) else []:
        if not isinstance(node, dict):
            continue
        if names_column(str(node.get("name") or "")) and number(node.get("id"), 0):
            yield number(node.get("id"), 0)
        for value in node.values():
            if isinstance(value, list):
                yield from _columns(value)


def _answer(text: str, url: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("articles"), list):
        raise ListError(url, f"the list's interface did not answer with articles: {text[:60]}")
    return found


def _item(row: dict[str, Any], url: str, column: str) -> Item | None:
    target = absolute(url, str(row.get("url") or row.get("post_url") or ""))
    title = str(row.get("title") or "").strip()
    return Item(target, title, _day(row), column) if target and target != url and title else None


def _day(row: dict[str, Any]) -> str | None:
    stamp = row.get("display_publish_time") or row.get("date")
    if isinstance(stamp, int) and 0 < stamp < 4_000_000_000:
        return f"{datetime.fromtimestamp(stamp, UTC).astimezone(CHINA):%Y-%m-%d}"
    return str(row.get("created_at") or "")[:10] or None
