"""A document's staging rows: the right sentence, the right section, the schema's types."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extraction.types import Document, Quantity, Section
from flows.rows import SCHEMAS, document_rows, to_tables
from scrapers.archive import Capture

CAPTURE = Capture(
    capture_id="0" * 16,
    source_id="ingest",
    run_id="2026-01-01-01",
    url="urn:fazhi:file:0",
    canonical_url="urn:fazhi:file:0",
    parent_url=None,
    role="file",
    link_text="a.txt",
    fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
    http_status=None,
    media_type="text/plain",
    content_sha256="0" * 64,
    content_bytes=1,
    warc_file="ingest.warc.gz",
    warc_offset=0,
)


def quantity(start: int, end: int, raw: str) -> Quantity:
    return Quantity(start, end, raw, 1, None, "count", "exact", None, "", None, None, False, None, 1.0)


def rows_of(body: str, *raws: str, sections: tuple[Section, ...] = ()) -> list[dict[str, object]]:
    quantities = tuple(quantity(body.index(raw), body.index(raw) + len(raw), raw) for raw in raws)
    document = Document(body=body, quantities=quantities, sections=sections)
    return document_rows(CAPTURE, document, "v")["quantity"]


def test_sentence_is_the_one_around_the_number() -> None:
    (row,) = rows_of("第一句。 全年受理56件,审结48件。第三句。", "48件")
    assert row["sentence"] == "全年受理56件,审结48件。"


def test_long_sentence_is_cut_at_the_clauses_around_the_number() -> None:
    body = "甲" * 200 + ";受理56件;" + "乙" * 200 + "。"
    (row,) = rows_of(body, "56件")
    assert row["sentence"] == "受理56件;"


def test_innermost_section_is_named() -> None:
    body = "一、主要工作\n(一)复议\n受理56件。\n二、计划\n"
    sections = (
        Section("1", 1, "一、主要工作", 0, body.index("二、"), "achievements"),
        Section("1.1", 2, "(一)复议", body.index("(一)"), body.index("二、"), "achievements"),
        Section("2", 1, "二、计划", body.index("二、"), len(body), "plan"),
    )
    (row,) = rows_of(body, "56件", sections=sections)
    assert row["section_no"] == 1


@given(st.text(alphabet="一5件。;\n 甲", min_size=1, max_size=700), st.data())
def test_sentence_holds_the_number_wherever_it_stands(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, min(len(body), start + 5)))
    assume(body[start:end].strip())  # a number is never blank
    document = Document(body=body, quantities=(quantity(start, end, body[start:end]),))
    (row,) = document_rows(CAPTURE, document, "v")["quantity"]
    at = row["sentence_start"]
    assert body[at : at + len(row["sentence"])] == row["sentence"]
    assert at <= start
    assert at + len(row["sentence"]) >= start + len(body[start:end].rstrip())


@pytest.mark.parametrize("table", ["capture", "document", "section", "quantity"])
def test_rows_fit_the_staging_schema(table: str) -> None:
    body = "一、受理56件。"
    section = Section("1", 1, "一、受理56件。", 0, len(body), "other")
    document = Document(body=body, published_on="2023-02-15", sections=(section,), quantities=(quantity(4, 7, "56件"),))
    built = to_tables(document_rows(CAPTURE, document, "v"))[table]
    assert built.num_rows == 1
    assert built.schema == SCHEMAS[table]
