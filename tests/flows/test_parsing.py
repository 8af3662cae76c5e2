"""`fazhi parse` keeps its contract: one object a line, in order, errors as data."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from flows.errors import FazhiError
from flows.parsing import parse_files, read_manifest

TEXT = """示例省样例市甲辰区人民政府2022年法治政府建设情况报告

发布时间:2023-02-15

2022年,甲辰区深入推进法治政府建设。现将有关情况报告如下:
一、主要工作
全年共受理行政复议案件56件,审结48件。
"""
FIELDS = {
    *("genre", "title", "publisher", "source", "index_no", "document_no", "site_id", "region_code", "region_name"),
    *("report_year", "published_on", "signed_on", "body", "sections", "quantities", "derived_from", "warnings"),
}


def parsed(*paths: Path) -> tuple[list[dict[str, object]], int]:
    out = io.StringIO()
    status = parse_files([(path, None) for path in paths], out)
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def test_objects_come_in_the_order_given_and_hold_the_contracts_fields(tmp_path: Path) -> None:
    good, missing = tmp_path / "report.txt", tmp_path / "missing.html"
    good.write_text(TEXT, encoding="utf-8")
    (first, second), status = parsed(missing, good)
    assert status == 0
    assert "No such file" in str(first["error"])
    assert set(second) >= FIELDS
    assert second["error"] is None
    assert (second["report_year"], second["published_on"]) == (2022, "2023-02-15")


def test_offsets_point_into_the_body(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    (document,), _ = parsed(path)
    body = str(document["body"])
    raws = [item["raw"] for item in document["quantities"]]  # type: ignore[attr-defined]
    assert raws == ["56件", "48件"]
    for item in document["quantities"]:  # type: ignore[attr-defined]
        assert body[item["char_start"] : item["char_end"]] == item["raw"]


def test_status_is_1_only_when_all_fail(tmp_path: Path) -> None:
    broken = tmp_path / "scan.pdf"
    broken.write_bytes(b"%PDF-1.4 nothing more")
    (document,), status = parsed(broken)
    assert status == 1
    assert document["error"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [("{", "expected"), ('{"url": "http://a"}', "expected"), ("[]", "expected"), ('{"path": 1}', "path must be text")],
)
def test_manifest_errors_name_file_and_line(tmp_path: Path, line: str, complaint: str) -> None:
    manifest = tmp_path / "m.jsonl"
    manifest.write_text('{"path": "a.txt"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(FazhiError, match=rf"m\.jsonl:2: {complaint}"):
        list(read_manifest(manifest))


def test_manifest_paths_are_relative_to_it(tmp_path: Path) -> None:
    manifest = tmp_path / "m.jsonl"
    manifest.write_text('{"path": "sub/a.txt", "url": "http://a.example/"}\n\n', encoding="utf-8")
    assert list(read_manifest(manifest)) == [(tmp_path / "sub" / "a.txt", "http://a.example/")]
