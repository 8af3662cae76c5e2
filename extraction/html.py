"""An HTML page's text in, a Page out: container, lines, metadata; nothing is fetched and no script is run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from extraction.bodies import site_body
from extraction.container import Outline, find_container, prose_mass
from extraction.dates import to_iso
from extraction.fold import fold
from extraction.labels import Labelled, find_labelled
from extraction.lines import Line, is_block, is_hidden, lines_of, without_copies
from extraction.markup import Markup, read_markup
from extraction.metatags import SITE_ID, read_meta
from extraction.provenance import spam_on
from extraction.titles import REPORT, printed_title, title_pieces
from extraction.trim import Trimmed, is_boilerplate, trim
from extraction.types import Evidence, Link, Page, Warning

FILES = (".pdf", ".doc", ".docx", ".wps", ".ofd", ".xls", ".xlsx", ".zip", ".rar")
FILE = re.compile(rf"\.(?:{'|'.join(ending[1:] for ending in FILES)})", re.IGNORECASE)
# window.document and the like name none
NAMES_FILE = re.compile(rf"\.(?=[dopwrxz])(?:{'|'.join(ending[1:] for ending in FILES)})(?![a-z])", re.IGNORECASE)
TODAY = re.compile("今天是|现在是|星期[一二三四五六日天]|农历")
NOT_FOUND = re.compile(
    "(?:页面|网页|内容|文章|信息)(?:已经?)?(?:不存在|找不到|被删除|丢失)|404 ?(?:Not Found|错误|页面)", re.IGNORECASE
)
CHALLENGE = re.compile(
    r"__jsl_clearance|\$_ts\b|WZWS|wzws|安全验证|访问验证|请开启JavaScript|enable JavaScript and cookies", re.IGNORECASE
)
DOCUMENT_NO = re.compile(r"([\u4e00-\u9fff]{2,14}[\u3014\[(]\d{4}[\u3015\])]\s*第?\d+号)(?:\s*签发人:.*)?")
LIST_LINKS = 12
HEAD_LINES = 12
LONGEST_SITE_NAME = 30


def read_html(text: str, *, url: str | None, media_type: str, charset: str, warnings: tuple[Warning, ...]) -> Page:
    """Body, sign-off, metadata with evidence and attachments of one page."""
    markup = read_markup(text)
    if markup is None:
        return Page(url, media_type, charset, "", {}, warnings=warnings)
    lines, parents = lines_of(markup)
    outline = Outline(markup, parents)
    everything = without_copies(lines)
    meta = read_meta(markup)
    column = meta["column"].value if "column" in meta else None
    pieces = title_pieces(markup)
    title = printed_title(markup, meta.get("title"), pieces, everything, column)
    container = find_container(outline, everything, _heading(everything, title))
    end = outline.end(container)
    inside: list[Line] = []
    outside: list[Line] = []
    for line in everything:
        (inside if container <= line.element < end else outside).append(line)
    if not is_block(markup, container):
        inside = without_copies(lines_of(markup, container)[0])
    trimmed = trim([line.text for line in _without_link_lists(inside)], title.value if title else None)
    beside = [*trimmed.head, *(line.text for line in outside), *trimmed.tail, *trimmed.dropped]
    labelled = find_labelled(beside)
    fields = _fields(meta, title, labelled)
    if "site_name" not in fields or not site_body(fields["site_name"].value):
        site = _site_name(pieces, everything)
        if site:
            fields["site_name"] = site
    if "published_on" not in fields:
        fields |= unlabelled_date([line.text for line in everything], trimmed, title.value if title else None)
    number = printed_number(trimmed.body)
    if number and "document_no" not in fields:
        fields["document_no"] = Evidence(number, "line above the text")
    body = "\n".join(trimmed.body[1:] if number else trimmed.body)
    return Page(
        url=url,
        media_type=media_type,
        charset=charset,
        body=body,
        fields=fields,
        signature=trimmed.signature,
        attachments=_attachments(markup, text, url),
        warnings=warnings + spam_on(beside) + _genre_of_page(text, body, everything),
    )


def _heading(everything: list[Line], title: Evidence | None) -> int | None:
    """The element of the line that prints the title; a link to the page is none."""
    if not title:
        return None
    plain = "".join(title.value.split())
    shown = (line for line in everything if not line.linked and line.text.startswith(plain[:1]))
    return next((line.element for line in shown if "".join(line.text.split()) == plain), None)


def _without_link_lists(lines: list[Line]) -> list[Line]:
    """Lines without runs of links (related articles, menus); a link inside prose stays."""
    kept: list[Line] = []
    run: list[Line] = []
    for line in lines:
        text, linked, _ = line
        if linked > 0.6 * len(text) and not prose_mass(line):
            run.append(line)
            continue
        if run:
            kept += run if len(run) < 2 and kept and not _is_file_link(run) else []
            run = []
        kept.append(line)
    return kept


def _is_file_link(run: list[Line]) -> bool:
    return any(line.text.lower().endswith(FILES) or "附件" in line.text for line in run)


def _fields(meta: dict[str, Evidence], title: Evidence | None, labelled: dict[str, Labelled]) -> dict[str, Evidence]:
    fields = dict(meta)
    if title:
        fields["title"] = title
    elif "labelled_title" in labelled:
        fields["title"] = _evidence(labelled["labelled_title"], labelled["labelled_title"].value)
    for field, item in labelled.items():
        if field in fields or field == "labelled_title":
            continue
        value = shaped(field, item.value)
        if value:
            fields[field] = _evidence(item, value)
    # a page with a metadata table and no 来源 names its source there
    if "source" not in fields and "publisher" in fields:
        fields["source"] = fields["publisher"]
    return fields


def _site_name(pieces: list[str], everything: list[Line]) -> Evidence | None:
    """The body that the site is of: the <title>'s last piece, else a line at the page's head that is no link."""
    for piece in reversed(pieces):
        if site_body(piece):
            return Evidence(piece, "page title")
    for line in everything[:HEAD_LINES]:
        if not line.linked and len(line.text) <= LONGEST_SITE_NAME and site_body(line.text):
            return Evidence(line.text, "page head")
    return None


def _evidence(item: Labelled, value: str) -> Evidence:
    return Evidence(value, f"{item.style} {item.label}")


DIGIT = re.compile(r"\d")
UNWANTED_SOURCE = re.compile(r"^(?:本站|本网站|本网|原创|未知|网络|互联网|admin)$")


def shaped(field: str, value: str) -> str | None:
    """A labelled value if it has the form of its field: a date, a number with digits, an id; else None."""
    if field in ("published_on", "signed_on"):
        return to_iso(value)
    if field == "site_id":
        match = re.match(r"[A-Za-z]{0,2}\d{8,10}", value)
        return match.group() if match and SITE_ID.match(match.group()) else None
    if field == "index_no":
        return value if DIGIT.search(value) and not re.search("[\u4e00-\u9fff]{6}", value) else None
    if field == "document_no":
        return value if DIGIT.search(value) else None
    if field == "source":
        value = re.split(r"\s|作者|浏览|点击|阅读|字号|发布", value)[0]
        return value if value and not UNWANTED_SOURCE.match(value) and not DIGIT.fullmatch(value) else None
    return value or None


def printed_number(body: Sequence[str]) -> str | None:
    """The document's number where it stands in a line of its own above the text."""
    match = DOCUMENT_NO.fullmatch(fold(body[0])) if body else None
    return body[0][: match.end(1)].strip() if match else None


