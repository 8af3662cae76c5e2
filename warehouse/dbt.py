"""A staging database in, a side file with the marts out: dbt run in this process on a profile written for the build.

Where the published warehouse was made by the same recipe, the side file starts as its copy, and only the rows of bodies
of whom anything changed are made anew; otherwise everything is.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TextIO

import duckdb
import yaml

from warehouse.connect import NO_VACUUM, WRITTEN, open_side
from warehouse.errors import BuildFailed, WarehouseError
from warehouse.recipe import reason_for_whole, recipe_of

PROJECT = Path(__file__).resolve().parent.parent / "dbt_project"
# what does not fit is spilled to disk
MEMORY = "2200MB"
# a build that is broken off is begun anew: neither file needs a log to be mended from, and all would be written twice
NO_LOG = {"recovery_mode": "no_wal_writes"}
# nor a checkpoint, which looks at all tables, whenever some models have written so much: one of the side file at the end
NO_CHECKPOINT = {"checkpoint_threshold": "1TB"}
# no-op: an exposure; skipped: behind a failed one, which is named
NO_FAILURE = {"success", "pass", "warn", "no-op", "skipped"}
# of the build under way, or of the last one
LOG = Path("logs", "dbt.log")
LOGGED = {"info", "warn", "error"}


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What a build made.

    side: the file with schema `marts`; nodes: how many of each resource type ran (model, seed, test, unit_test);
    warnings: tests that only warn, with their message; seconds: wall time; mode: `whole` or `increment`; reason: why
    everything was made anew; affected: ids of the bodies of whom rows were made anew, None where all were.
    """

    side: Path
    nodes: Mapping[str, int]
    warnings: Mapping[str, str]
    seconds: float
    mode: Literal["whole", "increment"] = "whole"
    reason: str | None = None
    affected: tuple[str, ...] | None = None


@dataclass(slots=True)
class _Outcome:
    counts: Counter[str] = field(default_factory=Counter)
    warnings: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    affected: tuple[str, ...] = ()


def build(
    *,
    staging: Path,
    side: Path,
    work: Path,
    published: Path | None = None,
    begun: Future[None] | None = None,
    unit_tests: bool = True,
    variables: Mapping[str, object] | None = None,
    project: Path = PROJECT,
) -> BuildResult:
    """Run seeds, models, unit tests and tests; `side` then holds schema `marts` and nothing else.

    staging: read only; no connection to it may be open for writing. work: scratch database, compiled SQL and logs.
    published: the published warehouse; it is only read. With it the build is an increment where that gives the same
    tables for less (see `warehouse.recipe`). begun: `go_on_from` on its way, where that was known before.
    unit_tests: run the models' own given/expect tests too (about a quarter of the time; they say nothing about data).
    variables: dbt variables that the project declares. Raises BuildFailed naming the failed nodes, and removes the side
    file: a failed one never passes for a finished one.
    """
    if not staging.exists():
        raise WarehouseError(f"there is no staging database at {staging}: harvest or ingest first")
    work.mkdir(parents=True, exist_ok=True)
    scratch = work / "scratch.duckdb"
    recipe = recipe_of(project, staging, variables or {})
    reason = reason_for_whole(published, staging, recipe)
    base = published if reason is None else None
    _forget(scratch)
    if base is None:
        if begun is not None:
            wait([begun])  # it was for nothing, whatever came of it
        _forget(side)
    profiles = _write_profile(work, staging=staging, side=side, scratch=scratch, published=base)
    started = time.perf_counter()
    # of an increment most models are too small for DuckDB to use a second core
    flags = ["--full-refresh"] if reason else ["--threads", "2"]
    # an increment is made by the same models as what it adds to: their tests say nothing new
    flags += [] if unit_tests and reason else ["--exclude-resource-type", "unit_test"]
    known = _options(project, profiles, work, {**(variables or {}), "recipe": recipe})
    manifest = None
    with ThreadPoolExecutor(1) as beside:
        if base:
            # a copy is the disk's work, and to import dbt and read the project a core's: both at once
            copied = begun or beside.submit(go_on_from, base, side)
            manifest = _parsed(known)
            copied.result()
            flushed = beside.submit(_flush, side)
        outcome = _invoke(work, [*known, *flags], manifest)
        if base:
            flushed.result()
    seconds = time.perf_counter() - started
    if outcome.failures:
        _forget(side)
        raise BuildFailed(outcome.failures)
    return BuildResult(
        side=side,
        nodes=dict(outcome.counts),
        warnings=outcome.warnings,
        seconds=seconds,
        mode="whole" if reason else "increment",
        reason=reason,
        affected=None if reason else outcome.affected,
    )


def go_on_from(published: Path, side: Path) -> None:
    """The side file as a copy of the published one, without the stamp that says which snapshot that is."""
    _forget(side)
    shutil.copyfile(published, side)
    with open_side(side) as con:
        con.execute("drop schema if exists published cascade")


def _flush(file: Path) -> None:
    """Have the copy written to disk by the time that the first model is: its commit would wait for it."""
    with file.open("rb") as copy:
        os.fsync(copy.fileno())


def _forget(*files: Path) -> None:
    for file in files:
        for path in (file, file.with_name(file.name + ".wal")):
            path.unlink(missing_ok=True)


