"""Part b: paragraphs with marked quantities in, recall, precision, exact spans, values and speed out, fazhi and peers."""

from __future__ import annotations

from typing import Any

from bench.options import Options
from bench.quantities import GOLD, ROUNDS, compare
from bench.results import lines

TITLE = "A text to its quantities"
METHOD = """
The gold paragraphs of the tests, each quantity marked by hand. Recall: share of the marked ones that a span overlaps;
precision: share of the spans that overlap one; exact: right in both ends; value: right number. `fazhi` gives the quantity
with its meaning and indicator, `fazhi tokens` numerals and units alone, `plain regex` is what one writes in a minute.
Speed: processor time of one core, median of the rounds, over the gold paragraphs (dense in numbers) or, with `--texts`,
over whole reports. Recall, precision and speed of the peers come from the same run.
"""
COLUMNS = ("recall", "precision", "exact span", "value")


def measure(options: Options) -> dict[str, Any]:
    """Gold of the repository."""
    return compare(options.peers, [GOLD, *sorted(ROUNDS.glob("round_*.txt"))], options.texts, options.rounds)


def table(figures: dict[str, Any]) -> str:
    """A row a finder; speeds also as multiples of ours."""
    measured = [row for row in figures["rows"] if "skipped" not in row]
    ours = next(row["MB/s"] for row in measured if row["name"] == "fazhi")
    rows: list[list[object]] = [
        [
            row["name"],
            *(f"{row[column]:.3f}" for column in COLUMNS),
            f"{row['MB/s'] * 1000:,.0f}",
            f"{row['MB/s'] / ours:.2f}",
        ]
        for row in measured
    ]
    size = f"{figures['paragraphs']:,} paragraphs, {figures['quantities']:,} quantities"
    speed = f"kB/s ({figures['texts']:,} texts, {figures['kb']:,} kB)"
    told = lines([size, *COLUMNS, speed, "× fazhi"], rows)
    left_out = [row["name"] for row in figures["rows"] if "skipped" in row]
    return told + (f"\n\nNot installed, left out: {', '.join(left_out)}." if left_out else "")
