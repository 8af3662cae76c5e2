"""Arrow tables of harvest and extraction in, rows of the staging database out; loading twice changes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.connect import NO_VACUUM, attach_to_write, quoted, roll_back
from warehouse.errors import StagingError

SCHEMA = Path(__file__).parent / "staging.sql"
SCHEMA_VERSION = 4
# of transactions, before they are written into the file: each time the keys' indexes are written as a whole, while a log of
# this size is read in seconds after a kill
LOG = "256MB"
# of DuckDB while it loads, beside processes that parse: pages of the file are not kept longer than they are needed
MEMORY = "1GB"

# rows are replaced by this key; `source` as a whole
KEYS: dict[str, tuple[str, ...]] = {
    "source": ("source_id",),
    "harvest_run": ("run_id", "source_id"),
    "capture": ("capture_id",),
    "document": ("capture_id",),
    "section": ("capture_id", "section_no"),
    "quantity": ("capture_id", "char_start", "char_end"),
}
# given as a whole each time, though little of it is new
CONTEXT = ("source", "harvest_run")
PARSED = ("document", "section", "quantity")
COUNTED = {"body_chars", "quantities", "contents_digest"}
# what a load itself says of a document; bit_xor: in whatever order the rows come
CONTENTS = """
select
    document.*,
    length(document.body) as body_chars,
    coalesce(quantities.rows, 0) as quantities,
    hash(sections.digest, quantities.digest) as contents_digest
from given_document as document
left join (
    select capture_id, bit_xor(hash(given)) as digest from given_section as given group by capture_id
) as sections on document.capture_id = sections.capture_id
left join (
    select capture_id, count(*) as rows, bit_xor(hash(given)) as digest from given_quantity as given group by capture_id
) as quantities on document.capture_id = quantities.capture_id
"""
# how the error of a document begins whose record in the archive is damaged
UNREADABLE_RECORD = "archive: "


def open_staging(path: Path) -> duckdb.DuckDBPyConnection:
    """Open the staging database for writing; a new file gets the schema.

    Raises StagingError where the file was written with another schema version or cannot be opened.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # a checkpoint took 2.4 s of 100,000 reports else; where documents are replaced, what they leave behind is given back
    con = duckdb.connect(config=NO_VACUUM)
    try:
        con.execute("set timezone = 'UTC'")
        con.execute(f"set wal_autocheckpoint = '{LOG}'")
        con.execute(f"set memory_limit = '{MEMORY}'; set temp_directory = {quoted(path.with_suffix('.spill'))}")
        # attached under another name: a file called staging.duckdb would make `staging.document` ambiguous
        attach_to_write(con, path, "store")
    except duckdb.Error as error:
        con.close()
        raise StagingError(f"{path} cannot be opened for writing: {error}") from error
    try:
        _prepare(con, path)
    except BaseException:
        con.close()
        raise
    return con


