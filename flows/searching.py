"""`fazhi search`: words in, the passages or quantities that hold them out, with their reports and addresses."""

from __future__ import annotations

import re
from typing import Any

from rich.text import Text

from flows.errors import Exit, WrongUsage
from flows.events import wide_console
from flows.settings import Settings
from flows.tables import print_json
from warehouse.searching import Found, Hit, search
from warehouse.snapshots import find, snapshots

YEARS = re.compile(r"(\d{4})(?:-(\d{4}))?")


def print_search(
    settings: Settings, query: str, *, quantities: bool, region: str | None, year: str | None, limit: int, as_json: bool
) -> int:
    """Search and print; returns the exit status. Raises WrongUsage for a year that is none."""
    found = search(
        *(settings.warehouse, settings.search, query),
        quantities=quantities,
        region=region,
        years=_years(year),
        limit=limit,
    )
    if as_json:
        print_json([_as_json(hit) for hit in found.hits])
        return Exit.OK
    console = wide_console()
    for hit in found.hits:
        console.print(_rendered(hit), soft_wrap=True)
    console.print(_summary(settings, found), style="dim")
    return Exit.OK


def _years(year: str | None) -> tuple[int, int] | None:
    if year is None:
        return None
    match = YEARS.fullmatch(year)
    if not match:
        raise WrongUsage(f"--year {year}: a year such as 2023, or 2021-2023, is needed")
    return int(match[1]), int(match[2] or match[1])


def _as_json(hit: Hit) -> dict[str, Any]:
    return {**hit.fields, "snippet": hit.snippet, "highlights": hit.highlights}


def _rendered(hit: Hit) -> Text:
    fields = hit.fields
    text = Text(f"{fields['publisher']} {fields['report_year']}", "bold")
    text.append(f"  {fields['heading'] or ''}  {fields['score']:.1f}\n", "dim")
    if "value" in fields:
        name = fields["subject"] + (f" [{fields['indicator_id']}]" if fields["indicator_id"] else "")
        text.append(f"{fields['value']:,g} {fields['unit'] or ''}", "bold green").append(f"  {name}\n")
    snippet = Text(hit.snippet)
    for start, end in hit.highlights:
        snippet.stylize("bold yellow", start, end)
    return text.append_text(snippet).append(f"\n{fields['url']}\n", "blue")


def _summary(settings: Settings, found: Found) -> str:
    words = " ".join(found.words) or "none of the words stands in any report"
    lines = [f"{len(found.hits):,} results · words: {words}"]
    current = find(snapshots(settings.snapshots, settings.warehouse), "current").snapshot_id
    if found.snapshot_id != current:
        lines.append(
            f"the index is of snapshot {found.snapshot_id}, published is {current}: `fazhi build` brings it up"
        )
    return "\n".join(lines)
