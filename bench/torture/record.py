"""What came of each kind of fault in, rows of `bench/faults.json` and the table in the docs out."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import options, results
from bench.machine import ROOT, revision

OUT = ROOT / "bench" / "faults.json"
MARKS = ("<!-- faults: written by `make torture` -->", "<!-- end of faults -->")
HEAD = ["fault", "struck", "checks", "broken", "seconds", "day", "revision"]

Row = dict[str, Any]


def row(struck: str, checks: int, broken: int, seconds: float) -> Row:
    """One kind of fault: what was struck, how many checks were made, how many did not hold."""
    return {
        **{"struck": struck, "checks": checks, "broken": broken, "seconds": round(seconds)},
        **{"day": f"{datetime.now(UTC):%Y-%m-%d}", "revision": revision()},
    }


def added(before: Row | None, more: Row) -> Row:
    """A kind that was struck in two sittings, of which the second took what the first had left: both in one row."""
    if before is None:
        return more
    figures = {name: before[name] + more[name] for name in ("checks", "broken", "seconds")}
    (first, what), (second, _) = (row["struck"].split(" ", 1) for row in (before, more))
    revisions = f"{before['revision']}, {more['revision']}"
    return {**more, **figures, "struck": f"{int(first) + int(second)} {what}", "revision": revisions}


def table(rows: dict[str, Row]) -> str:
    """A Markdown table, a row a kind."""
    return results.lines(HEAD, [[name, *(found[column] for column in HEAD[1:])] for name, found in rows.items()])


def keep(
    rows: dict[str, Row], out: Path = OUT, docs: Path = options.Options.docs, *, add: bool = False
) -> dict[str, Row]:
    """Put these kinds in the place of their last rows, or add them to those; kinds that were not struck now stay.

    Raises NoMarks.
    """
    kept: dict[str, Row] = {}
    for name, found in rows.items():
        if add:
            found = added(results.read(out).get(name), found)
        kept = results.merge(out, name, found)
    results.write_between(docs, MARKS, table(kept))
    return kept
