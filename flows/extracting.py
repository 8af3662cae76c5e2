"""Captures in the archive that staging does not hold yet in, their staging rows and verdicts out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice

import duckdb
import pyarrow as pa

from extraction.parse import parse_bytes
from extraction.types import Document
from flows.rows import Rows, Tables, document_rows, merge, to_tables
from flows.settings import ROOT
from scrapers.archive import Archive, ArchiveError, Capture, Payload
from warehouse.staging import UNREADABLE_RECORD, loaded_captures

BATCH = 200
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
    return [*archive.captures(but=loaded_captures(staging, extractor_version()))]


def batches(captures: Sequence[Capture], size: int = BATCH) -> Iterator[list[Capture]]:
    """The captures in lists of at most `size`."""
    rest = iter(captures)
    while batch := list(islice(rest, size)):
        yield batch


def tell_verdicts(archive: Archive, tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """Tell the archive what its pages turned out to be; returns how many documents of each genre (or `unreadable`) and
    how many quantities there were."""
    found = {"quantities": tables["quantity"].num_rows if "quantity" in tables else 0}
    captured = tables["capture"]
    urls = dict(zip(captured["capture_id"].to_pylist(), captured["canonical_url"].to_pylist(), strict=True))
    for document in tables["document"].select(["capture_id", "genre", "error"]).to_pylist():
        genre = "unreadable" if document["error"] else document["genre"]
        found[genre] = found.get(genre, 0) + 1
        archive.record_verdict(urls[document["capture_id"]], genre)
    return found


def parse_capture(archive: Archive, capture: Capture) -> Document:
    """Parse what the archive holds of a capture."""
    return _parsed(capture, archive.read(capture))


def _parsed(capture: Capture, payload: Payload) -> Document:
    return parse_bytes(
        payload.body,
        url=None if capture.role == "file" else capture.url,
        name=_file_name(capture),
        media_type=payload.media_type,
        charset=payload.charset,
    )


def extract_with(read: Callable[[Capture], Payload], captures: Sequence[Capture]) -> Tables:
    """Parse these captures and return their staging tables, in the same order; `read` gives a capture's content.

    A capture for which it raises ArchiveError becomes a row with `error`.
    """
    return to_tables(merge(_extract_one(read, capture) for capture in captures))


def _extract_one(read: Callable[[Capture], Payload], capture: Capture) -> Rows:
    try:
        document = _parsed(capture, read(capture))
    except ArchiveError as error:
        # one damaged record stops no other; it is asked for again by the next run
        document = unread(capture, str(error))
    return document_rows(capture, document, extractor_version())


def unread(capture: Capture, why: str) -> Document:
    """The document of a capture that could not be had; the next run asks for it again."""
    return Document(path=_file_name(capture), url=capture.url, error=f"{UNREADABLE_RECORD}{why}")


def _file_name(capture: Capture) -> str:
    """A name whose suffix tells the format: of the local file, or of the url."""
    return (capture.link_text or "") if capture.role == "file" else capture.canonical_url.rsplit("/", 1)[-1]
