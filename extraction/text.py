"""A page copied as text in, a Page out: the same metadata and trimming as for HTML, without its markup."""

from __future__ import annotations

import re
from itertools import pairwise

from extraction.bodies import site_body
from extraction.fold import fold
from extraction.html import printed_number, shaped, unlabelled_date
from extraction.labels import find_labelled, label_share
from extraction.lines import squeeze
from extraction.provenance import spam_on
from extraction.titles import NOT_TITLE, title_line
from extraction.trim import is_boilerplate, is_byline, trim
from extraction.types import Evidence, Page, Warning

HEAD_LINES = 12
SHORTEST_TITLE, LONGEST_TITLE = 6, 80
PROSE_END = re.compile("[。!?:;]$")


def read_text(
    text: str, *, url: str | None, media_type: str, charset: str | None, warnings: tuple[Warning, ...]
) -> Page:
    """Body, sign-off and metadata of a page as copied from a browser."""
    raw = text.splitlines()
    lines = [line for line in map(squeeze, raw) if line]
    title = title_line(lines, {squeeze(left) for left, right in pairwise(raw) if not right.strip()})
    title = title or _headline(lines)
    lines = _joined_title(lines, title)
    trimmed = trim(lines, title)
    head = [line for line in raw if line.strip()][: len(trimmed.head) + 2]
    labelled = find_labelled([*(line for line in head if label_share(squeeze(line)) or len(line) < 120), *trimmed.tail])
    fields: dict[str, Evidence] = {}
    if title:
        fields["title"] = Evidence(title, "heading")
    site = next((line for line in lines[:HEAD_LINES] if line != title and site_body(line)), None)
    if site and site not in trimmed.body:
        fields["site_name"] = Evidence(site, "page head")
    for field, item in labelled.items():
        value = None if field == "labelled_title" else shaped(field, item.value)
        if value:
            fields[field] = Evidence(value, f"{item.style} {item.label}")
    if "published_on" not in fields:
        fields |= unlabelled_date(lines, trimmed, title)
    number = printed_number(trimmed.body)
    if number and "document_no" not in fields:
        fields["document_no"] = Evidence(number, "line above the text")
    return Page(
        url=url,
        media_type=media_type,
        charset=charset,
        body="\n".join(trimmed.body[1:] if number else trimmed.body),
        fields=fields,
        signature=trimmed.signature,
        warnings=warnings + spam_on([*trimmed.head, *trimmed.tail, *trimmed.dropped]),
    )


def _headline(lines: list[str]) -> str | None:
    """The title of a page that is no report: the line above the first labelled line or date."""
    for line, following in pairwise(lines[:HEAD_LINES]):
        prose = len(following) > LONGEST_TITLE // 2 and PROSE_END.search(fold(following))
        if prose or label_share(following) or is_byline(following) or is_boilerplate(following):
            short = SHORTEST_TITLE <= len(line) <= LONGEST_TITLE and not NOT_TITLE.search(fold(line))
            if short and not (label_share(line) or is_boilerplate(line) or site_body(line)):
                return line
    return None


def _joined_title(lines: list[str], title: str | None) -> list[str]:
    """The lines with a title that was broken over some of them in one."""
    if title and title not in lines:
        for number in range(min(HEAD_LINES, len(lines))):
            for end in range(number + 2, number + 5):
                if "".join(lines[number:end]) == title:
                    return [*lines[:number], title, *lines[end:]]
    return lines
