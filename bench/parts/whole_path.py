"""Part c: archives of made reports in, reports a second and peak memory until their marts are published out."""

from __future__ import annotations

from typing import Any

from bench.built import built, exponent
from bench.options import Options
from bench.results import lines

TITLE = "An archive to its published marts"
METHOD = """
Made portal pages (`bench/archived.py`; some 3,800 characters and fifty quantities a report, ten years a body, some reports
on two portals or in an older version), in WARC files; then what `fazhi build` does: extract, load, gate, build, gate,
publish, export, index for search, with its own Prefect server, in one process with workers. Peak memory is the largest
sum of proportional set sizes of all its processes. The exponent p (cost ~ reports^p) is taken between the two largest
sizes.
"""


def measure(options: Options) -> dict[str, Any]:
    """Each size."""
    warehouses = [built(reports, options.folder) for reports in sorted(options.reports)]
    rows = {
        str(item.reports): {**item.about, **item.whole, "per_s": round(item.reports / item.whole["seconds"], 1)}
        for item in warehouses
    }
    return {
        "sizes": rows,
        "exponent": exponent([(item.reports, item.whole["seconds"]) for item in warehouses]),
        "cpu_exponent": exponent([(item.reports, item.whole["cpu_s"]) for item in warehouses]),
    }


def table(figures: dict[str, Any]) -> str:
    """A row a size, with the steps."""
    steps = ("extract", "load", "staging-gate", "build", "marts-gate", "publish")
    rows: list[list[object]] = [
        [
            f"{int(size):,}",
            f"{row['seconds']:,.0f}",
            f"{row['per_s']:,.1f}",
            f"{row['cpu_s']:,.0f}",
            f"{row['peak_gb']:.2f}",
            *(f"{row['steps'].get(step, 0):,.0f}" for step in steps),
            f"{row['archive_gb']:.2f} / {row['staging_gb']:.2f} / {row['warehouse_gb']:.2f}",
        ]
        for size, row in figures["sizes"].items()
    ]
    head = ["reports", "s", "reports/s", "cpu s", "peak GB", *(f"{step} s" for step in steps)]
    told = lines([*head, "archive / staging / warehouse GB"], rows)
    if figures["exponent"] is not None:
        told += f"\n\nExponent of growth: {figures['exponent']:g} of wall time, {figures['cpu_exponent']:g} of processor time."
    return told
