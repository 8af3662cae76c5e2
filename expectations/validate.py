"""Checks and a DuckDB file in, what Great Expectations observed out, with its Data Docs; all pushed down into DuckDB."""

from __future__ import annotations

import logging
import os
import shutil
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from expectations.checks import UNCHECKED, Check
from warehouse.connect import quoted

# the database is attached under this name: a file called staging.duckdb would make `staging.document` ambiguous
CHECKED = "checked"
# of DuckDB while it checks; Great Expectations and pandas need 0.5 GB more
MEMORY = "1500MB"
# Great Expectations knows three; info never stops anything, so it is not used
_SEVERITY = {"error": "critical", "warning": "warning"}


@dataclass(frozen=True, slots=True)
class Observation:
    """passed; observed: the value or number of rows seen; broke: the exception where the check could not be run."""

    passed: bool
    observed: str
    broke: str | None = None


def validate(
    schema: str,
    database: Path,
    checks: Sequence[Check],
    *,
    docs: Path,
    attach: Mapping[str, Path],
    unchecked: Collection[str] | None = None,
) -> tuple[list[Observation], Path]:
    """Run the checks against tables of `schema`; gives an observation a check, in order, and the Data Docs' index.

    attach: further databases by alias, read-only. unchecked: see `expectations.gates.run_gate`.
    """
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # read when the package is imported
    gx: Any = import_module("great_expectations")
    # it tells of each temporary folder
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    shutil.rmtree(docs, ignore_errors=True)
    site = {
        "class_name": "SiteBuilder",
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs.absolute())},
    }
    for name, unused in dict(context.variables.data_docs_sites or {}).items():
        context.delete_data_docs_site(name)
        shutil.rmtree(unused["store_backend"]["base_directory"], ignore_errors=True)
    context.add_data_docs_site(site_name=schema, site_config=site)
    with (
        TemporaryDirectory(prefix="fazhi-gate-") as spill,
        _buffered_results({CHECKED: database, **attach}, Path(spill), unchecked),
    ):
        source = context.data_sources.add_sql(name=schema, connection_string="duckdb:///:memory:")
        found: dict[str, Observation] = {}
        definitions = []
        for table in dict.fromkeys(check.table for check in checks):
            asset = source.add_table_asset(name=table, table_name=table, schema_name=schema)
            batch = asset.add_batch_definition_whole_table(table)
            suite = context.suites.add(gx.ExpectationSuite(name=f"{schema}.{table}"))
            for check in checks:
                if check.table == table:
                    suite.add_expectation(_expectation(gx, check))
            definitions.append(
                context.validation_definitions.add(
                    gx.ValidationDefinition(name=f"{schema}.{table}", data=batch, suite=suite)
                )
            )
        checkpoint = context.checkpoints.add(
            gx.Checkpoint(
                name=schema,
                validation_definitions=definitions,
                actions=[gx.checkpoint.UpdateDataDocsAction(name="docs")],
                result_format="SUMMARY",
            )
        )
        outcome = checkpoint.run()
        for validation in outcome.run_results.values():
            for result in validation.results:
                found[result.expectation_config.meta["name"]] = _observe(result)
        # the file must be free again: DuckDB refuses a second connection with other settings in one process
        source.get_execution_engine().close()
        source.get_engine().dispose()
    missing = Observation(passed=False, observed="", broke="no result was given")
    return [found.get(check.name, missing) for check in checks], docs / "index.html"


def list_unchecked(con: Any, unchecked: Collection[str] | None) -> None:
    """Put down for this connection which rows are asked about, where not all are."""
    if unchecked is not None:
        query = f"create or replace temp table {UNCHECKED} as select unnest(?::varchar[]) as id"
        con.execute(query, [sorted(unchecked)])


def _expectation(gx: Any, check: Check) -> Any:
    arguments = dict(check.arguments)
    kind = getattr(gx.expectations, check.kind)
    if check.rows is not None:
        arguments["unexpected_rows_query"] = check.rows
        kind = _asked_once(kind)
    return kind(**arguments, severity=_SEVERITY[check.severity], meta={"name": check.name}, notes=check.name)


@cache
def _asked_once(rows_expectation: Any) -> Any:
    """The expectation that no row is selected, without the rows themselves: Great Expectations runs the query once for
    them and once for their number, and the rows are not told where results are summed up."""

    class NoRowsSelected(rows_expectation):  # type: ignore[misc]
        metric_dependencies = ("unexpected_rows_query.row_count",)

        def _validate(self, metrics: dict[str, Any], *arguments: Any, **named: Any) -> Any:
            return super()._validate({**metrics, "unexpected_rows_query.table": []}, *arguments, **named)

    return NoRowsSelected


def _observe(result: Any) -> Observation:
    broke = _exception(result.exception_info)
    details = result.result or {}
    for key in ("unexpected_count", "observed_value"):
        if details.get(key) is not None:
            return Observation(bool(result.success), str(details[key]), broke)
    return Observation(bool(result.success), "", broke)


def _exception(info: Mapping[str, Any] | None) -> str | None:
    """The message where a check raised; Great Expectations gives one entry, or one for each metric."""
    if not info:
        return None
    entries = [info] if "raised_exception" in info else list(info.values())
    messages = [str(entry.get("exception_message")) for entry in entries if entry.get("raised_exception")]
    return "; ".join(dict.fromkeys(messages)) or None


@contextmanager
def _buffered_results(attach: Mapping[str, Path], spill: Path, unchecked: Collection[str] | None) -> Iterator[None]:
    """Read each DuckDB result at once, and attach the further databases to every new connection.

    spill: folder for what does not fit into `MEMORY`.

    Great Expectations reads results after it has given the connection back; DuckDB then has none, which would count
    as a failed check.
    """
    from sqlalchemy import Engine, event
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    def buffer(_con: Any, cursor: Any, _sql: Any, _parameters: Any, context: Any, _many: Any) -> None:
        if context.dialect.name == "duckdb" and cursor.description:
            context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor)

    def attach_all(connection: Any, _record: Any) -> None:
        connection.execute(f"set memory_limit = '{MEMORY}'")
        # of so few wanted values each row group is asked whether it can hold one
        connection.execute("set dynamic_or_filter_threshold = 500")
        connection.execute("set enable_progress_bar = false")  # it would stand in the middle of what is printed
        if not connection.execute("select 1 from duckdb_databases() where database_name = ?", [CHECKED]).fetchall():
            # not after something was spilled: DuckDB refuses another folder then
            connection.execute(f"set temp_directory = {quoted(spill)}")
        for alias, path in attach.items():
            connection.execute(f"attach if not exists {quoted(path)} as {alias} (read_only)")
        connection.execute(f"use {CHECKED}")
        list_unchecked(connection, unchecked)

    event.listen(Engine, "after_cursor_execute", buffer)
    event.listen(Engine, "connect", attach_all)
    try:
        with warnings.catch_warnings():
            # lists are not known to the SQLAlchemy dialect, and no check asks about them
            warnings.filterwarnings("ignore", message="Did not recognize type")
            # the schema is named with the table: one source serves both schemas
            warnings.filterwarnings("ignore", message="`schema_name` is deprecated")
            yield
    finally:
        event.remove(Engine, "after_cursor_execute", buffer)
        event.remove(Engine, "connect", attach_all)
