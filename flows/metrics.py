"""What the archive, the warehouse and the last runs hold in; `metrics/fazhi.prom` in FAZHI_HOME out.

The file is in Prometheus's text format, as node_exporter's textfile collector reads it: one gauge a figure. What the
Prefect server itself measures is at its `/api/metrics`.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb

from flows.settings import Settings, now
from flows.upkeep_checks import last_runs

COUNTED = ("fct_report", "fct_quantity", "fct_indicator_yearly")
HARVESTED = ("requests", "listed", "new", "changed", "unchanged", "gone", "failed")
HELP = {
    "fazhi_run_finished_timestamp_seconds": "When the last scheduled or metered run ended.",
    "fazhi_published_timestamp_seconds": "When what is published now was published.",
    "fazhi_rows": "Rows of a published table.",
    "fazhi_checks_failed": "Failed rows of marts.rpt_reconciliation.",
    "fazhi_gate_failed": "Checks of the last gate that did not pass, by gate and severity.",
    "fazhi_source_ok": "1 where the last harvest of a source ended well, else 0.",
    "fazhi_source_last_ok_timestamp_seconds": "When the last good harvest of a source ended.",
    "fazhi_harvested": "What the last harvest of a source came to, by outcome.",
    "fazhi_bytes": "Size of a part of FAZHI_HOME.",
    "fazhi_disk_free_bytes": "What is free on the disk of FAZHI_HOME.",
}


class Sample(NamedTuple):
    """One line of the file."""

    name: str
    value: float
    labels: dict[str, str]


def write_metrics(settings: Settings) -> Path:
    """Write the file in one step; returns its path."""
    lines = []
    grouped: dict[str, list[Sample]] = {name: [] for name in HELP}
    for sample in samples(settings):
        grouped[sample.name].append(sample)
    for name, found in grouped.items():
        if found:
            lines += [f"# HELP {name} {HELP[name]}", f"# TYPE {name} gauge"]
            lines += [f"{name}{_labels(item.labels)} {item.value:.15g}" for item in found]
    target = settings.home / "metrics" / "fazhi.prom"
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.chmod(0o644)
    part.replace(target)
    return target


def samples(settings: Settings) -> Iterator[Sample]:
    """All figures as they are now."""
    yield Sample("fazhi_run_finished_timestamp_seconds", now().timestamp(), {})
    if settings.warehouse.exists():
        yield from _published(settings)
    if settings.archive.exists():
        yield from _harvested(settings)
    for name in ("archive", "snapshots", "export", "reports", "logs"):
        files = [path for path in (settings.home / name).rglob("*") if path.is_file()]
        yield Sample("fazhi_bytes", sum(path.stat().st_size for path in files), {"part": name})
    for path in (settings.warehouse, settings.staging, settings.search):
        if path.exists():
            yield Sample("fazhi_bytes", path.stat().st_size, {"part": path.stem})
    yield Sample("fazhi_disk_free_bytes", shutil.disk_usage(settings.home).free, {})


def _published(settings: Settings) -> Iterator[Sample]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as con:
        for table in COUNTED:
            ((count,),) = con.execute(f"select count(*) from marts.{table}").fetchall()
            yield Sample("fazhi_rows", count, {"table": table})
        ((failed,),) = con.execute("select count(*) from marts.rpt_reconciliation where verdict = 'fail'").fetchall()
        yield Sample("fazhi_checks_failed", failed, {})
        ((at,),) = con.execute("select epoch(published_at) from published.snapshot").fetchall()
        yield Sample("fazhi_published_timestamp_seconds", at, {})
        gates = con.execute(
            "select gate, severity, count(*) filter (not passed) from marts.rpt_gate "
            "join (select gate, max(checked_at) as checked_at from marts.rpt_gate group by gate) "
            "using (gate, checked_at) group by all order by all"
        )
        for gate, severity, count in gates.fetchall():
            yield Sample("fazhi_gate_failed", count, {"gate": gate, "severity": severity})


def _harvested(settings: Settings) -> Iterator[Sample]:
    last, good = last_runs(settings)
    for source, run in last.items():
        about = {"source": source}
        yield Sample("fazhi_source_ok", float(run.status == "ok"), {**about, "status": run.status})
        for name in HARVESTED:
            yield Sample("fazhi_harvested", getattr(run, name), {**about, "outcome": name})
        if source in good:
            yield Sample("fazhi_source_last_ok_timestamp_seconds", good[source].timestamp(), about)


def _labels(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in labels.items()) + "}"
