"""One sample warehouse in two states: A published from some sources, B from all; every fault strikes on the way A → B.

What must hold after each fault is checked here, once for all of them.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from flows.errors import Exit
from tests.flows.conftest import Fazhi, differences

STEPS = ("harvest", "extract", "load", "staging-gate", "build", "marts-gate", "publish")
# a run that failed leaves its harvest's row and has used up its number: what happened, not what was found
WHAT_HAPPENED = {"rpt_harvest", "rpt_build"}
ENDED_WELL = (Exit.OK, Exit.SOURCES_FAILED)
ONCE = (  # what may stand there once: table, key
    ("fct_report", "report_id"),
    ("fct_quantity", "report_id, char_start, char_end"),
    ("fct_indicator_yearly", "publisher_id, indicator_id, report_year"),
)


LIMIT_S = 1800.0  # of one command: a busy machine is no fault, a run that hangs is


class Home(Fazhi):
    """The command line on one home, with more patience than a test has; what it said is kept beside the home."""

    def __init__(self, home: Path, api: str, said: Path | None = None) -> None:
        super().__init__(home, api)
        self.said = said or home.with_suffix(".said.txt")

    def __call__(self, *arguments: str | Path, timeout: float = LIMIT_S) -> subprocess.CompletedProcess[str]:
        result = super().__call__(*arguments, timeout=timeout)
        with self.said.open("a", encoding="utf-8") as file:
            file.write(f"$ fazhi {' '.join(map(str, arguments))}\n{result.stdout[-4000:]}{result.stderr[-4000:]}")
            file.write(f"→ {result.returncode}\n\n")
        return result


class Broken(Exception):
    """An invariant does not hold; the message says which, and what was found."""


@dataclass
class Ground:
    """The two reference states, the time that is left, and what was tried."""

    folder: Path
    api: str
    chance: random.Random
    ends_at: float
    done: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    untried: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def old(self) -> Fazhi:
        return Home(self.folder / "old", self.api)

    @property
    def new(self) -> Fazhi:
        return Home(self.folder / "new", self.api)

    def prepare(self) -> None:
        """Publish A from every second source, then B in a copy of it; learn how long each step takes.

        A folder that was kept holds both already.
        """
        prepared = self.folder / "prepared.json"
        if prepared.exists():
            self.seconds = json.loads(prepared.read_text("utf-8"))
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for begun in (self.old.home, self.new.home):
            shutil.rmtree(begun, ignore_errors=True)
        listed = self.old("sources", "list", "--json")
        ids = [source["id"] for source in json.loads(listed.stdout)]
        only = [word for source in ids[::2] for word in ("--only", source)]
        well(self.old("run", *only))
        shutil.copytree(self.old.home, self.new.home, symlinks=True)
        seen = len(events(self.new))
        well(self.new("run"))
        ended = [event for event in events(self.new)[seen:] if event["event"] == "finished"]
        self.seconds = {str(event["step"]): float(str(event["seconds"])) for event in ended}
        if not differences(self.old, self.new):
            raise Broken("both states hold the same: the battery would prove nothing")
        prepared.write_text(json.dumps(self.seconds), "utf-8")

    def copy(self, name: str, *, of: str = "old") -> Fazhi:
        """A home of its own in state A (or B)."""
        home = self.folder / name
        shutil.rmtree(home, ignore_errors=True)
        home.with_suffix(".said.txt").unlink(missing_ok=True)
        shutil.copytree(self.folder / of, home, symlinks=True)
        return Home(home, self.api)

    def time_is_up(self, what: str) -> bool:
        """No new fault is begun after the end; what is left out for it is noted."""
        if time.monotonic() <= self.ends_at:
            return False
        self.untried.append(what)
        return True

    def check(self, what: str, test: bool, found: object = "") -> None:
        """Note what was tried, and whether it held."""
        self.done.append(what)
        if not test:
            self.broken.append(f"{what}: {str(found)[-1500:]}")
            print(f"  BROKEN {self.broken[-1]}", flush=True)

    def old_or_new(self, what: str, fazhi: Fazhi, *, any_run: bool = False) -> str:
        """The published file opens and is A or B, with nothing twice: which one it is.

        any_run: a run of another day has another number, and may have been the first to see what B's second run saw.
        """
        try:
            twice = doubled(fazhi)
            rest = _found(fazhi, self.new, any_run)
            state = "new" if not rest else "neither" if _found(fazhi, self.old, any_run) else "old"
        except duckdb.Error as error:
            state, rest, twice = "unreadable", {"": [str(error)]}, []
        self.check(f"{what}: published file is the old or the new one", state in ("old", "new"), (state, rest))
        self.check(f"{what}: nothing twice", not twice, twice)
        return state

    def recovers(self, what: str, fazhi: Fazhi, *command: str, any_run: bool = False) -> None:
        """The same command again ends well, and nothing is lost or doubled."""
        result = fazhi(*(command or ("run",)))
        self.check(f"{what}: the next run ends well", result.returncode in ENDED_WELL, result.stderr)
        state = self.old_or_new(f"{what}, afterwards", fazhi, any_run=any_run)
        self.check(f"{what}: nothing lost", state == "new", f"it is {state}")


def _found(left: Fazhi, right: Fazhi, any_run: bool) -> dict[str, list[str]]:
    found = differences(left, right, any_run=any_run)
    return {table: rows for table, rows in found.items() if table not in WHAT_HAPPENED}


def well(result: object) -> None:
    """Raise Broken where a command that no fault disturbs fails."""
    if result.returncode not in ENDED_WELL:  # type: ignore[attr-defined]
        raise Broken(f"an undisturbed command failed: {result.stderr[-2000:]}")  # type: ignore[attr-defined]


def events(fazhi: Fazhi) -> list[dict[str, object]]:
    """Whole lines of the event log; a line that a kill or a full disk cut off is none."""
    log = fazhi.home / "logs" / "events.jsonl"
    found = []
    for line in log.read_text("utf-8").splitlines() if log.exists() else []:
        with suppress(ValueError):
            found.append(json.loads(line))
    return found


def doubled(fazhi: Fazhi) -> list[str]:
    """Keys that stand more than once."""
    return [
        f"{table}: {rows}"
        for table, key in ONCE
        if (rows := fazhi.rows(f"select {key}, count(*) from marts.{table} group by all having count(*) > 1 limit 3"))
    ]


def tells(ground: Ground, what: str, said: str, *words: str) -> None:
    """The message names what is wrong and what to do, and shows no traceback."""
    missing = [word for word in words if word.lower() not in said.lower()]
    ground.check(f"{what}: the message says {', '.join(words)}", not missing, said)
    ground.check(f"{what}: no traceback", "Traceback (most recent call last)" not in said, said)
