"""Captures in the archive that staging does not hold yet → parsed → staging, batch by batch."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from itertools import islice
from pathlib import Path

import duckdb

from extraction.parse import parse_bytes
from extraction.types import Document
from flows.rows import Rows, document_rows, merge, to_tables
from flows.settings import ROOT
from scrapers.archive import Archive, ArchiveError, Capture
from warehouse.staging import UNREADABLE_RECORD, load, loaded_captures

BATCH = 200
# below this, starting worker processes costs more than it saves
PARALLEL_FROM = 120
# the seeds that extraction reads
SEEDS = ("divisions.csv", "indicator_catalogue.csv", "sample_divisions.csv")


@cache
def extractor_version() -> str:
    """A digest of all that decides what extraction says: its code and data, the catalogue and the gazetteer."""
    code = (path for path in (ROOT / "extraction").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    files = sorted([*code, *(ROOT / "dbt_project" / "seeds" / name for name in SEEDS)])
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def pending(archive: Archive, staging: duckdb.DuckDBPyConnection) -> list[Capture]:
    """Captures that staging lacks or holds from another extractor, in the archive's order."""
    loaded = loaded_captures(staging, extractor_version())
    return [capture for capture in archive.captures() if capture.capture_id not in loaded]


def batches(captures: Sequence[Capture]) -> Iterator[list[Capture]]:
    """The captures in lists of at most BATCH."""
    rest = iter(captures)
    while batch := list(islice(rest, BATCH)):
        yield batch


def extract(archive_root: Path, captures: Sequence[Capture], workers: int | None = None) -> Rows:
    """Parse these captures and return their staging rows; a capture that cannot be read becomes a row with `error`."""
    workers = workers or os.cpu_count() or 1
    if len(captures) < PARALLEL_FROM or workers == 1:
        return _extract_some(archive_root, captures)
    shares = [captures[start::workers] for start in range(workers)]
    # spawn: a fork of a process with threads (Prefect's) may hang
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        return merge(pool.map(_extract_some, [archive_root] * workers, shares))


def extract_into(staging: duckdb.DuckDBPyConnection, archive_root: Path, captures: Sequence[Capture]) -> Rows:
    """Parse these captures and load them in one transaction; returns the rows loaded."""
    rows = extract(archive_root, captures)
    load(staging, to_tables(rows))
    return rows


def parse_capture(archive: Archive, capture: Capture) -> Document:
    """Parse what the archive holds of a capture."""
    payload = archive.read(capture)
    return parse_bytes(
        payload.body,
        url=None if capture.role == "file" else capture.url,
        name=_file_name(capture),
        media_type=payload.media_type,
        charset=payload.charset,
    )


def _extract_some(archive_root: Path, captures: Sequence[Capture]) -> Rows:
    with Archive(archive_root, read_only=True) as archive:
        return merge(_extract_one(archive, capture) for capture in captures)


def _extract_one(archive: Archive, capture: Capture) -> Rows:
    try:
        document = parse_capture(archive, capture)
    except ArchiveError as error:
        # one damaged record stops no other; it is asked for again by the next run
        document = Document(path=_file_name(capture), url=capture.url, error=f"{UNREADABLE_RECORD}{error}")
    return document_rows(capture, document, extractor_version())


def _file_name(capture: Capture) -> str:
    """A name whose suffix tells the format: of the local file, or of the url."""
    return (capture.link_text or "") if capture.role == "file" else capture.canonical_url.rsplit("/", 1)[-1]
