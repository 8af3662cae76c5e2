"""What follows the published database: the note of what it was made from, the Parquet export, the search index."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from expectations import history
from flows.errors import FazhiError
from flows.events import console
from flows.settings import Settings, now
from warehouse.errors import WarehouseError
from warehouse.parquet_export import ExportedTable, draft_export, export_parquet
from warehouse.search_index import BATCH, update_index
from warehouse.snapshots import Snapshot, find, snapshots


def remember(settings: Settings, snapshot: Snapshot) -> None:
    """Note what the published warehouse was made from; a run with the same input then has nothing to build."""
    part = settings.published_state.with_suffix(".part")
    state = {"fingerprint": snapshot.fingerprint, "snapshot": snapshot.snapshot_id, "at": now().isoformat()}
    part.write_text(json.dumps(state) + "\n", encoding="utf-8")
    part.replace(settings.published_state)


def draft_export_of(settings: Settings, side: Path) -> dict[str, ExportedTable]:
    """Begin with an increment's export while the gate looks at the same side file; the gates' own history comes last."""
    return draft_export(side, settings.export, base=settings.warehouse, apart={history.TABLE})


def bring_along(settings: Settings, drafted: Mapping[str, ExportedTable] | None = None) -> None:
    """Make everything that is derived from the published database agree with it; doing it twice changes nothing.

    drafted: what is written of the export already.
    """
    current = find(snapshots(settings.snapshots, settings.warehouse), "current")
    export_parquet(settings.warehouse, settings.export, snapshot_id=current.snapshot_id, drafted=drafted)
    update_index(settings.warehouse, settings.search, snapshot_id=current.snapshot_id, on_progress=_say)
    if settings.lake:
        from warehouse.ducklake import publish_to_lake

        try:
            publish_to_lake(settings.warehouse, settings.lake, message=current.snapshot_id)
        except WarehouseError as error:
            raise FazhiError(f"{settings.warehouse} is published; {error}. The next run tries again") from None


def _say(done: int, total: int) -> None:
    """The first index of many reports takes minutes: say how far it is."""
    if total > BATCH:
        console.print(f"search index: {done:,} of {total:,} reports", style="dim")
