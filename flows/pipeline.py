"""The Prefect flows: harvest → extract → build (gates and publishing inside), and `run`, which is all of them.

Steps live in plain functions beside this file; a flow adds order, retries, artifacts and history. A task is a source or
a batch, never a page: a task run costs 12 to 55 ms. Import this module after `temporary_server` has set the environment.
"""

from __future__ import annotations

import contextlib
import sys
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.runtime import task_run
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from prefect.tasks import exponential_backoff

from expectations.gates import GateResult
from flows import building, extracting, harvesting, parse_pool, run_artifacts
from flows.building import Published
from flows.errors import PublishingStopped
from flows.events import Events, name_run, progress
from flows.publishing import draft_export_of
from flows.registry import chosen_sources
from flows.settings import Settings, now
from scrapers.archive import Archive, HarvestRun
from scrapers.harvest import unharvested
from scrapers.limits import SOURCES_AT_ONCE
from scrapers.registry import Source
from warehouse.dbt import BuildResult
from warehouse.parquet_export import ExportedTable
from warehouse.search_index import begin_index
from warehouse.staging import load, open_staging

# the fetcher retries single requests; this retries a source that could not be reached at all
SOURCE_RETRIES = 2
SOURCE_RETRY_BASE_S = 3
AT_ONCE: TaskRunner[Any] = ThreadPoolTaskRunner(max_workers=SOURCES_AT_ONCE)
PLAIN: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}


class SourceUnreachable(Exception):
    """A source failed in a way that may pass; the task is tried again."""


@dataclass
class RunSummary:
    """What a run did, in numbers, for the table at its end."""

    runs: list[HarvestRun] = field(default_factory=list)
    captures: int = 0
    documents: dict[str, int] = field(default_factory=dict)
    published: Published | None = None

    @property
    def sources_failed(self) -> int:
        """Sources whose harvest failed, stayed incomplete or is blocked."""
        return sum(run.status != "ok" for run in self.runs)


@task(
    retries=SOURCE_RETRIES,
    retry_delay_seconds=exponential_backoff(SOURCE_RETRY_BASE_S),
    task_run_name="harvest {source.id}",
    **PLAIN,
)
def harvest_source_task(source: Source, home: Path, run_id: str, full_sweep: bool) -> HarvestRun:
    """Harvest one source; tried again, with growing delay, while it cannot be reached."""
    settings = Settings(home)
    log = Events(settings.log, run_id)
    may_pass = False

    def on_event(event: str, fields: dict[str, object]) -> None:
        nonlocal may_pass
        may_pass = may_pass or bool(fields.get("may_pass"))
        log.emit("harvest", event, source=source.id, **fields)

    run = harvesting.harvest_one(source, settings.archive, run_id, full_sweep=full_sweep, on_event=on_event)
    if may_pass and (task_run.run_count or 0) <= SOURCE_RETRIES:
        raise SourceUnreachable(f"{source.id}: {run.reasons}")
    return run


def _result_of(future: PrefectFuture[HarvestRun], source: Source, run_id: str, log: Events) -> HarvestRun:
    """What a source's task came to; one that broke off in whatever way is that source's failure."""
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001 - one source must not end a run over all
        log.emit("harvest", "task broke off", source=source.id, error=repr(error), traceback=traceback.format_exc())
        return unharvested(source, run_id, now(), harvesting.fetch_settings(), error)


@flow(name="harvest", validate_parameters=False, task_runner=AT_ONCE)
def harvest_flow(home: str, sources: list[str], only: list[str], full_sweep: bool = False) -> list[HarvestRun]:
    """Fetch what is new at every active source into the archive."""
    settings = Settings(Path(home), tuple(map(Path, sources)))
    with chosen_sources(settings, only) as chosen:
        active = [source for source in chosen if source.status == "active"]
        active = harvesting.share_of(active, *settings.share) if settings.share else active
        run_id = harvesting.open_run(settings, chosen)
        log = Events(settings.log, run_id)
        with log.step("harvest", "harvest") as figures, progress("harvest", len(active)) as bar:
            runs = []
            futures = [harvest_source_task.submit(source, settings.home, run_id, full_sweep) for source in active]
            for source, future in zip(active, futures, strict=True):
                runs.append(_result_of(future, source, run_id, log))
                bar.advance(bar.task_ids[0])
            figures |= {
                "sources": len(runs),
                "requests": sum(run.requests for run in runs),
                "new": sum(run.new for run in runs),
                "changed": sum(run.changed for run in runs),
            }
    run_artifacts.show_harvest(runs)
    return runs


