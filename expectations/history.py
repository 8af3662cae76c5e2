"""Gate results in, rows of `marts.rpt_gate` out: what every build's checks observed, failed builds included.

The history is a file of JSON lines beside the gates' reports, since a build that fails publishes nothing; each build that
is published takes it along.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from expectations.gates import GateResult
from warehouse.connect import open_side

TABLE = "rpt_gate"
# checks of some hundred builds; older ones are forgotten
KEEP_LINES = 20_000
COLUMNS = {
    "checked_at": "timestamptz",
    "gate": "varchar",
    "check_name": "varchar",
    "severity": "varchar",
    "passed": "boolean",
    "observed": "varchar",
    "detail": "varchar",
}


def record(result: GateResult, path: Path, at: datetime) -> None:
    """Append the gate's results to the history."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        for check in result.checks:
            values = (at.isoformat(), result.name, check.name, check.severity)
            row = dict(zip(COLUMNS, (*values, check.passed, check.observed, check.detail), strict=True))
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def keep_history(path: Path, database: Path) -> int:
    """Put the history into the database's `marts.rpt_gate`, in the place of what is there; gives the number of rows."""
    if not path.exists():
        return 0
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in COLUMNS.items())
    with open_side(database) as con:
        con.execute("set timezone = 'UTC'")
        con.execute("begin")
        con.execute(f"delete from marts.{TABLE}")
        # a line that a killed process left half written is no result
        con.execute(
            f"insert into marts.{TABLE} by name select * from read_json(?, format = 'newline_delimited',"
            f" ignore_errors = true, columns = {{{columns}}}) where checked_at is not null and check_name is not null"
            f" order by checked_at desc, gate, check_name limit {KEEP_LINES}",
            [str(path)],
        )
        (rows,) = con.execute(f"select count(*) from marts.{TABLE}").fetchone() or (0,)
        con.execute("commit")
    return int(rows)
