"""A published database and a folder in, the files that the explorer's pages read out, with what was written."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from warehouse.connect import attach_read_only, quoted
from warehouse.exporting import FORMULA_START

QUERIES = Path(__file__).parent
# kind → the ids that it is asked for in slices, as table and column, and how many files' worth make a slice
SLICED = {
    "report": ("fct_report", "report_id", 500),
    "publisher": ("dim_publisher", "publisher_id", 200),
    "indicator": ("dim_indicator", "indicator_id", 1),
    "ranking": ("dim_indicator", "indicator_id", 1),
}
WHOLE = ("overview", "indicators", "province", "names", "quality")
KINDS = (*SLICED, *WHOLE, "csv")
PER_FILE = 20  # reports, or bodies, in a file: some 100 kB to fetch for one of them
PAGE = 500  # rows of a ranking in a file
WORST = 100
BATCH = 200
_CSV = (
    "select yearly.report_year, publisher.name as publisher, publisher.region_code, publisher.region_name, "
    "publisher.level, publisher.kind, yearly.value, yearly.unit, yearly.approx, yearly.scope, yearly.quality_flag, "
    "yearly.confidence, yearly.raw, yearly.report_id, yearly.quantity_id, yearly.url "
    "from fct_indicator_yearly as yearly inner join dim_publisher as publisher "
    "on yearly.publisher_id = publisher.publisher_id"
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a kind of file came to. bytes: as they are on disk."""

    kind: str
    files: int
    bytes: int


def bucket_of(name: str, buckets: int) -> int:
    """Which of so many files holds an id: FNV-1a over its UTF-8 bytes, which the pages compute too."""
    value = 0x811C9DC5
    for byte in name.encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return value % buckets


def write_data(database: Path, folder: Path, scratch: Path, step: Callable[[str], None]) -> list[Written]:
    """Write everything below `folder`, which is new and empty. step: told the name of each kind before it is written.

    scratch: where DuckDB may put what does not fit into memory.
    """
    with attach_read_only(database) as con:
        con.execute(f"set temp_directory = {quoted(scratch)}")
        buckets: dict[str, int] = {}
        written = []
        for kind, (table, column, files) in SLICED.items():
            step(kind)
            buckets[kind] = _bucketed(con, f"select {column} from {table}")
            slices = [_sliced(con, kind, folder, start, files) for start in range(0, buckets[kind], files)]
            written.append(Written(kind, sum(item.files for item in slices), sum(item.bytes for item in slices)))
        for kind in WHOLE:
            step(kind)
            written.append(_documents(con, kind, folder))
        step("csv")
        written.append(_tables(con, folder / "csv"))
        _state(con, folder, buckets)
    return written


def _bucketed(con: duckdb.DuckDBPyConnection, ids: str) -> int:
    """Have table `every_bucket` say in which file each id stands; returns the number of files."""
    names = [name for (name,) in con.execute(ids).fetchall()]
    buckets = max(1, -(-len(names) // PER_FILE))
    numbers = pa.array([bucket_of(name, buckets) for name in names], pa.int32())
    table = pa.table({"id": pa.array(names, pa.string()), "number": numbers})
    con.register("numbered", table)
    con.execute("create or replace temp table every_bucket as select * from numbered")
    con.unregister("numbered")
    return buckets


def _sliced(con: duckdb.DuckDBPyConnection, kind: str, folder: Path, start: int, files: int) -> Written:
    con.execute(
        "create or replace temp table bucket as select * from every_bucket where number between $first and $last",
        {"first": start, "last": start + files - 1},
    )
    return _documents(con, kind, folder)


def _documents(con: duckdb.DuckDBPyConnection, kind: str, folder: Path) -> Written:
    sql = (QUERIES / f"{kind}.sql").read_text(encoding="utf-8")
    values = {name: value for name, value in (("page", PAGE), ("worst", WORST)) if f"${name}" in sql}
    files = size = 0
    for file, rows in groupby(_rows(con.execute(sql, values)), itemgetter(0)):
        parts = [doc if key is None else f"{json.dumps(key, ensure_ascii=False)}:{doc}" for _, key, doc in rows]
        keyed = parts[0][0] == '"'
        text = "{" + ",".join(parts) + "}" if keyed else parts[0]
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        packed = gzip.compress(text.encode(), compresslevel=4, mtime=0)
        path.write_bytes(packed)
        files, size = files + 1, size + len(packed)
    return Written(kind, files, size)


def _tables(con: duckdb.DuckDBPyConnection, folder: Path) -> Written:
    """A CSV an indicator: its values with their evidence, formula-like text made harmless."""
    folder.mkdir()
    guarded = ", ".join(
        f"case when regexp_matches({name}, '{FORMULA_START}') then chr(39) || {name} else {name} end as {name}"
        for name, kind, *_ in con.execute(f"describe {_CSV}").fetchall()
        if kind == "VARCHAR"
    )
    names = [
        name for (name,) in con.execute("select distinct indicator_id from fct_indicator_yearly order by 1").fetchall()
    ]
    for name in names:
        source = f"{_CSV} where indicator_id = {quoted(name)} order by report_year, publisher.publisher_id"
        target = quoted(folder / f"{name}.csv")
        con.execute(f"copy (select * replace ({guarded}) from ({source})) to {target} (format csv, header)")
    return Written("csv", len(names), sum(path.stat().st_size for path in folder.iterdir()))


def _state(con: duckdb.DuckDBPyConnection, folder: Path, buckets: dict[str, int]) -> None:
    """What every page needs first: how ids are spread over files, and the names of the tables."""
    tables: dict[str, list[list[str]]] = {}
    for table, column, comment in con.execute(
        "select table_name, column_name, coalesce(comment, '') from duckdb_columns() "
        "where database_name = 'warehouse' and schema_name = 'marts' order by table_name, column_index"
    ).fetchall():
        tables.setdefault(table, []).append([column, comment])
    as_of = con.execute("select max(as_of)::varchar from rpt_build").fetchone()
    provinces = dict(
        con.execute(
            "select region_code, arg_max(short_name, year) from dim_region where level in ('country', 'province') "
            "group by region_code order by region_code"
        ).fetchall()
    )
    state = {
        "as_of": as_of[0] if as_of else None,
        "buckets": {kind: buckets[kind] for kind in ("report", "publisher")},
        "page": PAGE,
        "provinces": provinces,
    }
    (folder / "site.json").write_text(json.dumps(state, ensure_ascii=False) + "\n", encoding="utf-8")
    packed = gzip.compress(json.dumps(tables, ensure_ascii=False).encode(), mtime=0)
    (folder / "tables.json.gz").write_bytes(packed)


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := result.fetchmany(BATCH):
        yield from batch
