"""A fetched page in; whether it is the document that was asked for, and the files that belong to it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrapers.links import FILE_SUFFIXES, SUBJECT, absolute, is_file
from scrapers.pages import NOT_FOUND, PASSWORD, TROUBLES, text_of
from scrapers.records import Response, media_type_of

FILE_NAME = re.compile(
    rf"(?:\.|&#46;|&#x2e;|&period;)(?:{'|'.join(suffix[1:] for suffix in FILE_SUFFIXES)})", re.IGNORECASE
)
MOST_ATTACHMENTS = 5
MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script|meta|\?xml[^>]*>\s*<!doctype)", re.I
)
TITLE_PARTS = re.compile(r"[-_|—\s]+")
# what a page's title ends in is often the site's name, which stands on every page
BODY = re.compile("(?:网站?|政府|[局厅委办院]|委员会|办公室|门户|平台)$")
NOISE = re.compile(r"[\s\W_]+")
NO_TEXT = ["script", "style", "noscript", "select", "title"]
NOT_FOUND_TITLE = re.compile(TROUBLES["not_found"]["title"], re.IGNORECASE)
LOGIN_TITLE = re.compile(TROUBLES["login"]["title"], re.IGNORECASE)

# in characters: a line of prose, the prose of the shortest article that stands on its own, a message
PROSE_LINE, LITTLE_PROSE, MESSAGE = 40, 300, 80
# a title counts as seen where so much of it stands in one place: lists cut titles, pages add to them
TITLE_SHARE = 0.7
FEW_LINKS = 8
SHORT_TITLE = 8


class Article:
    """What answered in a document's place; taken apart when it is first asked, and once."""

    def __init__(self, url: str, body: bytes, content_type: str | None = None) -> None:
        self.url, self.body, self._content_type = url, body, content_type
        self.media_type = media_type_of(content_type)

    @classmethod
    def of(cls, response: Response) -> Article:
        """A response's."""
        return cls(response.url, response.body, response.header("content-type"))

    @cached_property
    def html(self) -> str:
        """Its text."""
        return text_of(self.body, self._content_type)

    @property
    def has_little_prose(self) -> bool:
        """Whether it has less text of its own than an article: what matters is in its files."""
        return self._contents[2]

    @property
    def attachments(self) -> list[tuple[str, str]]:
        """Files that belong to it, with their links' texts: named like the report or as attachments, shown inside the
        page, or any where there are few links or little else."""
        files, links, _ = self._contents
        named = all(is_named for _, _, is_named in files)
        any_file = named or links <= MOST_ATTACHMENTS or self.has_little_prose
        found: dict[str, str] = {}
        for target, text, is_named in files:
            if is_named or any_file:
                found[target] = found.get(target) or text
        return list(found.items())[:MOST_ATTACHMENTS]

    @cached_property
    def _contents(self) -> tuple[list[tuple[str, str, bool]], int, bool]:
        """Its files (url, text of the link, whether it is named as an attachment), how many links it has, and whether
        its prose is little."""
        tree = LexborHTMLParser(self.html)
        files, links = [], 0
        if FILE_NAME.search(self.html):  # most pages name none
            anchors = tree.css("a[href]")
            files, links = list(_files(tree, anchors, self.url)), len(anchors)
        tree.strip_tags([*NO_TEXT, "a"])
        prose = 0
        for line in _lines(_own_text(tree), PROSE_LINE):
            prose += len(line)
            if prose >= LITTLE_PROSE:
                break
        return files, links, prose < LITTLE_PROSE


def _files(tree: LexborHTMLParser, anchors: list[LexborNode], url: str) -> Iterator[tuple[str, str, bool]]:
    for node in tree.css("iframe[src], embed[src], object[data]"):
        target = absolute(url, node.attributes.get("src") or node.attributes.get("data") or "")
        if target and is_file(target):
            yield target, "", True
    for node in anchors:
        target = absolute(url, node.attributes.get("href") or "")
        if target and is_file(target):
            text = " ".join(node.text(separator=" ").split()) or node.attributes.get("title") or ""
            yield target, text, bool(SUBJECT.search(text) or "附件" in text)


