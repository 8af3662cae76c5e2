"""Reports in, what the catalogue makes of them out: indicator → value → sentence for each, and the share mapped.

    python -m bench.mapping FILE|FOLDER… [--unmapped]

For checking by eye what was mapped; --unmapped prints what was not, with its subject, and leaves the rest out.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from extraction.parse import parse_bytes
from extraction.types import Document, Quantity

SUFFIXES = {".txt", ".html", ".htm", ".shtml", ".pdf", ".docx", ".doc"}
_STOPS = "。！？\n"
MAX = 90  # characters of a sentence that are printed


def documents(paths: list[Path]) -> Iterator[tuple[Path, Document]]:
    for path in paths:
        files = sorted(item for item in path.iterdir() if item.suffix in SUFFIXES) if path.is_dir() else [path]
        for file in files:
            yield file, parse_bytes(file.read_bytes(), name=file.name)


def sentence(body: str, quantity: Quantity) -> str:
    """The sentence around the quantity, which stands in 【】; long ones are cut on both sides."""
    start = max(body.rfind(stop, 0, quantity.char_start) for stop in _STOPS) + 1
    ends = [at for stop in _STOPS if (at := body.find(stop, quantity.char_end)) >= 0]
    end = min(ends, default=len(body))
    room = max(0, MAX - len(quantity.raw)) // 2
    left = body[max(start, quantity.char_start - room) : quantity.char_start]
    return f"{left}【{quantity.raw}】{body[quantity.char_end : min(end, quantity.char_end + room)]}"


def printed(value: float | int | None) -> str:
    return "?" if value is None else f"{value:,.4f}".rstrip("0").rstrip(".")


def show(document: Document, unmapped: bool) -> tuple[int, int]:
    """Print one report; (mapped, all)."""
    mapped = [quantity for quantity in document.quantities if quantity.indicator]
    for quantity in document.quantities if unmapped else sorted(mapped, key=lambda item: item.indicator or ""):
        text = sentence(document.body, quantity)
        if unmapped and not quantity.indicator:
            print(f"  {quantity.subject or '-'}  {quantity.kind}{' goal' if quantity.is_target else ''}  {text}")
        elif not unmapped:
            year = "" if quantity.period_year == document.report_year else f" [{quantity.period_year}]"
            print(f"  {quantity.indicator} → {printed(quantity.value)} {quantity.unit or ''}{year} → {text}")
    return len(mapped), len(document.quantities)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE|FOLDER")
    parser.add_argument("--unmapped", action="store_true", help="print what was not mapped instead")
    arguments = parser.parse_args()
    missing = [str(path) for path in arguments.paths if not path.exists()]
    if missing:
        print(f"no such file or folder: {', '.join(missing)}", file=sys.stderr)
        return 2
    total = [0, 0]
    for path, document in documents(arguments.paths):
        print(f"{path.name}  {document.publisher or '?'} {document.report_year or '?'}  {document.error or ''}")
        counts = show(document, arguments.unmapped)
        print(f"  mapped {counts[0]} of {counts[1]}\n")
        total = [one + other for one, other in zip(total, counts, strict=True)]
    print(f"mapped {total[0]} of {total[1]} quantities ({total[0] / max(1, total[1]):.1%})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
