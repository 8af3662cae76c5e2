"""Names and codes of divisions in, the divisions that they may mean in a year out (1980 on)."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

SEEDS = Path(__file__).resolve().parent.parent / "dbt_project" / "seeds"
FILES = ("divisions.csv", "sample_divisions.csv")
NOTHING = re.compile("(?!)")
SUFFIX = re.compile("(?:自治区|自治州|自治县|自治旗|特别行政区|地区|省|市|区|县|州|盟|旗|林区|特区)$")
# 黔东南苗族侗族自治州 is called 黔东南州, 阿坝藏族羌族自治州 阿坝州
AUTONOMOUS = re.compile("自治([州县旗])$")


@dataclass(frozen=True, slots=True)
class Division:
    """A division while its code, name and parent stay the same. valid_to: last year, None while it lasts."""

    code: str
    name: str
    short_name: str
    level: str
    parent_code: str
    full_name: str
    valid_from: int
    valid_to: int | None

    def valid_in(self, year: int | None) -> bool:
        """Whether it exists in the year; with no year, whether it still does."""
        return self.valid_to is None if year is None else self.valid_from <= year <= (self.valid_to or 9999)


class Gazetteer:
    """All divisions, by code and by name."""

    def __init__(self, divisions: Iterable[Division], aliases: Mapping[str, str] = MappingProxyType({})) -> None:
        self._by_code: dict[str, list[Division]] = defaultdict(list)
        self._by_name: dict[str, list[Division]] = defaultdict(list)
        for division in divisions:
            self._by_code[division.code].append(division)
            if division.level != "country":
                for name in _names(division):
                    self._by_name[name].append(division)
        for alias, code in aliases.items():
            self._by_name[alias] += self._by_code[code]
        starts: dict[str, set[str]] = defaultdict(set)
        for name in self._by_name:
            starts[name[:2]].add(name)
        self._starts = {start: sorted(names, key=len, reverse=True) for start, names in starts.items()}
        first, second = ("".join(sorted({re.escape(start[at]) for start in starts})) for at in (0, 1))
        self._may_start = re.compile(f"[{first}](?=[{second}])") if starts else NOTHING

    def by_code(self, code: str, year: int | None) -> Division | None:
        """The division with this code in the year, else the one that last had it."""
        found = self._by_code.get(code, [])
        valid = [division for division in found if division.valid_in(year)]
        known = valid or sorted(found, key=lambda division: division.valid_from)
        return known[-1] if known else None

    def by_name(self, name: str, year: int | None) -> list[Division]:
        """Divisions with this name, full or short, in the year; else those that had it in any year."""
        found = self._by_name.get(name, [])
        return [division for division in found if division.valid_in(year)] or list(found)

    def lineage(self, division: Division, year: int | None) -> Iterator[Division]:
        """The division, its parent, and so on, without the country."""
        current: Division | None = division
        while current and current.level != "country":
            yield current
            current = self.by_code(current.parent_code, year)

    def leading(self, text: str, year: int | None) -> tuple[str, list[Division]]:
        """The longest name that the text begins with, and what it may mean."""
        for name in self._starts.get(text[:2], ()):
            if text.startswith(name):
                return name, self.by_name(name, year)
        return "", []

    def mentions(self, text: str) -> Iterator[tuple[int, str]]:
        """Every place where a name stands, the longest at each place, without overlaps."""
        end = 0
        for start in self._may_start.finditer(text):
            at = start.start()
            if at < end:
                continue
            for name in self._starts.get(text[at : at + 2], ()):
                if text.startswith(name, at):
                    yield at, name
                    end = at + len(name)
                    break


def _names(division: Division) -> set[str]:
    """Full name, short name where it is long enough to be one, and the short form of an autonomous division."""
    names = {division.name}
    if len(division.short_name) >= 2 and division.short_name not in ("直辖县", "市辖区"):
        names.add(division.short_name)
        match = AUTONOMOUS.search(division.name)
        if match:
            names |= {division.short_name + match.group(1), division.short_name + match.group()}
    return names


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer of the seeds: real divisions and the sample portal's fictional ones."""
    divisions = []
    for name in FILES:
        with (SEEDS / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                divisions.append(
                    Division(
                        code=row["region_code"],
                        name=row["name"],
                        short_name=row["short_name"],
                        level=row["level"],
                        parent_code=row["parent_code"],
                        full_name=row["full_name"],
                        valid_from=int(row["valid_from"]),
                        valid_to=int(row["valid_to"]) if row["valid_to"] else None,
                    )
                )
    with (Path(__file__).parent / "aliases.csv").open(encoding="utf-8", newline="") as file:
        return Gazetteer(divisions, {row["alias"]: row["region_code"] for row in csv.DictReader(file)})


def has_suffix(name: str) -> bool:
    """Whether a name says what kind of division it is (大连市), so that it cannot be an ordinary word."""
    return bool(SUFFIX.search(name))
