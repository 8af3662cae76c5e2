"""A finished side file in, the published warehouse and its Parquet copy out; each swapped in one step."""

from __future__ import annotations

import filecmp
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from warehouse.connect import ROW_GROUP, open_side, quoted
from warehouse.errors import WarehouseError

MARTS = "marts"
# of DuckDB while it exports
MEMORY = "2000MB"
WRITERS = 2
# of zstd: 3, the usual one, takes up to twice the time for files of the same size
LEVEL = 1


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """One table of the Parquet export: file name, rows, columns as (name, DuckDB type), sha256 of the file."""

    file: str
    rows: int
    columns: tuple[tuple[str, str], ...]
    sha256: str


def publish(side: Path, target: Path) -> None:
    """Put the side file in the target's place; readers of the old one go on undisturbed.

    The file is on disk as a whole before the swap, so a crash leaves the old or the new warehouse, never a torn one.
    Raises WarehouseError where the side file has no marts; the target is then untouched.
    """
    try:
        with open_side(side) as con:
            if not _tables(con):
                raise WarehouseError(f"{side} holds no marts: build it first")
            con.execute("force checkpoint side")
    except duckdb.Error as error:
        raise WarehouseError(f"{side} cannot be published: {error}") from error
    target.parent.mkdir(parents=True, exist_ok=True)
    if side.stat().st_dev != target.parent.stat().st_dev:
        near = target.with_name(f".{target.name}.new")
        near.unlink(missing_ok=True)  # what a kill left may be another name of a snapshot: never write into it
        shutil.copyfile(side, near)
        side.unlink()
        side = near
    to_disk(side)
    side.replace(target)
    to_disk(target.parent)


def draft_export(database: Path, folder: Path, *, apart: Collection[str] = ()) -> dict[str, ExportedTable]:
    """Write the marts as Parquet for `export_parquet` to begin with; nothing is seen of it under `folder`.

    apart: tables of a side file that change until it is published, which are left out.
    """
    draft = _draft(folder)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    return _written(database, draft, apart)


def export_parquet(
    database: Path, folder: Path, *, drafted: Mapping[str, ExportedTable] | None = None
) -> dict[str, ExportedTable]:
    """Write every mart as `<table>.parquet` with `manifest.json` (schema, row counts, sha256).

    `folder` becomes a symbolic link to a sibling named after the content, so that a reader sees all of the old export
    or all of the new one. Rows are in the order of the database, so that the same one gives the same files each time; to
    sort them took twice as long as to write them. drafted: what `draft_export` has written of the same marts.
    """
    draft = _draft(folder)
    written = {**drafted, **_written(database, draft, drafted)} if drafted else draft_export(database, folder)
    tables = dict(sorted(written.items()))
    manifest = {name: asdict(table) for name, table in tables.items()}
    text = json.dumps({"schema": MARTS, "tables": manifest}, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (draft / "manifest.json").write_text(text, encoding="utf-8")
    to_disk(draft / "manifest.json")
    _swap(draft, folder, hashlib.sha256(text.encode()).hexdigest()[:12])
    return tables


def _draft(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.new")


def _written(database: Path, draft: Path, apart: Collection[str]) -> dict[str, ExportedTable]:
    with duckdb.connect(str(database), read_only=True) as con:
        con.execute(f"set memory_limit = '{MEMORY}'")
        con.execute("set allocator_background_threads = true")  # freed memory goes back at once
        # several threads would cut the row groups of one table differently each time: each of the two writes its own
        con.execute("set threads = 1")
        names = [name for name in _tables(con) if name not in apart]
        made: dict[str, ExportedTable] = {}
        safe: list[Future[None]] = []
        with ThreadPoolExecutor(1) as disk, ThreadPoolExecutor(WRITERS) as writers:
            for table, exported in zip(names, writers.map(lambda name: _export(con, name, draft), names), strict=True):
                made[table] = exported
                # while the next ones are made: all at the end would be a wait
                safe.append(disk.submit(to_disk, draft / exported.file))
    for written in safe:
        written.result()
    return made


def _export(database: duckdb.DuckDBPyConnection, table: str, draft: Path) -> ExportedTable:
    con = database.cursor()
    file = draft / f"{table}.parquet"
    columns = con.execute(
        "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ? order by column_index",
        [MARTS, table],
    ).fetchall()
    (rows,) = con.execute(
        f"copy {MARTS}.{table} to {quoted(file)}"
        f" (format parquet, compression zstd, compression_level {LEVEL}, row_group_size {ROW_GROUP})"
    ).fetchall()[0]
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return ExportedTable(file.name, rows, tuple((name, kind) for name, kind in columns), digest)


def _swap(draft: Path, folder: Path, digest: str) -> None:
    """Let `folder` point at the draft under its lasting name; drop what it pointed at before."""
    lasting = folder.with_name(f".{folder.name}-{digest}")
    if lasting.exists() and not _same_files(lasting, draft):
        lasting = lasting.with_name(f"{lasting.name}-{secrets.token_hex(2)}")  # what lies there has been damaged
    if lasting.exists():
        shutil.rmtree(draft)
    else:
        draft.replace(lasting)
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
    link = folder.with_name(f".{folder.name}.link")
    link.unlink(missing_ok=True)
    link.symlink_to(lasting.name)
    link.replace(folder)
    for other in folder.parent.glob(f".{folder.name}-*"):
        if other.name != lasting.name:
            shutil.rmtree(other)


def _same_files(one: Path, other: Path) -> bool:
    names = sorted(file.name for file in one.iterdir())
    if names != sorted(file.name for file in other.iterdir()):
        return False
    return filecmp.cmpfiles(one, other, names, shallow=False)[0] == names


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The largest first, so that no writer of the export is left alone with it at the end."""
    rows = con.execute(
        "select table_name from duckdb_tables() where schema_name = ? and not temporary "
        "order by estimated_size desc, table_name",
        [MARTS],
    ).fetchall()
    return [name for (name,) in rows]


def to_disk(path: Path) -> None:
    """Return when a file's content, or a folder's list of names, is safe from a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