@task(task_run_name="extract {number} of {count}", **PLAIN)
def extract_batch_task(
    home: Path, staging: DuckDBPyConnection, batches: Iterator[Any], number: int, count: int
) -> tuple[int, dict[str, int]]:
    """Load the next batch; returns how many captures it held, and how many documents of each genre (or `unreadable`)."""
    captures, tables = next(batches)
    load(staging, tables)
    with Archive(Settings(home).archive) as archive:
        return len(captures), extracting.tell_verdicts(archive, tables)


@task(name="extract on Dask", **PLAIN)
def extract_on_dask_task(
    home: Path, staging: DuckDBPyConnection, captures: Sequence[Any], on_done: Callable[[int], None]
) -> dict[str, int]:
    """Parse all of them on a Dask cluster and load them batch by batch; returns the same."""
    from flows.on_dask import extract_all

    return extract_all(Settings(home), staging, captures, on_done)


@flow(name="extract", validate_parameters=False)
def extract_flow(home: str) -> dict[str, int]:
    """Parse what the archive holds and staging does not, and load it."""
    settings = Settings(Path(home))
    log = Events(settings.log)
    # open from the first batch to the last: to close the file costs as much as the whole of it is large
    with log.step("extract", "extract") as figures, open_staging(settings.staging) as staging:
        with Archive(settings.archive, read_only=True) as archive:
            captures = extracting.pending(archive, staging)
        with progress("extract", len(captures)) as bar:
            total = _extracted(settings, staging, captures, partial(bar.advance, bar.task_ids[0]))
        figures |= {"captures": len(captures), "reports": total.get("annual_report", 0)}
        figures |= {"other": total.get("other", 0), "unreadable": total.get("unreadable", 0)}
        figures |= {"quantities": total.get("quantities", 0)}
    return total


