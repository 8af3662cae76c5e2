"""The data files under `banks/` in, publishers and sentences out: everything that the sample reports are made of."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

BANKS = Path(__file__).parent / "banks"
YEARS = (2021, 2022, 2023, 2024)


@dataclass(frozen=True, slots=True, eq=False)
class Publisher:
    """A fictional body that reports. words: what the sentences call it (`{our}`: 我市, `{gov}`: 市政府, …)."""

    id: str
    name: str
    region_code: str
    level: str
    domain: str | None
    site: str
    column: str
    source: str
    structure: str
    half_width: bool
    index_prefix: str | None
    titles: tuple[str, ...]
    words: Mapping[str, str]
    published: Mapping[int, datetime]
    signed: Mapping[int, str]
    attachment: Mapping[int, str]

    def fits(self, levels: list[str]) -> bool:
        return self.level in levels or self.domain in levels


@dataclass(frozen=True, slots=True)
class PlantedError:
    """A figure that a report states wrongly on purpose: printed is the true value plus `add`; see planted.toml."""

    report: str
    kind: str
    field: str
    add: float
    needs: tuple[str, ...]


@cache
def load(name: str) -> dict[str, Any]:
    """A bank by its name without suffix, such as `fields` or `closing/plan`."""
    return tomllib.loads((BANKS / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def publishers() -> tuple[Publisher, ...]:
    return tuple(_publisher(row) for row in load("publishers")["publisher"])


@cache
def topics() -> tuple[dict[str, Any], ...]:
    """All topics in the order in which a report treats them; each with its file's name as `id`."""
    names = sorted(path.stem for path in (BANKS / "topics").glob("*.toml"))
    return tuple(sorted(({"id": name, **load(f"topics/{name}")} for name in names), key=lambda topic: topic["order"]))


@cache
def planted_errors() -> tuple[PlantedError, ...]:
    return tuple(PlantedError(**{**row, "needs": tuple(row["needs"])}) for row in load("planted")["error"])


def _publisher(row: dict[str, Any]) -> Publisher:
    words = ("place", "we", "our", "gov", "party", "upper", "head", "units", "below")
    return Publisher(
        id=row["id"],
        name=row["name"],
        region_code=row["region_code"],
        level=row["level"],
        domain=row.get("domain"),
        site=row["site"],
        column=row["column"],
        source=row["source"],
        structure=row["structure"],
        half_width=row.get("half_width", False),
        index_prefix=row.get("index_prefix"),
        titles=tuple(row["titles"]),
        words={word: row[word] for word in words},
        published={int(year): datetime.fromisoformat(day) for year, day in row["published"].items()},
        signed={int(year): day for year, day in row.get("signed", {}).items()},
        attachment={int(year): kind for year, kind in row.get("attachment", {}).items()},
    )
