"""What decides a build, and whether the published warehouse can be gone on with or everything has to be made anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from warehouse.connect import FORMAT, quoted

KINDS = {".sql", ".yml", ".csv"}
# above this share of changed captures, replacing rows costs more than making all of them
MOST_CHANGED = 0.2
# share of the stored rows that increments put others in the place of, and how many are none to speak of: they are gone
# only when everything is made anew
MOST_DEAD, FEW_DEAD = 0.3, 1_000_000


def recipe_of(project: Path, staging: Path, variables: Mapping[str, object]) -> str:
    """A digest of all that decides the marts besides the captures.

    Models, macros and seeds (the catalogue among them), variables, the DuckDB version (its hashes are stored), the
    format of the file, and the year that is judged on (divisions are listed up to it; the day itself is asked for in
    each build).
    """
    others = dict(variables)
    day = others.pop("as_of", None)
    year = int(str(day)[:4]) if day else _latest_year(staging)
    digest = hashlib.sha256(f"{duckdb.__version__} {FORMAT} {year}".encode())
    digest.update(json.dumps(others, sort_keys=True, default=str).encode())
    folders = [project / name for name in ("models", "macros", "seeds")]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in KINDS):
        digest.update(path.relative_to(project).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update((project / "dbt_project.yml").read_bytes())
    return digest.hexdigest()[:16]


def reason_for_whole(published: Path | None, staging: Path, recipe: str) -> str | None:
    """Why everything has to be made anew; None where an increment gives the same tables."""
    if published is None:
        return "asked for"
    if not published.exists():
        return "nothing is published yet"
    with duckdb.connect() as con:
        try:
            con.execute(f"attach {quoted(published)} as previous (read_only)")
        except duckdb.Error:
            return "the published warehouse cannot be read"
        con.execute(f"attach {quoted(staging)} as staged (read_only)")
        known = con.execute(
            "select 1 from duckdb_tables() where database_name = 'previous' and table_name = 'rpt_build'"
        )
        if not known.fetchall():
            return "the published warehouse does not say how it was made"
        if con.execute("select recipe from previous.marts.rpt_build").fetchall() != [(recipe,)]:
            return "models, seeds, variables, DuckDB or the year are others"
        dead, stored = _dead_rows(con)
        if dead > max(MOST_DEAD * stored, FEW_DEAD):
            return f"{dead} of {stored} stored rows have been replaced by others"
        (documents, changed) = con.execute(
            "select count(*), count(*) filter (where version.extractor_version is distinct from"
            " document.extractor_version) from staged.staging.document as document"
            " left join previous.marts.fct_report_version as version on document.capture_id = version.capture_id"
        ).fetchall()[0]
    if changed > MOST_CHANGED * documents:
        return f"{changed} of {documents} documents are new or read by another extractor"
    return None


def _dead_rows(con: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """How many rows the published file stores that are deleted, and how many in all."""
    sizes = dict(
        con.execute(
            "select table_name, estimated_size from duckdb_tables() where database_name = 'previous'"
            " and schema_name = 'marts'"
        ).fetchall()
    )
    alive = sum(con.execute(f'select count(*) from previous.marts."{name}"').fetchall()[0][0] for name in sizes)
    stored = sum(sizes.values())
    return stored - alive, stored


def day_despite_clock(staging: Path, now: datetime, slack: timedelta) -> str | None:
    """The day to judge on where a clock that was ahead wrote some of the times: the latest one that is not to come, or
    today where all are; None where no time is to come, and the latest harvest's day is right."""
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach {quoted(staging)} as staged (read_only)")
        query = """
            with noted as (
                select finished_at as moment, true as is_harvest from staged.staging.harvest_run
                union all
                select fetched_at, false from staged.staging.capture
            )
            select
                bool_or(moment > $latest),
                coalesce(
                    max(moment) filter (moment <= $latest and is_harvest), max(moment) filter (moment <= $latest), $now
                )::date::varchar
            from noted
        """
        is_ahead, day = con.execute(query, {"latest": now + slack, "now": now}).fetchall()[0]
    return str(day) if is_ahead else None


def _latest_year(staging: Path) -> int | None:
    with duckdb.connect() as con:
        con.execute("set timezone = 'UTC'")
        con.execute(f"attach {quoted(staging)} as staged (read_only)")
        query = "select year(coalesce((select max(finished_at) from staged.staging.harvest_run), max(fetched_at)))"
        return con.execute(query + " from staged.staging.capture").fetchall()[0][0]  # type: ignore[no-any-return]
