"""Each round of annotated paragraphs is read and mapped as its annotation says, up to the share that is asked for."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from extraction.catalogue import default_catalogue
from extraction.indicators import map_indicators
from extraction.quantities import find_quantities
from extraction.types import Quantity, Section
from tests.extraction.marked import FOLDER, Paragraph, True_, paragraphs

# not mended for, so what it gives is what unseen text gives
BLIND = FOLDER.parent / "blind"
CATALOGUE = default_catalogue()
FIELDS = ("approx", "direction", "kind", "period_year", "is_target")


def read(paragraph: Paragraph) -> list[Quantity]:
    part = paragraph.part
    sections = [Section("1", 1, "", 0, len(paragraph.text), part)] if part != "achievements" else []  # type: ignore[arg-type]
    found = find_quantities(paragraph.text, sections=sections, report_year=paragraph.year)
    return map_indicators(
        found, body=paragraph.text, sections=sections, catalogue=CATALOGUE, publisher=paragraph.publisher
    )


def dice(one: str, other: str) -> float:
    return 2 * sum((Counter(one) & Counter(other)).values()) / max(1, len(one) + len(other))


def compared(true: True_, quantity: Quantity) -> dict[str, bool]:
    wanted = {"approx": true.approx, "direction": true.direction, "kind": true.kind}
    wanted |= {"period_year": true.year, "is_target": true.target}  # type: ignore[dict-item]
    same = {name: getattr(quantity, name) == wanted[name] for name in FIELDS}
    value = quantity.value is not None and quantity.value == pytest.approx(true.value)
    return same | {
        "strict": value and quantity.unit == true.unit and quantity.char_end == true.end,
        "subject": dice(quantity.subject, true.subject) >= 0.5,
    }


@pytest.mark.parametrize("path", sorted(FOLDER.glob("round_*.txt")), ids=lambda path: path.stem)
def test_round(path: Path) -> None:
    count, faults = counted(path)
    assert count["right"] >= 0.97 * count["mapped"], faults
    assert count["right"] >= 0.85 * count["known"], faults


@pytest.mark.parametrize("path", sorted(BLIND.glob("round_*.txt")), ids=lambda path: path.stem)
def test_text_that_nobody_mended_for(path: Path) -> None:
    """The first run's shares do not fall."""
    count, faults = counted(path)
    assert count["right"] >= 0.97 * count["mapped"], faults
    assert count["right"] >= 0.9 * count["known"], faults


def counted(path: Path) -> tuple[Counter[str], list[str]]:
    """How much of a round is found, mapped and right, and what is not; the fields are right up to what is asked for."""
    count: Counter[str] = Counter()
    faults: list[str] = []
    for paragraph in paragraphs(path):
        found = {quantity.char_start: quantity for quantity in read(paragraph)}
        for true in paragraph.quantities:
            count["true"] += 1
            quantity = found.pop(true.start, None)
            got = quantity.indicator if quantity else None
            count["mapped"] += got is not None
            count["known"] += true.indicator is not None
            count["right"] += got is not None and got == true.indicator
            if got != true.indicator:
                faults.append(f"{paragraph.number} {true.raw}: {got}, not {true.indicator}")
            if quantity:
                count["found"] += 1
                count.update(name for name, same in compared(true, quantity).items() if same)
        count["found"] += len(found)
        count["mapped"] += sum(quantity.indicator is not None for quantity in found.values())
        faults += [f"{paragraph.number} {quantity.raw}: not a quantity" for quantity in found.values()]
    assert 2 * count["strict"] / (count["true"] + count["found"]) >= 0.97, faults
    for name in FIELDS:
        assert count[name] >= 0.97 * count["true"], name
    assert count["subject"] >= 0.85 * count["true"]
    return count, faults


def test_a_mark_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "round.txt"
    path.write_text("@ 2022\n受理{3件|受理}。", encoding="utf-8")
    with pytest.raises(ValueError, match="paragraph 1"):
        list(paragraphs(path))
