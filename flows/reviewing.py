"""`fazhi review`: doubtful numbers of the published warehouse out to a spreadsheet, people's decisions back in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from extraction.catalogue import default_catalogue
from flows.decisions import COLUMNS, DECISIONS, corrections_of
from flows.errors import Exit, FazhiError
from flows.events import busy, console, wide_console
from flows.lock import writing
from flows.settings import Settings, now
from flows.sheets import check_suffix, read_sheet, write_sheet
from flows.tables import print_json, print_rows
from flows.topics import topic
from flows.visible import visible
from warehouse.connect import connect_read_only
from warehouse.corrections import Correction, declare, read_corrections, write_corrections

DOUBTFUL = Path(__file__).parent / "doubtful.sql"
OUTCOMES = ("applied", "unmatched", "superseded", "withdrawn", "pending")


def export_doubtful(
    settings: Settings,
    path: Path,
    *,
    below: float,
    reports: int,
    examples: int,
    most: int,
    as_json: bool = False,
) -> int:
    """Write the doubtful numbers that nobody has decided on to a spreadsheet.

    Raises FazhiError where the file holds decisions that have not been imported: they would be lost.
    """
    check_suffix(path)
    _keep_decisions(settings, path)
    parameters = {"below": below, "reports": reports, "examples": examples}
    with busy("review"):
        found = _ask(settings, DOUBTFUL.read_text(encoding="utf-8"), parameters)
    decided = {item.quantity_key for item in read_corrections(settings.corrections) if item.status == "active"}
    rows = [row for row in found if row["quantity_key"] not in decided]
    sheet = [{name: _cell(row.get(name)) for name in COLUMNS} for row in rows[:most]]
    path.parent.mkdir(parents=True, exist_ok=True)
    indicators = default_catalogue().indicators.values()
    legend = [(item.id, item.name_zh, item.name_en, item.unit, item.kind, item.theme) for item in indicators]
    write_sheet(
        path,
        COLUMNS,
        sheet,
        choices={"decision": DECISIONS, "new_indicator": [item.id for item in indicators]},
        legend=(("indicator", "name_zh", "name_en", "unit", "kind", "theme"), legend),
    )
    if as_json:
        print_json({"file": path.absolute(), "numbers": len(sheet), "left_out": len(rows) - len(sheet)})
    console.print(f"{len(sheet):,} doubtful numbers in {path}", style="bold")
    if len(rows) > most:
        console.print(f"{len(rows) - most:,} more were left out: --most {len(rows)} writes all")
    console.print(
        f"Fill in decision ({', '.join(DECISIONS)}), what is new, and the reason; then: fazhi review import {path}"
    )
    return Exit.OK


def import_decisions(settings: Settings, path: Path, *, as_json: bool = False) -> int:
    """Read decided rows into the operator's corrections. Raises FazhiError with every row that cannot be taken."""
    decided = corrections_of(read_sheet(path), path, default_catalogue(), now().date())
    target = settings.corrections
    target.parent.mkdir(parents=True, exist_ok=True)
    with writing(settings.lock, "review import"):
        held = read_corrections(target)
        merged = declare(held, decided)
        before, after = set(held), set(merged)
        if before != after:
            write_corrections(target, merged)
    new = sum(item.status == "active" for item in after - before)
    withdrawn = sum(item.status == "withdrawn" for item in after - before)
    numbers = len({item.quantity_key for item in decided})
    if as_json:
        print_json({"numbers": numbers, "new_or_changed": new, "withdrawn": withdrawn, "corrections": target})
    console.print(
        f"{numbers:,} decided numbers: {new:,} corrections new or changed, {withdrawn:,} withdrawn, in {target}"
    )
    if before != after:
        console.print(
            "The next `fazhi build` or `fazhi run` applies them; `fazhi review status` says what became of them."
        )
    return Exit.OK


