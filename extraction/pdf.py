"""Bytes of a PDF in, its paragraphs out: lines put together by where they stand on the page; no picture is read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from extraction.errors import Unreadable
from extraction.fold import fold

MOST_PAGES = 2000
# a larger file without its closing table is rebuilt by a scan that takes seconds: damaged for our purpose
LARGE = 16 * 1024**2
# a page with fewer characters than this holds a picture
SHORTEST_PAGE = 20
PAGE_NUMBER = re.compile(
    r"[-\u2014\u2013·\s]*(?:第\s*)?\d{1,4}\s*页?\s*(?:[/,]?\s*共?\s*\d{1,4}\s*页?)?[-\u2014\u2013·\s]*"
)
HEADING = re.compile(r"(?:[一二三四五六七八九十]+、|[(][一二三四五六七八九十]+[)]|\d+[.、])")
# in characters: a line that ends this near the right margin goes on, one that begins this far in is a new paragraph
NEAR_MARGIN, INDENT = 2.2, 1.2
# letters larger by this share are a title's
LARGER = 1.15


@dataclass(frozen=True, slots=True)
class _Line:
    left: float
    right: float
    top: float
    size: float
    text: str


def read_pdf(data: bytes) -> str:
    """Text of a PDF: lines rejoined into paragraphs, page numbers and running heads dropped.

    Raises Unreadable for a damaged, locked or scanned file.
    """
    import pypdfium2

    if len(data) > LARGE and b"startxref" not in data[-4096:]:
        raise Unreadable("cannot read this PDF: its end is missing, the download was probably cut off")
    pages: list[list[_Line]] = []
    try:
        document = pypdfium2.PdfDocument(data)
        try:
            for number in range(min(len(document), MOST_PAGES)):
                page = document[number]
                pages.append(_lines(page.get_textpage()))
                page.close()
        finally:
            document.close()
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"cannot read this PDF: {error}") from error
    if sum(len(line.text) for page in pages for line in page) < SHORTEST_PAGE * max(1, len(pages)):
        raise Unreadable(
            f"scanned PDF ({len(pages)} pages of pictures): it needs character recognition, which fazhi does not do"
        )
    return "\n".join(_paragraphs(_without_margins(pages)))


def _lines(text: Any) -> list[_Line]:
    """The page's lines from top to bottom, whatever order they were drawn in."""
    pieces: list[_Line] = []
    for number in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(number)
        printed = text.get_text_bounded(left, bottom, right, top).strip("\r\n")
        if printed.strip():
            # blanks that indent a line are part of its rectangle
            blanks = len(printed) - len(printed.lstrip())
            left += (right - left) * blanks / len(printed)
            pieces.append(_Line(left, right, top, top - bottom, " ".join(printed.split())))
    pieces.sort(key=lambda piece: (-piece.top, piece.left))
    lines: list[_Line] = []
    for piece in pieces:
        last = lines[-1] if lines else None
        if last and last.top - piece.top < max(last.size / 2, 2) and piece.left >= last.left:
            gap = " " if piece.left - last.right > max(last.size, 4) else ""
            size = max(last.size, piece.size)
            lines[-1] = _Line(last.left, max(last.right, piece.right), last.top, size, last.text + gap + piece.text)
        else:
            lines.append(piece)
    return lines


def _without_margins(pages: list[list[_Line]]) -> list[_Line]:
    """Lines of all pages without page numbers and what stands at the same end of most pages."""
    ends = Counter(line.text for page in pages for line in {*page[:1], *page[-1:]})
    running = {text for text, count in ends.items() if count > 2 and count > len(pages) // 2}
    kept: list[_Line] = []
    for page in pages:
        lines = [line for line in page if line.text not in running]
        for at in (-1, 0):
            if lines and PAGE_NUMBER.fullmatch(fold(lines[at].text)):
                lines.pop(at)
        kept += lines
    return kept


def _paragraphs(lines: list[_Line]) -> Iterator[str]:
    if not lines:
        return
    # some fonts tell no height; the width of a character is known from any full line
    size = next(iter(sorted(line.size for line in lines if line.size > 1)[len(lines) // 2 :]), 0.0)
    widest = sorted((line.right - line.left) / _columns(line.text) for line in lines)
    width = widest[len(widest) // 2]
    left = sorted(line.left for line in lines)[len(lines) // 10]
    right = sorted(line.right for line in lines)[int(len(lines) * 0.9)]
    paragraph, last = lines[0].text, lines[0]
    for line in lines[1:]:
        large, last_large = (size and item.size > LARGER * size for item in (line, last))
        full = last.right > right - NEAR_MARGIN * width and line.left < left + INDENT * width
        same_size = large == last_large
        if (large and last_large) or (same_size and full and not HEADING.match(fold(line.text))):
            paragraph += line.text
        else:
            yield paragraph
            paragraph = line.text
        last = line
    yield paragraph


def _columns(text: str) -> float:
    """Width of a line in full-width characters."""
    return max(1.0, sum(0.5 if char.isascii() else 1.0 for char in text))
