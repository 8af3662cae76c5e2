"""Part c: archives of made reports in, reports a second and peak memory until their marts are published out."""

from __future__ import annotations

import time
from typing import Any

from bench.built import Built, built, exponent
from bench.options import Options
from bench.results import lines
from extraction.parse import parse_bytes
from flows.extracting import parse_capture
from flows.settings import Settings
from scrapers.archive import Archive

TITLE = "An archive to its published marts"
METHOD = """
Made portal pages (`bench/archived.py`; some 3,800 characters and fifty quantities a report, ten years a body, some reports
on two portals or in an older version), in WARC files; then what `fazhi build` does: extract, load, gate, build, gate,
publish, export, index for search, with its own Prefect server, in one process with workers. Peak memory is the largest
sum of proportional set sizes of all its processes. The exponent p (cost ~ reports^p) is taken between the two largest
sizes. One core: bytes of an archived page to its mapped quantities, in one process, processor time, median of the rounds.
"""
PAGES = 100


def measure(options: Options) -> dict[str, Any]:
    """Each size, then one core on the smallest archive."""
    warehouses = [built(reports, options.folder) for reports in sorted(options.reports)]
    rows = {
        str(item.reports): {**item.about, **item.whole, "per_s": round(item.reports / item.whole["seconds"], 1)}
        for item in warehouses
    }
    return {
        "one_core": _one_core(warehouses[0], options.rounds),
        "sizes": rows,
        "exponent": exponent([(item.reports, item.whole["seconds"]) for item in warehouses]),
        "cpu_exponent": exponent([(item.reports, item.whole["cpu_s"]) for item in warehouses]),
    }


def _one_core(warehouse: Built, rounds: int) -> dict[str, float]:
    """Reports a second from the archive's bytes; parsing alone, and with reading the record."""
    with Archive(Settings(warehouse.home).archive, read_only=True) as archive:
        captures = [capture for number, capture in enumerate(archive.captures()) if number % 7 == 0][:PAGES]
        payloads = [(capture, archive.read(capture)) for capture in captures]
        characters, quantities = 0, 0
        parsing, whole = [], []
        for _ in range(rounds):
            start = time.process_time()
            for capture, payload in payloads:
                document = parse_bytes(
                    payload.body, url=capture.url, name="page.html", media_type="text/html", charset=payload.charset
                )
                characters, quantities = characters + len(document.body), quantities + len(document.quantities)
            parsing.append(time.process_time() - start)
            start = time.process_time()
            for capture in captures:
                parse_capture(archive, capture)
            whole.append(time.process_time() - start)
    done = rounds * len(captures)
    return {
        "parse_per_s": round(len(captures) / _median(parsing), 1),
        "archive_per_s": round(len(captures) / _median(whole), 1),
        "characters": round(characters / done),
        "quantities": round(quantities / done, 1),
    }


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def table(figures: dict[str, Any]) -> str:
    """A row a size, with the steps; then one core."""
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
    core = figures["one_core"]
    told = lines([*head, "archive / staging / warehouse GB"], rows)
    if figures["exponent"] is not None:
        told += f"\n\nExponent of growth: {figures['exponent']:g} of wall time, {figures['cpu_exponent']:g} of processor time."
    return told + (
        f"\n\nOne core: {core['parse_per_s']:,.0f} reports/s from bytes to mapped quantities, "
        f"{core['archive_per_s']:,.0f} with reading them from the archive "
        f"({core['characters']:,} characters and {core['quantities']:g} quantities a report)."
    )
