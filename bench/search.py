"""A published warehouse in, the cost of its search index out: made anew, brought up by some reports, and searched.

`python -m bench.search data/warehouse.duckdb --changed 100` works on copies in a folder of its own.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from bench.peak import peak_mb
from warehouse.search_index import update_index
from warehouse.searching import search

QUERIES = ("行政复议 纠错率", "行政机关负责人出庭应诉", "法治", "99.93%")


def timed(what: str, call: Callable[[], object]) -> None:
    """Print what a call gave and its wall and processor seconds (of this process and of its children)."""
    wall, cpu = time.perf_counter(), processor()
    given = call()
    print(f"{what:<40} {time.perf_counter() - wall:>8.2f} s {processor() - cpu:>8.2f} s cpu  {given}")


def processor() -> float:
    """Processor seconds so far."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(item.ru_utime + item.ru_stime for item in spent)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warehouse", type=Path)
    parser.add_argument("--changed", type=int, default=100, help="reports that change before the update")
    parser.add_argument("--folder", type=Path, help="where the copies go; default: the temporary folder")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        warehouse, index = Path(folder) / "warehouse.duckdb", Path(folder) / "search.duckdb"
        shutil.copyfile(arguments.warehouse, warehouse)
        with duckdb.connect(str(warehouse)) as con:
            ((reports, megabytes),) = con.execute(
                "select count(*), sum(strlen(body)) / 1e6 from marts.fct_report"
            ).fetchall()
        print(f"{reports:,} reports, {megabytes:,.1f} MB of text")
        timed("made anew", lambda: update_index(warehouse, index))
        print(f"{index.stat().st_size / 1e6:,.1f} MB of index")
        timed("nothing new", lambda: update_index(warehouse, index))
        with duckdb.connect(str(warehouse)) as con:
            con.execute(
                "update marts.fct_report set body_sha256 = md5(body_sha256) where report_id in "
                f"(select report_id from marts.fct_report order by hash(report_id) limit {arguments.changed})"
            )
        timed(f"{arguments.changed:,} reports changed", lambda: update_index(warehouse, index))
        for query in QUERIES:
            for quantities in (False, True):
                what = f"{query} ({'quantities' if quantities else 'sections'})"
                timed(what, lambda q=query, n=quantities: len(search(warehouse, index, q, quantities=n).hits))  # type: ignore[misc]
    print(f"peak memory {peak_mb():,.0f} MB")


if __name__ == "__main__":
    main()
