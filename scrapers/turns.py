"""A SQLite file in, one connection to it out, for all threads of the process: each one's own would hold 200 kB of statements
and pages, and those that write would wait for each other inside SQLite, in steps of its choosing."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

BUSY_S = 60.0


class Rows(list[Any]):
    """All rows of an answer: the next statement may be another thread's."""

    def fetchone(self) -> Any:
        """The first row, or None."""
        return self[0] if self else None

    def fetchall(self) -> list[Any]:
        """All of them."""
        return self


class Connection:
    """A connection whose statements come one after another; a transaction keeps the turn until its end."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_S)
        self._db.row_factory = sqlite3.Row
        self._turn = threading.RLock()
        self._path, self._users, self._file = path, 0, _file(path)

    def execute(self, query: str, values: Sequence[Any] = ()) -> Rows:
        """The rows of one statement."""
        with self._turn:
            return Rows(self._db.execute(query, values))

    def executemany(self, query: str, rows: Iterable[Sequence[Any]]) -> None:
        """One statement for each row of values."""
        with self._turn:
            self._db.executemany(query, rows)

    @contextmanager
    def transaction(self, begin: str = "begin immediate") -> Iterator[None]:
        """All or nothing of what is done within."""
        with self._turn:
            self._db.execute(begin)
            try:
                yield
            except BaseException:
                if self._db.in_transaction:  # a full disk may have ended it
                    self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def close(self) -> None:
        """Let go of it; the last one to do so closes it."""
        with _OPENING:
            self._users -= 1
            if not self._users:
                if _OPEN.get(self._path) is self:
                    del _OPEN[self._path]
                self._db.close()


_OPEN: dict[Path, Connection] = {}
_OPENING = threading.Lock()


def connected(path: Path) -> Connection:
    """The process's connection to this file; it is closed as often as it was asked for."""
    path = path.absolute()
    with _OPENING:
        found = _OPEN.get(path)
        if found is None or found._file != _file(path):  # the file may have been made anew
            found = _OPEN[path] = Connection(path)
        found._users += 1
        return found


def _file(path: Path) -> tuple[int, int] | None:
    """What tells it from another of the same name; None where there is none."""
    try:
        about = path.stat()
    except FileNotFoundError:
        return None
    return about.st_dev, about.st_ino