def _write_profile(work: Path, *, staging: Path, side: Path, scratch: Path, published: Path | None) -> Path:
    """A profiles folder for this build: marts go to the side file, all else to the scratch file.

    It is the same for a whole build and an increment, so that dbt need not parse the project again for the other one.
    """
    previous = work / "previous.duckdb"
    _forget(previous)
    if published is None:
        duckdb.connect(str(previous)).close()
    else:
        previous.symlink_to(published.absolute())
    attached: list[dict[str, object]] = [
        {"path": str(staging), "alias": "staged", "read_only": True},
        {"path": str(scratch), "alias": "scratch", "options": NO_LOG},
        {"path": str(side), "alias": "side", "options": {**WRITTEN, **NO_LOG}},
        {"path": str(previous), "alias": "previous", "read_only": True},
    ]
    folder = work / "profiles"
    folder.mkdir(exist_ok=True)
    spill = work / "spill"
    shutil.rmtree(spill, ignore_errors=True)
    output = {
        "type": "duckdb",
        "path": ":memory:",
        "database": "side",
        "schema": "marts",
        "threads": 1,  # DuckDB itself uses all cores, and what one model needs of memory is not needed twice
        "attach": attached,
        # set once, when the database is opened: what dbt sets for each model must not touch a spill folder in use
        "config_options": {
            "temp_directory": str(spill),
            "memory_limit": MEMORY,
            # freed memory goes back to the system at once, a GB of it after the texts were sorted
            "allocator_background_threads": "true",
            # of so few wanted values each row group is asked whether it can hold one
            "dynamic_or_filter_threshold": 500,
            **NO_VACUUM,
            **NO_CHECKPOINT,
            # rows keep an order where a model asks for one
            "preserve_insertion_order": "false",
        },
        # a progress bar would stand in the middle of what the command prints
        "settings": {"TimeZone": "UTC", "enable_progress_bar": "false"},
    }
    profile = {"fazhi": {"target": "side", "outputs": {"side": output}}}
    (folder / "profiles.yml").write_text(yaml.safe_dump(profile, allow_unicode=True), encoding="utf-8")
    return folder


# dbt's own loggers word each event for themselves, thousands that no level lets through among them
_QUIET = ("--log-level", "none", "--log-level-file", "none", "--no-write-json")


def _options(project: Path, profiles: Path, work: Path, variables: Mapping[str, object]) -> list[str]:
    """What each command is told of this build."""
    return [
        "--project-dir",
        str(project),
        "--profiles-dir",
        str(profiles),
        "--target-path",
        str(work / "target"),
        "--log-path",
        str((work / LOG).parent),
        "--vars",
        json.dumps(dict(variables), ensure_ascii=False),
    ]


def _parsed(known: Sequence[str]) -> Any:
    """The project as dbt reads it; None where it cannot, which the build then says."""
    from dbt.cli.main import dbtRunner  # takes two seconds: only when something is built

    answer = dbtRunner().invoke([*_QUIET, "parse", *known])
    return answer.result if answer.success else None


def _invoke(work: Path, options: Sequence[str], manifest: Any) -> _Outcome:
    from dbt.cli.main import dbtRunner

    outcome, log = _Outcome(), work / LOG
    log.parent.mkdir(exist_ok=True)
    try:
        with log.open("w", encoding="utf-8", buffering=1) as out:
            runner = dbtRunner(manifest=manifest, callbacks=[partial(_write_down, out)])
            answer = runner.invoke([*_QUIET, "build", *options])
        if answer.success:
            outcome.affected = _keep_side()
    finally:
        _let_go()
    for result in getattr(answer.result, "results", None) or ():
        outcome.counts[str(result.node.resource_type)] += 1
        message = " ".join((result.message or "").split())
        if str(result.status) == "warn":
            outcome.warnings[result.node.name] = message
        elif str(result.status) not in NO_FAILURE:
            outcome.failures[result.node.name] = f"{result.status}: {message}"
    if answer.exception is not None:
        outcome.failures["dbt"] = str(answer.exception)
    elif not answer.success and not outcome.failures:
        outcome.failures["dbt"] = f"the build did not finish; see {log}"
    return outcome


def _write_down(log: TextIO, event: Any) -> None:
    """A line of the build's log, for what is no debugging."""
    if event.info.level in LOGGED:
        log.write(f"{datetime.now(UTC):%H:%M:%S} {event.info.level:5} {event.info.msg}\n")


def _keep_side() -> tuple[str, ...]:
    """Write what was made to the side file, and let the scratch file go: to write that in order takes as long again.
    Returns the bodies that were made anew."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    connection = DuckDBConnectionManager.env().handle()  # type: ignore[no-untyped-call]
    try:
        affected = connection.cursor().execute("select publisher_id from scratch.intermediate.int_affected").fetchall()
        connection.cursor().execute("checkpoint side")
        connection.cursor().execute("pragma disable_checkpoint_on_shutdown")
    finally:
        connection.close()
    return tuple(publisher_id for (publisher_id,) in affected)


def _let_go() -> None:
    """Close dbt's own DuckDB connection: the side file is moved next, and staging opened for writing again."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
