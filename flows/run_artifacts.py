"""Run results in, Prefect artifacts out: the harvest table, the gates' results, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
from prefect.artifacts import create_markdown_artifact, create_table_artifact

from expectations.gates import GateResult
from scrapers.archive import HarvestRun
from warehouse.connect import quoted

HARVESTED = ("requests", "listed", "new", "changed", "unchanged", "gone", "failed")
MOST_REPORTS = 200


def show_harvest(runs: Sequence[HarvestRun]) -> None:
    """One row a source."""
    create_table_artifact(
        key="harvest",
        table=[
            {"source": run.source_id, "status": run.status} | {name: getattr(run, name) for name in HARVESTED}
            for run in runs
        ],
        description="What each source gave · 各来源采集结果",
    )


def show_gates(gates: Sequence[GateResult]) -> None:
    """One row a check."""
    create_table_artifact(
        key="gates",
        table=[
            {"gate": gate.name, "check": item.name, "severity": item.severity, "passed": item.passed}
            | {"observed": str(item.observed), "detail": item.detail}
            for gate in gates
            for item in gate.checks
        ],
        description="Quality gates · 质量检查",
    )


def show_stop(gate: str, reason: str) -> None:
    """A gate that stopped publishing, under the same key as its results."""
    create_markdown_artifact(
        key="gates",
        markdown=f"**The {gate} gate stopped publishing; the old warehouse stays.**\n\n```\n{reason}\n```\n",
        description="Quality gates · 质量检查",
    )


def new_reports(side: Path, published: Path) -> list[dict[str, Any]]:
    """Reports of the side file that the published warehouse does not hold, by region and year; the first ones only."""
    with duckdb.connect(str(side), read_only=True) as con:
        known = ""
        if published.exists():
            con.execute(f"attach {quoted(published)} as published (read_only)")
            known = "anti join published.marts.fct_report using (report_id)"
        rows = con.execute(
            "select region_code as region, publisher, report_year as year, url from marts.fct_report "
            f"{known} order by all limit {MOST_REPORTS}"
        )
        names = [column[0] for column in rows.description or ()]
        return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def show_news(reports: Sequence[Mapping[str, Any]], count: int) -> None:
    """The reports that were not there before."""
    more = f", the first {len(reports)}" if count > len(reports) else ""
    create_table_artifact(
        key="new-reports",
        table=[dict(report) for report in reports],
        description=f"What is new: {count:,} reports{more} · 新增报告",
    )


def show_run(figures: Mapping[str, int], outcome: str) -> None:
    """What was read from the archive, and how the run ended."""
    lines = [f"| {name} | {count:,} |" for name, count in sorted(figures.items())]
    create_markdown_artifact(
        key="run", markdown="\n".join([outcome, "", "| read | count |", "|---|---:|", *lines]) + "\n", description="Run"
    )
