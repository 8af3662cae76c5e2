"""Finished side files in, published snapshots out: the last few stay under a readable id and can be published again.

A snapshot is a second name (hard link) of the published file, so that keeping one costs no bytes until the next takes
its place. Its id stands inside the file, table `published.snapshot`: file and id can never disagree, and an analyst can
cite it. A kill at any point leaves the old or the new warehouse published; what it left undone, the next call does.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.connect import attach_read_only, open_side, quoted
from warehouse.errors import NoWarehouse, WarehouseError
from warehouse.publish import MARTS, publish, to_disk

ID = re.compile(r"(\d{4}-\d{2}-\d{2})-(\d{2,})")
_STAMP = """
create schema if not exists published;
create or replace table published.snapshot (snapshot_id varchar, published_at timestamptz, fingerprint varchar);
comment on table published.snapshot is 'One row: which snapshot this file is. 本文件的快照标识，仅一行。';
comment on column published.snapshot.snapshot_id is 'Day of publishing and number on that day. 发布日期与当日序号。';
comment on column published.snapshot.published_at is 'When it was first published. 首次发布时间。';
comment on column published.snapshot.fingerprint is 'Digest of data and models it was made from. 数据与模型的摘要。';
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One published state. fingerprint: of what it was made from; path: the file that holds it."""

    snapshot_id: str
    published_at: datetime
    fingerprint: str
    path: Path
    is_current: bool = False


def publish_snapshot(side: Path, target: Path, folder: Path, *, fingerprint: str, at: datetime, keep: int) -> Snapshot:
    """Publish the side file and keep it, beside the `keep` - 1 newest before it, in `folder`.

    The same input published again takes the place of its own snapshot and pushes no other one out.
    Raises WarehouseError where the side file cannot be published; nothing is changed then.
    """
    known = snapshots(folder, target)
    same = next((item for item in known if fingerprint and item.fingerprint == fingerprint), None)
    snapshot_id = same.snapshot_id if same else _next_id(known, at)
    first_at = same.published_at if same else at
    try:
        with open_side(side) as con:
            con.execute(_STAMP)
            con.execute("insert into published.snapshot values (?, ?, ?)", [snapshot_id, first_at, fingerprint])
    except duckdb.Error as error:
        raise WarehouseError(f"{side} cannot be published: {error}") from error
    _keep_current(known, folder)
    publish(side, target)
    _name(target, folder / f"{snapshot_id}.duckdb")
    now_published = Snapshot(snapshot_id, first_at, fingerprint, target, is_current=True)
    _prune([now_published, *(item for item in known if item.snapshot_id != snapshot_id)], folder, target, keep)
    return now_published


def restore(snapshot: Snapshot, target: Path, folder: Path) -> None:
    """Publish an earlier snapshot in one step; readers of the present one go on undisturbed.

    Raises WarehouseError where the snapshot cannot be read; the published warehouse is untouched then.
    """
    attach_read_only(snapshot.path).close()
    _keep_current(snapshots(folder, target), folder)
    _name(snapshot.path, target)


def snapshots(folder: Path, target: Path) -> list[Snapshot]:
    """The snapshots that can be published or compared, newest first; the published one is marked."""
    with duckdb.connect() as con:
        found = {
            item.snapshot_id: item for item in (_read(con, path) for path in sorted(folder.glob("*.duckdb"))) if item
        }
        current = _read(con, target) if target.exists() else None
    if current:
        found[current.snapshot_id] = replace(current, is_current=True)
    return sorted(found.values(), key=lambda item: _order(item.snapshot_id), reverse=True)


def find(known: Iterable[Snapshot], name: str) -> Snapshot:
    """The snapshot of that id, or `current` or `previous` (the newest that was published before the current one).

    Raises WarehouseError naming what there is.
    """
    items = sorted(known, key=lambda item: _order(item.snapshot_id))
    current = next((item for item in items if item.is_current), None)
    if current is None:
        raise NoWarehouse("nothing is published yet: `fazhi run` makes a warehouse")
    if name == "current":
        return current
    if name == "previous":
        earlier = items[: items.index(current)]
        if earlier:
            return earlier[-1]
        raise WarehouseError(f"there is no snapshot from before {current.snapshot_id}, the published one")
    for item in items:
        if item.snapshot_id == name:
            return item
    there = ", ".join(item.snapshot_id for item in items)
    raise WarehouseError(f"there is no snapshot {name}; there are {there} (`fazhi snapshots` lists them)")


def _read(con: duckdb.DuckDBPyConnection, path: Path) -> Snapshot | None:
    """The snapshot that a file holds; None for a file that is not a published warehouse."""
    try:
        con.execute(f"attach {quoted(path)} as held (read_only)")
    except duckdb.Error:
        return None
    try:
        held = con.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'held' order by all"
        ).fetchall()
        stamped = ("published", "snapshot") in held
        rows = con.execute("select * from held.published.snapshot").fetchall() if stamped else []
    finally:
        con.execute("detach held")
    if rows:
        snapshot_id, published_at, fingerprint = rows[0]
        return Snapshot(snapshot_id, published_at.astimezone(UTC), fingerprint, path)
    if not any(schema == MARTS for schema, _ in held):
        return None
    # published before snapshots had ids
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return Snapshot(f"{at:%Y-%m-%d}-00", at, "", path)


def _next_id(known: Iterable[Snapshot], at: datetime) -> str:
    day = f"{at:%Y-%m-%d}"
    numbers = [number for date, number in (_order(item.snapshot_id) for item in known) if date == day]
    return f"{day}-{max(numbers, default=0) + 1:02d}"


def _order(snapshot_id: str) -> tuple[str, int]:
    match = ID.fullmatch(snapshot_id)
    return (match[1], int(match[2])) if match else (snapshot_id, 0)


def _keep_current(known: Iterable[Snapshot], folder: Path) -> None:
    """Give the published file its second name where a kill or an older version left it without."""
    for item in known:
        if item.is_current:
            _name(item.path, folder / f"{item.snapshot_id}.duckdb")


def _name(file: Path, name: Path) -> None:
    """Let `name` be a name of the file, in one step; where the file system has no hard links, a copy."""
    name.parent.mkdir(parents=True, exist_ok=True)
    if name.exists() and name.samefile(file):
        return
    draft = name.with_name(f".{name.name}.new")
    draft.unlink(missing_ok=True)
    try:
        os.link(file, draft)
    except OSError:
        shutil.copyfile(file, draft)
        to_disk(draft)
    draft.replace(name)
    to_disk(name.parent)


def _prune(known: Iterable[Snapshot], folder: Path, target: Path, keep: int) -> None:
    """Drop all but the newest `keep`; never the published one."""
    newest = sorted((item.snapshot_id for item in known), key=_order, reverse=True)
    for snapshot_id in newest[keep:]:
        file = folder / f"{snapshot_id}.duckdb"
        if file.exists() and not file.samefile(target):
            file.unlink()
    for draft in folder.glob(".*.new"):
        draft.unlink()
