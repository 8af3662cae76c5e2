"""Title and paragraphs in, a PDF file out: wrapped lines in a font that readers bring along (nothing is embedded)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

WIDTH, HEIGHT, MARGIN, SIZE, LEADING = 595, 842, 85, 12, 24
CHARACTERS = (WIDTH - 2 * MARGIN) // SIZE  # wide characters in a line
NEVER_FIRST = "，。；：、？！）》”%,;:)"
LINES = (HEIGHT - 2 * MARGIN) // LEADING
FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [ << /Type /Font"
    b" /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1)"
    b" /Supplement 4 >> /DW 1000 /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6"
    b" /FontBBox [-25 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >> >> ] >>"
)


def write_pdf(title: str, paragraphs: Sequence[str], signature: Sequence[str]) -> bytes:
    """A4 pages numbered at the foot; a paragraph's first line is indented by two characters. No dates inside."""
    lines = list(_lines(title, paragraphs, signature))
    pages = [lines[i : i + LINES] for i in range(0, len(lines), LINES)]
    kids = b" ".join(b"%d 0 R" % (4 + 2 * i) for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [ %s ] /Count %d >>" % (kids, len(pages)),
        FONT,
    ]
    for number, page in enumerate(pages):
        content = _content(page, number + 1)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Contents %d 0 R >>" % (WIDTH, HEIGHT, 5 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _file(objects)


def _lines(title: str, paragraphs: Sequence[str], signature: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Indent in characters and text of each line."""
    for line in wrap(title, CHARACTERS):
        yield (CHARACTERS - len(line)) // 2, line
    yield 0, ""
    for paragraph in paragraphs:
        start, indent = 0, 2
        while start < len(paragraph):
            end = start + CHARACTERS - indent
            while paragraph[end : end + 1] and paragraph[end] in NEVER_FIRST:  # hangs in the margin
                end += 1
            yield indent, paragraph[start:end]
            start, indent = end, 0
    yield from ((max(0, CHARACTERS - len(line) - 2), line) for line in signature)


def _content(lines: Sequence[tuple[int, str]], number: int) -> bytes:
    placed = [
        (MARGIN + indent * SIZE, HEIGHT - MARGIN - i * LEADING, text) for i, (indent, text) in enumerate(lines) if text
    ]
    placed.append((WIDTH // 2 - SIZE, MARGIN // 2, f"- {number} -"))
    shown = (
        b"1 0 0 1 %d %d Tm <%s> Tj" % (x, y, text.encode("utf-16-be").hex().encode("ascii")) for x, y, text in placed
    )
    return b"BT /F1 %d Tf\n%s\nET" % (SIZE, b"\n".join(shown))


def _file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
