"""The marts of a file in, a folder of Parquet files with their manifest out, swapped in one step.

Each row group holds the rows of one stretch of the table. Where an increment left a stretch as it was, its row group is
copied from the export of the warehouse that the increment began with.
"""

from __future__ import annotations

import filecmp
import hashlib
import json
import secrets
import shutil
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow.parquet as pq

from warehouse.connect import ROW_GROUP, quoted
from warehouse.publish import MARTS, digest_of, to_disk
from warehouse.row_groups import RowGroup, RowGroupError, row_groups, write_row_groups

# of DuckDB while it exports
MEMORY = "2000MB"
WRITERS = 2
# zstd's usual level, 3, takes up to twice the time for files of the same size; a Bloom filter is no part of its row group
FORMAT = f"format parquet, compression zstd, compression_level 1, row_group_size {ROW_GROUP}, write_bloom_filter false"
MANIFEST = "manifest.json"
# of a file's metadata: what wrote it, and of each row group its stretch, how many rows of that are live and where they are
# stored in the database file
CONTENTS = "row_groups"
MADE_WITH = f"{duckdb.__version__}, {FORMAT}"


@dataclass(frozen=True, slots=True)
class ExportedTable:
    """One table of the Parquet export: file name, rows, columns as (name, DuckDB type), sha256 of the file."""

    file: str
    rows: int
    columns: tuple[tuple[str, str], ...]
    sha256: str


class _Former(NamedTuple):
    """An export that lies there: its folder, and what its manifest tells of each table."""

    folder: Path
    tables: Mapping[str, Any]


class _Stretch(NamedTuple):
    """So many rows of a table from a place on: number, those that are live, and a digest of where they are stored."""

    number: int
    rows: int
    stored: str

    def word(self) -> str:
        """As it is noted in a file's metadata."""
        return f"{self.number}-{self.rows}-{self.stored}"


def draft_export(
    side: Path, folder: Path, *, base: Path | None = None, apart: Collection[str] = ()
) -> dict[str, ExportedTable]:
    """Write the marts as Parquet for `export_parquet` to begin with; nothing is seen of it under `folder`.

    base: the published warehouse that the side file began as a copy of; apart: tables that change until it is published,
    which are left out.
    """
    draft = _draft(folder)
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    return _written(side, draft, _former(folder, base) if base else None, apart)


