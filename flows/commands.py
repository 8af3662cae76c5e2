"""The heavy commands: take the write lock, bring up Prefect, run a flow, print what it did."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from flows.errors import Exit, FazhiError, disk_is_full, tells_full_disk
from flows.events import busy, console, quiet_libraries, wide_console
from flows.lock import writing
from flows.settings import Settings
from flows.tables import print_json, print_rows
from flows.temporary_server import ServerNotStarted, temporary_server
from flows.upkeep_staging import upgrade_staging

if TYPE_CHECKING:
    from flows.pipeline import RunSummary


def run_all(settings: Settings, only: Sequence[str], *, full_sweep: bool, force: bool, as_json: bool = False) -> int:
    """`fazhi run`."""
    with _flows(settings, "run"):
        from flows.pipeline import run_flow

        summary = run_flow(str(settings.home), _folders(settings), list(only), full_sweep, force)
        return _finish(settings, summary, as_json)


def harvest_only(settings: Settings, only: Sequence[str], *, full_sweep: bool, as_json: bool = False) -> int:
    """`fazhi harvest`."""
    with _flows(settings, "harvest"):
        from flows.harvesting import close_runs
        from flows.mirroring import mirror
        from flows.pipeline import RunSummary, harvest_flow

        runs = harvest_flow(str(settings.home), _folders(settings), list(only), full_sweep)
        close_runs(settings)
        mirror(settings)
        return _finish(settings, RunSummary(runs=runs), as_json)


def ingest_paths(
    settings: Settings, paths: Sequence[Path], url_list: Path | None = None, *, as_json: bool = False
) -> int:
    """`fazhi ingest`."""
    from scrapers.url_list import UrlListError, read_url_list

    try:
        urls = read_url_list(url_list) if url_list else []
    except UrlListError as error:
        raise FazhiError(str(error)) from None
    with _flows(settings, "ingest"):
        from flows.pipeline import ingest_flow

        summary = ingest_flow(str(settings.home), [str(path.absolute()) for path in paths], urls)
        return _finish(settings, summary, as_json)


def rebuild(settings: Settings, *, from_archive: bool, as_json: bool = False) -> int:
    """`fazhi build`."""
    if not settings.archive.exists():
        raise FazhiError(f"{settings.archive}: no archive yet; `fazhi run` or `fazhi ingest` makes one")
    with _flows(settings, "build", from_archive=from_archive):
        from flows.pipeline import rebuild_flow

        return _finish(settings, rebuild_flow(str(settings.home)), as_json)


def list_sources(settings: Settings, *, as_json: bool) -> int:
    """`fazhi sources list`."""
    from flows.registry import chosen_sources

    with chosen_sources(settings) as sources:
        if as_json:
            print_json([source.model_dump(mode="json") for source in sources])
            return Exit.OK
        rows = [
            (*(item.id, item.name, item.region_code, item.family, item.status), *(item.verified, item.start_urls[0]))
            for item in sources
        ]
        names = ("id", "name", "region", "family", "status", "verified", "start url")
        print_rows(wide_console(), names, rows, title=f"{len(sources)} sources")
    return Exit.OK


def reindex(settings: Settings) -> int:
    """`fazhi archive reindex`."""
    from scrapers.archive import Archive
    from scrapers.index import drop_damaged

    with writing(settings.lock, "archive reindex"):
        if drop_damaged(settings.archive):
            console.print(f"[yellow]the index in {settings.archive} was damaged: it is made anew[/]")
        with Archive(settings.archive) as archive, busy("reindex"):
            count = archive.reindex(lambda damage: console.print(f"[yellow]{damage}[/]"))
        console.print(f"{count:,} captures indexed from the WARC files in {settings.archive}")
    return Exit.OK


@contextlib.contextmanager
def _flows(settings: Settings, command: str, *, from_archive: bool = False) -> Iterator[None]:
    """Lock, Prefect server, quiet libraries, staging's schema; a build's own errors become FazhiError.

    from_archive: staging goes first of all, whatever wrote it.
    """
    _ = settings.keep_snapshots  # a wrong setting is told now, not after the build
    with writing(settings.lock, command):
        try:
            with contextlib.ExitStack() as stack:
                with busy("starting Prefect"):
                    stack.enter_context(temporary_server(settings.prefect))
                    import prefect  # noqa: F401  (sets its log handlers up)

                import duckdb

                from expectations.gates import GateFailed
                from scrapers.records import ArchiveError
                from warehouse.errors import WarehouseError

                quiet_libraries((FazhiError, WarehouseError, GateFailed, ArchiveError, duckdb.IOException))
                if from_archive:
                    for path in settings.home.glob("staging.duckdb*"):
                        path.unlink()
                upgrade_staging(settings.staging)
                try:
                    yield
                except (WarehouseError, GateFailed) as error:
                    room = "\nThe disk is full: make room and run the same command again" * tells_full_disk(str(error))
                    raise FazhiError(f"nothing was published and the old warehouse stays: {error}{room}") from None
                except duckdb.IOException as error:
                    if disk_is_full(error):
                        raise
                    raise FazhiError(
                        f"a database file cannot be read or written: {error}. Where "
                        "staging.duckdb is damaged, `fazhi build --from-archive` makes it anew. What is published stays."
                    ) from None
        except ServerNotStarted as error:
            raise FazhiError(str(error)) from None


def _folders(settings: Settings) -> list[str]:
    return [str(path) for path in settings.sources]


def _finish(settings: Settings, summary: RunSummary, as_json: bool) -> int:
    """Print the summary and give the exit status."""
    status = Exit.SOURCES_FAILED if summary.sources_failed else Exit.OK
    if as_json:
        from flows.summary_json import as_json as written

        print(written(settings, summary, status))
        return status
    table = Table(show_header=False, title="fazhi")
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    for name, value in _figures(settings, summary):
        table.add_row(name, f"{value:,}" if isinstance(value, int) else value)
    console.print(table)
    for run in summary.runs:
        if run.status != "ok":
            console.print(f"[yellow]{run.source_id}[/]: {run.status}", *_first_reasons(run.reasons), sep="\n  ")
    return status


def _figures(settings: Settings, summary: RunSummary) -> Iterator[tuple[str, int | str]]:
    runs = summary.runs
    if runs:
        yield "sources 来源", len(runs)
        yield "sources with trouble 异常来源", summary.sources_failed
        yield "requests 请求", sum(run.requests for run in runs)
        yield "new pages 新页面", sum(run.new for run in runs)
        yield "changed pages 变更页面", sum(run.changed for run in runs)
    if summary.published is None:
        yield "archive 存档", str(settings.archive)
        return
    yield "new reports 新报告", summary.published.new_reports
    if summary.published.skipped:
        yield "warehouse 数据仓库", f"{settings.warehouse} (current: nothing new to publish)"
        return
    from flows.building import correction_counts, mart_counts

    counts = mart_counts(settings.warehouse)
    yield "reports 报告", counts["fct_report"]
    yield "quantities 数量", counts["fct_quantity"]
    yield "yearly indicator values 年度指标", counts["fct_indicator_yearly"]
    yield (
        "failed checks 未通过的核对",
        f"{counts['failed_checks']:,} of {counts['rpt_reconciliation']:,} in marts.rpt_reconciliation",
    )
    if counts.get("rpt_correction"):
        yield "corrections 人工更正", f"{correction_counts(settings.warehouse)} (fazhi review status)"
    for gate in summary.published.gates:
        passed = sum(item.passed for item in gate.checks)
        yield f"{gate.name} gate 质量检查", f"{passed} of {len(gate.checks)} passed, {gate.report_path}"
    yield "warehouse 数据仓库", str(settings.warehouse)
    yield "export 导出", str(settings.export)


def _first_reasons(reasons: str, most: int = 5) -> list[str]:
    items = json.loads(reasons)
    lines = [f"{item.get('reason')}: {item.get('url')}" for item in items[:most]]
    return lines + ([f"… and {len(items) - most} more"] if len(items) > most else [])
