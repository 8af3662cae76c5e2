"""What a site consists of before it has a layout: its articles, newest first, and what a server answers from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

TODAY = b"@@TODAY@@"  # in a body: the server puts the day's date here when it answers
Query = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Article:
    """A page of a site. number: unique on the site, the family's address is made of it. genre: report, notice or the
    kind of distractor; report: id of the sample report that it holds, if any."""

    number: int
    title: str
    published: datetime
    source: str
    paragraphs: tuple[str, ...]
    genre: str = "notice"
    publisher: str | None = None
    index_no: str | None = None
    signature: tuple[str, ...] = ()
    attachment: Attachment | None = None
    report: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A portal: host, who runs it, its column with articles (newest first) and how its pages are made."""

    key: str
    family: str
    host: str
    name: str
    sponsor: str
    site_id: str
    column: str
    articles: tuple[Article, ...]
    encoding: str = "utf-8"
    today: str = "script"
    per_page: int = 15

    def pages(self) -> list[tuple[Article, ...]]:
        """The list cut into pages, newest first; at least one page."""
        step = self.per_page
        return [self.articles[i : i + step] for i in range(0, len(self.articles), step)] or [()]

    def neighbours(self, article: Article) -> tuple[Article | None, Article | None]:
        """The newer and the older article beside this one."""
        i = self.articles.index(article)
        newer = self.articles[i - 1] if i else None
        return newer, self.articles[i + 1] if i + 1 < len(self.articles) else None


@dataclass(frozen=True, slots=True)
class Resource:
    """One answer's content. media_type: the whole Content-Type; modified: for Last-Modified, None: header left out."""

    body: bytes
    media_type: str = "text/html"
    modified: datetime | None = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def etag(self) -> str:
        """Of the content without the day's date, so that yesterday's copy counts as unchanged."""
        return f'"{sha256(self.body).hexdigest()[:16]}"'


@dataclass(slots=True)
class Routes:
    """A built site: fixed pages by path, computed answers by path, and where list and articles stand."""

    start: str
    pages: dict[str, Resource] = field(default_factory=dict)
    computed: dict[str, Callable[[Query], Resource]] = field(default_factory=dict)
    article_paths: dict[int, str] = field(default_factory=dict)

    def get(self, path: str, query: Query) -> Resource | None:
        if path in self.computed:
            return self.computed[path](query)
        return self.pages.get(path)
