"""A publisher in, its true figures of each year out: parts that sum to their totals, rates that follow from counts."""

from __future__ import annotations

from functools import cache
from random import Random

from scrapers.sample.bank import YEARS, Publisher, load

MONEY = frozenset({"fines", "leniency_amount", "losses_recovered", "eco_fines", "aid_recovered"})  # in 万元
GROWTH = (0.9, 1.18)  # yearly factor of a field that states none

Figures = dict[str, float]


@cache
def figures(publisher: Publisher) -> dict[int, Figures]:
    """Figures by year, 2020 (for the first report's comparisons) to 2024. Depends on the publisher's id alone."""
    fields = load("fields")
    years = (YEARS[0] - 1, *YEARS)
    table: dict[int, Figures] = {year: {} for year in years}
    for name, ranges in fields["base"].items():
        if publisher.level not in ranges:
            continue
        rng = Random(f"{publisher.id}|{name}")
        value = rng.uniform(*ranges[publisher.level])
        before = None
        for year in years:
            printed = round(value, 2) if name in MONEY else round(value)
            if printed == before:  # so that every year has a change to report
                value, printed = value + 1, printed + 1
            table[year][name] = before = printed
            value *= rng.uniform(*ranges.get("growth", GROWTH))
    for year in years:
        _add_shares(publisher, year, table[year], fields)
    return table


def rate(name: str, row: Figures) -> float:
    """A rate in percent, two decimals, from the counts that it is of."""
    rule = load("fields")["rates"][name]
    return round(100 * (row[rule["of"]] - row.get(rule.get("minus", ""), 0)) / row[rule["per"]], 2)


def is_rate(name: str) -> bool:
    return name in load("fields")["rates"]


def parts_of(total: str) -> tuple[str, ...]:
    return tuple(load("fields")["parts"][total])


def _add_shares(publisher: Publisher, year: int, row: Figures, fields: dict[str, dict[str, dict[str, object]]]) -> None:
    """Add what is a share of another field, then what splits a field; a share may itself be shared or split."""
    waiting = dict(fields["share"])
    while ready := [name for name, rule in waiting.items() if rule["of"] in row]:
        for name in ready:
            rule = waiting.pop(name)
            share = Random(f"{publisher.id}|{year}|{name}").uniform(*rule["range"])  # type: ignore[misc]
            row[name] = round(row[str(rule["of"])] * share)
    for total, parts in fields["parts"].items():
        if total in row:
            rng = Random(f"{publisher.id}|{year}|{total}")
            *first, last = parts
            for name in first:
                row[name] = round(row[total] * rng.uniform(*parts[name]))  # type: ignore[misc]
            row[last] = row[total] - sum(row[name] for name in first)
