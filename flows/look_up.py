"""A file, a url or a report id in, what `fazhi show` shows of it out: document, marks, failed checks, where it is from."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from extraction.catalogue import default_catalogue
from extraction.types import Document, Quantity, Section, Warning
from flows.errors import FazhiError
from flows.extracting import parse_capture
from flows.parsing import parse_file
from flows.settings import Settings
from flows.shown import WEB, Check, Mark, Shown
from scrapers.archive import Archive, Capture
from scrapers.links import canonical
from warehouse.connect import connect_read_only

DOUBTS = ("conflicting", "unusual")
_SECTION = ("path", "level", "heading", "char_start", "char_end", "part")
_METADATA = (
    *("title", "publisher", "source", "index_no", "document_no", "site_id", "region_code", "region_name"),
    *("report_year", "published_on", "signed_on"),
)


def look_up(settings: Settings, target: str, url: str | None = None) -> Shown:
    """What to show for a file's path, a url or a report id.

    url: where the file came from. Raises FazhiError where there is no such thing, with what is like it.
    """
    if Path(target).is_file():
        return of_file(Path(target), url)
    if url:
        raise FazhiError(f"{target}: no such file; --url goes with a file")
    if target.startswith((*WEB, "urn:")):
        return of_url(settings, target)
    if settings.warehouse.exists():
        with connect_read_only(settings.warehouse) as connection:
            if _rows(connection, "select report_id from fct_report where report_id = ?", target):
                return _of_report(connection, target)
            raise FazhiError(f"{target}: neither a file, a url nor a report id{_like(connection, target)}")
    raise FazhiError(
        f"{target}: no such file, and there is no warehouse at {settings.warehouse} to look a report up in"
    )


def of_file(path: Path, url: str | None) -> Shown:
    """Parse a file. Raises FazhiError where it cannot be read."""
    return _of_document(parse_file(path, url), (("file", str(path)),))


def of_url(settings: Settings, url: str) -> Shown:
    """The report that a url shows now, from the warehouse; else what the archive holds of it, parsed anew."""
    if settings.warehouse.exists():
        with connect_read_only(settings.warehouse) as connection:
            found = _rows(
                connection,
                "select capture_id, canonical_url, report_id, exclusion_reason, is_current_text, first_seen_at "
                "from fct_report_version where url = ? or canonical_url = ? or canonical_url = ? "
                "order by is_current desc, is_latest_at_url desc, capture_id limit 1",
                *(url, url, canonical(url)),
            )
            if found and found[0]["is_current_text"]:
                shown = _of_report(connection, found[0]["report_id"])
                if shown.document.url in (url, canonical(url)):
                    return shown
                return replace(shown, notes=(f"the same text also stands at {shown.document.url}", *shown.notes))
        if found:
            capture = _capture(settings, found[0]["canonical_url"], found[0]["capture_id"])
            return _of_capture(settings, capture, _why_not(found[0]))
    capture = _capture(settings, url) or _capture(settings, canonical(url))
    if capture is None:
        raise FazhiError(f"{url}: neither the warehouse nor the archive in {settings.home} holds it")
    return _of_capture(settings, capture, "in the archive, not in the published warehouse: `fazhi build` takes it in")


def _why_not(version: Mapping[str, Any]) -> str:
    if version["exclusion_reason"]:
        return f"no report of the warehouse: {version['exclusion_reason']}"
    return f"another text of {version['report_id']} counts now; this is the one of {version['first_seen_at']:%Y-%m-%d}"


def _capture(settings: Settings, url: str, capture_id: str | None = None) -> Capture | None:
    if not settings.archive.exists():
        return None
    with Archive(settings.archive, read_only=True) as archive:
        latest = archive.latest(url)
        if capture_id is None or (latest and latest.capture_id == capture_id):
            return latest
        return next((item for item in archive.captures() if item.capture_id == capture_id), None)


def _of_capture(settings: Settings, capture: Capture | None, note: str) -> Shown:
    if capture is None:
        raise FazhiError(f"the archive in {settings.archive} does not hold that content any more")
    with Archive(settings.archive, read_only=True) as archive:
        document = parse_capture(archive, capture)
    origin = (
        *(("url", capture.url), ("archive", f"{capture.warc_file}:{capture.warc_offset}")),
        *(("fetched", f"{capture.fetched_at:%Y-%m-%d %H:%M} UTC"), ("content", capture.content_sha256)),
    )
    return replace(_of_document(document, origin), notes=(note,))


def _of_document(document: Document, origin: Sequence[tuple[str, str]]) -> Shown:
    if document.error:
        raise FazhiError(document.error)
    names = {item.id: item.name_zh for item in default_catalogue().indicators.values()}
    marks = tuple(Mark(item) for item in sorted(document.quantities, key=lambda item: (item.char_start, item.char_end)))
    return Shown(document, marks, tuple(origin), names)


def _of_report(connection: duckdb.DuckDBPyConnection, report_id: str) -> Shown:
    report = _rows(connection, "select * from fct_report where report_id = ?", report_id)[0]
    sections = _rows(connection, "select * from fct_report_section where report_id = ? order by section_no", report_id)
    rows = _rows(
        connection,
        "select quantity.*, yearly.chosen_by, yearly.quality_flag as yearly_flag from fct_quantity as quantity "
        "left join fct_indicator_yearly as yearly on quantity.quantity_id = yearly.quantity_id "
        "where quantity.report_id = ? order by quantity.char_start, quantity.char_end",
        report_id,
    )
    marks = tuple(
        Mark(
            _quantity(row),
            row["quantity_id"],
            chosen_by=row["chosen_by"],
            doubt=row["yearly_flag"] if row["yearly_flag"] in DOUBTS else None,
            failed=row["quality_flag"] == "failed_check",
            review=row.get("review"),
            review_reason=row.get("review_reason"),
        )
        for row in rows
    )
    checks = _rows(connection, "select * from rpt_reconciliation where report_id = ? order by check_id", report_id)
    names = dict(connection.execute("select indicator_id, name_zh from dim_indicator").fetchall())
    metadata: dict[str, Any] = {
        name: _text(report[name]) if name.endswith("_on") else report[name] for name in _METADATA
    }
    document = Document(
        url=report["url"],
        genre="annual_report",
        **metadata,
        body=report["body"],
        sections=tuple(Section(**{name: row[name] for name in _SECTION}) for row in sections),
        quantities=tuple(mark.quantity for mark in marks),
        derived_from=json.loads(report["derived_from"]),
        warnings=tuple(Warning(**item) for item in json.loads(report["warnings"])),
    )
    late = f", {report['days_late']} days after 31 March" if report["days_late"] else ""
    origin = (
        *(("report id", report_id), ("url", report["url"]), ("timeliness", f"{report['timeliness']}{late}")),
        *(("archive", f"{report['warc_file']}:{report['warc_offset']}"), ("content", report["content_sha256"])),
        (
            "seen",
            f"{report['appearances']} times, {report['versions']} versions, extractor {report['extractor_version']}",
        ),
    )
    return Shown(
        *(document, marks, origin, names),
        checks=tuple(_check(row) for row in checks if row["verdict"] != "pass"),
        passed=sum(row["verdict"] == "pass" for row in checks),
        notes=("fictional: a report of the bundled sample portal",) if report["is_fictional"] else (),
    )


def _quantity(row: Mapping[str, Any]) -> Quantity:
    same = {name: row[name] for name in Quantity._fields if name != "indicator"}
    return Quantity(**same, indicator=row["indicator_id"])


def _check(row: Mapping[str, Any]) -> Check:
    return Check(
        *(row["kind"], row["verdict"], row["explanation"], row["expected"], row["stated"], row["sentence"]),
        inputs=tuple(json.loads(row["inputs"])),
    )


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, *parameters: object) -> list[dict[str, Any]]:
    result = connection.execute(sql, parameters)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _like(connection: duckdb.DuckDBPyConnection, target: str) -> str:
    """Report ids that hold all words of what was asked for, or are spelled like it."""
    words = [word for word in target.replace("-", " ").split() if word]
    known = [str(row["report_id"]) for row in _rows(connection, "select report_id from fct_report order by report_id")]
    near = [name for name in known if words and all(word in name for word in words)]
    near = near[:5] or difflib.get_close_matches(target, known, n=5, cutoff=0.6)
    return f"; did you mean {', '.join(near)}?" if near else "; `select report_id from fct_report` lists the reports"


def _text(value: object) -> str | None:
    return None if value is None else str(value)
