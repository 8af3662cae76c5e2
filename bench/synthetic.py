"""A number of reports in, a staging database of made ones out, by SQL alone (`synthetic.sql`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb

from warehouse.connect import attach_to_write
from warehouse.dbt import PROJECT
from warehouse.staging import open_staging

SCRIPT = Path(__file__).with_name("synthetic.sql")
SEEDS = ("divisions", "publisher_functions", "indicator_catalogue")
FIRST_YEAR = 2014
# ten years of as many bodies: so that histories and peers are as long as real ones
YEARS = 10
FIRST_RUN = datetime(2024, 6, 1, tzinfo=UTC)
BATCH = 10_000


def make_reports(path: Path, first: int, last: int, *, bodies: int, run: int = 1) -> None:
    """Add the reports numbered first .. last - 1 to the staging database at `path`, which may be new.

    bodies: how many bodies report; the same for all calls on one database. run: number of the harvest run.
    """
    open_staging(path).close()
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'; set preserve_insertion_order = false")
        for seed in SEEDS:
            con.execute(f"create table {seed} as from read_csv('{PROJECT / 'seeds' / seed}.csv')")
        attach_to_write(con, path, "store")
        con.execute("use memory")
        for start in range(first, last, BATCH):
            _set(con, first=start, last=min(start + BATCH, last), bodies=bodies, first_year=FIRST_YEAR)
            _set(con, run_id=f"run-{run:03}-{start:08}", fetched_at=FIRST_RUN + timedelta(days=run))
            con.execute(SCRIPT.read_text(encoding="utf-8"))


def _set(con: duckdb.DuckDBPyConnection, **variables: object) -> None:
    for name, value in variables.items():
        con.execute(f"set variable {name} = ?", [value])
