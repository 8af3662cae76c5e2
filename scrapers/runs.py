"""The index's memory of runs: which is open, what it asked, how each visit ended, what it found at each source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scrapers.index import Index
from scrapers.records import HarvestRun

# a killed run is gone on with while the portals can be taken to be as they were
RESUMABLE = timedelta(days=2)
# what only the run itself needs
PROGRESS = ("source_run", "asked", "visit")


class Runs(Index):
    """Reading and writing of runs."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self._asked: list[tuple[str, str, str]] = []
        super().__init__(root, read_only=read_only)

    def begin_run(self, now: datetime) -> str:
        """The id of the run to work in: an unfinished one of the last day is gone on with, an older one is given up.

        A new id is its date and its number that day.
        """
        with self._transaction():
            open_run = self._one("select run_id from run where not finished order by run_id limit 1")
            if open_run and now - _day_of(open_run) < RESUMABLE:
                return str(open_run)
            self._db.execute("update run set finished = 1 where not finished")
            for table in PROGRESS:
                self._db.execute(f"delete from {table}")
            day = f"{now.astimezone(UTC):%Y-%m-%d}"
            last = self._one("select max(run_id) from run where run_id like ?", f"{day}-%")
            run_id = f"{day}-{int(last[len(day) + 1 :]) + 1 if last else 1:02d}"
            self._db.execute("insert into run values (?, 0)", (run_id,))
        return run_id

    def finish_runs(self) -> None:
        """Say that all that was begun is done: the next run is a new one."""
        self._db.execute("update run set finished = 1 where not finished")

    def harvest_runs(self) -> Iterator[HarvestRun]:
        """All runs' results, by run and source."""
        yield from self._harvest_runs("true")

    def recorded_run(self, run_id: str, source_id: str) -> HarvestRun | None:
        """What this run found at this source, where it came to an end there already."""
        return next(self._harvest_runs("run_id = ? and source_id = ?", run_id, source_id), None)

    def start_source(self, run_id: str, source_id: str, now: datetime) -> datetime:
        """When this run began at this source: now, or earlier where a killed run is gone on with."""
        self._db.execute("insert or ignore into source_run values (?, ?, ?)", (run_id, source_id, now.isoformat()))
        started = self._one("select started_at from source_run where run_id = ? and source_id = ?", run_id, source_id)
        return datetime.fromisoformat(started)

    def note_asked(self, run_id: str, source_id: str, url: str) -> None:
        """Count a url as asked in this run: written along with what comes of it, for a killed run asks again else."""
        self._asked.append((run_id, source_id, url))

    def note_not_asked(self, run_id: str, source_id: str, url: str) -> None:
        """Take the count back: the host was closed."""
        self._asked = [asked for asked in self._asked if asked != (run_id, source_id, url)]
        self._db.execute("delete from asked where run_id = ? and source_id = ? and url = ?", (run_id, source_id, url))

    def count_asked(self, run_id: str, source_id: str) -> int:
        """How many different urls this run asked for at this source."""
        with self._transaction():
            pass  # those not yet written go along
        return int(self._one("select count(*) from asked where run_id = ? and source_id = ?", run_id, source_id))

    def note_visit(self, run_id: str, source_id: str, canonical_url: str, outcome: str, reason: str | None) -> None:
        """Keep how a visit ended; a second try in the same run replaces the first."""
        self._db.execute(
            "insert or replace into visit values (?, ?, ?, ?, ?)", (run_id, source_id, canonical_url, outcome, reason)
        )

    def visits(self, run_id: str, source_id: str) -> dict[str, tuple[str, str | None]]:
        """Outcome and reason of all visits of a run at a source, by canonical url."""
        query = "select canonical_url, outcome, reason from visit where run_id = ? and source_id = ?"
        return {row[0]: (row[1], row[2]) for row in self._db.execute(query, (run_id, source_id))}

    def count_new_and_changed(self, source_id: str, run_id: str) -> tuple[int, int]:
        """Contents that this run saw first: at new urls, and at urls that held another content before."""
        query = (
            "select count(*) filter (where first), count(*) filter (where not first) from ("
            "  select run_id, row_number() over (partition by canonical_url order by seq) = 1 as first"
            "  from capture where source_id = ? and role in ('page', 'attachment', 'file')) where run_id = ?"
        )
        new, changed = self._db.execute(query, (source_id, run_id)).fetchone()
        return int(new), int(changed)

    def _along(self) -> None:
        self._db.executemany("insert or ignore into asked values (?, ?, ?)", self._asked)
        self._asked.clear()

    def _harvest_runs(self, condition: str, *values: str) -> Iterator[HarvestRun]:
        query = f"select * from harvest_run where {condition} order by run_id, source_id"
        for row in self._db.execute(query, values).fetchall():
            times = {name: datetime.fromisoformat(row[name]) for name in ("started_at", "finished_at")}
            yield HarvestRun(**{**dict(row), **times})


def _day_of(run_id: str) -> datetime:
    return datetime.fromisoformat(run_id[:10]).replace(tzinfo=UTC)
