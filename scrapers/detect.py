"""A list page's or a report's url in, what a harvest would find there out: family, list, paging, items, candidates."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from scrapers.families import PageRequest
from scrapers.families.base import link_items
from scrapers.fetch import Fetcher, FetchError
from scrapers.links import Item, absolute, canonical, is_candidate, is_column_url, is_file
from scrapers.lists import Get, ListWalk
from scrapers.pages import text_of as decoded
from scrapers.titles import names_column, publisher_in

_RULES: list[dict[str, object]] = tomllib.loads(Path(__file__).with_name("list_urls.toml").read_text(encoding="utf-8"))[
    "family"
]
HERE = re.compile("当前位置|您(?:现在)?的?(?:所在)?(?:的)?位置|你的位置|当前栏目|所在位置")
BACK = re.compile("返回(?:列表|栏目|上级)|列表页")
MOST_LISTS_TRIED = 8
LONGEST_CRUMBS = 300
YEAR = re.compile(r"((?:19|20)\d\d)年?")


@dataclass(slots=True)
class Finding:
    """What lies behind a url. `start_url` is None where no list could be found; `tried` are the lists looked at."""

    url: str
    start_url: str | None = None
    family: str = "generic"
    pages: int = 0
    complete: bool = True
    items: list[Item] = field(default_factory=list)
    troubles: list[tuple[str, str, bool]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)

    @property
    def reports(self) -> list[Item]:
        """The items that would be harvested."""
        return [item for item in self.items if is_candidate(item)]

    @property
    def one_publisher(self) -> bool:
        """Whether half of the candidates' titles, at least, name the same body; a list may be of many bodies."""
        named = Counter(name for item in self.reports if (name := publisher_in(item.title)))
        return not named or named.most_common(1)[0][1] * 2 >= named.total()

    @property
    def years(self) -> list[int]:
        """The years that the candidates' titles name, in order."""
        found = (YEAR.search(item.title) for item in self.reports)
        return sorted({int(match.group(1)) for match in found if match})


def getter(fetcher: Fetcher) -> Get:
    """How list pages are fetched: url after redirects, and text in the page's own charset."""

    def get(request: PageRequest) -> tuple[str, str]:
        response = fetcher.get(request.url, form=request.form, referer=request.referer)
        content_type = next((value for name, value in response.headers if name.lower() == "content-type"), None)
        return response.url, decoded(response.body, content_type)

    return get


def examine_list(url: str, get: Get, *, family: str = "auto", most: int = 10) -> Finding:
    """Read a list, at most so many pages of it, as a harvest would."""
    found = Finding(url, start_url=url)
    walk = ListWalk(get, family, most)
    items: dict[str, Item] = {}
    for page in walk.pages(url):
        found.pages += 1
        if found.pages == 1:
            found.family = page.family
            if page.url.partition("#")[0] != url.partition("#")[0]:
                found.start_url = page.url
        for item in page.items:
            items.setdefault(canonical(item.url), item)
    found.items, found.troubles, found.complete = list(items.values()), walk.troubles, not walk.cut_short
    return found


def examine(url: str, get: Get, *, most: int = 10) -> Finding:
    """Find the list that a url is, or that it belongs to: the first that names the report, else that names any.

    Raises FetchError where the url itself cannot be had.
    """
    remembered: dict[str, tuple[str, str]] = {}

    def once(request: PageRequest) -> tuple[str, str]:
        if request.form is not None:
            return get(request)
        if request.url not in remembered:
            remembered[request.url] = get(request)
        return remembered[request.url]

    text = "" if is_file(url) else once(PageRequest(url))[1]
    as_list = None
    if is_column_url(url):
        as_list = examine_list(url, once, most=most)
        if as_list.reports or not is_article(text):
            return as_list
    best = Finding(url)
    for start_url in list(dict.fromkeys(lists_of(url, text)))[:MOST_LISTS_TRIED]:
        best.tried.append(start_url)
        try:
            once(PageRequest(start_url))
        except FetchError:
            continue
        found = examine_list(start_url, once, most=most)
        found.url, found.tried = url, best.tried
        if canonical(url) in {canonical(item.url) for item in found.items}:
            return found
        if len(found.reports) > len(best.reports):
            best = found
    if best.reports or is_file(url) or is_article(text):
        return best
    # an address that looks like a page's may be a list's all the same
    return as_list or examine_list(url, once, most=most)


def is_article(html: str) -> bool:
    """Whether a page says that it is one article: ArticleTitle and PubDate in its head."""
    soup = _soup(html)
    wanted = ("articletitle", "pubdate")
    named = {str(tag.get("name", "")).lower(): str(tag.get("content", "")) for tag in soup("meta")}
    if all(named.get(name, "").strip() not in ("", "null") for name in wanted):
        return True
    text = "".join(soup.body.get_text().split())[:4000] if soup.body else ""
    return bool(re.search(r"发布(?:时间|日期)[:\uff1a]", text) and len(soup("p")) > 2)


def _soup(html: str) -> BeautifulSoup:
    # a person waits for one page here; where a run reads thousands, selectolax does, ten to thirty times as fast
    return BeautifulSoup(html, "lxml")


def lists_of(url: str, html: str) -> Iterator[str]:
    """Where a page's list may be: its breadcrumbs, deepest first, then what its url tells, then columns it links."""
    for href in _breadcrumbs(_soup(html)):
        target = absolute(url, href)
        if target and target != url and urlsplit(target).path not in ("", "/"):
            yield target
    path = urlsplit(url).path
    for rule in _RULES:
        match = re.match(str(rule["page"]), path)
        templates = rule["lists"]
        if match and isinstance(templates, list):
            for template in templates:
                target = absolute(url, match.expand(template))
                if target and target != url:
                    yield target
    host = urlsplit(url).hostname
    for item in link_items(html, url):
        near = urlsplit(item.url).hostname == host and is_column_url(item.url)
        if near and (names_column(item.title) or BACK.search(item.title)):
            yield item.url


def _breadcrumbs(soup: BeautifulSoup) -> list[str]:
    """The links of the smallest element that says where one is, the last first."""
    texts = [(tag.get_text(" "), tag) for tag in soup(["div", "p", "td", "ul", "nav", "span", "section"])]
    crumbs = [(text, tag) for text, tag in texts if len(text) < LONGEST_CRUMBS and HERE.search(text)]
    linked = [(text, tag) for text, tag in crumbs if tag.find("a", href=True)]
    smallest = min(linked, key=lambda pair: len(pair[0]))[1] if linked else None
    return [str(tag["href"]) for tag in reversed(smallest("a", href=True))] if smallest else []
