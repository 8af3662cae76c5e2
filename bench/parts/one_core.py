"""Part h: archived pages in, how many of them one core turns into documents with mapped quantities a second out."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from bench.archived import FIRST_AT, bodies_of, make_archive
from bench.machine import noise
from bench.options import Options
from bench.results import lines
from extraction.parse import parse_bytes
from extraction.types import Document
from flows.extracting import parse_capture
from flows.settings import Settings
from scrapers.archive import Archive, Capture, Payload

TITLE = "One core: pages to mapped quantities"
METHOD = """
A hundred of the made portal pages of part c, one after the other in one process: bytes to a document with its sections,
quantities and indicators, then the same with reading the page's record from the archive. Processor time of many rounds,
with a fixed loop in front of each: the speed of a machine that others use swings within seconds. The interpreter counts
too: a CPython that was compiled without profile and link-time optimisation is some 15 % slower than Debian's.
"""
REPORTS, PAGES = 1_000, 100
# so many rounds for one that was asked for
TIMES = 10


def measure(options: Options) -> dict[str, Any]:
    """Medians of all rounds, the least and the most of them, and the loop's."""
    with tempfile.TemporaryDirectory(prefix="fazhi-bench-", dir=options.folder) as folder:
        settings = Settings(Path(folder))
        make_archive(
            settings.archive, 0, REPORTS, bodies=bodies_of(REPORTS), at=FIRST_AT, scratch=Path(folder, "made.duckdb")
        )
        with Archive(settings.archive, read_only=True) as archive:
            return _measured(archive, options.rounds * TIMES)


def _measured(archive: Archive, rounds: int) -> dict[str, Any]:
    captures = [capture for number, capture in enumerate(archive.captures()) if number % 7 == 0][:PAGES]
    payloads = [(capture, archive.read(capture)) for capture in captures]

    def parse() -> None:
        for capture, payload in payloads:
            _parsed(capture, payload)

    def read_and_parse() -> None:
        for capture in captures:
            parse_capture(archive, capture)

    documents = [_parsed(capture, payload) for capture, payload in payloads]  # compiles patterns
    characters, quantities = sum(len(each.body) for each in documents), sum(len(each.quantities) for each in documents)
    del documents
    loops, parsing, reading = [], [], []
    for _ in range(rounds):
        loops.append(noise()["loop_ms"])
        parsing.append(len(captures) / _spent(parse))
        reading.append(len(captures) / _spent(read_and_parse))
    return {
        "rounds": rounds,
        "parse_per_s": _spread(parsing),
        "archive_per_s": _spread(reading),
        "loop_ms": _spread(loops),
        "characters": round(characters / len(captures)),
        "quantities": round(quantities / len(captures), 1),
    }


def _parsed(capture: Capture, payload: Payload) -> Document:
    return parse_bytes(payload.body, url=capture.url, name="page.html", media_type="text/html", charset=payload.charset)


def _spent(work: Callable[[], None]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _spread(values: list[float]) -> dict[str, float]:
    return {name: round(of(values), 1) for name, of in (("median", median), ("least", min), ("most", max))}


def table(figures: dict[str, Any]) -> str:
    """A row a measure, with the spread of its rounds."""
    named = {
        "parse_per_s": "reports/s, bytes to mapped quantities",
        "archive_per_s": "reports/s, the archive's record to mapped quantities",
        "loop_ms": "the fixed loop, ms",
    }
    rows: list[list[object]] = [
        [name, *(figures[key][of] for of in ("median", "least", "most"))] for key, name in named.items()
    ]
    return lines([f"{figures['rounds']} rounds", "median", "least", "most"], rows) + (
        f"\n\n{figures['characters']:,} characters and {figures['quantities']:g} quantities a report."
    )
