"""What is written is what another reader reads: whole members, right digests, the same bytes."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from scrapers.records import Response
from scrapers.warc_writing import SAME_CONTENT, exchange, metadata, revisit

AT = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
URL = "http://www.a.invalid/政务/1.html?q=1"
NAMES = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=12).filter(lambda name: name.strip("-") == name)
# what http.client gives: latin-1 and what was sent as UTF-8 of it, no line ends
VALUES = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20).map(str.strip)


def records(data: bytes) -> list[tuple[str, str, str | None, bytes]]:
    """Kind, target, status line and content of each; a wrong digest or length raises."""
    found = []
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        content = record.content_stream().read()
        line = record.http_headers.statusline if record.http_headers else None
        found.append((record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), line, content))
        assert record.rec_headers.get_header("WARC-Date") == "2026-03-01T08:30:00Z"
    return found


@given(
    body=st.binary(max_size=3000),
    headers=st.lists(st.tuples(NAMES, VALUES), max_size=4),
    status=st.sampled_from([200, 203, 404]),
    reason=st.sampled_from(["OK", "", "未找到"]),
)
def test_an_exchange_is_read_back(body: bytes, headers: list[tuple[str, str]], status: int, reason: str) -> None:
    response = Response(URL, status, reason, headers, body, [("Host", "www.a.invalid"), *headers], AT)
    data, offset = exchange(response, {"role": "page", "link_text": "报告"})
    (request, *_), answer, about = records(data)
    assert request == "request" and answer[::3] == ("response", body) and answer[1] == URL
    assert about[0] == "metadata" and json.loads(about[3]) == {"role": "page", "link_text": "报告"}
    # each record is a member of its own: one can be read from its offset alone
    assert records(data[offset:])[0] == answer


def test_the_body_is_stored_without_its_coding() -> None:
    sent = [("Content-Encoding", "gzip"), ("Content-Length", "3"), ("Content-Type", "text/html")]
    data, offset = exchange(Response(URL, 200, "OK", sent, b"<p>plain", [], AT), {})
    text = gzip.decompress(data[offset:]).decode()
    assert "Content-Type: text/html" in text and "Content-Encoding" not in text and "<p>plain" in text


def test_a_file_is_a_resource() -> None:
    data, offset = exchange(
        Response("urn:fazhi:file:1", 0, "", [("Content-Type", "application/pdf")], b"%PDF", [], AT), {}
    )
    assert offset == 0
    assert [record[0] for record in records(data)] == ["resource", "metadata"]
    assert b"Content-Type: application/pdf" in gzip.decompress(data)


def test_a_revisit_stands_for_a_content_elsewhere() -> None:
    data = revisit(Response(URL, 200, "OK", [("ETag", '"1"')], b"not again", [], AT), {"role": "page"})
    assert [record[0] for record in records(data)] == ["revisit", "metadata"]
    plain = gzip.decompress(data)
    assert SAME_CONTENT.encode() in plain and b"not again" not in plain and b'ETag: "1"' in plain


def test_a_documents_characters_stay_readable() -> None:
    ((kind, target, _, content),) = records(metadata("urn:fazhi:run", {"原因": "栏目已改版"}, AT))
    assert (kind, target) == ("metadata", "urn:fazhi:run") and "栏目已改版" in content.decode()
