"""A report's body in, its quantities with their meaning out; offsets point into the body, indicators come later."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from extraction.reader import Reader
from extraction.sharing import with_shared_units
from extraction.tokens import number_tokens
from extraction.types import Quantity, Section
from extraction.zeros import stated_zeros


def find_quantities(body: str, *, sections: Sequence[Section], report_year: int | None) -> list[Quantity]:
    """Every quantity in order, never overlapping, `indicator` null; `body[char_start:char_end] == raw`.

    sections tell plan from result and may be empty; report_year None leaves `period_year` null unless stated.
    """
    tokens = with_shared_units(body, list(number_tokens(body)))
    reader = Reader(body, sections, report_year)
    found = [quantity for quantity in map(reader.read, tokens, [*tokens[1:], None]) if quantity]
    return _with_zeros(found, body, reader)


def _with_zeros(found: list[Quantity], body: str, reader: Reader) -> list[Quantity]:
    """Merge stated zeros that overlap no number; a plan states none."""
    starts = [quantity.char_start for quantity in found]
    zeros = []
    for start, end, what in stated_zeros(body):
        at = bisect_right(starts, start)
        if (at and found[at - 1].char_end > start) or (at < len(found) and starts[at] < end):
            continue
        section = reader.section_at(start)
        if section is not None and section.part in ("plan", "problems"):
            continue
        zeros.append(
            Quantity(
                char_start=start,
                char_end=end,
                raw=body[start:end],
                value=0,
                unit=None,
                kind="stated_zero",
                approx="exact",
                direction=None,
                subject=what,
                scope=None,
                period_year=reader.report_year,
                is_target=False,
                indicator=None,
                confidence=0.7,
            )
        )
    return sorted(found + zeros, key=lambda quantity: quantity.char_start) if zeros else found
