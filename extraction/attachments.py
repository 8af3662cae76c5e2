"""Bytes of a PDF, Word or WPS file in, its text out, a paragraph a line; what cannot be read is Unreadable."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections import Counter
from pathlib import Path

from extraction.errors import Unreadable
from extraction.fold import fold

PIECE = 1024**2
LARGEST_UNZIPPED = 200 * 1024**2
MOST_PAGES = 2000
TOOL_LIMIT_S = 20
# a page with fewer characters than this holds a picture
SHORTEST_PAGE = 20
PAGE_NUMBER = re.compile(r"^\s*[-—–·第]*\s*\d{1,4}\s*(?:/\s*\d{1,4})?\s*[-—–·页]*\s*$")
PARAGRAPH_END = re.compile(r"[。!?;:]$")
HEADING = re.compile(r"^(?:[一二三四五六七八九十]+、|[(][一二三四五六七八九十]+[)]|\d+[.、])")


def read_pdf(data: bytes) -> str:
    """Text of a PDF: lines rejoined into paragraphs, page numbers and running heads dropped.

    Raises Unreadable for a damaged, locked or scanned file.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"cannot read this PDF: {error}") from error
    try:
        pages = []
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            pages.append([line.strip() for line in page.get_textpage().get_text_bounded().splitlines() if line.strip()])
            page.close()
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"cannot read this PDF: {error}") from error
    finally:
        document.close()
    if sum(len(line) for page in pages for line in page) < SHORTEST_PAGE * max(1, len(pages)):
        raise Unreadable(
            f"scanned PDF ({len(pages)} pages of pictures): it needs character recognition, which fazhi does not do"
        )
    return rejoin(pages)


def rejoin(pages: list[list[str]]) -> str:
    """Lines of pages as paragraphs: a line goes on in the next one when it is as long as the page is wide."""
    heads = Counter(line for page in pages for line in {*page[:1], *page[-1:]})
    running = {line for line, count in heads.items() if count > 2 and count > len(pages) // 2}
    lines = [line for page in pages for line in page if not PAGE_NUMBER.match(line) and line not in running]
    if not lines:
        return ""
    width = sorted(map(len, lines))[int(len(lines) * 0.8)]
    paragraphs: list[str] = []
    goes_on = False
    for line in lines:
        if goes_on and not HEADING.match(fold(line)):
            paragraphs[-1] += line
        else:
            paragraphs.append(line)
        goes_on = len(line) >= width - 3 and not (PARAGRAPH_END.search(fold(line)) and len(line) < width)
    return "\n".join(paragraphs)


def read_docx(data: bytes) -> str:
    """Text of a .docx: paragraphs and table rows in order (cells between tabs). Raises Unreadable."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _measure(package)
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        raise Unreadable(f"cannot read this .docx: {error}") from error
    lines = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            lines += ["\t".join(cell.text.strip().replace("\n", " ") for cell in row.cells) for row in block.rows]
        else:
            lines += block.text.split("\n")
    return "\n".join(line for line in lines if line.strip())


def _measure(package: zipfile.ZipFile) -> None:
    """Raise Unreadable where the parts unpack to more than is sane; an index that lies fails its checksum here."""
    total = 0
    for item in package.infolist():
        with package.open(item) as part:
            # in pieces: read() would unpack a whole part before it looks at the size
            while piece := part.read(PIECE):
                total += len(piece)
                if total > LARGEST_UNZIPPED:
                    raise Unreadable("this .docx unpacks to more than 200 MB: not read")


def read_doc(data: bytes) -> str:
    """Text of a .doc or .wps by catdoc or antiword. Raises Unreadable where neither is installed or reads it."""
    tool = next((name for name in ("catdoc", "antiword") if shutil.which(name)), None)
    if tool is None:
        raise Unreadable("cannot read .doc: install catdoc (a Debian package)")
    command = ["catdoc", "-d", "utf-8", "-w"] if tool == "catdoc" else ["antiword", "-m", "UTF-8.txt", "-w", "0"]
    with tempfile.NamedTemporaryFile(suffix=".doc") as file:
        file.write(data)
        file.flush()
        try:
            result = subprocess.run(
                [*command, str(Path(file.name))], capture_output=True, timeout=TOOL_LIMIT_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(f"{tool} took longer than {TOOL_LIMIT_S} s over this .doc") from None
    text = result.stdout.decode("utf-8", "replace")
    if result.returncode or not text.strip():
        raise Unreadable(f"{tool} cannot read this .doc: {result.stderr.decode('utf-8', 'replace').strip()[:200]}")
    return text
