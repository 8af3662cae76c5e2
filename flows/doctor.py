"""`fazhi doctor`: looks at versions, folders, lock, sources, archive, databases and tools, and says what to do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Literal

import duckdb
from packaging.requirements import Requirement
from rich.table import Table

from flows import alive, upkeep_checks
from flows.errors import Exit
from flows.events import console
from flows.lock import holder
from flows.settings import Settings
from flows.tables import print_json

PACKAGES = (
    "prefect",
    "fastapi",
    "duckdb",
    "dbt-core",
    "dbt-duckdb",
    "great-expectations",
    "sqlalchemy",
    "lxml",
    "warcio",
)
LOW_DISK_BYTES = 2 * 1024**3
Status = Literal["ok", "note", "problem"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at; `status` problem makes the command fail."""

    what: str
    status: Status
    detail: str


def examine(settings: Settings, *, as_json: bool) -> int:
    """Print the findings; exit status 1 when one is a problem."""
    findings = list(_findings(settings))
    if as_json:
        print_json([asdict(item) for item in findings])
    else:
        table = Table(title="fazhi doctor")
        for column in ("", "what", "found"):
            table.add_column(column, overflow="fold")
        marks = {"ok": "[green]✓[/]", "note": "[yellow]·[/]", "problem": "[red]✗[/]"}
        for item in findings:
            table.add_row(marks[item.status], item.what, item.detail)
        console.print(table)
    return Exit.ERROR if any(item.status == "problem" for item in findings) else Exit.OK


def _findings(settings: Settings) -> Iterator[Finding]:
    yield from _versions()
    yield from _home(settings)
    yield _sources(settings)
    yield from _stale(settings)
    yield from _archive(settings)
    yield Finding(*upkeep_checks.staging_schema(settings))
    yield _warehouse(settings)
    yield _word_tool()
    yield _server()


def _versions() -> Iterator[Finding]:
    found = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    fits = (3, 11) <= sys.version_info < (3, 13)
    yield Finding("python", "ok" if fits else "problem", found if fits else f"{found}: 3.11 or 3.12 is needed")
    wanted = {item.name: item.specifier for item in map(Requirement, requires("fazhi") or ()) if not item.marker}
    for name in PACKAGES:
        try:
            installed = version(name)
        except PackageNotFoundError:
            yield Finding(name, "problem", "not installed: run `make run` once")
            continue
        asked = wanted.get(name)
        if asked and not asked.contains(installed, prereleases=True):
            yield Finding(name, "problem", f"{installed}, but {asked} is needed: `make distclean run` installs anew")
        else:
            yield Finding(name, "ok", installed)


def _home(settings: Settings) -> Iterator[Finding]:
    home = settings.home
    existing = next(path for path in (home, *home.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        yield Finding("FAZHI_HOME", "problem", f"{existing} cannot be written to: change its rights or FAZHI_HOME")
    else:
        yield Finding("FAZHI_HOME", "ok", str(home))
    free = shutil.disk_usage(existing).free
    yield Finding("disk", "problem" if free < LOW_DISK_BYTES else "ok", f"{free / 1024**3:.1f} GiB free")
    yield Finding(*upkeep_checks.room(settings))
    writer = holder(settings.lock)
    yield Finding("write lock", "note" if writer else "ok", f"held by {writer}" if writer else "free")


def _sources(settings: Settings) -> Finding:
    from scrapers.registry import SourceConfigError, load_sources

    if not settings.sources:
        return Finding("sources", "note", "the bundled sample portal; set FAZHI_SOURCES to a registry folder")
    try:
        found = load_sources(*settings.sources)
    except SourceConfigError as error:
        return Finding("sources", "problem", str(error))
    active = sum(source.status == "active" for source in found)
    return Finding("sources", "ok", f"{len(found)} in {', '.join(map(str, settings.sources))}, {active} active")


def _stale(settings: Settings) -> Iterator[Finding]:
    from scrapers.registry import SourceConfigError

    try:
        yield from (Finding(*check) for check in upkeep_checks.stale_sources(settings))
    except SourceConfigError:  # told by `_sources`
        return


def _archive(settings: Settings) -> Iterator[Finding]:
    from scrapers.archive import Archive, ArchiveError

    if not settings.archive.exists():
        yield Finding("archive", "note", "none yet: `fazhi run` makes one")
        return
    try:
        with Archive(settings.archive, read_only=True) as archive:
            count = sum(1 for _ in archive.captures())
    except ArchiveError as error:
        yield Finding("archive", "problem", str(error))
        return
    size = sum(path.stat().st_size for path in settings.archive.glob("*.warc.gz"))
    yield Finding("archive", "ok", f"{count:,} captures, {size / 1024**2:.1f} MiB")
    yield Finding(*upkeep_checks.archive_parts(settings))


def _warehouse(settings: Settings) -> Finding:
    if not settings.warehouse.exists():
        return Finding("warehouse", "note", "none yet: `fazhi run` makes one")
    try:
        with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
            reports = connection.execute("select count(*) from marts.fct_report").fetchall()[0][0]
    except duckdb.Error as error:
        return Finding(
            "warehouse", "problem", f"{settings.warehouse} cannot be read: {error}. `fazhi build` remakes it"
        )
    return Finding("warehouse", "ok", f"{reports:,} reports in {settings.warehouse}")


def _word_tool() -> Finding:
    found = next((tool for tool in ("catdoc", "antiword") if shutil.which(tool)), None)
    if found:
        return Finding(".doc files", "ok", found)
    return Finding(".doc files", "note", "cannot be read: install Debian's catdoc")


def _server() -> Finding:
    url = os.environ.get("PREFECT_API_URL")
    if not url:
        return Finding("prefect server", "note", "PREFECT_API_URL is not set: nothing runs on a schedule from here")
    try:
        trouble = alive.trouble(f"{url.rstrip('/')}/health")
    except ValueError as error:
        trouble = str(error)
    if trouble:
        return Finding("prefect server", "problem", f"{trouble}: start it (`prefect server start`); runs wait for it")
    return Finding("prefect server", "ok", url)
