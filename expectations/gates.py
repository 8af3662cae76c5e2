"""A database and the name of a gate in, a verdict with its written report out; nothing is changed in the database."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import duckdb

from expectations.checks import Check, Severity, load_checks, narrowed
from expectations.validate import CHECKED, Observation, list_unchecked, validate
from warehouse.connect import quoted

GateName = Literal["staging", "marts"]
EXAMPLES = 5


class GateFailed(Exception):
    """The gate could not be run at all: the database is missing or not what the gate is for."""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check came to.

    observed: rows that break the rule, or the value that was seen. detail: why it failed, with examples; a check
    that could not be carried out is an error whatever its severity was, and says so.
    """

    name: str
    severity: Severity
    passed: bool
    observed: str
    detail: str


@dataclass(frozen=True, slots=True)
class GateResult:
    """A gate's verdict: `passed` unless a check of severity error failed."""

    name: str
    passed: bool
    checks: tuple[CheckResult, ...]
    report_path: Path
    data_docs_path: Path


def run_gate(
    name: GateName,
    database: Path,
    reports: Path,
    *,
    previous: Path | None = None,
    unchecked: Collection[str] | None = None,
) -> GateResult:
    """Ask all checks of the suite; write `<name>.json` and the Data Docs into `reports`.

    database: staging, or a side file with the marts; opened read-only, not open for writing elsewhere in this process.
    previous: the published warehouse, for the checks on losses; without it they are not asked.
    unchecked: captures (of staging) or bodies (of the marts) of whose rows the checks that are asked `once` have not been
    asked yet; None: all are asked about all rows. Raises GateFailed.
    """
    if not database.exists():
        raise GateFailed(f"the {name} gate has nothing to check: {database} does not exist")
    known_previous = previous if previous is not None and _holds_marts(previous) else None
    checks = [check for check in load_checks(name) if known_previous is not None or not check.needs_previous]
    if unchecked is not None:
        checks = [narrowed(check, name) for check in checks]
    _refuse_missing_tables(name, database, checks)
    reports.mkdir(parents=True, exist_ok=True)
    observations, index = validate(
        name,
        database,
        checks,
        docs=reports / f"{name}-docs",
        attach={"previous": known_previous} if known_previous else {},
        unchecked=unchecked,
    )
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(database)} as {CHECKED} (read_only)")
        con.execute(f"use {CHECKED}")
        if known_previous:
            con.execute(f"attach {quoted(known_previous)} as previous (read_only)")
        list_unchecked(con, unchecked)
        results = tuple(
            _judge(con, name, check, observation) for check, observation in zip(checks, observations, strict=True)
        )
    passed = all(result.passed for result in results if result.severity == "error")
    report = reports / f"{name}.json"
    document = {"gate": name, "passed": passed, "checks": [asdict(result) for result in results]}
    report.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return GateResult(name=name, passed=passed, checks=results, report_path=report, data_docs_path=index)


def _judge(con: duckdb.DuckDBPyConnection, schema: str, check: Check, observation: Observation) -> CheckResult:
    if observation.broke is not None:
        detail = f"the check itself broke: {observation.broke}"
        return CheckResult(check.name, "error", passed=False, observed="", detail=detail)
    detail = "" if observation.passed else _examples(con, schema, check)
    return CheckResult(check.name, check.severity, observation.passed, observation.observed, detail)


def _examples(con: duckdb.DuckDBPyConnection, schema: str, check: Check) -> str:
    """The first rows that break the rule, for a reader."""
    if check.rows is None:
        asked = ", ".join(f"{key} {value}" for key, value in check.arguments.items())
        return f"{check.table}: {check.kind} ({asked}) does not hold"
    shown = con.execute(f"select * from ({rows_of(check, schema)}) limit {EXAMPLES}")
    columns = [column[0] for column in shown.description or ()]
    rows = [", ".join(f"{key} {value}" for key, value in zip(columns, row, strict=True)) for row in shown.fetchall()]
    return f"{check.table}: {'; '.join(rows)}"


def rows_of(check: Check, schema: str) -> str:
    """The check's SQL with the table's name in place."""
    return (check.rows or "").format(batch=f"{schema}.{check.table}")


def _holds_marts(path: Path) -> bool:
    if not path.exists():
        return False
    with duckdb.connect(str(path), read_only=True) as con:
        return bool(con.execute("select 1 from duckdb_tables() where schema_name = 'marts'").fetchall())


def _refuse_missing_tables(name: str, database: Path, checks: Iterable[Check]) -> None:
    try:
        with duckdb.connect(str(database), read_only=True) as con:
            rows = con.execute("select table_name from duckdb_tables() where schema_name = ?", [name]).fetchall()
    except duckdb.Error as error:
        raise GateFailed(f"the {name} gate cannot open {database}: {error}") from error
    missing = sorted({check.table for check in checks} - {table for (table,) in rows})
    if missing:
        raise GateFailed(f"{database} lacks the tables {', '.join(missing)} of schema {name}")
