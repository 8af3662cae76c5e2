"""`fazhi diff`: two snapshots in, a table (or JSON) of what changed between them out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flows.errors import Exit
from flows.events import busy, wide_console
from flows.settings import Settings
from flows.tables import print_json, print_rows
from warehouse.compare import Change, Comparison, TableDiff
from warehouse.snapshots import Snapshot, find, snapshots

CELL = 60


def print_diff(settings: Settings, old: str, new: str, table: str | None, limit: int, *, as_json: bool) -> int:
    """Print the summary of all tables, or one table with its first changes; returns the exit status."""
    known = snapshots(settings.snapshots, settings.warehouse)
    # the new side first: nothing published is the first thing to be told
    after = find(known, new)
    before = find(known, old)
    changes: list[Change] = []
    with busy("diff"), Comparison(before.path, after.path) as comparison:
        if table:
            diffs = [comparison.table(table.removeprefix("marts."))]
            changes = list(comparison.changes(diffs[0], limit))
        else:
            diffs = comparison.tables()
    if as_json:
        print_json(_as_json(before, after, diffs, changes, table))
    else:
        _print_tables(before, after, diffs)
        if table:
            _print_changes(diffs[0], changes)
    return Exit.OK


def _as_json(
    before: Snapshot, after: Snapshot, diffs: list[TableDiff], changes: list[Change], table: str | None
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "old": before.snapshot_id,
        "new": after.snapshot_id,
        "tables": {item.table: {k: v for k, v in asdict(item).items() if k != "table"} for item in diffs},
    }
    if table:
        found["changes"] = [
            {"key": item.key, "change": item.change}
            | {"values": {name: {"old": old, "new": new} for name, (old, new) in item.values.items()}}
            for item in changes
        ]
    return found


def _print_tables(before: Snapshot, after: Snapshot, diffs: list[TableDiff]) -> None:
    cells, styles = [], []
    for item in diffs:
        columns = [f"{name} ({count:,})" for name, count in item.changed_columns.items()]
        columns += [f"+{name}" for name in item.columns_added] + [f"-{name}" for name in item.columns_removed]
        rows = ("no table" if count is None else f"{count:,}" for count in (item.old_rows, item.new_rows))
        counts = (f"{count:,}" if count else "" for count in (item.added, item.removed, item.changed))
        cells.append((item.table, *rows, *counts, ", ".join(columns)))
        styles.append("dim" if item.same else "")
    numbers = ("rows before", "rows after", "added", "removed", "changed")
    names = ("table", *numbers, "columns that changed (rows)")
    title = f"{before.snapshot_id} → {after.snapshot_id}"
    print_rows(wide_console(), names, cells, title=title, right=numbers, styles=styles)


def _print_changes(diff: TableDiff, changes: list[Change]) -> None:
    cells = []
    for item in changes:
        values = list(item.values.items()) or [("", ("", ""))]
        for number, (name, (old, new)) in enumerate(values):
            head = (item.change, item.key) if number == 0 else ("", "")
            cells.append((*head, name, _cell(old), _cell(new)))
    console = wide_console()
    print_rows(console, ("change", diff.key, "column", "before", "after"), cells)
    total = diff.added + diff.removed + diff.changed
    if total > len(changes):
        console.print(f"the first {len(changes):,} of {total:,} rows: --limit shows more", style="dim")


def _cell(value: object) -> str:
    text = "∅" if value is None else str(value)
    return text if len(text) <= CELL else text[: CELL - 1] + "…"
