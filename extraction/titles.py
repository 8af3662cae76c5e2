"""Where a page prints its title: heading elements, the element named as the title, the <title> less the site's name."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, zip_longest
from typing import cast

from extraction.bodies import BODY, site_body
from extraction.fold import fold, fold_widths
from extraction.labels import label_share
from extraction.lines import Line, is_hidden, squeeze
from extraction.markup import Markup
from extraction.trim import is_boilerplate
from extraction.types import Evidence

REPORT = re.compile("(?:法[治制]|依法行政).{0,30}(?:报告|总结|小结|情况|汇报|年报|報告|總結|情況|匯報|年報)")
# a line that is nothing but such a title, wherever it stands
WHOLE = re.compile(".{0,50}(?:法[治制]|依法行政)[^,。;]{0,30}(?:报告|总结|小结|年报)(?:\\([^()]{1,20}\\))?")
NAMED = re.compile(
    r"(?:^|[-_\s])(?:(?:article|art|news|content|con|detail|info|xl|main|page|big|doc|wz|text)?[-_]?(?:title|tit|bt|biaoti|h1)\d?)(?:$|[-_\s])",
    re.IGNORECASE,
)
SEPARATOR = re.compile(r"\s*[_|]\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|(?<=[\u4e00-\u9fff])-(?=[\u4e00-\u9fff])")
# a title that begins with the year or the subject names no body of its own
OWNERLESS = re.compile(r"(?:关于)?(?:(?:19|20)\d{2}年?度?)?(?:推进|开展|加强)?(?:法治|依法)")
# a paragraph or a heading, not a title
NOT_TITLE = re.compile(r"[。;!?:]$|^[一二三四五六七八九十]+、|^[(][一二三四五六七八九十]+[)]|^当前位置|>")
SITE = re.compile("(?:门户|政府|政务|信息|官方)(?:网站?|網站?|平台)$|入口網$")
HEAD_LINES = 12
LONGEST_LINE = 80
LONGEST_NAME = 40
LONGEST = 120
SHORTEST = 4
# a tag that holds only the list's shortened title
CALLED = frozenset(("div", "p", "span", "td", "strong", "font", "ucaptitle"))
CUT_OFF = re.compile("\\s*(?:\u2026+|\\.{3,})$")


def printed_title(
    markup: Markup, meta: Evidence | None, pieces: list[str], lines: Sequence[Line] = (), column: str | None = None
) -> Evidence | None:
    """The title: the mandated tag's, else a heading that the <title> or the subject confirms, else the <title>'s own.

    pieces: those of the <title>. lines: the page's visible ones, for a title that stands in no heading. column: the
    column's name, which some templates put into the title's tag. A title broken over lines or elements is joined; one
    that is repeated counts once; a site's name is none.
    """
    told = meta if meta and meta.value != column and _says_something(meta.value) else None
    cut = CUT_OFF.sub("", told.value) if told else ""
    if told and cut == told.value:
        return told
    found = _joined_halves(_headings(markup))
    if told:
        longer = (item for item in [*(text for text, _ in found), *pieces] if item.startswith(cut))
        return Evidence(next(longer, told.value), told.source)
    folded = [_fold(piece) for piece in pieces]
    headings: list[tuple[str, str]] = []
    for text, source in found:
        plain = _fold(text)
        if len(plain) >= SHORTEST * 2 and any(plain in piece for piece in folded) and _says_something(text):
            return Evidence(text, source)  # those behind it need not be looked for
        headings.append((text, source))
    for text, source in headings:
        if REPORT.search(_fold(text)):
            return Evidence(text, source)
    reports = [piece for piece in pieces if REPORT.search(piece)]
    if reports:
        words = [word for word in reports[0].split() if REPORT.search(word)]
        return Evidence(words[-1] if words else reports[0], "page title")
    shown = [item.text for item in lines if not item.linked]
    line = title_line(shown, frozenset()) or _whole_title(shown)
    if line:
        return Evidence(line, "heading line")
    if headings and headings[0][1] == "heading h1":
        return Evidence(*headings[0])
    pieces = [piece for piece in pieces if _says_something(piece)] or pieces
    if pieces:
        return Evidence(max(pieces[:2], key=len) if len(pieces) > 1 else pieces[0], "page title")
    return meta


def _joined_halves(headings: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Headings, with 某局 (关于) and 2021年…报告 in the next one made whole, and both halves gone."""
    half: tuple[str, str] | None = None
    for text, source in headings:
        if half and OWNERLESS.match(fold(text)) and REPORT.search(_fold(text)):
            text = half[0] + text
        elif half:
            yield half
        half = (text, source) if is_first_half(text) else None
        if not half:
            yield text, source
    if half:
        yield half


