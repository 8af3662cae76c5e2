"""Lines of text in, bytes of small PDF, Word 2007 and Word 97 files out; made here so that no sample need be stored."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import NamedTuple


class Line(NamedTuple):
    """A line of a PDF page: its left end, height above the page's foot, text and size in points."""

    left: int
    height: int
    text: str
    size: int = 16


TO_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{} endcmap CMapName currentdict /CMap defineresource pop end end"""


def pdf(pages: list[list[Line]], *, picture: bool = False) -> bytes:
    """A PDF of lines; with `picture`, a page-filling picture under them, as scanners make."""
    ranges = [f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256)]
    groups = [ranges[at : at + 100] for at in range(0, 256, 100)]
    cmap = TO_UNICODE.format("".join(f"{len(part)} beginbfrange {' '.join(part)} endbfrange\n" for part in groups))
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        3: b"<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R]"
        b" /ToUnicode 5 0 R >>",
        4: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /DW 1000 /FontDescriptor 6 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        5: _stream(cmap.encode()),
        6: b"<< /Type /FontDescriptor /FontName /Song /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
        b" /Ascent 859 /Descent -141 /CapHeight 700 /StemV 80 >>",
        7: _stream(
            b"\xaa" * (60 * 85),
            b"/Type /XObject /Subtype /Image /Width 60 /Height 85 /ColorSpace /DeviceGray /BitsPerComponent 8 ",
        ),
    }
    kids = []
    for at, lines in enumerate(pages):
        content, page = 10 + 2 * at, 11 + 2 * at
        drawn = "q 595 0 0 842 0 0 cm /Scan Do Q\n" if picture else ""
        for left, height, text, size in lines:
            drawn += f"BT /F1 {size} Tf 1 0 0 1 {left} {height} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"
        objects[content] = _stream(drawn.encode())
        objects[page] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R"
            " /Resources << /Font << /F1 3 0 R >> /XObject << /Scan 7 0 R >> >> >>"
        ).encode()
        kids.append(f"{page} 0 R")
    objects[2] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>".encode()
    return _file(objects)


def _stream(data: bytes, extra: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<< %s/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (extra, len(packed), packed)


def _file(objects: dict[int, bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.5\n"), {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 %s \n" % (places.get(number, 0), b"n" if number in places else b"f")
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(out)


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)


def docx(inner: str, *, doctype: str = "") -> bytes:
    """A Word 2007 file whose body is `inner` (w: elements), with a document type declaration if given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", TYPES)
        package.writestr("_rels/.rels", RELATIONS)
        head = f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<w:document {WORD}><w:body>'
        package.writestr("word/document.xml", f"{head}{inner}</w:body></w:document>")
    return buffer.getvalue()


def word_paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(f'<w:r><w:t>{run}</w:t></w:r>' for run in runs)}</w:p>"


def word_table(rows: list[list[str]]) -> str:
    cells = ("".join(f"<w:tc>{word_paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def doc(text: str) -> bytes:
    """A Word 97 file: an OLE container with one stream, whose text is stored as UTF-16 in one piece."""
    coded = text.replace("\n", "\r").encode("utf-16-le")
    header = bytearray(1536)
    struct.pack_into("<HHHHHH", header, 0, 0xA5EC, 0x00C1, 0, 0x0804, 0, 0x1000)  # magic, version, …, 16-bit characters
    struct.pack_into("<II", header, 0x18, len(header), len(header) + len(coded))
    struct.pack_into("<I", header, 0x4C, len(text))
    stream = bytes(header) + coded
    stream += b"\0" * (-len(stream) % 512 if len(stream) >= 4096 else 4096 - len(stream))
    sectors = len(stream) // 512
    table = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (128 - len(table))
    if len(table) > 128:
        raise ValueError("made .doc files hold at most 60 KB")
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        0,
        1,
        1,
        0,
        4096,
        0xFFFFFFFE,
        0,
        0xFFFFFFFE,
        0,
    )
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    folder = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry("WordDocument", 2, 0xFFFFFFFF, 2, len(stream))
    return head + struct.pack("<128I", *table) + folder + b"\0" * (512 - len(folder)) + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    coded = name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII36xIII", coded, len(coded) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, start, size, 0
    )
