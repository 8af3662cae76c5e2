"""A page copied as text in, a Page out: the same metadata and trimming as for HTML, without its markup."""

from __future__ import annotations

import re
from itertools import pairwise, zip_longest

from extraction.bodies import site_body
from extraction.fold import fold
from extraction.html import shaped
from extraction.labels import find_labelled, label_share
from extraction.lines import squeeze
from extraction.titles import REPORT
from extraction.trim import is_boilerplate, trim
from extraction.types import Evidence, Page, Warning

HEAD_LINES = 12
LONGEST_TITLE = 80
# a paragraph or a heading, not a title
NOT_TITLE = re.compile(r"[。;!?:]$|^[一二三四五六七八九十]+、|^[(][一二三四五六七八九十]+[)]|^当前位置|>")


# a title that begins with the year or the subject names no body of its own
OWNERLESS = re.compile(r"(?:关于)?(?:(?:19|20)\d{2}年?度?)?(?:推进|开展|加强)?(?:法治|依法)")


def read_text(
    text: str, *, url: str | None, media_type: str, charset: str | None, warnings: tuple[Warning, ...]
) -> Page:
    """Body, sign-off and metadata of a page as copied from a browser."""
    raw = text.splitlines()
    lines = [line for line in map(squeeze, raw) if line]
    title = _title(lines, {left for left, right in pairwise(raw) if left.strip() and right.strip()})
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
    return Page(
        url=url,
        media_type=media_type,
        charset=charset,
        body="\n".join(trimmed.body),
        fields=fields,
        signature=trimmed.signature,
        warnings=warnings,
    )


def _title(lines: list[str], unbroken: set[str]) -> str | None:
    """The title among the first lines: one that names such a report; it may be broken over two lines.

    unbroken: raw lines that another follows without an empty one between.
    """
    candidates = []
    for number, line in enumerate(lines[:HEAD_LINES]):
        if len(line) > LONGEST_TITLE and not label_share(line):
            break
        if NOT_TITLE.search(fold(line)) or label_share(line) or is_boilerplate(line) or len(line) > LONGEST_TITLE:
            continue
        candidates.append((number, line))
    together = {squeeze(line) for line in unbroken}
    for (number, line), following in zip_longest(candidates, candidates[1:]):
        if REPORT.search("".join(line.split())):
            return line
        if following and following[0] == number + 1 and line in together and site_body(line):
            # 某市人民政府 / 2021年…情况报告: the body's name is the title's first half
            if REPORT.search(following[1]) and OWNERLESS.match(fold(following[1])):
                return line + following[1]
            continue
        if following and following[0] == number + 1 and REPORT.search("".join((line + following[1]).split())):
            return line + following[1] if not REPORT.search("".join(following[1].split())) else following[1]
    return None


def _joined_title(lines: list[str], title: str | None) -> list[str]:
    """The lines with a title that was broken over two of them in one."""
    if title and title not in lines:
        for number in range(min(HEAD_LINES, len(lines) - 1)):
            if lines[number] + lines[number + 1] == title:
                return [*lines[:number], title, *lines[number + 2 :]]
    return lines
