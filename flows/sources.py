"""`fazhi sources add`: a portal's url in, what a harvest would find there on the screen, its registry entry out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import ValidationError
from rich.table import Table

from flows.errors import Exit, FazhiError
from flows.events import wide_console
from flows.settings import ROOT, Settings, now
from flows.tables import print_json
from scrapers.detect import Finding, examine, getter
from scrapers.entry import as_yaml, source_id, write_entry
from scrapers.fetch import Fetcher, FetchError, HarvestSettings, Refused
from scrapers.links import Item, is_candidate, is_file
from scrapers.registry import Source

SHIPPED = ROOT / "scrapers" / "sources"
SHOWN_OTHERS = 3


@dataclass(frozen=True)
class NewSource:
    """What the user says of a source to be added; None: find out."""

    url: str
    id: str | None = None
    name: str | None = None
    publisher: str | None = None
    region_code: str | None = None
    resolve: Mapping[str, str] | None = None
    local: bool = False
    pages: int = 10


def add_source(settings: Settings, new: NewSource, *, force: bool, dry_run: bool, as_json: bool = False) -> int:
    """Look at the url, show what a harvest would take, and write the registry entry."""
    console = wide_console()
    local: dict[str, Any] = {"local": True} if new.local or new.resolve else {}
    if new.resolve:
        local["resolve"] = dict(new.resolve)
    trial = _trial(new.url, local)
    fetcher = Fetcher(trial, HarvestSettings())
    try:
        found = examine(new.url, getter(fetcher), most=new.pages)
        about = _about(found, fetcher)
    except FetchError as error:
        hint = (
            "; --local allows addresses of this machine and of private networks" if isinstance(error, Refused) else ""
        )
        raise FazhiError(f"{error.url}: {error.reason}{hint}") from None
    finally:
        fetcher.close()
    if not as_json:
        _show(found, console)
    if found.start_url is None or not found.reports:
        tried = f" Lists tried: {', '.join(found.tried)}." if found.tried else ""
        hint = "give the url of the list page itself, or of one report in it"
        raise FazhiError(f"{new.url}: no list with yearly reports found; {hint}.{tried}{_first_trouble(found)}")
    entry = _entry(new, found, about) | local
    folder = settings.sources[0] if settings.sources else SHIPPED
    path = None if dry_run else write_entry(folder, entry, force=force)
    if as_json:
        print_json({**_as_json(found), "entry": entry, "written": path})
    elif path is None:
        console.print(as_yaml(entry), markup=False, highlight=False)
    else:
        console.print(f"written: {path}", markup=False, highlight=False)
    return Exit.OK


def resolved(pairs: Sequence[str]) -> dict[str, str]:
    """`HOST=ADDRESS:PORT` as the registry's `resolve` field. Raises FazhiError."""
    found = {}
    for pair in pairs:
        host, mark, address = pair.partition("=")
        if not mark or not address.rpartition(":")[2].isdigit():
            raise FazhiError(
                f"--resolve {pair!r}: HOST=ADDRESS:PORT is needed, such as www.demo.invalid=127.0.0.1:8000"
            )
        found[host] = address
    return found


def _trial(url: str, local: Mapping[str, Any]) -> Source:
    """A source that is only looked at. Raises FazhiError for what is no web address."""
    try:
        return Source.model_validate({"id": "trial", "name": url, "start_urls": [url], **local})
    except ValidationError:
        raise FazhiError(f"{url!r} is no http or https url with a host") from None


def _about(found: Finding, fetcher: Fetcher) -> dict[str, str | None]:
    """What one report says of its publisher: the given one's page, or the first of the list that can be read."""
    from extraction.parse import parse_bytes

    first = [Item(found.url, "")] if found.start_url != found.url and not is_file(found.url) else []
    for item in [*first, *found.reports][:3]:
        try:
            response = fetcher.get(item.url)
        except FetchError:
            continue
        document = parse_bytes(response.body, url=response.url)
        if document.genre == "annual_report" and (document.publisher or document.region_code):
            return {"publisher": document.publisher, "region_code": document.region_code}
    return {"publisher": None, "region_code": None}


def _entry(new: NewSource, found: Finding, about: Mapping[str, str | None]) -> dict[str, Any]:
    publisher = new.publisher or (about["publisher"] if found.one_publisher else None)
    column = next((item.column for item in found.items if item.column), "")
    expect: dict[str, int] = {"min": max(1, len(found.reports) // 2)}
    if found.years:
        expect["first_year"] = found.years[0]
    return {
        "id": new.id or source_id(str(found.start_url)),
        "name": new.name or (f"{publisher} 法治政府建设年度报告" if publisher else column or str(found.start_url)),
        "publisher": publisher,
        "region_code": new.region_code or (about["region_code"] if found.one_publisher else None),
        "start_urls": [found.start_url],
        "family": found.family if found.family != "generic" else "auto",
        "expect": expect,
        "status": "active",
        "verified": f"{now():%Y-%m-%d}",
    }


def _as_json(found: Finding) -> dict[str, Any]:
    return {
        "list": {"url": found.start_url, "family": found.family, "pages": found.pages, "complete": found.complete},
        "reports": [asdict(item) for item in found.reports],
        "left_out": [asdict(item) for item in _left_out(found)],
        "troubles": [{"url": url, "reason": reason} for url, reason, _ in found.troubles],
    }


def _left_out(found: Finding) -> list[Item]:
    """Dated links that a harvest would not take."""
    return [item for item in found.items if item.date and not is_candidate(item)]


def _show(found: Finding, console: Any) -> None:
    if found.start_url is None:
        return
    end = "" if found.complete else " (and more)"
    console.print(f"list:   {found.start_url}", markup=False, highlight=False)
    console.print(f"family: {found.family}, {found.pages} pages{end}, {len(found.items)} links", highlight=False)
    table = Table(title=f"{len(found.reports)} to be harvested", title_justify="left")
    for column in ("date", "title", "url"):
        table.add_column(column, overflow="fold")
    for item in found.reports:
        table.add_row(item.date or "", item.title, item.url)
    if found.reports:
        console.print(table)
    others = _left_out(found)
    for item in others[:SHOWN_OTHERS]:
        console.print(f"left out: {item.date} {item.title}", markup=False, highlight=False)
    if len(others) > SHOWN_OTHERS:
        console.print(f"left out: {len(others) - SHOWN_OTHERS} more", highlight=False)
    for url, reason, _ in found.troubles:
        console.print(f"trouble: {reason}: {url}", markup=False, highlight=False)


def _first_trouble(found: Finding) -> str:
    return f" {found.troubles[0][1]}: {found.troubles[0][0]}" if found.troubles else ""
