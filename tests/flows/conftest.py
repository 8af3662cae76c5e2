"""A Prefect server for the session, and the `fazhi` command as a subprocess against it."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import fsspec
import pytest

from flows.temporary_server import CLIENT_SETTINGS, SERVER_SETTINGS, temporary_server

# when and where something was fetched, and the fingerprint of a row that says so, differ from run to run;
# what was found must not
VOLATILE = {"fetched_at", "first_seen_at", "last_seen_at", "started_at", "finished_at", "warc_offset", "fingerprint"}


@pytest.fixture(scope="session")
def prefect_api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The url of one Prefect server for all commands: starting one each costs most of a small run."""
    before = dict(os.environ)
    os.environ.pop("PREFECT_API_URL", None)
    with temporary_server(tmp_path_factory.mktemp("prefect")) as url:
        yield url
    os.environ.clear()
    os.environ.update(before)


class Fazhi:
    """The command line on one FAZHI_HOME."""

    def __init__(self, home: Path, api: str) -> None:
        self.home = home
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("PREFECT", "FAZHI"))},
            **SERVER_SETTINGS,
            **CLIENT_SETTINGS,
            "PREFECT_API_URL": api,
            "FAZHI_HOME": str(home),
            # a test may run on into China's next day
            "FAZHI_SAMPLE_TODAY": "2026-06-30",
        }
        self.command = [str(Path(sys.executable).parent / "fazhi")]

    def __call__(self, *arguments: str | Path, timeout: float = 420) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.command, *map(str, arguments)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """Run in the background, for tests that kill it."""
        return subprocess.Popen(
            [*self.command, *map(str, arguments)],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    @property
    def warehouse(self) -> Path:
        return self.home / "warehouse.duckdb"

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Rows of the published warehouse."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def tables(self) -> dict[str, list[tuple[object, ...]]]:
        """Every mart's rows in a fixed order, without the columns that say when and where."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            columns = connection.execute(
                "select table_name, list(column_name order by ordinal_position) "
                "from information_schema.columns where table_schema = 'marts' group by 1 order by 1"
            ).fetchall()
            found = {}
            for table, names in columns:
                kept = ", ".join(f'"{name}"' for name in names if name not in VOLATILE)
                found[table] = connection.execute(f"select {kept} from marts.{table} order by all").fetchall()
            return found


# what happened and when: every run adds to it
HISTORY = frozenset(("rpt_gate",))

BEGUN = datetime.now(UTC).date()


def _whatever_the_day(row: tuple[object, ...]) -> str:
    """The row as text without the day of the run: the tests may run on past midnight, and compare with yesterday."""
    text = re.sub(r"'20\d\d-\d\d-\d\d-(\d\d(?::[\w-]+)?)'", r"'run \1'", repr(row))
    for past in range((datetime.now(UTC).date() - BEGUN).days + 1):
        text = text.replace(repr(BEGUN + timedelta(days=past)), "a day of the tests")
    return text


def differences(left: Fazhi, right: Fazhi, *, any_run: bool = False) -> dict[str, list[str]]:
    """By mart but those of history, the first rows that stand on one side only; empty where both hold the same.

    any_run: whichever of a day's runs saw something first.
    """

    def told(row: tuple[object, ...]) -> str:
        text = _whatever_the_day(row)
        return re.sub(r"'run \d\d", "'a run", text) if any_run else text

    found = {}
    ours, theirs = left.tables(), right.tables()
    for table in sorted({*ours, *theirs} - HISTORY):
        rows = [set(map(told, side.get(table, []))) for side in (ours, theirs)]
        if len(ours.get(table, [])) != len(theirs.get(table, [])) or rows[0] != rows[1]:
            found[table] = [f"{'left' if row in rows[0] else 'right'}: {row}" for row in sorted(rows[0] ^ rows[1])[:3]]
    return found


@pytest.fixture(scope="session")
def undisturbed(prefect_api: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Fazhi, str]:
    """The sample portal harvested and published once, and what the command printed. Tests must not write to it.

    The processes of a parallel test run share it: whoever comes first makes it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "undisturbed"
    folder.mkdir(exist_ok=True)
    fazhi, printed = Fazhi(folder / "home", prefect_api), folder / "printed.txt"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            result = fazhi("run", timeout=900)
            assert result.returncode == 0, result.stderr
            printed.write_text(result.stderr, encoding="utf-8")
    return fazhi, printed.read_text("utf-8")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """A real S3 server's url; one a session, since fsspec keeps its connections."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def s3(s3_server: str) -> Iterator[str]:
    """The url of a bucket there; credentials and address are in the environment alone."""
    given = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1"}
    given |= {"AWS_ENDPOINT_URL": s3_server, "AWS_EC2_METADATA_DISABLED": "true"}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        fsspec.filesystem("s3", skip_instance_cache=True).makedirs("fazhi", exist_ok=True)
        yield "s3://fazhi"
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
