"""What a response really is: a page, a challenge, a login, "not found" with status 200; and a page's text for lists."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from scrapers.links import is_file

META_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
TAG = re.compile(rb"<[^<>]*>")
MARKUP = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script|meta|\?xml[^>]*>\s*<!doctype)", re.I
)
# labels that fit any bytes, or that the bytes have just disproved
OPENING = re.compile(rb"<(?:html|body)\b", re.IGNORECASE)
CLOSING = re.compile(rb"</(?:html|body)\b", re.IGNORECASE)
HIDDEN = re.compile(rb"<(script|style)")
SAYS_NOTHING = ("utf", "iso-8859-1", "latin", "ascii", "us-ascii", "windows-1252", "cp1252")
PASSWORD = re.compile(rb"<input[^<>]+type\s*=\s*[\"']?password", re.IGNORECASE)
TITLE_PARTS = re.compile(r"[-_|—\s]+")
# what a page's title ends in is often the site's name, which stands on every page
BODY = re.compile("(?:网站?|政府|[局厅委办院]|委员会|办公室|门户|平台)$")
NOISE = re.compile(r"[\s\W_]+")
NO_TEXT = ["script", "style", "noscript", "select", "title"]

_TROUBLES = tomllib.loads(Path(__file__).with_name("troubles.toml").read_text(encoding="utf-8"))
CHALLENGES = tuple((re.compile(row["pattern"]), f"challenge page ({row['name']})") for row in _TROUBLES["challenge"])
NOT_FOUND = re.compile(_TROUBLES["not_found"]["text"], re.IGNORECASE)
NOT_FOUND_TITLE = re.compile(_TROUBLES["not_found"]["title"], re.IGNORECASE)
LOGIN_TITLE = re.compile(_TROUBLES["login"]["title"], re.IGNORECASE)

# in bytes: a challenge has next to nothing to read, an error page of its own little
BARE, SHORT = 100, 1_200
# in characters: a line of prose, the prose of the shortest article that stands on its own, a message
PROSE_LINE, LITTLE_PROSE, MESSAGE = 40, 300, 80
# a title counts as seen where so much of it stands in one place: lists cut titles, pages add to them
TITLE_SHARE = 0.7
FEW_LINKS = 8
SHORT_TITLE = 8


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


def not_the_article(asked: str, url: str, media_type: str | None, body: bytes, title: str | None) -> str | None:
    """Why the answer to `asked` (come from `url`) is not the document of this title, or None.

    Finds HTML in a file's place, "not found" and logins inside the site's frame, and index or home pages that are
    served instead of an article. A page with prose, with its title or with a file to it is taken as what it says.
    """
    if is_file(asked):
        return "HTML in place of a file" if _is_html(urlsplit(asked).path, media_type, body) else None
    if "html" not in (media_type or "html"):
        return None
    html = text_of(body)
    if not has_little_prose(html):
        return None
    page = _look(html, title)
    if NOT_FOUND_TITLE.search(page.title) or any(NOT_FOUND.search(line) for line in page.messages):
        return "not found, said with status 200"
    if page.files or page.names_title:
        return None
    if PASSWORD.search(body) and LOGIN_TITLE.search(page.title):
        return "login page"
    if _is_home(url) and not _is_home(asked):
        return "home page instead of the article"
    if page.links >= FEW_LINKS and page.linked > page.unlinked:
        return "index page instead of the article"
    return "nothing of the article on the page" if title else None


def has_little_prose(html: str) -> bool:
    """Whether a page has less text of its own than an article: what matters is in its files."""
    tree = LexborHTMLParser(html)
    tree.strip_tags([*NO_TEXT, "a"])
    return sum(map(len, _lines(_own_text(tree), PROSE_LINE))) < LITTLE_PROSE


def _own_text(tree: LexborHTMLParser) -> str:
    return tree.body.text(separator="\n") if tree.body else ""


def _lines(text: str, shortest: int = 1) -> list[str]:
    """The letters and figures of the lines that have so many."""
    long_enough = (raw for raw in text.splitlines() if len(raw) >= shortest)
    return [line for line in (NOISE.sub("", raw) for raw in long_enough) if len(line) >= shortest]


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
    lines = _lines(text)
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


def _is_html(path: str, media_type: str | None, body: bytes) -> bool:
    """Word writes HTML under the name of .doc and says so in no header; no other file begins so."""
    if not MARKUP.match(body[:1024]):
        return False
    return "html" in (media_type or "html") or not path.lower().endswith((".doc", ".wps"))


def _is_home(url: str) -> bool:
    path = urlsplit(url).path.lower()
    return path in ("", "/") or bool(re.fullmatch(r"/(?:index|default|home|main)\.\w+", path))