def _extracted(
    settings: Settings, staging: DuckDBPyConnection, captures: Sequence[Any], on_done: Callable[[int], None]
) -> dict[str, int]:
    """Documents of each genre; on Dask where it is set and there is enough to do."""
    if settings.dask and len(captures) >= parse_pool.PARALLEL_FROM:
        return extract_on_dask_task(settings.home, staging, captures, on_done)
    count = -(-len(captures) // extracting.BATCH)
    total: dict[str, int] = {}
    with contextlib.closing(parse_pool.parsed(settings.archive, captures)) as batches:
        for number in range(1, count + 1):
            done, genres = extract_batch_task(settings.home, staging, batches, number, count)
            for genre, found in genres.items():
                total[genre] = total.get(genre, 0) + found
            on_done(done)
    return total


@task(task_run_name="{name} gate", **PLAIN)
def gate_task(home: Path, name: str, database: Path, unchecked: Collection[str] | None) -> GateResult:
    """Validate a database; raises PublishingStopped when a check of severity error fails."""
    try:
        return building.check(Settings(home), name, database, unchecked)
    except PublishingStopped as stop:
        run_artifacts.show_stop(name, str(stop))
        raise


@task(name="dbt build", **PLAIN)
def dbt_task(home: Path, whole: bool, begun: Future[None] | None) -> tuple[Path, BuildResult]:
    """Build the marts in a side file; `whole`: anew, not from the published warehouse on; `begun`: with its copy."""
    return building.build_marts(Settings(home), whole=whole, begun=begun)


@task(name="publish", **PLAIN)
def publish_task(home: Path, side: Path, digest: str, drafted: Mapping[str, ExportedTable]) -> None:
    """Put the side file in the published one's place and export it."""
    building.publish_side(Settings(home), side, digest, drafted)


@flow(name="build", validate_parameters=False)
def build_flow(home: str, force: bool = False) -> Published:
    """Check staging, build the marts beside the published warehouse, check them, and publish."""
    settings = Settings(Path(home))
    log = Events(settings.log)
    if aside := building.put_damaged_aside(settings):
        log.emit("build", "damaged", reason=f"the published warehouse could not be read; it lies at {aside}")
    with log.step("load", "load"):
        building.load_context(settings)
        digest = building.fingerprint(settings)
    if not force and building.is_current(settings, digest):
        log.emit("build", "skipped", reason="same input as the published warehouse")
        return Published(skipped=True)
    with ThreadPoolExecutor(1) as beside:
        with log.step("staging-gate", "gate") as figures:
            unchecked = None if force else building.unchecked_captures(settings)
            # an increment begins with a copy of all that is published
            begun = beside.submit(building.begin_side, settings) if unchecked is not None else None
            if begun:
                beside.submit(begin_index, settings.search)  # a copy that fails is made, and says why, after publishing
            staging_gate = gate_task(settings.home, "staging", settings.staging, unchecked)
            figures["staging_checks"] = len(staging_gate.checks)
        with log.step("build", "build") as figures:
            side, result = dbt_task(settings.home, force, begun)
            figures |= {name.replace("_", " ") + "s": count for name, count in result.nodes.items()}
        # of an increment: the gate keeps one core busy. Of a whole build both at once would need too much memory
        export = beside.submit(draft_export_of, settings, side) if result.mode == "increment" else None
        with log.step("marts-gate", "gate") as figures:
            marts_gate = gate_task(settings.home, "marts", side, result.affected)
            figures["marts_checks"] = len(marts_gate.checks)
        with log.step("publish", "publish") as figures:
            new_reports, news = building.new_reports(settings, side)
            figures["new_reports"] = new_reports
            # what could not be written yet is tried again after publishing, which then says why
            drafted = export.result() if export and not export.exception() else {}
            publish_task(settings.home, side, digest, drafted)
    gates = (staging_gate, marts_gate)
    run_artifacts.show_gates(gates)
    run_artifacts.show_news(news, new_reports)
    return Published(skipped=False, gates=gates, new_reports=new_reports)


@flow(name="fazhi run", validate_parameters=False)
def run_flow(
    home: str | None = None,
    sources: list[str] | None = None,
    only: list[str] | None = None,
    full_sweep: bool = False,
    force: bool = False,
) -> RunSummary:
    """Harvest → extract → load → build → gate → publish."""
    settings = Settings.from_environment()
    home = home or str(settings.home)
    with _whole_run(home):
        folders = sources or [str(path) for path in settings.sources]
        summary = RunSummary(runs=harvest_flow(home, folders, only or [], full_sweep))
        _extract_and_build(summary, home, force)
    return summary


@flow(name="fazhi ingest", validate_parameters=False)
def ingest_flow(home: str, paths: list[str], urls: list[str] | None = None) -> RunSummary:
    """Local files and listed urls instead of a harvest, then the same way."""
    settings = Settings(Path(home))
    log = Events(settings.log)
    summary = RunSummary()
    with _whole_run(home):
        with log.step("ingest", "ingest") as figures:
            if paths:
                summary.runs.append(harvesting.ingest_files(settings, [Path(path) for path in paths]))
            if urls:
                summary.runs.append(
                    harvesting.ingest_url_list(
                        settings, urls, on_event=lambda event, fields: log.emit("ingest", event, **fields)
                    )
                )
            named = {"files": "listed", "new": "new", "unchanged": "unchanged", "failed": "failed"}
            figures |= {shown: sum(getattr(run, name) for run in summary.runs) for shown, name in named.items()}
        _extract_and_build(summary, home, force=False)
    return summary


@flow(name="fazhi build", validate_parameters=False)
def rebuild_flow(home: str, force: bool = True) -> RunSummary:
    """Everything right of the archive, again, without the network; without `force` only where something changed."""
    name_run(f"build-{now():%Y%m%dT%H%M%SZ}")
    summary = RunSummary()
    _extract_and_build(summary, home, force)
    return summary


@task(name="mirror", **PLAIN)
def mirror_task(home: Path) -> None:
    """Send what is new in the archive to its mirror."""
    from flows.mirroring import mirror

    mirror(Settings(home))


@contextlib.contextmanager
def _whole_run(home: str) -> Iterator[None]:
    """A run is over when it has published or failed; one that is killed stays open and is gone on with.

    What was fetched is mirrored also where it could not be published.
    """
    settings = Settings(Path(home))
    try:
        yield
    finally:
        harvesting.close_runs(settings)
        if settings.mirror and not isinstance(sys.exc_info()[1], KeyboardInterrupt):
            mirror_task(settings.home)


def _extract_and_build(summary: RunSummary, home: str, force: bool) -> None:
    summary.documents = extract_flow(home)
    summary.published = build_flow(home, force)
    outcome = "Nothing new to publish." if summary.published.skipped else "Published."
    run_artifacts.show_run(summary.documents, outcome)
