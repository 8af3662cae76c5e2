"""Small published files in which every table tells its generation, and a process that dies at a chosen step."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from warehouse.snapshots import Snapshot, publish_snapshot

DAY = datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC)


def small_side(path: Path, generation: int) -> Path:
    """A side file whose two tables must always be read from the same generation."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts")
        con.execute(f"create table marts.one as select i as id, {generation} as generation from range(1000) as r(i)")
        con.execute(f"create table marts.two as select i as id, {generation} as generation from range(1000) as r(i)")
    return path


def published(home: Path, generation: int, keep: int = 5, fingerprint: str | None = None) -> Snapshot:
    """Publish that generation in `home`, as a build does."""
    return publish_snapshot(
        *(small_side(home / "side.duckdb", generation), home / "warehouse.duckdb", home / "snapshots"),
        fingerprint=f"made of {generation}" if fingerprint is None else fingerprint,
        at=DAY,
        keep=keep,
    )


def generation_in(path: Path) -> int:
    """The one generation that a file holds."""
    with duckdb.connect(str(path), read_only=True) as con:
        ((found,),) = con.execute("select generation from (from marts.one union from marts.two) group by 1").fetchall()
    return int(found)


# the steps that change which file has which name, as the interpreter itself announces them
_KILLED = """
import os, sys
left = int(sys.argv[1])
def hook(event, arguments):
    global left
    if event in ("os.link", "os.rename", "os.remove"):
        left -= 1
        if left < 0:
            os._exit(9)
from pathlib import Path
from tests.warehouse.small import *
from warehouse.snapshots import find, restore, snapshots
home = Path(sys.argv[2])
target, folder = home / "warehouse.duckdb", home / "snapshots"
sys.addaudithook(hook)
"""


def dies_at(step: int, home: Path, statement: str) -> bool:
    """Run the statement in a process that is killed before its `step`-th renaming; False: it came to its end."""
    done = subprocess.run(
        [sys.executable, "-c", _KILLED + statement, str(step), str(home)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert done.returncode in (0, 9), done.stderr
    return done.returncode == 9
