"""A disk without room, or a home that is none: the command says so in a line and touches nothing that is published."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from flows.errors import disk_is_full
from scrapers.archive import Archive, Response
from tests.warehouse.small import generation_in, published

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
# no file of this process may grow beyond so many bytes: what a quota does
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from flows.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048))
sys.argv = ["fazhi", *sys.argv[1:]]
main()
"""


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (PermissionError(errno.EACCES, "Permission denied"), False),
        (sqlite3.OperationalError("database or disk is full"), True),
        (sqlite3.OperationalError("no such table: capture"), False),
        (duckdb.TransactionException(f"Failed to commit: Could not write: {os.strerror(errno.ENOSPC)}"), True),
        (duckdb.FatalException(f"invalidated by an earlier error: {os.strerror(errno.EDQUOT)}"), True),
        (duckdb.IOException("Could not read enough bytes from file"), False),
        (ValueError("disk"), False),
        (None, False),
    ],
)
def test_what_a_full_disk_is(error: BaseException | None, full: bool) -> None:
    assert disk_is_full(error) == full


def test_a_database_that_cannot_grow(tmp_path: Path) -> None:
    """Of whatever kind DuckDB's error is: a commit's is none of input and output."""
    script = (
        "import duckdb, resource, signal, sys; from flows.errors import disk_is_full\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); con = duckdb.connect(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))\n"
        "try: con.execute('create table wide as select hash(i)::varchar as h from range(200000) t(i)')\n"
        "except duckdb.Error as error: print(type(error).__name__, disk_is_full(error))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, tmp_path / "made.duckdb"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.stdout.split()[1:] == ["True"], run.stdout + run.stderr


def test_libraries_add_no_traceback_of_theirs() -> None:
    """A log file that cannot grow, a report that could not be written: the command tells it once, at its end."""
    script = (
        "import errno, logging, os, sys; from flows.events import quiet_libraries\n"
        "logging.basicConfig(); full = open('/dev/full', 'w'); own = logging.getLogger('dbt')\n"
        "own.addHandler(logging.StreamHandler(full)); quiet_libraries(); own.warning('written where no room is')\n"
        "logging.getLogger().handlers.clear(); logging.basicConfig()\n"
        "logging.getLogger('great_expectations.render.renderer.site_builder').error('Traceback: OSError: %s', os.strerror(errno.ENOSPC))\n"
        "logging.getLogger('prefect.task_runs').error('Finished in state Failed()')\n"
        "logging.getLogger('other').error('something else is wrong'); sys.stderr.flush(); os._exit(0)\n"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in run.stderr and "Finished" not in run.stderr
    assert "something else is wrong" in run.stderr and "written where no room is" in run.stderr


def test_the_archive_index_cannot_grow(tmp_path: Path) -> None:
    published(tmp_path, 1)
    with Archive(tmp_path / "archive") as archive:
        run_id = archive.begin_run(NOW)
        for number in range(50):
            url = f"http://made.invalid/{number}"
            response = Response(url, 200, "OK", [("Content-Type", "text/html")], url.encode() * 20, [], NOW)
            archive.store(response, source_id="made", run_id=run_id, canonical_url=url, role="page")
        archive.finish_runs()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT", "FAZHI"))}
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, "archive", "reindex"],
        env=environment | {"FAZHI_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 1
    assert "fazhi: the disk is full" in run.stderr and "run the same command again" in run.stderr
    assert "Traceback" not in run.stderr
    assert generation_in(tmp_path / "warehouse.duckdb") == 1


@pytest.mark.parametrize(
    "words", [("run",), ("harvest",), ("tidy",), ("archive", "reindex")], ids=lambda words: words[-1]
)
def test_a_home_that_is_a_file(tmp_path: Path, words: tuple[str, ...]) -> None:
    home = tmp_path / "home"
    home.write_text("no folder", "utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT", "FAZHI"))}
    run = subprocess.run(
        [Path(sys.executable).parent / "fazhi", *words],
        env=environment | {"FAZHI_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 1 and "Traceback" not in run.stderr
    assert "is FAZHI_HOME right" in run.stderr and str(home) in run.stderr
