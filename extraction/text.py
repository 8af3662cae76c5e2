"""A page copied as text in, a Page out: the same metadata and trimming as for HTML, without its markup."""

from __future__ import annotations

from itertools import pairwise

from extraction.bodies import site_body
from extraction.html import shaped
from extraction.labels import find_labelled, label_share
from extraction.lines import squeeze
from extraction.titles import title_line
from extraction.trim import trim
from extraction.types import Evidence, Page, Warning

HEAD_LINES = 12


def read_text(
    text: str, *, url: str | None, media_type: str, charset: str | None, warnings: tuple[Warning, ...]
) -> Page:
    """Body, sign-off and metadata of a page as copied from a browser."""
    raw = text.splitlines()
    lines = [line for line in map(squeeze, raw) if line]
    title = title_line(lines, {squeeze(left) for left, right in pairwise(raw) if not right.strip()})
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


def _joined_title(lines: list[str], title: str | None) -> list[str]:
    """The lines with a title that was broken over two of them in one."""
    if title and title not in lines:
        for number in range(min(HEAD_LINES, len(lines) - 1)):
            if lines[number] + lines[number + 1] == title:
                return [*lines[:number], title, *lines[number + 2 :]]
    return lines
