"""Made reports in, staging rows out: texts with marked quantities, so that offsets and sentences are always right."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

RUN = "2024-05-06-01"
FETCHED = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)


@dataclass(frozen=True)
class N:
    """A quantity in a made text: `N("48件", 48, "件")`; further fields as in staging.quantity."""

    raw: str
    value: float
    unit: str | None
    fields: dict[str, Any] = field(default_factory=dict)


def n(raw: str, indicator: str | None = None, **fields: Any) -> N:
    """A quantity read off its own characters: digits, then a unit; % is a rate."""
    number, unit = re.match(r"([\d.]+)余?(.*)", raw).groups()  # type: ignore[union-attr]
    kind = "rate" if unit == "%" else "count"
    return N(raw, float(number), unit or None, {"indicator": indicator, "kind": kind} | fields)


FILLER = "本机关坚持依法履职，完善工作制度，加强行政执法监督，推进政务公开，提升依法行政能力和水平。"


@dataclass
class Rows:
    """Rows by staging table."""

    source: list[dict[str, Any]] = field(default_factory=list)
    harvest_run: list[dict[str, Any]] = field(default_factory=list)
    capture: list[dict[str, Any]] = field(default_factory=list)
    document: list[dict[str, Any]] = field(default_factory=list)
    section: list[dict[str, Any]] = field(default_factory=list)
    quantity: list[dict[str, Any]] = field(default_factory=list)

    def tables(self) -> dict[str, pa.Table]:
        return {name: pa.Table.from_pylist(rows) for name, rows in vars(self).items() if rows}

    def add_source(self, source_id: str, publisher: str | None, region_code: str | None, **fields: Any) -> None:
        row = {"source_id": source_id, "name": source_id, "publisher": publisher, "region_code": region_code}
        row |= {"start_urls": [f"https://{source_id}.invalid/"], "cms_family": "auto", "expect_min": None}
        row |= {"expect_max": None, "first_year": None, "status": "active", "status_reason": None, "is_sample": False}
        self.source.append(row | fields)
        run = {"run_id": RUN, "source_id": source_id, "started_at": FETCHED, "finished_at": FETCHED, "status": "ok"}
        run |= dict.fromkeys(("requests", "listed", "new", "changed", "unchanged", "gone", "failed"), 1)
        self.harvest_run.append(run | {"reasons": "[]"})

    def add_report(
        self,
        publisher: str | None,
        region_code: str | None,
        year: int | None,
        *pieces: str | N,
        source_id: str = "ingest",
        url: str | None = None,
        filler: int = 6,
        capture: dict[str, Any] | None = None,
        **fields: Any,
    ) -> str:
        """Add a report whose text is the pieces and some filler; gives its capture_id."""
        body, quantities = _text([*pieces, *[FILLER] * filler])
        url = url or f"https://{source_id}.invalid/{len(self.capture)}.html"
        content = hashlib.sha256(body.encode()).hexdigest()
        capture_id = hashlib.sha256(f"{url} {content}".encode()).hexdigest()[:16]
        row = {"capture_id": capture_id, "source_id": source_id, "run_id": RUN, "url": url, "canonical_url": url}
        row |= {"parent_url": None, "role": "page", "link_text": None, "fetched_at": FETCHED, "http_status": 200}
        row |= {"media_type": "text/html", "content_sha256": content, "content_bytes": len(body)}
        self.capture.append(row | {"warc_file": f"{source_id}.warc.gz", "warc_offset": 0} | (capture or {}))
        self.document.append(
            {
                "capture_id": capture_id,
                "extractor_version": "1",
                "genre": "annual_report",
                "title": f"{publisher}{year}年法治政府建设年度报告",
                "publisher": publisher,
                "source": None,
                "region_code": region_code,
                "region_name": None,
                "report_year": year,
                "published_on": date(year + 1, 3, 1) if year else None,
                "signed_on": None,
                "body": body,
                "body_sha256": hashlib.sha256("".join(body.split()).encode()).hexdigest(),
                "derived_from": "{}",
                "warnings": "[]",
                "error": None,
            }
            | fields
        )
        self.section.append(
            {"capture_id": capture_id, "section_no": 0, "path": "1", "level": 1, "heading": body[:6]}
            | {"char_start": 0, "char_end": len(body), "part": "achievements"}
        )
        self.quantity += [{"capture_id": capture_id, "period_year": year, "section_no": 0} | row for row in quantities]
        return capture_id


def _text(pieces: Sequence[str | N]) -> tuple[str, list[dict[str, Any]]]:
    body = "".join(piece if isinstance(piece, str) else piece.raw for piece in pieces)
    rows, at = [], 0
    for piece in pieces:
        if isinstance(piece, str):
            at += len(piece)
            continue
        end = at + len(piece.raw)
        start = max(body.rfind("。", 0, at), body.rfind("\n", 0, at)) + 1
        stop = min([place + 1 for place in (body.find("。", end), body.find("\n", end)) if place >= 0] or [len(body)])
        row = {"char_start": at, "char_end": end, "raw": piece.raw, "value": piece.value, "unit": piece.unit}
        row |= {"kind": "count", "approx": "exact", "direction": None, "subject": "事项", "scope": None}
        row |= {"is_target": False, "indicator": None, "confidence": 0.9}
        rows.append(row | piece.fields | {"sentence": body[start:stop].strip(), "sentence_start": start})
        at = end
    return body, rows


def sound() -> Rows:
    """Two bodies over two years, one portal, one report on two portals, news beside them: nothing wrong."""
    rows = Rows()
    rows.add_source("liudu", "柳渡区人民政府", "980122", first_year=2022)
    rows.add_source("baita", "白塔市人民政府", "980200", first_year=2022)
    for year, accepted, concluded in ((2022, 90, 80), (2023, 120, 100)):
        pieces = (
            "受理行政复议案件",
            n(f"{accepted}件", "reconsideration_accepted"),
            "，审结",
            n(f"{concluded}件", "reconsideration_concluded"),
            "，其中维持",
            n(f"{concluded - 30}件", "reconsideration_upheld"),
            "，撤销",
            n("20件", "reconsideration_revoked"),
            "，驳回",
            n("10件", "reconsideration_rejected"),
            "。\n共调解纠纷",
            n("1601件", "mediation_total"),
            "，调解成功",
            n("1594件", "mediation_success"),
            "，成功率",
            n("99.56%", "mediation_success_rate"),
            "。\n",
        )
        rows.add_report("柳渡区人民政府", "980122", year, *pieces, source_id="liudu")
        rows.add_report("白塔市人民政府", "980200", year, f"{year}年", *pieces, source_id="baita")
    rows.add_report("青禾省青禾市柳渡区人民政府", "980122", 2023, *pieces, source_id="baita", filler=7)
    rows.add_report("白塔市人民政府", "980200", 2023, "召开会议。", source_id="baita", genre="other")
    return rows
