"""Part g: staging and side files of several sizes in, seconds and memory of both gates out."""

from __future__ import annotations

import sys
from typing import Any

from bench.built import built, environment
from bench.options import Options
from bench.results import lines
from bench.tree import measured
from warehouse.dbt import go_on_from

TITLE = "The gates"
METHOD = """
Each gate by itself, in a process of its own, on part c's staging file and warehouse; loading Great Expectations, which
takes most of the time of small ones, included.
"""
GATE = """
import sys
from pathlib import Path
from expectations.gates import run_gate
name, file, reports = sys.argv[1:]
result = run_gate(name, Path(file), Path(reports))
failed = [check.name for check in result.checks if check.severity == "error" and not check.passed]
sys.exit(f"the {name} gate failed: {', '.join(failed)}" if failed else 0)
"""
FILES = {"staging": "staging.duckdb", "marts": "gated.duckdb"}
MOST_S = 3600


def measure(options: Options) -> dict[str, Any]:
    """Both gates at each size."""
    found: dict[str, Any] = {}
    for reports in sorted(options.reports):
        home = built(reports, options.folder).home
        # the gate stands before publishing: what stamps a published file is not yet there
        go_on_from(home / "warehouse.duckdb", home / FILES["marts"])
        for name, file in FILES.items():
            command = [sys.executable, "-c", GATE, name, str(home / file), str(home / "bench-gates" / name)]
            found.setdefault(str(reports), {})[name] = measured(command, env=environment(home), most_s=MOST_S)
    return found


def table(figures: dict[str, Any]) -> str:
    """A row a size."""
    rows: list[list[object]] = [
        [f"{int(size):,}", *(f"{row[name][key]:{form}}" for name in FILES for key, form in FORMS)]
        for size, row in figures.items()
    ]
    return lines(["reports", *(f"{name} {head}" for name in FILES for head in ("s", "cpu s", "peak GB"))], rows)


FORMS = (("seconds", ".1f"), ("cpu_s", ".1f"), ("peak_gb", ".2f"))
