"""Bytes of a PDF, Word or WPS file in, its text out, a paragraph a line; what cannot be read is Unreadable."""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import zipfile
import zlib
from pathlib import Path

from extraction.errors import Unreadable

PIECE = 1024**2
LARGEST_UNZIPPED = 200 * 1024**2
TOOL_LIMIT_S = 20


def read_docx(data: bytes) -> str:
    """Text of a .docx: paragraphs and table rows in order (cells between tabs). Raises Unreadable."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _measure(package)
        document = docx.Document(io.BytesIO(data))
    except (zipfile.BadZipFile, zlib.error, PackageNotFoundError, KeyError, ValueError, SyntaxError, EOFError) as error:
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