def _prepare(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    found = {
        name
        for (name,) in con.execute("select table_name from duckdb_tables() where schema_name = 'staging'").fetchall()
    }
    if "meta" in found:
        row = con.execute("select max(schema_version) from staging.meta").fetchone()
        version = row[0] if row else None
        if version != SCHEMA_VERSION:
            raise StagingError(
                f"{path} has staging schema version {version}, this program writes version {SCHEMA_VERSION}: "
                "move the file away and rebuild it from the archive (fazhi build --from-archive)"
            )
    elif found:
        raise StagingError(
            f"{path} has staging tables of an unknown version: move it away and rebuild it (fazhi build --from-archive)"
        )
    con.begin()
    con.execute(SCHEMA.read_text(encoding="utf-8"))
    if "meta" not in found:
        con.execute("insert into staging.meta values (?)", [SCHEMA_VERSION])
    con.commit()


def load(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> None:
    """Write the tables in one transaction: all of them or, after any error, none.

    tables: staging table name → rows with that table's columns (missing nullable columns are null).
    `source` is replaced as a whole, `harvest_run` and `capture` by key; of runs and sources only what changed is written.
    Sections and quantities come with their document and are replaced with it. Raises StagingError for unknown tables or columns, repeated keys, sections and quantities
    without their document, and rows that break a constraint.
    """
    for name, rows in tables.items():
        _check_shape(con, name, rows)
    _check_together(tables)
    none = pa.table({"capture_id": pa.array([], pa.string())})
    given = {**dict.fromkeys(PARSED, none), **tables} if "document" in tables else tables
    con.begin()
    try:
        for name, rows in given.items():
            con.register(f"given_{name}", rows)
        _delete_replaced(con, tables)
        for name in given:
            if name in CONTEXT:
                _bring_in_line(con, name)
                continue
            rows_of = f"({CONTENTS})" if name == "document" else f"given_{name}"
            con.execute(f"insert into staging.{name} by name select * from {rows_of}")
        con.commit()
    except duckdb.Error as error:
        roll_back(con)
        hint = ""
        if isinstance(error, duckdb.IOException | duckdb.TransactionException):
            hint = ". Is the disk full? Where the file is damaged, `fazhi build --from-archive` makes it anew"
        raise StagingError(f"loading failed, nothing was written: {error}{hint}") from error
    except BaseException:
        roll_back(con)
        raise
    finally:
        for name in given:
            con.unregister(f"given_{name}")


def mark_returned(con: duckdb.DuckDBPyConnection, capture_ids: Collection[str]) -> None:
    """Note which captures their urls hold again after other content: these, and no others."""
    given = pa.table({"capture_id": pa.array(sorted(capture_ids), pa.string())})
    con.register("given_returned", given)
    try:
        con.execute(
            "update staging.capture set has_returned = not coalesce(has_returned, false) where"
            " coalesce(has_returned, false) <> (capture_id in (select capture_id from given_returned))"
        )
    finally:
        con.unregister("given_returned")


def _delete_replaced(con: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> None:
    """Delete the rows that the given ones stand in for."""
    if "capture" in tables:
        con.execute("delete from staging.capture where capture_id in (select capture_id from given_capture)")
    # a document brings its sections and quantities: those of its earlier parse go, even where it has none now. Where none was
    # parsed before, that is quicker seen among documents than among all quantities
    if "document" in tables and _holds_any(con):
        con.execute("reset max_vacuum_tasks")
        for name in PARSED:
            con.execute(f"delete from staging.{name} where capture_id in (select capture_id from given_document)")


def _bring_in_line(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Write the given rows that are new or changed; of `source`, those that are not given go."""
    con.execute(f"create or replace temp table wanted as select * from staging.{name} limit 0")
    con.execute(f"insert into wanted by name select * from given_{name}")
    key = ", ".join(KEYS[name])
    same = f"select {key} from (select * from staging.{name} intersect select * from wanted)"
    con.execute(f"create or replace temp table changed as select * from wanted anti join ({same}) using ({key})")
    gone = f"({key}) not in ({same})"
    if name != "source":
        gone += f" and ({key}) in (select {key} from wanted)"
    con.execute(f"delete from staging.{name} where {gone}")
    con.execute(f"insert into staging.{name} select * from changed")


def _holds_any(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether one of the given documents, whatever it says now, is held already."""
    query = "select 1 from staging.document where capture_id in (select capture_id from given_document) limit 1"
    return bool(con.execute(query).fetchall())


def _check_shape(con: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    if name not in KEYS:
        raise StagingError(f"no staging table is called {name!r}; there are {', '.join(KEYS)}")
    known = {
        column
        for (column,) in con.execute(
            "select column_name from duckdb_columns() where schema_name = 'staging' and table_name = ?", [name]
        ).fetchall()
    }
    unknown = sorted(set(rows.column_names) - (known - COUNTED))
    if unknown:
        raise StagingError(f"staging.{name} has no column {', '.join(unknown)}")
    missing = [key for key in KEYS[name] if key not in rows.column_names]
    if missing:
        raise StagingError(f"rows for staging.{name} lack the key column {', '.join(missing)}")
    distinct = rows.group_by(list(KEYS[name])).aggregate([]).num_rows
    if distinct != rows.num_rows:
        raise StagingError(f"rows for staging.{name} repeat a key ({', '.join(KEYS[name])})")


def _check_together(tables: Mapping[str, pa.Table]) -> None:
    documents = pc.unique(tables["document"]["capture_id"]) if "document" in tables else pa.array([], pa.string())
    for name in PARSED[1:]:
        if name in tables:
            alone = pc.filter(tables[name]["capture_id"], pc.invert(pc.is_in(tables[name]["capture_id"], documents)))
            if len(alone):
                raise StagingError(f"rows for staging.{name} come without their document ({alone[0]})")


def loaded_captures(con: duckdb.DuckDBPyConnection, extractor_version: str) -> set[str]:
    """Captures whose document was written by this version of the extractor, unreadable ones included.

    A document whose archive record was damaged is not: the record may have been mended since.
    """
    rows = con.execute(
        "select capture_id from staging.document"
        " where extractor_version = ? and not starts_with(coalesce(error, ''), ?)",
        [extractor_version, UNREADABLE_RECORD],
    ).fetchall()
    return {capture_id for (capture_id,) in rows}
