"""`fazhi sources check`: the registry in, a row a source out that says whether its lists are as expected."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass

from flows.errors import Exit
from flows.events import wide_console
from flows.registry import chosen_sources
from flows.settings import Settings, now
from flows.tables import print_json, print_rows
from scrapers.detect import examine_list, getter
from scrapers.entry import stamp_verified
from scrapers.fetch import Fetcher, HarvestSettings
from scrapers.registry import Source, load_source

AT_ONCE = 8


def check_sources(settings: Settings, only: Sequence[str], *, pages: int, as_json: bool, stamp: bool) -> int:
    """Look at every active source again and print a row for each; blocked and retired ones only where asked for."""
    with chosen_sources(settings, only) as sources:
        chosen = [source for source in sources if only or source.status == "active"]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            rows = list(pool.map(lambda source: _check(source, pages), chosen))
    if stamp:
        _stamp(settings, {row.id for row in rows if row.verdict == "ok"})
    if as_json:
        print_json([asdict(row) for row in rows])
    else:
        _print_checks(rows)
    return Exit.OK if all(row.verdict == "ok" for row in rows) else Exit.SOURCES_FAILED


@dataclass(frozen=True)
class Checked:
    """One source's row; verdict: ok, few (less than expected), empty, failed or blocked."""

    id: str
    family: str
    pages: int
    links: int
    reports: int
    expected: int
    complete: bool
    first_year: int | None
    last_year: int | None
    verdict: str
    reason: str


def _check(source: Source, pages: int) -> Checked:
    fetcher = Fetcher(source, HarvestSettings())
    try:
        found = [examine_list(url, getter(fetcher), family=source.family, most=pages) for url in source.start_urls]
    finally:
        fetcher.close()
    troubles = [trouble for one in found for trouble in one.troubles]
    reports = {item.url for one in found for item in one.reports}
    years = sorted(year for one in found for year in one.years)
    complete = all(one.complete for one in found)
    verdict = "ok"
    if any(blocked for *_, blocked in troubles):
        verdict = "blocked"
    elif troubles:
        verdict = "failed"
    elif not reports:
        verdict = "empty"
    elif complete and len(reports) < source.expect.min:
        verdict = "few"
    return Checked(
        id=source.id,
        family=", ".join(dict.fromkeys(one.family for one in found)),
        pages=sum(one.pages for one in found),
        links=sum(len(one.items) for one in found),
        reports=len(reports),
        expected=source.expect.min,
        complete=complete,
        first_year=years[0] if years else None,
        last_year=years[-1] if years else None,
        verdict=verdict,
        reason=f"{troubles[0][1]}: {troubles[0][0]}" if troubles else "",
    )


def _print_checks(rows: Sequence[Checked]) -> None:
    good = sum(row.verdict == "ok" for row in rows)
    cells = [
        (
            *(row.id, row.verdict, row.family, row.pages, row.links),
            f"{row.reports}{'' if row.complete else '+'} (≥ {row.expected})",
            *(f"{row.first_year}–{row.last_year}" if row.first_year else "", row.reason),
        )
        for row in rows
    ]
    names = ("id", "verdict", "family", "pages", "links", "reports", "years", "reason")
    print_rows(wide_console(), names, cells, title=f"{good} of {len(rows)} sources are as expected")


def _stamp(settings: Settings, ids: set[str]) -> None:
    for folder in settings.sources:
        for path in sorted(folder.rglob("*.yaml")):
            if load_source(path).id in ids:
                stamp_verified(path, f"{now():%Y-%m-%d}")
