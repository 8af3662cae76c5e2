"""Part e: published warehouses in, how long the ten questions of the analyst's guide take on each out."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from bench.built import built
from bench.machine import ROOT
from bench.options import Options
from bench.results import lines
from warehouse.connect import connect_read_only

TITLE = "The analyst's questions"
METHOD = """
The ten queries of [analysts.md](analysts.md) on part c's warehouses through the connection of `fazhi query`, all rows
fetched; wall time, ms. p50 and p95 over all queries and rounds; the first round, with the file not yet in DuckDB's
memory, counts too.
"""
GUIDE = ROOT / "docs" / "analysts.md"


def questions() -> list[str]:
    """The guide's queries."""
    return re.findall(r"```sql\n([^`]*)```", GUIDE.read_text(encoding="utf-8"))


def measure(options: Options) -> dict[str, Any]:
    """Each size."""
    return {str(reports): _timed(built(reports, options.folder).home, options.rounds) for reports in options.reports}


def _timed(home: Path, rounds: int) -> dict[str, Any]:
    queries = questions()
    taken: list[list[float]] = [[] for _ in queries]
    rows = [0] * len(queries)
    with connect_read_only(home / "warehouse.duckdb", home / "search.duckdb") as con:
        for _ in range(rounds):
            for number, sql in enumerate(queries):
                start = time.perf_counter()
                rows[number] = len(con.execute(sql).fetchall())
                taken[number].append((time.perf_counter() - start) * 1000)
    together = sorted(value for values in taken for value in values)
    return {
        "p50_ms": round(together[len(together) // 2], 1),
        "p95_ms": round(together[min(len(together) - 1, int(len(together) * 0.95))], 1),
        "queries": [
            {"rows": count, "median_ms": round(sorted(values)[len(values) // 2], 1), "most_ms": round(max(values), 1)}
            for count, values in zip(rows, taken, strict=True)
        ],
    }


def table(figures: dict[str, Any]) -> str:
    """A row a size: p50, p95, then the median of each query."""
    count = max(len(row["queries"]) for row in figures.values())
    rows: list[list[object]] = [
        [
            f"{int(size):,}",
            f"{row['p50_ms']:,.1f}",
            f"{row['p95_ms']:,.1f}",
            *(f"{query['median_ms']:,.1f}" for query in row["queries"]),
        ]
        for size, row in figures.items()
    ]
    return lines(["reports", "p50", "p95", *(f"query {number}" for number in range(1, count + 1))], rows)
