"""The values that `fazhi show` passes along: what is shown of a report, for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from extraction.types import Document, Quantity

DOUBTFUL_BELOW = 0.8
WEB = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Mark:
    """A quantity and what the warehouse knows of it; for a file that is nothing.

    chosen_by: the rule that made it the year's value of its indicator, None where it is not; doubt: what speaks against
    that value (`conflicting`, `unusual`). review: `changed` or `accepted` by a person.
    """

    quantity: Quantity
    quantity_id: str | None = None
    chosen_by: str | None = None
    doubt: str | None = None
    failed: bool = False
    review: str | None = None
    review_reason: str | None = None

    @property
    def state(self) -> str:
        """failed, doubtful, target, mapped or unmapped: the first that holds."""
        if self.failed:
            return "failed"
        if self.quantity.confidence < DOUBTFUL_BELOW:
            return "doubtful"
        if self.quantity.is_target:
            return "target"
        return "mapped" if self.quantity.indicator else "unmapped"


@dataclass(frozen=True, slots=True)
class Check:
    """A check of the report's own numbers that does not pass: `fail`, or `explained`."""

    kind: str
    verdict: str
    explanation: str
    expected: float | None
    stated: float | None
    sentence: str
    inputs: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is shown. origin: lines (name, value) that say where it is from; notes: what a reader should know first."""

    document: Document
    marks: tuple[Mark, ...]
    origin: tuple[tuple[str, str], ...]
    names: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    passed: int | None = None
    notes: tuple[str, ...] = ()
