"""Row groups put together from several files are read by others as what they were."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warehouse.row_groups import RowGroupError, row_groups, write_row_groups

GROUP = 2048  # the least that DuckDB writes
ROWS = 5 * GROUP + 17
OPTIONS = f"format parquet, compression zstd, row_group_size {GROUP}, write_bloom_filter false"
TABLE = (
    "select n as id, case when n % 7 = 0 then null else 'text ' || n // {by} end as words, n / 3 as value, n % 2 = 0 as even,"
    " date '2020-01-01' + (n % 900)::integer as day, repeat('长', (n % 50)::integer) as long, [n, null] as many"
    " from range({rows}) t(n)"
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two files of five row groups and more, and one without any."""
    folder = tmp_path_factory.mktemp("parquet")
    made = []
    with duckdb.connect() as con:
        con.execute("set threads = 1")
        for name, rows, by in (("one", ROWS, 3), ("two", ROWS, 4000), ("none", 0, 1)):
            made.append(folder / f"{name}.parquet")
            con.execute(
                f"copy ({TABLE.format(rows=rows, by=by)}) to '{made[-1]}' ({OPTIONS}, kv_metadata {{name: '{name}'}})"
            )
    return made


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(st.tuples(st.integers(0, 1), st.integers(0, 5)), max_size=20))
def test_any_choice_of_row_groups_is_a_file(files: list[Path], tmp_path: Path, chosen: list[tuple[int, int]]) -> None:
    groups = [row_groups(file) for file in files]
    tables = [pq.ParquetFile(file) for file in files]
    target = tmp_path / "put together.parquet"
    write_row_groups(target, files[2], [groups[file][number] for file, number in chosen])
    expected = pa.concat_tables(
        [tables[2].read(), *(tables[file].read_row_group(number) for file, number in chosen)]
    ).combine_chunks()
    read = pq.ParquetFile(target)
    assert read.read().combine_chunks().to_pylist() == expected.to_pylist()
    assert read.metadata.num_row_groups == len(chosen) and read.metadata.metadata[b"name"] == b"none"
    with duckdb.connect() as con:
        assert con.execute(f"from '{target}'").fetchall() == [tuple(row.values()) for row in expected.to_pylist()]
        if chosen:  # what a reader leaves out by the footer's least and greatest values
            wanted = expected["id"][0].as_py()
            rows = con.execute(f"select count(*) from '{target}' where id = {wanted}").fetchall()
            assert rows == [(expected["id"].to_pylist().count(wanted),)]


def test_many_row_groups(files: list[Path], tmp_path: Path) -> None:
    """More than a list's short form holds, and offsets of more bytes than they had."""
    groups = row_groups(files[0])
    target = tmp_path / "long.parquet"
    write_row_groups(target, files[2], groups * 60)
    assert pq.read_metadata(target).num_row_groups == len(groups) * 60
    with duckdb.connect() as con:
        read = con.execute(f"select count(*), sum(id) from '{target}'").fetchall()
    assert read == [(ROWS * 60, sum(range(ROWS)) * 60)]
    assert [group.rows for group in row_groups(target)] == [group.rows for group in groups] * 60


def test_what_cannot_be_copied_is_refused(files: list[Path], tmp_path: Path) -> None:
    whole = files[0].read_bytes()
    torn = tmp_path / "torn.parquet"
    for content in (b"", b"PAR1", whole[:-1], whole[: len(whole) // 2], b"nonsense" * 9):
        torn.write_bytes(content)
        with pytest.raises(RowGroupError, match=r"torn\.parquet"):
            row_groups(torn)
    table = pq.read_table(files[0])
    pq.write_table(table, torn, write_page_index=True)
    with pytest.raises(RowGroupError, match="index of pages"):
        row_groups(torn)
    with duckdb.connect() as con:
        con.execute(f"copy (from '{files[0]}') to '{torn}' (format parquet)")
    with pytest.raises(RowGroupError, match="Bloom filter"):
        row_groups(torn)
