"""`fazhi tidy`: FAZHI_HOME in, the same without what is older than is kept out; scheduled runs do it at their end.

Never touches the archive's reports, staging or what is published. Called with the write lock held, so nobody else adds
to the files that are cut here.
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from expectations.history import KEEP_LINES
from flows.building import KEEP_REPORTS
from flows.errors import Exit
from flows.events import Events, wide_console
from flows.lock import writing
from flows.settings import Settings, now
from flows.tables import print_json

# a year of weekly runs over a thousand sources is about one such file
LOG_BYTES = 64 * 1024**2
KEEP_LOGS = 12
# the temporary server's history of runs: of no use once it is this large
SERVER_BYTES = 256 * 1024**2
HALF_DONE_DAYS = 2


class Change(NamedTuple):
    """Something that was, or would be, made smaller; freed, in bytes."""

    what: str
    why: str
    freed: int


def tidy_home(settings: Settings, *, dry_run: bool, as_json: bool = False) -> int:
    """`fazhi tidy`: print what is cut."""
    with writing(settings.lock, "tidy"):
        changes = tidy(settings, Events(settings.log), dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, "cut": [change._asdict() for change in changes]})
        return Exit.OK
    out = wide_console()
    for change in changes:
        out.print(f"{'would free' if dry_run else 'freed'} {change.freed / 1e6:,.1f} MB: {change.what} ({change.why})")
    if not changes:
        out.print("nothing is older or larger than is kept")
    return Exit.OK


def tidy(settings: Settings, log: Events, *, dry_run: bool = False) -> list[Change]:
    """Cut logs, gate reports, their history, and left-overs of killed commands; returns what was cut."""
    steps = (_logs, _gate_reports, _gate_history, _server_history, _half_done)
    changes = [change for step in steps for change in step(settings, dry_run)]
    for change in changes if not dry_run else ():
        log.emit("tidy", "cut", what=change.what, why=change.why, freed=change.freed)
    return changes


def _logs(settings: Settings, dry_run: bool) -> Iterator[Change]:
    """The event log is put aside, packed, when it is large; the oldest ones go."""
    log = settings.log
    size = log.stat().st_size if log.exists() else 0
    if size > LOG_BYTES:
        if not dry_run:
            _put_aside(log)
        yield Change(log.name, f"larger than {LOG_BYTES // 1024**2} MiB: put aside as .gz", size)
    old = sorted(log.parent.glob(f"{log.stem}-*.jsonl.gz"))[:-KEEP_LOGS]
    yield from _removed(old, f"the last {KEEP_LOGS} are kept", dry_run)


def _put_aside(log: Path) -> None:
    """Pack first, remove after: a kill in between leaves both, and no line is lost."""
    aside = log.with_name(f"{log.stem}-{now():%Y%m%dT%H%M%SZ}.jsonl.gz")
    part = aside.with_suffix(".part")
    with log.open("rb") as source, gzip.open(part, "wb") as packed:
        shutil.copyfileobj(source, packed)
    part.replace(aside)
    log.unlink()


def _gate_reports(settings: Settings, dry_run: bool) -> Iterator[Change]:
    folders = sorted(path for path in settings.reports.glob("*Z-*") if path.is_dir())
    yield from _removed(folders[:-KEEP_REPORTS], f"the last {KEEP_REPORTS} are kept", dry_run)


def _gate_history(settings: Settings, dry_run: bool) -> Iterator[Change]:
    """Twice as much as is published is let grow, so that it is not written anew every time."""
    path = settings.reports / "history.jsonl"
    lines = path.read_bytes().splitlines(keepends=True) if path.exists() else []
    if len(lines) <= 2 * KEEP_LINES:
        return
    old = sum(map(len, lines[:-KEEP_LINES]))
    if not dry_run:
        part = path.with_suffix(".part")
        part.write_bytes(b"".join(lines[-KEEP_LINES:]))
        part.replace(path)
    yield Change(f"{settings.reports.name}/{path.name}", f"the last {KEEP_LINES:,} checks are kept", old)


def _server_history(settings: Settings, dry_run: bool) -> Iterator[Change]:
    """Of commands given without a server; one that runs now holds the write lock, so none is running."""
    files = list(settings.prefect.glob("prefect.db*"))
    if sum(path.stat().st_size for path in files) > SERVER_BYTES:
        yield from _removed(files, f"the temporary server's history, over {SERVER_BYTES // 1024**2} MiB", dry_run)


def _half_done(settings: Settings, dry_run: bool) -> Iterator[Change]:
    """What killed commands left half written."""
    limit = now().timestamp() - HALF_DONE_DAYS * 86_400
    found = [
        path for folder in (settings.home, settings.log.parent, settings.reports) for path in folder.glob("*.part")
    ]
    yield from _removed([path for path in found if path.stat().st_mtime < limit], "left by a killed command", dry_run)


def _removed(paths: list[Path], why: str, dry_run: bool) -> Iterator[Change]:
    for path in paths:
        freed = sum(item.stat().st_size for item in path.rglob("*") if item.is_file())
        freed = freed if path.is_dir() else path.stat().st_size
        if not dry_run:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        yield Change(f"{path.parent.name}/{path.name}", why, freed)