def withdraw(settings: Settings, keys: Sequence[str], *, as_json: bool = False) -> int:
    """Take decisions on these numbers back; they stay in the file as withdrawn. Raises FazhiError for unknown keys."""
    with writing(settings.lock, "review withdraw"):
        held = read_corrections(settings.corrections)
        active = {item.quantity_key for item in held if item.status == "active"}
        unknown = [key for key in keys if key not in active]
        if unknown:
            raise FazhiError(
                f"{settings.corrections} holds no active decision on {', '.join(unknown)}; "
                "`fazhi review status` shows the keys"
            )
        merged = [replace(item, status="withdrawn") if item.quantity_key in keys else item for item in held]
        write_corrections(settings.corrections, merged)
    if as_json:
        print_json({"withdrawn": sorted(set(keys)), "corrections": settings.corrections})
    console.print(f"{len(set(keys)):,} decisions withdrawn; the next `fazhi build` or `fazhi run` goes without them.")
    return Exit.OK


def print_status(settings: Settings, *, as_json: bool) -> int:
    """Say what became of each correction, the operator's and the shipped ones; unbuilt ones are pending."""
    rows = status_rows(settings)
    if as_json:
        print_json(rows)
        return Exit.OK
    if not rows:
        wide_console().print("No corrections are declared: `fazhi review export` starts a review.")
        return Exit.OK
    counts = Counter(row["outcome"] for row in rows)
    told = ", ".join(f"{counts[name]:,} {name}" for name in OUTCOMES if counts[name])
    keys = ("outcome", "report_id", "raw", "field", "old_value", "new_value", "reason", "decided_on", "explanation")
    names = (
        "outcome",
        "report",
        "raw",
        "field",
        "read as",
        "corrected to",
        "reason",
        "decided on",
        "explanation",
        "key",
    )
    cells = [["–" if row[key] is None else row[key] for key in (*keys, "quantity_key")] for row in rows]
    colours = {"applied": "green", "unmatched": "red", "pending": "yellow"}
    styles = [colours.get(row["outcome"], "dim") for row in rows]
    print_rows(wide_console(), names, cells, title=f"corrections: {told}", styles=styles)
    return Exit.OK


def status_rows(settings: Settings) -> list[dict[str, Any]]:
    """The rows of rpt_correction, and one with outcome `pending` for each that the published warehouse does not know."""
    built = []
    if settings.warehouse.exists():
        built = _ask(settings, "select * from rpt_correction order by outcome, report_id, quantity_key, field")
    known = {(row["correction_id"], row["status"], row["reason"]) for row in built}
    declared = read_corrections(settings.corrections)
    pending = [_pending(item) for item in declared if (_id(item), item.status, item.reason) not in known]
    stale = {row["correction_id"] for row in pending}
    rows = [row for row in built if row["correction_id"] not in stale] + pending
    return sorted(rows, key=lambda row: (OUTCOMES.index(row["outcome"]), row["correction_id"]))


def _pending(item: Correction) -> dict[str, Any]:
    row = {name: getattr(item, name) for name in item.__dataclass_fields__}
    explanation = "not in the published warehouse yet: the next build takes it in"
    return {
        **{"correction_id": _id(item), **row, "origin": "operator", "outcome": "pending", "explanation": explanation},
        **{"report_id": None, "quantity_id": None, "raw": None, "sentence": None, "found_value": None},
    }


def _id(item: Correction) -> str:
    return f"operator:{item.quantity_key}:{item.field}:{item.new_value or ''}"


def _keep_decisions(settings: Settings, path: Path) -> None:
    """Refuse to write over decisions that are not declared yet."""
    if not path.exists():
        return
    declared = {item.quantity_key for item in read_corrections(settings.corrections)}
    rows = read_sheet(path)
    if rows and "quantity_key" not in rows[0]:
        raise FazhiError(f"{path} exists and is no sheet of this command's: name another file")
    waiting = [row for row in rows if row.get("decision") and row.get("quantity_key") not in declared]
    if waiting:
        raise FazhiError(
            f"{path} holds {len(waiting)} decisions that have not been imported: "
            f"`fazhi review import {path}` first, or name another file"
        )


def _ask(settings: Settings, sql: str, parameters: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
    with connect_read_only(settings.warehouse) as connection:
        connection.create_function("topic", topic, ["VARCHAR"], "VARCHAR")
        try:
            result = connection.execute(sql, parameters) if parameters else connection.execute(sql)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise FazhiError(
                f"{settings.warehouse} was published by another version of this program ({_first_line(error)}): "
                "`fazhi build` publishes it anew"
            ) from None
        names: Sequence[str] = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return visible(value)
