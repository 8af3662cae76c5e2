"""Suite files in, checks out: what each gate asks, as data (`suites/*.yml`)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import yaml

Severity = Literal["error", "warning"]
SUITES = Path(__file__).parent / "suites"
# a table with the column id, where not all rows are asked about
UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class Check:
    """One question to one table.

    kind: name of a Great Expectations class, with its arguments; or `rows`, SQL that selects what breaks the rule,
    with {batch} for the table. needs_previous: asks about the published warehouse, attached as `previous`.
    once: the column by whose values `UNCHECKED` tells which rows have not been asked about yet; only for an error's
    `rows` that look for faults within rows of one such value: where they found none, they find none while those rows stay.
    beside: further tables of the schema with that column, of which those rows are then enough too.
    """

    name: str
    table: str
    severity: Severity
    kind: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    rows: str | None = None
    needs_previous: bool = False
    once: str | None = None
    beside: tuple[str, ...] = ()


def load_checks(suite: str) -> tuple[Check, ...]:
    """The checks of suite `staging` or `marts`, in the order of the file. Raises ValueError for a name used twice."""
    entries = yaml.safe_load((SUITES / f"{suite}.yml").read_text(encoding="utf-8"))
    checks = tuple(_check(group["table"], entry) for group in entries for entry in group["checks"])
    names = [check.name for check in checks]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"suite {suite} uses a check's name twice: {', '.join(twice)}")
    return checks


def suites_digest() -> str:
    """Of all that the suites say: another one, and rows that passed may not pass again."""
    digest = hashlib.sha256()
    for path in sorted(SUITES.glob("*.yml")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def narrowed(check: Check, schema: str) -> Check:
    """The check as it is asked where not all rows are: one asked `once` looks at those that are `UNCHECKED` alone.

    They are found by their ids, and then taken by their place: they lie together at the end, and no other row group is read.
    """
    if check.rows is None or check.once is None:
        return check
    ids = f"{check.once} in (select id from {UNCHECKED})"

    def some(found: re.Match[str]) -> str:
        # Great Expectations puts a selection in the place of {batch}, whose rows have none
        table = found.group().replace("{batch}", f"{schema}.{check.table}")
        return f"(select * from {table} where rowid in (select rowid from {table} where {ids}))"

    tables = "|".join([r"\{batch\}", *(rf"(?<![.\w]){schema}\.{name}\b" for name in check.beside)])
    # it warns of a query that does not speak of {batch}
    return replace(check, rows="/* of {batch} */ " + re.sub(tables, some, check.rows))


def _check(table: str, entry: Mapping[str, Any]) -> Check:
    known = {"name", "severity", "type", "rows", "needs_previous", "once", "beside"}
    once = entry.get("once")
    if once and (entry["severity"] != "error" or "rows" not in entry):
        raise ValueError(f"check {entry['name']}: `once` is for `rows` of severity error")
    if "beside" in entry and not once:
        raise ValueError(f"check {entry['name']}: `beside` is for what is asked `once`")
    return Check(
        name=entry["name"],
        table=table,
        severity=entry["severity"],
        kind=entry.get("type", "UnexpectedRowsExpectation"),
        arguments={key: value for key, value in entry.items() if key not in known},
        rows=entry.get("rows"),
        needs_previous=entry.get("needs_previous", False),
        once=once,
        beside=tuple(entry.get("beside", ())),
    )