def title_line(lines: Sequence[str], apart: Container[str]) -> str | None:
    """The title among the first lines: one that names such a report; it may be broken over two lines.

    apart: lines that an empty one follows, so that they are no first half.
    """
    candidates = []
    if not any("法" in line for line in lines[:HEAD_LINES]):
        return None  # REPORT cannot match
    for number, line in enumerate(lines[:HEAD_LINES]):
        if len(line) > LONGEST_LINE and not label_share(line):
            break
        if NOT_TITLE.search(fold(line)) or label_share(line) or is_boilerplate(line) or len(line) > LONGEST_LINE:
            continue
        candidates.append((number, line))
    for (number, line), following in zip_longest(candidates, candidates[1:]):
        if REPORT.search(_fold(line)):
            return line
        if not following or following[0] != number + 1:
            continue
        if is_first_half(line):
            halves = [line]
            for at, text in candidates[candidates.index((number, line)) + 1 :]:
                if at != number + len(halves) or halves[-1] in apart:
                    break
                halves.append(text)
                if REPORT.search(text) and OWNERLESS.match(fold(text)):
                    return "".join(halves)
                if not is_first_half(text):
                    break
        elif REPORT.search(_fold(line + following[1])):
            return line + following[1] if not REPORT.search(_fold(following[1])) else following[1]
    return None


def is_first_half(text: str) -> bool:
    """Whether a line is a body's name, perhaps with 关于 behind it, that a title may have been broken after."""
    name = fold(text).removesuffix("关于")
    return len(name) <= LONGEST_NAME and bool(BODY.search(name)) and not re.search("[,。;:!?]", name)


def _whole_title(lines: Iterable[str]) -> str | None:
    """The first line that is nothing but a title; one without the subject's character is none."""
    return next((line for line in lines if "法" in line and WHOLE.fullmatch(_fold(line))), None)


def _head_title(markup: Markup) -> str:
    """The text of the <title> that stands in the head itself."""
    tags = markup.tags
    if "title" not in tags or "head" not in tags:
        return ""
    head = number = tags.index("head")
    depth = 0
    for event in markup.inner(head):
        if event is None:
            depth -= 1
        elif not isinstance(event, str):
            number += 1
            depth += 1
            if depth == 1 and tags[number] == "title":
                return markup.text(number)
    return ""


def title_pieces(markup: Markup) -> list[str]:
    """The <title> between its separators: article, column, site; full-width forms folded."""
    page_title = squeeze(_head_title(markup))
    return [piece for piece in SEPARATOR.split(fold_widths(page_title)) if len(piece) >= SHORTEST]


def _says_something(title: str) -> bool:
    """Whether it is more than a body's name, which a template puts where the title belongs."""
    return bool(REPORT.search(_fold(title))) or not (site_body(title) or SITE.search(title))


def _headings(markup: Markup) -> Iterator[tuple[str, str]]:
    """Texts of heading elements, h1 first, then elements named as title, then h2 and h3; without navigation."""
    for number in chain(markup.tagged("h1"), _named(markup), markup.tagged("h2", "h3")):
        if is_hidden(markup.attributes(number)):
            continue
        # line breaks inside a title are closed up
        text = squeeze(markup.text(number).replace("\n", "").replace("\r", ""))
        if SHORTEST <= len(text) <= LONGEST:
            yield _once(text), f"heading {markup.tags[number]}"


def _named(markup: Markup) -> Iterator[int]:
    """The elements that their class or id calls a title, one after the other as they are asked for."""
    attributes, begins = cast("Sequence[Mapping[str, str]]", markup.events), markup.begins
    for number, tag in enumerate(markup.tags):
        if tag not in CALLED:
            continue
        names = attributes[begins[number]]
        if (
            names and (("class" in names and _is_named(names["class"])) or ("id" in names and _is_named(names["id"])))
        ) or tag == "ucaptitle":
            yield number


@lru_cache(maxsize=4096)
def _is_named(names: str | None) -> bool:
    # a page repeats few names many times
    return bool(names and NAMED.search(names))


def _once(text: str) -> str:
    half = len(text) // 2
    return text[:half] if len(text) % 2 == 0 and text[:half] == text[half:] else text


def _fold(text: str) -> str:
    return "".join(text.split())
