"""Part d: warehouses of several sizes in, what 100 more reports cost at each out."""

from __future__ import annotations

from typing import Any

from bench.built import INCREMENT, built, exponent
from bench.options import Options
from bench.results import lines

TITLE = "An increment"
METHOD = f"""
{INCREMENT} new reports in the archive of part c's warehouse, and the same command again: what is new is extracted, marts go
on from the published warehouse, both gates, publishing, export and search index; twice, and the quicker
is told.
"""


def measure(options: Options) -> dict[str, Any]:
    """Each size."""
    warehouses = [built(reports, options.folder) for reports in sorted(options.reports)]
    return {
        "sizes": {str(item.reports): item.increment | {"whole_s": item.whole["seconds"]} for item in warehouses},
        "exponent": exponent([(item.reports, item.increment["seconds"]) for item in warehouses]),
    }


def table(figures: dict[str, Any]) -> str:
    """A row a size; how much the dearest costs of the cheapest."""
    steps = ("extract", "load", "staging-gate", "build", "marts-gate", "publish")
    rows: list[list[object]] = [
        [
            f"{int(size):,}",
            f"{row['seconds']:,.0f}",
            f"{row['seconds'] / row['whole_s']:.2f}",
            f"{row['peak_gb']:.2f}",
            *(f"{row['steps'].get(step, 0):,.1f}" for step in steps),
        ]
        for size, row in figures["sizes"].items()
    ]
    told = lines(["reports before", "s", "of the whole", "peak GB", *(f"{step} s" for step in steps)], rows)
    seconds = [row["seconds"] for row in figures["sizes"].values()]
    if len(seconds) > 1:
        told += f"\n\nThe dearest takes {max(seconds) / min(seconds):.2f} times the cheapest."
    return told
