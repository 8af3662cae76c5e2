"""Debian's PostgreSQL in, a server of its own in a temporary folder out: on loopback, gone with the block that used it.

Fixture `postgres` (once a session): `postgres.create_database("name")` gives a url. A test that stops or kills the
server makes one of its own: `with running_postgres() as server`.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DEBIAN = Path("/usr/lib/postgresql")
USER = "fazhi"
LIMIT_S = 90
# a temporary server need not outlive a power cut; what was committed does outlive the server's own crash
OPTIONS = {"fsync": "off", "full_page_writes": "off", "max_connections": "60"}


def programs() -> Path | None:
    """Where PostgreSQL's server programs lie, the newest version's; None where it is not installed."""
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextlib.contextmanager
def running_postgres() -> Iterator[Postgres]:
    """A running server of one's own; skips the test where PostgreSQL is not installed."""
    where = programs()
    if where is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    # not pytest's folder: the server runs as another user when the tests run as root
    folder = Path(tempfile.mkdtemp(prefix="fazhi-postgres-"))
    try:
        server = Postgres(where, folder)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The session's server; make a database of your own in it."""
    with running_postgres() as server:
        yield server


class Postgres:
    """A PostgreSQL server that can be stopped, killed and started again on the same data; its port stays."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.host, self.port = "127.0.0.1", _free_port()
        self._programs, self._data, self._log = programs, folder / "data", folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._as: dict[str, Any] = {"cwd": folder, "stdin": subprocess.DEVNULL}
        if os.geteuid() == 0:  # root may not run PostgreSQL
            account = _unprivileged()
            os.chown(folder, account.pw_uid, account.pw_gid)
            self._as |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": ()}
        self._run("initdb", "-D", self._data, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = {**OPTIONS, "listen_addresses": self.host, "port": self.port, "unix_socket_directories": ""}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with self._log.open("ab") as log:
            command = [str(self._programs / "postgres"), "-D", str(self._data), *arguments]
            process: subprocess.Popen[bytes] = subprocess.Popen(command, stdout=log, stderr=log, **self._as)
        self._process = process
        deadline = time.monotonic() + LIMIT_S
        while time.monotonic() < deadline and process.poll() is None:
            if self._call("pg_isready", *self._where(), "-d", "postgres").returncode == 0:
                return
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"PostgreSQL did not start:\n{self._log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """End the server cleanly, breaking its sessions off; nothing happens where none runs."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """End the server as a crash does: no checkpoint, sessions broken off, recovery at the next start."""
        self._end(signal.SIGQUIT)

    def create_database(self, name: str, scheme: str = "postgresql") -> str:
        """Make an empty database; gives its `url`."""
        self._run("createdb", *self._where(), name)
        return self.url(name, scheme)

    def url(self, database: str = "postgres", scheme: str = "postgresql") -> str:
        """As SQLAlchemy and libpq take it; scheme: such as `postgresql+asyncpg` for Prefect's server. No password."""
        return f"{scheme}://{USER}@{self.host}:{self.port}/{database}"

    def sql(self, statement: str, database: str = "postgres") -> list[str]:
        """Run a statement with psql; gives the lines of the answer, columns separated by `|`."""
        options = ("-qAtX", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement)
        return self._run("psql", *self._where(), *options).splitlines()

    def _where(self) -> tuple[str, ...]:
        return ("-h", self.host, "-p", str(self.port), "-U", USER)

    def _run(self, program: str, *arguments: str | Path) -> str:
        done = self._call(program, *arguments)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.strip()}")
        return done.stdout

    def _call(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [self._programs / program, *arguments]
        return subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S, check=False, **self._as)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _unprivileged() -> pwd.struct_passwd:
    """Debian's account for PostgreSQL, else the one that owns nothing."""
    accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
    return accounts.get("postgres") or accounts["nobody"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
