"""Rows of a reviewed spreadsheet in, corrections out; every row that cannot be taken is named with what is allowed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from extraction.catalogue import Catalogue, Indicator
from extraction.fold import fold
from extraction.units import measure_words
from flows.errors import FazhiError
from warehouse.corrections import FINGERPRINT, KEY, Correction

DECISIONS = ("accept", "change", "drop")
SHOWN = (
    *("quantity_key", "sentence_fingerprint", "report_id", "publisher", "sentence", "raw", "value", "unit", "kind"),
    *("subject", "year", "indicator", "indicator_name", "why"),
)
ASKED = ("decision", "new_indicator", "new_value", "new_unit", "new_year", "reason")
COLUMNS = (*SHOWN, *ASKED, "url")
NEEDED = ("quantity_key", "sentence_fingerprint", "raw", "value", "unit", "kind", "year", "indicator", *ASKED)
NEW = {"new_indicator": "indicator", "new_value": "value", "new_unit": "unit", "new_year": "period_year"}
CLEAR = "none"  # written into a new_ column to say that the number has no such thing
MOST_ERRORS = 20
LONGEST_UNIT = 10
# kinds that a unit does not tell apart: one of them stays what it was
_ALIKE = (("rate", "change_rate", "change"), ("count", "frequency", "capacity", "stated_zero"))

Row = Mapping[str, str]


class _Refused(Exception):
    """A cell that cannot be taken: column, what stands there, what is allowed."""

    def __init__(self, column: str, shown: str, allowed: str) -> None:
        super().__init__(f"column {column}: {shown!r}; allowed: {allowed}")


def corrections_of(rows: Sequence[Row], path: Path, catalogue: Catalogue, today: date) -> list[Correction]:
    """The corrections that the decided rows declare; rows without a decision are passed over.

    Raises FazhiError naming file, row, column and what is allowed, for all rows at once.
    """
    missing = [name for name in NEEDED if rows and name not in rows[0]]
    if missing:
        raise FazhiError(f"{path}, row 1: column {', '.join(missing)} is missing; `fazhi review export` writes it")
    found: list[Correction] = []
    errors: list[str] = []
    seen: dict[str, tuple[int, tuple[str, ...]]] = {}
    for number, row in enumerate(rows, start=2):
        asked = tuple(row[name] for name in ASKED)
        if not any(asked):
            continue
        try:
            key = row["quantity_key"]
            first, said = seen.setdefault(key, (number, asked))
            if said != asked:
                raise _Refused("quantity_key", key, f"one decision on a number; row {first} has another")
            if first == number:
                found += _decided(row, catalogue, today)
        except _Refused as error:
            errors.append(f"row {number}, {error}")
    if errors:
        more = [f"… and {len(errors) - MOST_ERRORS} more"] if len(errors) > MOST_ERRORS else []
        raise FazhiError("\n  ".join([f"{path}: nothing was imported", *errors[:MOST_ERRORS], *more]))
    return found


def _decided(row: Row, catalogue: Catalogue, today: date) -> Iterator[Correction]:
    decision = row["decision"].lower()
    if decision not in DECISIONS:
        raise _Refused("decision", row["decision"], ", ".join(DECISIONS))
    if not KEY.fullmatch(row["quantity_key"]):
        raise _Refused("quantity_key", row["quantity_key"], "the key as `fazhi review export` wrote it")
    if not FINGERPRINT.fullmatch(row["sentence_fingerprint"]):
        raise _Refused("sentence_fingerprint", row["sentence_fingerprint"], "as `fazhi review export` wrote it")
    changes = _changes(row, catalogue)
    if decision != "change" and any(row[name] for name in NEW):
        filled = next(name for name in NEW if row[name])
        raise _Refused(filled, row[filled], f"nothing where the decision is {decision}; write change to correct it")
    if decision == "change" and not changes:
        raise _Refused("decision", row["decision"], f"change with something new in {', '.join(NEW)}; else accept")
    reason = " ".join(row["reason"].split())
    if not reason and decision != "accept":
        raise _Refused("reason", "", f"some words that say why, where the decision is {decision}")
    if decision != "change":
        changes = {"decision": (row["raw"], decision)}
    for field, (old, new) in changes.items():
        yield Correction(
            *(row["quantity_key"], row["sentence_fingerprint"], field, old, new),
            *(reason or "right as read", "active", today),
        )


def _changes(row: Row, catalogue: Catalogue) -> dict[str, tuple[str | None, str | None]]:
    """Old and new value by field, of the fields that change."""
    old = {"indicator": row["indicator"], "value": row["value"], "unit": row["unit"], "period_year": row["year"]}
    new = {
        "indicator": _indicator(row["new_indicator"], catalogue),
        "value": _value(row["new_value"]),
        "unit": _unit(row["new_unit"]),
        "period_year": _year(row["new_year"]),
    }
    changes: dict[str, tuple[str | None, str | None]] = {}
    for column, field in NEW.items():
        value = new[field]
        if row[column] and (value or "") != old[field]:
            changes[field] = (old[field] or None, value)
    kind = _kind(row["kind"], new["unit"]) if "unit" in changes else row["kind"]
    if kind != row["kind"]:
        changes["kind"] = (row["kind"], kind)
    named = new["indicator"] if row["new_indicator"] else row["indicator"]
    indicator = catalogue.indicators.get(named or "")
    if indicator and {"indicator", "unit"} & changes.keys():
        unit = new["unit"] if row["new_unit"] else row["unit"]
        _check_fit(indicator, kind, unit or "", "new_indicator" if "indicator" in changes else "new_unit")
    return changes


def _check_fit(indicator: Indicator, kind: str, unit: str, column: str) -> None:
    """Refuse what the yearly table would leave out without a word: another kind of number, or another unit."""
    fits = kind in (indicator.kind, "stated_zero") and (not unit or unit == indicator.unit or unit in indicator.units)
    if not fits:
        raise _Refused(
            column,
            indicator.id if column == "new_indicator" else unit,
            f"what goes together; {indicator.id} is a {indicator.kind} in {indicator.unit}, the number a {kind} in "
            f"{unit or 'no unit'} (give new_indicator and new_unit both where both are wrong)",
        )


def _indicator(text: str, catalogue: Catalogue) -> str | None:
    if not text or text == CLEAR:
        return None
    if text not in catalogue.indicators:
        by_name = [item.id for item in catalogue.indicators.values() if text in (item.name_zh, item.name_en)]
        near = by_name or difflib.get_close_matches(text, catalogue.indicators, n=3, cutoff=0.5)
        hint = f" (did you mean {', '.join(near)}?)" if near else ""
        raise _Refused("new_indicator", text, f"an indicator_id of the catalogue, or {CLEAR}{hint}")
    return text


def _value(text: str) -> str | None:
    if not text:
        return None
    plain = re.sub(r"[,\s]", "", fold(text))
    if not re.fullmatch(r"-?\d+(\.\d+)?", plain):
        raise _Refused("new_value", text, "a plain number such as 370000 or 99.5, ten thousands written out")
    number = float(plain)
    return str(int(number)) if number.is_integer() else repr(number)


def _unit(text: str) -> str | None:
    if not text or text == CLEAR:
        return None
    unit = fold(text).strip()
    if len(unit) > LONGEST_UNIT or re.search(r"[\d\s]", unit):
        raise _Refused("new_unit", text, f"a unit of at most {LONGEST_UNIT} characters without digits, or {CLEAR}")
    return unit


def _year(text: str) -> str | None:
    if not text or text == CLEAR:
        return None
    if not re.fullmatch(r"(19|20)\d\d", fold(text)):
        raise _Refused("new_year", text, f"a year such as 2023, or {CLEAR}")
    return fold(text)


def _kind(kind: str, unit: str | None) -> str:
    """The kind that a unit tells: a number in % is a rate, one in days a duration; what it does not tell stays."""
    told = measure_words().get(unit or "", kind)
    told = "count" if told == "noun" else told
    return kind if any({kind, told} <= set(alike) for alike in _ALIKE) else told