def not_the_article(asked: str, article: Article, title: str | None) -> str | None:
    """Why the answer to `asked` is not the document of this title, or None.

    Finds HTML in a file's place, "not found" and logins inside the site's frame, and index or home pages that are
    served instead of an article. A page with prose, with its title or with a file to it is taken as what it says.
    """
    if is_file(asked):
        return "HTML in place of a file" if _is_html(urlsplit(asked).path, article) else None
    if "html" not in (article.media_type or "html") or not article.has_little_prose:
        return None
    page = _look(article.html, title)
    if NOT_FOUND_TITLE.search(page.title) or any(NOT_FOUND.search(line) for line in page.messages):
        return "not found, said with status 200"
    if page.files or page.names_title:
        return None
    if PASSWORD.search(article.body) and LOGIN_TITLE.search(page.title):
        return "login page"
    if _is_home(article.url) and not _is_home(asked):
        return "home page instead of the article"
    if page.links >= FEW_LINKS and page.linked > page.unlinked:
        return "index page instead of the article"
    return "nothing of the article on the page" if title else None


def _own_text(tree: LexborHTMLParser) -> str:
    return tree.body.text(separator="\n") if tree.body else ""


def _lines(text: str, shortest: int = 1) -> Iterator[str]:
    """The letters and figures of the lines that have so many."""
    for raw in text.splitlines():
        line = NOISE.sub("", raw) if len(raw) >= shortest else ""
        if len(line) >= shortest:
            yield line


@dataclass(frozen=True, slots=True)
class _Look:
    """What stands on a page, in characters: text in and outside of links; and whether it names the title."""

    title: str
    messages: list[str]
    links: int
    linked: int
    unlinked: int
    files: int
    names_title: bool


def _look(html: str, title: str | None) -> _Look:
    tree = LexborHTMLParser(html)
    head = " | ".join(node.text(strip=True) for node in tree.css("title, h1"))
    head += " | ".join(
        ["", *(node.attributes.get("content") or "" for node in tree.css("meta[name='ArticleTitle' i]"))]
    )
    files = sum(is_file(node.attributes.get("href") or "") for node in tree.css("a[href]"))
    files += len(tree.css("iframe[src*='.pdf'], embed[src*='.pdf'], object[data*='.pdf']"))
    tree.strip_tags(NO_TEXT)
    links = tree.css("a")
    linked = len(NOISE.sub("", "".join(node.text() for node in links)))
    tree.strip_tags(["a"])
    text = _own_text(tree)
    lines = list(_lines(text))
    return _Look(
        title=head,
        messages=[" ".join(raw.split()) for raw in text.splitlines() if 0 < len(raw.strip()) <= MESSAGE],
        links=len(links),
        linked=linked,
        unlinked=sum(map(len, lines)),
        files=files,
        names_title=_names(title, head, lines),
    )


def _names(title: str | None, head: str, lines: list[str]) -> bool:
    """Whether the page says the title outside of links; without a known one, whether it repeats its own."""
    if title:
        return any(_same_title(title, line) for line in [head, *lines])
    own = [
        part for part in TITLE_PARTS.split(head) if len(NOISE.sub("", part)) >= SHORT_TITLE and not BODY.search(part)
    ]
    return any(_same_title(part, line) for part in own for line in lines)


def _same_title(wanted: str, line: str) -> bool:
    short = NOISE.sub("", wanted)
    line = NOISE.sub("", line)
    need = max(1, round(len(short) * TITLE_SHARE))
    return any(short[start : start + need] in line for start in range(len(short) - need + 1))


def _is_html(path: str, article: Article) -> bool:
    """Word writes HTML under the name of .doc and says so in no header; no other file begins so."""
    if not MARKUP.match(article.body[:1024]):
        return False
    return "html" in (article.media_type or "html") or not path.lower().endswith((".doc", ".wps"))


def _is_home(url: str) -> bool:
    path = urlsplit(url).path.lower()
    return path in ("", "/") or bool(re.fullmatch(r"/(?:index|default|home|main)\.\w+", path))