def export_parquet(
    database: Path, folder: Path, *, snapshot_id: str = "", drafted: Mapping[str, ExportedTable] | None = None
) -> dict[str, ExportedTable]:
    """Write every mart as `<table>.parquet` with `manifest.json` (schema, snapshot, row counts, sha256).

    `folder` becomes a symbolic link to a sibling named after the content, so that a reader sees all of the old export
    or all of the new one. Rows are in the order of the database, so that the same one gives the same files each time; to
    sort them took twice as long as to write them. drafted: what `draft_export` has written of the same marts.
    """
    draft = _draft(folder)
    written = {**drafted, **_written(database, draft, None, drafted)} if drafted else draft_export(database, folder)
    tables = dict(sorted(written.items()))
    manifest = {
        "schema": MARTS,
        "snapshot": snapshot_id,
        "database": _state_of(database),
        "tables": {name: asdict(table) for name, table in tables.items()},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (draft / MANIFEST).write_text(text, encoding="utf-8")
    to_disk(draft / MANIFEST)
    _swap(draft, folder, hashlib.sha256(text.encode()).hexdigest()[:12])
    return tables


def _former(folder: Path, base: Path) -> _Former | None:
    """The export that lies there, where it was made of this very file."""
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        is_of_base = told["database"] == _state_of(base)
        return _Former(folder.resolve(), told["tables"]) if is_of_base else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _state_of(database: Path) -> str:
    """Tells a file from all others, those of the same snapshot too: one that was built anew lies otherwise."""
    stat = database.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _draft(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.new")


def _written(database: Path, draft: Path, former: _Former | None, apart: Collection[str]) -> dict[str, ExportedTable]:
    # an instance of its own: what is set here is not for others that have opened the file
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(database)} as exported (read_only)")
        con.execute(f"set memory_limit = '{MEMORY}'")
        con.execute("set allocator_background_threads = true")  # freed memory goes back at once
        # several threads would cut the row groups of one table differently each time: each of the two writes its own
        con.execute("set threads = 1")
        names = [name for name in _tables(con) if name not in apart]
        made: dict[str, ExportedTable] = {}
        safe: list[Future[None]] = []
        with ThreadPoolExecutor(1) as disk, ThreadPoolExecutor(WRITERS) as writers:
            tables = writers.map(lambda name: _export(con, name, draft, former), names)
            for table, exported in zip(names, tables, strict=True):
                made[table] = exported
                # while the next ones are made: all at the end would be a wait
                safe.append(disk.submit(to_disk, draft / exported.file))
    for written in safe:
        written.result()
    return made


def _tables(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The largest first, so that no writer of the export is left alone with it at the end."""
    rows = con.execute(
        "select table_name from duckdb_tables() where schema_name = ? and not temporary "
        "order by estimated_size desc, table_name",
        [MARTS],
    ).fetchall()
    return [name for (name,) in rows]


def _export(database: duckdb.DuckDBPyConnection, table: str, draft: Path, former: _Former | None) -> ExportedTable:
    con = database.cursor()
    columns = tuple(
        con.execute(
            "select column_name, data_type from duckdb_columns() where schema_name = ? and table_name = ? "
            "order by column_index",
            [MARTS, table],
        ).fetchall()
    )
    parts = draft / f".{table}"
    parts.mkdir()
    stretches = _stretches(con, table)
    known = _known(former, table, columns) if former else {}
    kept = sum(stretch.word() in known for stretch in stretches)
    if kept * 2 < len(stretches) and _are_without_gaps(stretches):
        groups = _copied(con, table, "true", parts / "all.parquet")
    else:
        groups = [known.get(stretch.word()) or _group_of(con, table, stretch, parts) for stretch in stretches]
    about = quoted("\n".join([MADE_WITH, *(stretch.word() for stretch in stretches)]))
    like = parts / "no_rows.parquet"
    con.execute(
        f"copy (from {_named(table)} limit 0) to {quoted(like)} ({FORMAT}, kv_metadata {{{CONTENTS}: {about}}})"
    )
    file = draft / f"{table}.parquet"
    write_row_groups(file, like, groups)
    shutil.rmtree(parts)
    return ExportedTable(file.name, sum(group.rows for group in groups), columns, digest_of(file))


def _stretches(con: duckdb.DuckDBPyConnection, table: str) -> list[_Stretch]:
    """Those of the table that have rows, in their order.

    DuckDB never writes over a block that is in use: while the file is gone on with, what is stored in the same places is
    the same, but for rows that were deleted since.
    """
    live = con.execute(
        f"select rowid // {ROW_GROUP} as stretch, count(*) from {_named(table)} group by stretch order by stretch"
    ).fetchall()
    stored = con.execute(
        "select sum(count) filter (column_id = 0 and segment_type <> 'VALIDITY')::bigint as size,"
        " sum(hash(column_path, segment_id, count, stats, has_updates, block_id, block_offset, additional_block_ids))"
        f" from pragma_storage_info({quoted(_named(table))}) group by row_group_id order by row_group_id"
    ).fetchall()
    places: dict[int, list[str]] = {}
    start = 0
    for size, place in stored:
        for number in range(start // ROW_GROUP, (start + size - 1) // ROW_GROUP + 1):
            places.setdefault(number, []).append(f"{start % ROW_GROUP}:{place}")
        start += size
    return [
        _Stretch(number, rows, hashlib.sha256(" ".join(places[number]).encode()).hexdigest()[:16])
        for number, rows in live
    ]


def _known(former: _Former, table: str, columns: tuple[tuple[str, str], ...]) -> dict[str, RowGroup]:
    """Row groups of the former export by the words of their stretches; none where it is damaged or was written otherwise."""
    file = former.folder / f"{table}.parquet"
    try:
        told = former.tables[table]
        made_with, *words = pq.read_metadata(file).metadata[CONTENTS.encode()].decode().split("\n")
        as_now = made_with == MADE_WITH and [list(column) for column in columns] == told["columns"]
        if not as_now or told["sha256"] != digest_of(file):
            return {}
        return dict(zip(words, row_groups(file), strict=True))
    except (OSError, ValueError, KeyError, TypeError, RowGroupError):
        return {}


def _are_without_gaps(stretches: list[_Stretch]) -> bool:
    """Whether DuckDB, which counts rows that are there, makes the same row groups of the whole table."""
    full = all(stretch.rows == ROW_GROUP for stretch in stretches[:-1])
    return full and all(stretch.number == number for number, stretch in enumerate(stretches))


def _group_of(con: duckdb.DuckDBPyConnection, table: str, stretch: _Stretch, parts: Path) -> RowGroup:
    start = stretch.number * ROW_GROUP
    rows = f"rowid between {start} and {start + ROW_GROUP - 1}"
    (group,) = _copied(con, table, rows, parts / f"{stretch.number}.parquet")
    return group


def _copied(con: duckdb.DuckDBPyConnection, table: str, rows: str, file: Path) -> list[RowGroup]:
    con.execute(f"copy (from {_named(table)} where {rows}) to {quoted(file)} ({FORMAT})")
    return row_groups(file)


def _named(table: str) -> str:
    return f'exported.{MARTS}."{table}"'


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
