"""What is fuzzed: a name, the function that takes any bytes, and a few bytes to begin with."""

from __future__ import annotations

import gzip
import io
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from extraction.decode import decode
from extraction.parse import parse_bytes
from flows.errors import FazhiError
from flows.parsing import parse_file, read_manifest
from scrapers.families import FAMILIES, ListError, family_of
from scrapers.records import ArchiveError
from scrapers.registry import SourceConfigError, load_source
from scrapers.warc import read_payload, scan
from tests.extraction.unseen.made_files import Line, docx, pdf, word_paragraph
from tests.extraction.unseen.page_maker import FAMILIES as LAYOUTS
from tests.extraction.unseen.page_maker import make_page

TEXT = "云桥市2023年度法治政府建设情况报告\n一、主要成效\n办理行政复议案件48件，纠错率12.5%，同比下降3.2个百分点。\n"
CHARSETS = (None, "utf-8", "gb2312", "gb18030", "big5", "utf-16", "nonsense", "iso-8859-1")
MOST_STEPS = 50
URL = "https://www.example.invalid/zwgk/fzzf/index.html"


@dataclass(frozen=True)
class Target:
    """One way in."""

    run: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]


def _decode(data: bytes) -> object:
    return decode(data[1:], CHARSETS[data[0] % len(CHARSETS)]) if data else None


def _html(data: bytes) -> object:
    return parse_bytes(data, url=URL, name="a.html", media_type="text/html").to_json()


def _text(data: bytes) -> object:
    return parse_bytes(data.decode("utf-8", "ignore").encode(), name="a.txt").to_json()


def _pdf(data: bytes) -> object:
    return parse_bytes(data if data.startswith(b"%PDF") else b"%PDF-1.5\n" + data, name="a.pdf").to_json()


def _docx(data: bytes) -> object:
    """Even first byte: a whole file; odd: the text part of a sound one."""
    if not data or data[0] % 2 == 0:
        return parse_bytes(b"PK\x03\x04" + data[5:], name="a.docx").to_json()
    return parse_bytes(docx(data[1:].decode("utf-8", "ignore")), name="a.docx").to_json()


def _lists(data: bytes) -> object:
    html = data.decode("utf-8", "ignore")
    for family in (family_of(html), *FAMILIES):
        try:
            family.items(html, URL)
            for _, _ in zip(range(MOST_STEPS), family.further(html, URL), strict=False):
                pass
            family.after(html, URL)
        except ListError:
            continue
    return None


def _in_file(data: bytes, suffix: str, run: Callable[[Path], object]) -> object:
    with tempfile.NamedTemporaryFile(suffix=suffix, dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as file:
        file.write(data)
        file.flush()
        return run(Path(file.name))


def _warc(data: bytes) -> object:
    """Odd first byte: the content of a sound gzip member."""
    whole = gzip.compress(data[1:], 1) if data and data[0] % 2 else data

    def run(path: Path) -> None:
        list(scan(path))
        try:
            read_payload(path, 0)
        except ArchiveError:
            return

    return _in_file(whole, ".warc.gz", run)


def _registry(data: bytes) -> object:
    try:
        return _in_file(data, ".yaml", load_source)
    except SourceConfigError:
        return None


def _manifest(data: bytes) -> object:
    def run(path: Path) -> None:
        for number, (file, url) in enumerate(read_manifest(path)):
            parse_file(Path("/nowhere") / Path(file).name, url)
            if number > MOST_STEPS:
                return

    try:
        return _in_file(data, ".jsonl", run)
    except FazhiError:
        return None


def _pages() -> list[bytes]:
    return [make_page(LAYOUTS[number % len(LAYOUTS)], 900_000 + number).data for number in range(24)]


def _warcs() -> list[bytes]:
    from warcio.warcwriter import WARCWriter

    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    writer.write_record(writer.create_warc_record("https://a.invalid/", "resource", payload=io.BytesIO(TEXT.encode())))
    return [buffer.getvalue(), b"\1" + gzip.decompress(buffer.getvalue()), b"\1WARC/1.0\r\n\r\n"]


REGISTRY = (
    b"id: a-b\nname: A\nstart_urls: [https://a.invalid/]\nexpect: {min: 1}\nverified: 2024-01-01\nregion_code: 110101\n"
)

TARGETS: dict[str, Target] = {
    "decode": Target(
        _decode, lambda: [bytes([at]) + TEXT.encode(name) for at, name in enumerate(("utf-8", "gb18030"))]
    ),
    "html": Target(_html, _pages),
    "text": Target(_text, lambda: [TEXT.encode() * 3]),
    "pdf": Target(_pdf, lambda: [pdf([[Line(90, 700, TEXT[:25])]])]),
    "docx": Target(_docx, lambda: [docx(word_paragraph(TEXT)), b"\1" + word_paragraph(TEXT).encode()]),
    "lists": Target(_lists, _pages),
    "warc": Target(_warc, _warcs),
    "registry": Target(_registry, lambda: [REGISTRY]),
    "manifest": Target(_manifest, lambda: [b'{"path": "a.html", "url": null}\n', b'{"path": "b.txt"}\n\n']),
}
