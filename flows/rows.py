"""One capture and its Document in, staging rows out (dicts by table, the columns of warehouse/staging.sql)."""

from __future__ import annotations

import bisect
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from operator import attrgetter
from typing import Any

import pyarrow as pa

from extraction.types import Document, Section
from scrapers.archive import Capture

Rows = dict[str, list[dict[str, Any]]]
Tables = dict[str, pa.Table]

# a sentence ends at 。!? or a line's end; a longer stretch than this is cut at the nearest ; to stay readable
SENTENCE_END = re.compile("[。!?\uff01\uff1f\n]")
CLAUSE_END = re.compile("[;\uff1b]")
LONG_SENTENCE = 300

_TEXT, _INT, _REAL, _BOOL = pa.string(), pa.int32(), pa.float64(), pa.bool_()
_TIME, _DAY, _BIG = pa.timestamp("us", tz="UTC"), pa.date32(), pa.int64()
SCHEMAS: Mapping[str, pa.Schema] = {
    "source": pa.schema(
        {
            "source_id": _TEXT,
            "name": _TEXT,
            "publisher": _TEXT,
            "region_code": _TEXT,
            "start_urls": pa.list_(_TEXT),
            "cms_family": _TEXT,
            "expect_min": _INT,
            "expect_max": _INT,
            "first_year": _INT,
            "status": _TEXT,
            "status_reason": _TEXT,
            "is_sample": _BOOL,
        }
    ),
    "harvest_run": pa.schema(
        {
            "run_id": _TEXT,
            "source_id": _TEXT,
            "started_at": _TIME,
            "finished_at": _TIME,
            "status": _TEXT,
            **dict.fromkeys(("requests", "listed", "new", "changed", "unchanged", "gone", "failed"), _INT),
            "reasons": _TEXT,
        }
    ),
    "capture": pa.schema(
        {
            **dict.fromkeys(
                ("capture_id", "source_id", "run_id", "url", "canonical_url", "parent_url", "role", "link_text"), _TEXT
            ),
            "fetched_at": _TIME,
            "http_status": _INT,
            "media_type": _TEXT,
            "content_sha256": _TEXT,
            "content_bytes": _BIG,
            "warc_file": _TEXT,
            "warc_offset": _BIG,
        }
    ),
    "document": pa.schema(
        {
            **dict.fromkeys(
                (
                    *("capture_id", "extractor_version", "genre", "title", "publisher", "source", "index_no"),
                    *("document_no", "site_id", "region_code", "region_name"),
                ),
                _TEXT,
            ),
            "report_year": _INT,
            "published_on": _DAY,
            "signed_on": _DAY,
            **dict.fromkeys(("body", "body_sha256", "derived_from", "warnings", "error"), _TEXT),
        }
    ),
    "section": pa.schema(
        {
            "capture_id": _TEXT,
            "section_no": _INT,
            "path": _TEXT,
            "level": _INT,
            "heading": _TEXT,
            "char_start": _INT,
            "char_end": _INT,
            "part": _TEXT,
        }
    ),
    "quantity": pa.schema(
        {
            "capture_id": _TEXT,
            "char_start": _INT,
            "char_end": _INT,
            "raw": _TEXT,
            "value": _REAL,
            "unit": _TEXT,
            "kind": _TEXT,
            "approx": _TEXT,
            "direction": _TEXT,
            "subject": _TEXT,
            "scope": _TEXT,
            "period_year": _INT,
            "is_target": _BOOL,
            "indicator": _TEXT,
            "confidence": _REAL,
            "sentence": _TEXT,
            "sentence_start": _INT,
            "section_no": _INT,
        }
    ),
}


def to_tables(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Tables:
    """Rows by table as Arrow tables with the staging schema's types; a missing key becomes null."""
    return {name: pa.Table.from_pylist(list(items), schema=SCHEMAS[name]) for name, items in rows.items()}


def together(parts: Sequence[Tables]) -> Tables:
    """The tables of several batches as one batch."""
    names = dict.fromkeys(name for tables in parts for name in tables)
    return {name: pa.concat_tables([tables[name] for tables in parts if name in tables]) for name in names}


def document_rows(capture: Capture, document: Document, extractor_version: str) -> Rows:
    """The staging rows of one parsed capture."""
    key = capture.capture_id
    body = document.body
    bounds = _sentence_bounds(body)
    return {
        "capture": [asdict(capture)],
        "document": [
            {
                "capture_id": key,
                "extractor_version": extractor_version,
                "genre": document.genre,
                "title": document.title,
                "publisher": document.publisher,
                "source": document.source,
                "index_no": document.index_no,
                "document_no": document.document_no,
                "site_id": document.site_id,
                "region_code": document.region_code,
                "region_name": document.region_name,
                "report_year": document.report_year,
                "published_on": _day(document.published_on),
                "signed_on": _day(document.signed_on),
                "body": body,
                "body_sha256": hashlib.sha256("".join(body.split()).encode()).hexdigest(),
                "derived_from": _json(dict(document.derived_from)),
                "warnings": _json([asdict(warning) for warning in document.warnings]),
                "error": document.error,
            }
        ],
        "section": [
            {"capture_id": key, "section_no": number, **{name: getattr(item, name) for name in Section.__slots__}}
            for number, item in enumerate(document.sections)
        ],
        "quantity": [
            {
                "capture_id": key,
                **item._asdict(),
                **_sentence_at(body, bounds, item.char_start, item.char_end),
                "section_no": _innermost(document.sections, item.char_start),
            }
            for item in document.quantities
        ],
    }


def merge(batches: Iterable[Rows]) -> Rows:
    """Rows of several documents as one."""
    merged: Rows = {}
    for batch in batches:
        for name, items in batch.items():
            merged.setdefault(name, []).extend(items)
    return merged


def _sentence_bounds(body: str) -> list[int]:
    return [0, *(match.end() for match in SENTENCE_END.finditer(body)), len(body)]


def _sentence_at(body: str, bounds: list[int], start: int, end: int) -> dict[str, Any]:
    at = bisect.bisect_right(bounds, start) - 1
    left = bounds[at]
    right = bounds[bisect.bisect_left(bounds, end, at + 1)]
    if right - left > LONG_SENTENCE:
        for match in CLAUSE_END.finditer(body, left, right):
            if match.end() <= start:
                left = match.end()
            elif match.start() >= end:
                right = match.end()
                break
    while left < start and body[left].isspace():
        left += 1
    return {"sentence": body[left:right].rstrip(), "sentence_start": left}


def _innermost(sections: Sequence[Section], position: int) -> int | None:
    """The number of the section that began last: any that lie around it began before."""
    at = bisect.bisect_right(sections, position, key=attrgetter("char_start")) - 1
    return at if at >= 0 and position < sections[at].char_end else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
