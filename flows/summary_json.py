"""A run's summary in, one JSON object for scripts out: `--json` of `fazhi run`, `harvest`, `ingest` and `build`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flows.errors import Exit
from flows.settings import Settings
from warehouse.snapshots import find, snapshots

if TYPE_CHECKING:
    from flows.pipeline import RunSummary


def as_json(settings: Settings, summary: RunSummary, exit_status: Exit) -> str:
    """exit_status, sources (one object each), and, where a build was asked for, published."""
    sources = [{**run.to_row(), "reasons": json.loads(run.reasons)} for run in summary.runs]
    record: dict[str, Any] = {"exit_status": int(exit_status), "sources": sources, "published": None}
    if summary.published is not None:
        from flows.building import mart_counts

        record["published"] = {
            "snapshot_id": find(snapshots(settings.snapshots, settings.warehouse), "current").snapshot_id,
            "warehouse": str(settings.warehouse),
            "is_new": not summary.published.skipped,
            "new_reports": summary.published.new_reports,
            "rows": mart_counts(settings.warehouse),
            "gates": [
                {
                    "name": gate.name,
                    "checks": len(gate.checks),
                    "passed": sum(item.passed for item in gate.checks),
                    "report": str(gate.report_path),
                }
                for gate in summary.published.gates
            ],
        }
    return json.dumps(record, ensure_ascii=False, indent=1)
