"""Suite files in, checks out: what each gate asks, as data (`suites/*.yml`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

Severity = Literal["error", "warning"]
SUITES = Path(__file__).parent / "suites"


@dataclass(frozen=True, slots=True)
class Check:
    """One question to one table.

    kind: name of a Great Expectations class, with its arguments; or `rows`, SQL that selects what breaks the rule,
    with {batch} for the table. needs_previous: asks about the published warehouse, attached as `previous`.
    """

    name: str
    table: str
    severity: Severity
    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    rows: str | None = None
    needs_previous: bool = False


def load_checks(suite: str) -> tuple[Check, ...]:
    """The checks of suite `staging` or `marts`, in the order of the file. Raises ValueError for a name used twice."""
    entries = yaml.safe_load((SUITES / f"{suite}.yml").read_text(encoding="utf-8"))
    checks = tuple(_check(group["table"], entry) for group in entries for entry in group["checks"])
    names = [check.name for check in checks]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"suite {suite} uses a check's name twice: {', '.join(twice)}")
    return checks


def _check(table: str, entry: Mapping[str, Any]) -> Check:
    known = {"name", "severity", "type", "rows", "needs_previous"}
    return Check(
        name=entry["name"],
        table=table,
        severity=entry["severity"],
        kind=entry.get("type", "UnexpectedRowsExpectation"),
        arguments={key: value for key, value in entry.items() if key not in known},
        rows=entry.get("rows"),
        needs_previous=entry.get("needs_previous", False),
    )
