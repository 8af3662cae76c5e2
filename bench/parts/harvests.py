"""Part f: a farm of portals in, recall, time, memory and requests of two harvests out, Scrapy beside the first."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from bench.harvest import Sizes, harvested
from bench.options import Options
from bench.results import lines
from scrapers.limits import SOURCES_AT_ONCE

TITLE = "A harvest"
ROUNDS = 3
METHOD = f"""
Portals of every CMS family on loopback, one in twenty with a fault, 0.2 s between two requests to a host, {SOURCES_AT_ONCE} sources at a
time; farm, harvests and Scrapy are processes of their own. The bound is the harvest's processor time, or what the slowest
portal takes where few others are harvested: its delays, and the pauses after 429, 502 and 503, which Scrapy does not make.
Scrapy is told every address beforehand and writes each answer to a file, so it has nothing to find, to compare or to
archive; it is what fetching as such costs. {ROUNDS} runs with a new farm each; the table is of the middle one by its share of
the bound.
"""


def measure(options: Options) -> dict[str, Any]:
    """Farms of that many sites, each new; Scrapy where the peers' interpreter has it. The figures are those of the middle one
    by its share of the bound, `each` has the others' shares."""
    runs = sorted(
        (harvested(Sizes(sites=options.sites), options.peers) for _ in range(ROUNDS)), key=itemgetter("time_over_bound")
    )
    each = [{"over_bound": run["time_over_bound"], "over_scrapy": _over_scrapy(run)} for run in runs]
    return (
        runs[ROUNDS // 2] | {"each": each} | {name: min(run[name] for run in runs) for name in ("recall", "precision")}
    )


def _over_scrapy(run: dict[str, Any]) -> float | None:
    return round(run["first"]["wall_s"] / run["scrapy"]["wall_s"], 2) if "scrapy" in run else None


def table(figures: dict[str, Any]) -> str:
    """A row a harvest, then what the first found."""
    names = {
        "first": "fazhi",
        "second": "fazhi, again",
        "scrapy": f"Scrapy {figures.get('scrapy', {}).get('version', '')}",
    }
    first = figures["first"]
    rows: list[list[object]] = [
        [
            name,
            f"{row['wall_s']:.1f}",
            f"{row['cpu_s']:.1f}",
            f"{row['peak_mb']:.0f}",
            row["requests"],
            f"{row['wall_s'] / first['wall_s']:.2f}",
        ]
        for key, name in names.items()
        if (row := figures.get(key))
    ]
    told = lines([f"{figures['sites']:,} portals", "s", "cpu s", "peak MB", "requests", "× fazhi, time"], rows)
    told += (
        f"\n\nRecall {figures['recall']:.4f}, precision {figures['precision']:.4f} of {figures['reports']:,} reports; "
        f"time is {figures['time_over_bound']:.2f} of the bound ({figures['bound_s']:.1f} s; the slowest portal alone "
        f"{figures['slowest_s']:.1f} s, delays of the most asked {figures['polite_s']:.1f} s); new versions in the second harvest: {figures['new_in_second']}."
    )
    if "scrapy" not in figures:
        return told + " Scrapy is not installed, left out."
    each = figures.get("each", [])
    told += f" All runs: {', '.join(format(run['over_bound'], '.2f') for run in each)} of the bound"
    return told + f", {', '.join(format(run['over_scrapy'], '.2f') for run in each)} of Scrapy's time."
