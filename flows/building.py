"""Staging in, published warehouse out: staging gate → dbt build → marts gate → atomic replacement → export."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from expectations.checks import suites_digest
from expectations.gates import GateResult, run_gate
from expectations.history import keep_history, record
from flows.errors import PublishingStopped
from flows.extracting import extractor_version
from flows.publishing import bring_along, remember
from flows.registry import remembered_sources
from flows.rows import to_tables
from flows.settings import ROOT, Settings, now
from scrapers.archive import Archive
from scrapers.rota import SLACK
from warehouse.connect import attach_read_only, quoted
from warehouse.corrections import read_corrections
from warehouse.dbt import PROJECT, BuildResult, build, go_on_from
from warehouse.errors import NoWarehouse
from warehouse.parquet_export import ExportedTable
from warehouse.recipe import day_despite_clock, reason_for_whole, recipe_of
from warehouse.snapshots import publish_snapshot
from warehouse.staging import load, mark_returned, open_staging

KEEP_REPORTS = 20
MOST_NEWS = 200  # new reports that are named
# a run that found nothing is history, not news: it alone makes no new warehouse
NEWS = "status <> 'ok' or new + changed + gone + failed > 0"


@dataclass(frozen=True)
class Published:
    """What a build came to. `skipped`: the published warehouse was made from the same input already."""

    skipped: bool
    gates: tuple[GateResult, ...] = ()
    new_reports: int = 0


def load_context(settings: Settings) -> None:
    """Load what is known of sources and harvest runs."""
    with Archive(settings.archive, read_only=True) as archive:
        runs = [{name: getattr(run, name) for name in run.__dataclass_fields__} for run in archive.harvest_runs()]
        returned = archive.returned()
    with open_staging(settings.staging) as staging:
        mark_returned(staging, returned)
        load(staging, to_tables({"source": remembered_sources(settings.archive), "harvest_run": runs}))


def fingerprint(settings: Settings) -> str:
    """A digest of all that decides what is in the marts: staging's content, the models, seeds and expectations."""
    digest = hashlib.sha256(extractor_version().encode())
    with open_staging(settings.staging) as staging:
        for query in (
            "select capture_id, coalesce(has_returned, false) from staging.capture order by all",
            "select * from staging.source order by all",
            f"select * from staging.harvest_run where {NEWS} order by all",
        ):
            digest.update(repr(staging.execute(query).fetchall()).encode())
        # what a clock that was ahead wrote is left aside once it is right again
        query = "select count(*) from staging.harvest_run where finished_at > ?"
        if ahead := staging.execute(query, [now() + SLACK]).fetchall()[0][0]:
            digest.update(f"{ahead} ahead".encode())
    digest.update(repr(read_corrections(settings.corrections)).encode())
    statistics = _statistics(settings)
    digest.update(statistics.read_bytes() if statistics.exists() else b"")
    for folder in ("dbt_project", "expectations", "warehouse"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and path.suffix in {".sql", ".yml", ".csv", ".py", ".toml"}:
                digest.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def put_damaged_aside(settings: Settings) -> Path | None:
    """Rename a published file that cannot be read, so that a whole one is built and no step goes on from it."""
    if not settings.warehouse.exists():
        return None
    try:
        attach_read_only(settings.warehouse).close()
    except NoWarehouse:
        aside = settings.warehouse.with_suffix(".damaged")
        settings.warehouse.replace(aside)
        return aside
    return None


def is_current(settings: Settings, digest: str) -> bool:
    """Whether the published warehouse was made from this input; a note that cannot be read says no."""
    if not (settings.warehouse.exists() and settings.published_state.exists()):
        return False
    try:
        noted = json.loads(settings.published_state.read_bytes())
    except (ValueError, RecursionError):  # damaged: it is written anew with the next publishing
        return False
    return isinstance(noted, dict) and noted.get("fingerprint") == digest


def check(settings: Settings, name: str, database: Path, unchecked: Collection[str] | None = None) -> GateResult:
    """Run a gate and keep its report.

    unchecked: whose rows alone are new to it (`expectations.gates.run_gate`); None: all are. Raises PublishingStopped,
    naming the failed checks and the report, when a check of severity error fails.
    """
    reports = settings.reports / f"{now():%Y%m%dT%H%M%SZ}-{name}"
    previous = settings.warehouse if settings.warehouse.exists() else None
    result = run_gate(name, database, reports, previous=previous, unchecked=unchecked)  # type: ignore[arg-type]
    record(result, _gate_history(settings), now())
    _forget_old_reports(settings.reports)
    if not result.passed:
        failed = [item for item in result.checks if item.severity == "error" and not item.passed]
        names = "\n".join(f"  {item.name}: {item.detail}" for item in failed)
        raise PublishingStopped(
            f"the {name} gate failed, nothing was published and the old warehouse stays:\n{names}\n"
            f"report: {result.report_path}"
        )
    return result


def unchecked_captures(settings: Settings) -> list[str] | None:
    """Captures of which the published warehouse does not hold what staging does; None where it is not gone on with."""
    recipe = recipe_of(PROJECT, settings.staging, build_variables(settings))
    if reason_for_whole(settings.warehouse, settings.staging, recipe):
        return None
    with attach_read_only(settings.warehouse) as con:
        con.execute(f"attach {quoted(settings.staging)} as staged (read_only)")
        rows = con.execute(
            "select document.capture_id from staged.staging.document as document left join fct_report_version as version"
            " on document.capture_id = version.capture_id where"
            " (document.contents_digest, document.body_sha256, document.extractor_version) is distinct from"
            " (version.contents_digest, version.body_sha256, version.extractor_version)"
        ).fetchall()
    return [capture_id for (capture_id,) in rows]


def begin_side(settings: Settings) -> None:
    """Copy the published warehouse, for a build that goes on from it."""
    settings.work.mkdir(parents=True, exist_ok=True)
    go_on_from(settings.warehouse, side_of(settings))


def side_of(settings: Settings) -> Path:
    """Where the next warehouse is made."""
    return settings.work / "warehouse.duckdb"


def build_marts(
    settings: Settings, *, whole: bool = False, begun: Future[None] | None = None
) -> tuple[Path, BuildResult]:
    """Build the marts in a side file; what a killed build left is overwritten.

    whole: make everything anew, also where the published warehouse could be gone on with. begun: `begin_side` on its way.
    Raises BuildFailed, or CorrectionError where the operator's corrections cannot be used.
    """
    side = side_of(settings)
    published = None if whole else settings.warehouse
    return side, build(
        staging=settings.staging,
        side=side,
        work=settings.work,
        published=published,
        begun=begun,
        variables=build_variables(settings),
    )


def build_variables(settings: Settings) -> dict[str, str]:
    """What dbt is told of this operator's files, and of the day where a clock that was ahead would say a wrong one."""
    # what is published passed the checks of its time: under others it is not gone on with
    variables = {"checks": suites_digest()}
    if read_corrections(settings.corrections):
        variables["corrections_file"] = str(settings.corrections)
    statistics = _statistics(settings)
    if statistics.exists():
        variables["statistics_file"] = str(statistics)
    if day := day_despite_clock(settings.staging, now(), SLACK):
        variables["as_of"] = day
    return variables


def _statistics(settings: Settings) -> Path:
    """Official totals to compare sums with; the operator's own, and optional."""
    return settings.home / "published_statistics.json"


def _gate_history(settings: Settings) -> Path:
    """What every gate observed, one JSON line a check."""
    return settings.reports / "history.jsonl"


def new_reports(settings: Settings, side: Path) -> tuple[int, list[dict[str, Any]]]:
    """Reports in the side file that the published warehouse does not hold: how many; the first, by region and year."""
    # an instance of its own: one of the same file would be the export's, which is still at work
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(side)} as side (read_only)")
        known = ""
        if settings.warehouse.exists():
            con.execute(f"attach {quoted(settings.warehouse)} as published (read_only)")
            known = "anti join published.marts.fct_report using (report_id)"
        con.execute(
            "create temp table fresh as select region_code as region, publisher, report_year as year, url"
            f" from side.marts.fct_report {known}"
        )
        (count,) = con.execute("select count(*) from fresh").fetchall()[0]
        rows = con.execute(f"from fresh order by all limit {MOST_NEWS}")
        names = [column[0] for column in rows.description or ()]
        return int(count), [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def publish_side(
    settings: Settings, side: Path, digest: str, drafted: Mapping[str, ExportedTable] | None = None
) -> None:
    """Replace the published warehouse with the side file, keep it as a snapshot, then what is derived from it.

    drafted: what is written of the export already.
    """
    keep_history(_gate_history(settings), side)
    snapshot = publish_snapshot(
        *(side, settings.warehouse, settings.snapshots), fingerprint=digest, at=now(), keep=settings.keep_snapshots
    )
    bring_along(settings, drafted)
    remember(settings, snapshot)
    _forget_scratch(settings.work)


def mart_counts(warehouse: Path) -> Mapping[str, Any]:
    """Rows by mart, and how many reconciliation checks failed."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts' order by 1"
        ).fetchall()
        counts = {
            name: connection.execute(f'select count(*) from marts."{name}"').fetchall()[0][0] for (name,) in tables
        }
        failed = connection.execute("select count(*) from marts.rpt_reconciliation where verdict = 'fail'").fetchall()
    return {**counts, "failed_checks": failed[0][0]}


def correction_counts(warehouse: Path) -> str:
    """How many declared corrections were applied, matched nothing and so on, as words."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        counts = connection.execute(
            "select outcome, count(*) from marts.rpt_correction group by outcome order by outcome"
        ).fetchall()
    return ", ".join(f"{count:,} {outcome}" for outcome, count in counts)


def _forget_scratch(work: Path) -> None:
    """Throw the scratch database away; dbt's parsed project stays and makes the next build faster."""
    for path in work.glob("*.duckdb*"):
        path.unlink()


def _forget_old_reports(folder: Path) -> None:
    for old in sorted(path for path in folder.iterdir() if path.is_dir())[:-KEEP_REPORTS]:
        shutil.rmtree(old)
