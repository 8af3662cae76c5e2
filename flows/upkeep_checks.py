"""What `fazhi doctor` looks at beyond versions and folders: stale sources, the archive's parts, staging, left-overs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from flows.errors import FazhiError, Locked
from flows.settings import Settings, now
from flows.upkeep_staging import staging_version
from scrapers.archive import Archive, ArchiveError, HarvestRun
from scrapers.registry import Source, load_sources
from scrapers.rota import is_ahead
from scrapers.verify import Tally, verify
from warehouse.staging import SCHEMA_VERSION

# monthly is the slowest schedule (prefect.yaml): with one run missed in between something is wrong
STALE = timedelta(days=45)
# an archive up to this size is read through in some seconds; `fazhi archive verify` reads larger ones
READ_THROUGH_BYTES = 128 * 1024**2
NAMED = 5


class Check(NamedTuple):
    """One thing looked at."""

    what: str
    status: Literal["ok", "note", "problem"]
    detail: str


def archive_parts(settings: Settings) -> Check:
    """Whether what the index counts on can be read."""
    size = sum(path.stat().st_size for path in settings.archive.glob("*.warc.gz"))
    if size > READ_THROUGH_BYTES:
        detail = f"not read ({size / 1024**3:.1f} GiB): `fazhi archive verify` reads every record"
        return Check("archive parts", "note", detail)
    problems = list(verify(settings.archive, Tally()))
    harmful = [item for item in problems if not item.harmless]
    if harmful:
        first = harmful[0]
        detail = f"{len(harmful)} problems, first {first.file} at byte {first.offset:,}: {first.kind}. {first.advice}"
        return Check("archive parts", "problem", detail)
    if problems:
        return Check("archive parts", "note", f"whole; {len(problems)} harmless left-overs (`fazhi archive verify`)")
    return Check("archive parts", "ok", "every record whole, every content as the index knows it")


def stale_sources(settings: Settings) -> Iterator[Check]:
    """Active sources of the registry whose last run failed, or whose last good one is long ago."""
    if not (settings.sources and settings.archive.exists()):
        return
    active = [source for source in load_sources(*settings.sources) if source.status == "active"]
    last, good = last_runs(settings)
    never = [source.id for source in active if source.id not in last]
    failing = [f"{key} ({last[key].status})" for key in _ids(active) if key in last and last[key].status != "ok"]
    old = [key for key in _ids(active) if key in good and now() - good[key] > STALE]
    if never:
        yield Check("never harvested", "note", _some(never) + ": `fazhi run` asks them")
    if failing:
        yield Check("failing sources", "problem", _some(failing) + ": `fazhi sources check ID` says why")
    if old:
        detail = f"{_some(old)}: no good run for {STALE.days} days. Is the schedule on (`fazhi deploy`), a worker up?"
        yield Check("stale sources", "problem", detail)
    if not (never or failing or old):
        yield Check("stale sources", "ok", f"none of {len(active)}")


def staging_schema(settings: Settings) -> Check:
    """Whether this program can go on with the staging file."""
    try:
        found = staging_version(settings.staging)
    except Locked as error:
        return Check("staging", "note", str(error))
    except FazhiError as error:
        return Check("staging", "problem", str(error))
    if found is None:
        return Check("staging", "note", "none yet")
    if found > SCHEMA_VERSION:
        detail = f"schema {found} is newer than this program's {SCHEMA_VERSION}: install the newer fazhi again"
        return Check("staging", "problem", detail)
    if found < SCHEMA_VERSION:
        return Check("staging", "note", f"schema {found}: the next run upgrades it to {SCHEMA_VERSION}")
    return Check("staging", "ok", f"schema {found}")


def room(settings: Settings) -> Check:
    """Whether a build fits on the disk: it makes a new warehouse and staging's scratch beside what is there."""
    files = [settings.warehouse, settings.staging, settings.search]
    needed = 2 * sum(path.stat().st_size for path in files if path.exists())
    free = shutil.disk_usage(settings.home).free if settings.home.exists() else 0
    if needed > free:
        detail = f"a build may need {needed / 1024**3:.1f} GiB, {free / 1024**3:.1f} are free: lower FAZHI_SNAPSHOTS"
        return Check("room for a build", "problem", detail)
    return Check("room for a build", "ok", f"about {needed / 1024**2:,.0f} MiB needed")


def last_runs(settings: Settings) -> tuple[dict[str, HarvestRun], dict[str, datetime]]:
    """By source its last run, and when its last good one ended; what a clock that was ahead wrote says neither."""
    last: dict[str, HarvestRun] = {}
    good: dict[str, datetime] = {}
    try:
        with Archive(settings.archive, read_only=True) as archive:
            for run in archive.harvest_runs():
                if is_ahead(run.finished_at, now()):
                    continue
                last[run.source_id] = run
                if run.status == "ok":
                    good[run.source_id] = run.finished_at
    except ArchiveError:  # told by `archive_parts`
        return {}, {}
    return last, good


def _ids(sources: list[Source]) -> list[str]:
    return [source.id for source in sources]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more