def unlabelled_date(texts: Sequence[str], trimmed: Trimmed, title: str | None) -> dict[str, Evidence]:
    """A date that stands alone near the title, where none is labelled; never the header's today."""
    body_line = trimmed.body[0] if trimmed.body else ""
    at = next((number for number, text in enumerate(texts) if body_line and text == body_line), 0)
    for text in [*trimmed.head, *reversed(texts[max(0, at - 8) : at])]:
        if len(text) <= 60 and not TODAY.search(text) and not REPORT.search(text) and text != title:
            day = to_iso(text)
            if day:
                return {"published_on": Evidence(day, "date beside the title")}
    return {}


def _attachments(markup: Markup, text: str, url: str | None) -> tuple[Link, ...]:
    found: dict[str, str] = {}
    # most pages name no file
    for number in markup.tagged("a") if NAMES_FILE.search(text) else ():
        attributes = markup.attributes(number)
        href = attributes.get("href", "").strip()
        if not FILE.search(href) or is_hidden(attributes):
            continue
        try:
            target = urljoin(url, href) if url else href
            path = urlsplit(target).path.lower()
        except ValueError:
            continue
        if path.endswith(FILES):
            found.setdefault(target, " ".join(markup.text(number).split()))
    return tuple(Link(target, text) for target, text in found.items())


def _genre_of_page(text: str, body: str, everything: list[Line]) -> tuple[Warning, ...]:
    """What the page is when it is not an article."""
    if len(body) > 400:
        return ()
    shown = " ".join(line.text for line in everything)
    found = []
    if len(shown) < 600 and CHALLENGE.search(text):
        found.append(Warning("challenge_page", "the page asks a browser to prove itself instead of showing an article"))
    if len(shown) < 1500 and NOT_FOUND.search(shown):
        found.append(Warning("not_found_page", "the page says that there is nothing here"))
    links = [line for line in everything if line.linked > 0.6 * len(line.text) and not is_boilerplate(line.text)]
    if len(links) >= LIST_LINKS and len(body) < 200:
        found.append(Warning("index_page", f"the page lists {len(links)} links and holds no article"))
    return tuple(found)
