"""Run results in, Prefect artifacts out: the harvest table, the gates' results, what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prefect.artifacts import create_markdown_artifact, create_table_artifact

from expectations.gates import GateResult
from scrapers.archive import HarvestRun

HARVESTED = ("requests", "listed", "new", "changed", "unchanged", "gone", "failed")


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
