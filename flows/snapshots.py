"""`fazhi snapshots` and `fazhi rollback`: the published states that are kept, and an earlier one published again."""

from __future__ import annotations

from typing import Any

from flows.errors import Exit
from flows.events import console, wide_console
from flows.lock import writing
from flows.publishing import bring_along, remember
from flows.settings import Settings
from flows.tables import print_json, print_rows
from warehouse.connect import attach_read_only
from warehouse.snapshots import Snapshot, find, restore, snapshots

COUNTED = ("fct_report", "fct_quantity", "fct_indicator_yearly")


def list_snapshots(settings: Settings, *, as_json: bool) -> int:
    """`fazhi snapshots`."""
    rows = [_row(item) for item in snapshots(settings.snapshots, settings.warehouse)]
    if as_json:
        print_json(rows)
        return Exit.OK
    names = ("snapshot", "published at (UTC)", "reports", "quantities", "yearly values", "MB", "state")
    cells = [
        (
            *(row["snapshot_id"], row["published_at"][:16]),
            *(f"{row[name]:,}" for name in COUNTED),
            *(f"{row['bytes'] / 1e6:,.1f}", "published" if row["is_current"] else ""),
        )
        for row in rows
    ]
    title = f"{len(rows)} snapshots (at most {settings.keep_snapshots} are kept: FAZHI_SNAPSHOTS)"
    print_rows(wide_console(), names, cells, title=title, right=names[2:6])
    return Exit.OK


def rollback(settings: Settings, name: str, *, as_json: bool = False) -> int:
    """`fazhi rollback [ID]`: database, Parquet export and search index go back together."""
    with writing(settings.lock, "rollback"):
        known = snapshots(settings.snapshots, settings.warehouse)
        wanted, current = find(known, name), find(known, "current")
        # first of all: killed after this, the next run sees that the published state is not what it would build
        remember(settings, wanted)
        if wanted.is_current:
            console.print(f"{wanted.snapshot_id} is the published snapshot already")
        else:
            restore(wanted, settings.warehouse, settings.snapshots)
            console.print(f"published again: {wanted.snapshot_id} (was: {current.snapshot_id}) in {settings.warehouse}")
        bring_along(settings)
    if as_json:
        ids = {"snapshot_id": wanted.snapshot_id, "was": current.snapshot_id, "newest": known[0].snapshot_id}
        print_json({**ids, "changed": not wanted.is_current, "warehouse": settings.warehouse})
    console.print(
        "The next `fazhi build` or `fazhi run` publishes the newest state again. To come back without building: "
        f"`fazhi rollback {known[0].snapshot_id}`"
    )
    return Exit.OK


def _row(item: Snapshot) -> dict[str, Any]:
    row: dict[str, Any] = {"snapshot_id": item.snapshot_id, "published_at": f"{item.published_at:%Y-%m-%d %H:%M:%SZ}"}
    with attach_read_only(item.path) as con:
        for name in COUNTED:
            row[name] = con.execute(f"select count(*) from {name}").fetchall()[0][0]
    return row | {"bytes": item.path.stat().st_size, "is_current": item.is_current, "file": str(item.path)}
