"""A published warehouse in, its search index out: words are counted for reports that are new or changed, and only them.

The index is a file of its own beside the warehouse, replaced in one step. A killed update goes on where it stopped.
"""

from __future__ import annotations

import shutil
from array import array
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.connect import NO_VACUUM, quoted
from warehouse.publish import to_disk
from warehouse.search_units import Counted, counted
from warehouse.segmenting import segmenter

SCHEMA = Path(__file__).with_name("search.sql")
BATCH = 2_000  # reports that are written, and safe, together
MOST_BATCHES = 40  # unsorted among each other; beyond, the postings are sorted as a whole
MOST_DEAD = 0.25  # of the units
LAYOUT = 3  # of the index file; raise it with every change of its tables or macros
# of DuckDB, beside two processes that count words
MEMORY = "1500MB"
MOST_COUNT = 65_535

# all that decides a report's units; a sentence's end follows from its start and the text
_WANTED = """
create or replace temp table wanted as
with section as (
    select report_id, sum(hash(section_no, char_start)) as content from fct_report_section group by report_id
), sentence as (
    select report_id, sum(hash(sentence_start, 1)) as content from fct_quantity group by report_id
)
select report.report_id, md5(report.body_sha256 || '-' || report.body_chars || '-' ||
    coalesce(section.content, 0) || '-' || coalesce(sentence.content, 0)) as content
from fct_report as report
left join section on report.report_id = section.report_id
left join sentence on report.report_id = sentence.report_id
"""


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an update did: reports taken in, reports taken out (a changed one is both), reports in the index."""

    added: int
    removed: int
    reports: int


def begin_index(index: Path) -> None:
    """A copy of the index, safe on disk, for `update_index` to go on with: it need not wait for the disk then."""
    side = _side_of(index)
    if side.exists() or not index.exists():
        return
    draft = side.with_suffix(".copy")
    shutil.copyfile(index, draft)
    to_disk(draft)
    draft.replace(side)


def update_index(
    warehouse: Path, index: Path, *, snapshot_id: str = "", on_progress: Callable[[int, int], None] | None = None
) -> Indexed:
    """Make the index agree with the warehouse; one that is of this snapshot already does.

    on_progress: called with reports done and reports to do.

    Readers of the old index go on undisturbed. The result is the same as that of indexing everything anew.
    """
    side = _side_of(index)
    indexed = _indexed(index, snapshot_id) if snapshot_id and index.exists() else None
    if indexed is not None and _is_whole(index):
        _drop(side)
        return Indexed(0, 0, indexed)
    if indexed is None:
        begin_index(index)
    try:
        done = _write(side, warehouse, snapshot_id, on_progress)
    except duckdb.Error:
        if _is_whole(side):
            raise
        _drop(side)
        done = _write(side, warehouse, snapshot_id, on_progress)
    to_disk(side)
    side.replace(index)
    to_disk(index.parent)
    return done


def _side_of(index: Path) -> Path:
    return index.with_name(f".{index.name}.new")


def _write(side: Path, warehouse: Path, snapshot_id: str, on_progress: Callable[[int, int], None] | None) -> Indexed:
    """Make the side file agree with the warehouse."""
    spill = side.with_suffix(".spill")
    try:
        with closing(_opened(side, warehouse, spill)) as con:
            done = _update(con, on_progress)
            con.execute("update search.state set snapshot_id = ?", [snapshot_id])
            con.execute("force checkpoint search")
    finally:
        shutil.rmtree(spill, ignore_errors=True)
    return done


def _is_whole(file: Path) -> bool:
    """Whether all of the index can be read; one that has been cut off or overwritten opens as well as a whole one."""
    try:
        with duckdb.connect() as con:
            con.execute(f"attach {quoted(file)} as search (read_only)")
            con.execute("use search")
            for (table,) in con.execute("select table_name from duckdb_tables() where not internal").fetchall():
                con.execute(f'select bit_xor(hash(held)) from "{table}" as held').fetchall()
    except duckdb.Error:
        return False
    return True


def _drop(side: Path) -> None:
    for file in (side, side.with_name(side.name + ".wal")):
        file.unlink(missing_ok=True)


def _made_with() -> str:
    """What an index must have been made with to be gone on with."""
    return f"layout {LAYOUT}, {segmenter()}"


def _indexed(index: Path, snapshot_id: str) -> int | None:
    """How many reports the index holds, if it is of that snapshot and its words are cut as they are now."""
    try:
        with duckdb.connect() as con:
            con.execute(f"attach {quoted(index)} as search (read_only)")
            if con.execute("select made_with, snapshot_id from search.state").fetchall() == [
                (_made_with(), snapshot_id)
            ]:
                return _count(con, "select count(*) from search.report")
    except duckdb.Error:
        return None  # not an index: it is made anew
    return None


def _opened(side: Path, warehouse: Path, spill: Path) -> duckdb.DuckDBPyConnection:
    """A connection with the warehouse as default and the index as `search`, empty where its words were cut otherwise."""
    # where reports go, what they leave behind is given back
    con = duckdb.connect(
        config={"memory_limit": MEMORY, "temp_directory": str(spill), "preserve_insertion_order": True, **NO_VACUUM}
    )
    con.execute("set enable_progress_bar = false")
    con.execute("set allocator_background_threads = true")  # freed memory goes back at once
    con.execute(f"attach {quoted(warehouse)} as warehouse (read_only)")
    try:
        con.execute(f"attach {quoted(side)} as search")
        known = con.execute("select made_with from search.state").fetchall()
    except duckdb.Error:
        known = []
    if known != [(_made_with(),)]:
        con.execute("detach database if exists search")
        _drop(side)
        con.execute(f"attach {quoted(side)} as search")
        con.execute("begin")
        con.execute("use search")
        con.execute(SCHEMA.read_text(encoding="utf-8"))
        con.execute("insert into state (made_with) values (?)", [_made_with()])
        con.execute("commit")
    con.execute("use warehouse.marts")
    return con


def _update(con: duckdb.DuckDBPyConnection, on_progress: Callable[[int, int], None] | None) -> Indexed:
    con.execute(_WANTED)
    con.execute("begin")
    stale = _count(
        con,
        "insert into search.gone select report_no from search.report where not exists (from wanted "
        "where wanted.report_id = report.report_id and wanted.content = report.content)",
    )
    if stale:
        con.execute("reset max_vacuum_tasks")
        con.execute("delete from search.report where report_no in (from search.gone)")
        dead = _count(con, "delete from search.unit where report_no in (from search.gone)")
        con.execute("update search.state set dead_units = dead_units + ?", [dead])
    con.execute("commit")
    missing = [
        report_id
        for (report_id,) in con.execute(
            "select report_id from wanted anti join search.report using (report_id) order by report_id"
        ).fetchall()
    ]
    done = 0
    for chunks in counted(con, missing, BATCH):
        done += _add(con, chunks)
        if on_progress:
            on_progress(done, len(missing))
    if stale or missing:
        _sort_if_scattered(con)
        con.execute("begin")
        con.execute("delete from search.extent")
        con.execute(
            "insert into search.extent select kind, count(*), avg(words) from search.unit group by kind order by kind"
        )
        con.execute("commit")
    return Indexed(len(missing), stale, _count(con, "select count(*) from search.report"))


def _add(con: duckdb.DuckDBPyConnection, chunks: list[Counted]) -> int:
    """Index these reports in one transaction; gives how many they are."""
    # the number of a report that is gone is not used again while it is known as such
    first = _count(
        con,
        "select greatest(coalesce(max(report_no), 0), (select coalesce(max(report_no), 0) from search.gone)) + 1 "
        "from search.report",
    )
    made: dict[str, list[pa.Table]] = {"new_report": [], "new_unit": [], "new_posting": [], "new_word": []}
    units = words = done = 0
    for chunk in chunks:
        made["new_report"].append(_table({"report_id": pa.array(chunk.report_ids, pa.string())}, first + done))
        made["new_word"].append(_table({"word": pa.array(chunk.words, pa.string())}, words))
        made["new_unit"].append(_table(_shifted(chunk.units, report=first + done), units))
        made["new_posting"].append(pa.table(_shifted(chunk.postings, unit=units, word=words)))
        done += len(chunk.report_ids)
        words += len(chunk.words)
        units += len(chunk.units["report"])
    for name, tables in made.items():
        con.register(name, pa.concat_tables(tables))
    con.execute("begin")
    con.execute(
        "insert into search.word select (select coalesce(max(word_id), 0) from search.word) + row_number() over "
        "(order by min(no)), word from new_word anti join search.word using (word) group by word"
    )
    con.execute("insert into search.report select no, report_id, content from new_report join wanted using (report_id)")
    con.execute(
        "insert into search.unit select kind, report, place, char_start, char_end, words from new_unit "
        "order by report, kind, place"
    )
    con.execute(
        f"insert into search.posting select unit.kind, known.word_id, unit.report, unit.place, least(n, {MOST_COUNT}), "
        f"least(unit.words, {MOST_COUNT}) from new_posting join new_unit as unit on new_posting.unit = unit.no "
        "join new_word on new_posting.word = new_word.no join search.word as known on known.word = new_word.word "
        "order by unit.kind, known.word_id, unit.report, unit.place"
    )
    con.execute("update search.state set batches = batches + 1")
    con.execute("commit")
    for name in made:
        con.unregister(name)
    return done


def _sort_if_scattered(con: duckdb.DuckDBPyConnection) -> None:
    """Sort all postings where many batches lie one behind the other, or many are dead: a search then reads less."""
    batches, dead, live = con.execute(
        "select batches, dead_units, (select count(*) from search.unit) from search.state"
    ).fetchall()[0]
    if batches <= MOST_BATCHES and dead <= live * MOST_DEAD:
        return
    con.execute("begin")
    con.execute(
        "create table search.sorted as select posting.* from search.posting "
        "anti join search.gone on posting.report_no = gone.report_no order by kind, word_id, report_no, place"
    )
    con.execute("drop table search.posting")
    con.execute("alter table search.sorted rename to posting")
    con.execute("delete from search.gone")
    con.execute("update search.state set batches = 1, dead_units = 0")
    con.execute("commit")


def _count(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The one number that a statement gives."""
    return int(con.execute(sql).fetchall()[0][0])


def _shifted(columns: dict[str, array[int]], **by: int) -> dict[str, pa.Array]:
    """Columns with a number added to those that are named."""
    arrays = {
        name: pa.Array.from_buffers(pa.int32(), len(column), [None, pa.py_buffer(column)])
        for name, column in columns.items()
    }
    return arrays | {name: pc.add(arrays[name], pa.scalar(number, pa.int32())) for name, number in by.items()}


def _table(columns: dict[str, pa.Array], first: int) -> pa.Table:
    """Columns as a table, its rows numbered from `first` on."""
    (rows, *_) = map(len, columns.values())
    return pa.table(columns | {"no": pa.array(range(first, first + rows), pa.int32())})
