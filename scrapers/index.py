"""The SQLite file beside the WARC files: opening it, its version, transactions and rows."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from scrapers.records import ArchiveError
from scrapers.turns import BUSY_S, connected

SCHEMA = Path(__file__).with_name("archive.sql")
INDEX = "index.sqlite"
VERSION = 2
_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ"}


def is_damaged(error: BaseException | None) -> bool:
    """Whether SQLite says that the file itself is not as it wrote it; a busy or full one is another matter."""
    return isinstance(error, sqlite3.DatabaseError) and getattr(error, "sqlite_errorname", "") in _DAMAGED


def told_damaged(error: BaseException | None) -> str:
    """What is wrong and what to do, to stand behind the file's name."""
    return f"cannot be read ({error}): `fazhi archive reindex` makes it anew from the WARC files, no page is lost"


def drop_damaged(root: Path) -> bool:
    """Remove an index that is no whole database, so that the next one to open it makes it anew; True where it was."""
    path = root / INDEX
    if not path.exists():
        return False
    with contextlib.closing(sqlite3.connect(path, timeout=BUSY_S)) as db:
        try:
            whole = db.execute("pragma quick_check").fetchone()[0] == "ok"
        except sqlite3.DatabaseError as error:
            if not is_damaged(error):
                raise
            whole = False
    if not whole:
        for file in root.glob(f"{INDEX}*"):
            file.unlink()
    return not whole


class Index:
    """A connection to the index in one folder. What is known and what runs did are read and written by subclasses."""

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        self.root = root
        path = root / INDEX
        if read_only and not path.exists():
            raise ArchiveError(f"{root}: no archive index; `fazhi archive reindex` makes it from the WARC files")
        root.mkdir(parents=True, exist_ok=True)
        self._db = connected(path)
        try:
            self._open(path, read_only=read_only)
        except BaseException as error:
            self._db.close()
            if is_damaged(error):
                raise ArchiveError(f"{path} {told_damaged(error)}") from error
            raise

    def _open(self, path: Path, *, read_only: bool) -> None:
        if read_only:
            if self._version() != VERSION:
                raise ArchiveError(f"{path}: made by another version; `fazhi archive reindex` makes it anew")
            return
        self._db.execute("pragma journal_mode = wal")
        # a power cut may take the last commits away, whole and in order; the WARC file is then cut back to them
        self._db.execute("pragma synchronous = normal")
        if self._version() != VERSION:
            with self._transaction():
                self._renew()

    def close(self) -> None:
        """Close the index; nothing is pending."""
        self._db.close()

    def _version(self) -> int:
        return int(self._db.execute("pragma user_version").fetchone()[0])

    def _renew(self) -> None:
        """Make empty tables and fill them from the files; somebody else may have done it while we waited."""
        if self._version() == VERSION:
            return
        verdicts = self._verdicts()
        tables = self._db.execute("select name from sqlite_master where type = 'table'").fetchall()
        for row in tables:
            self._db.execute(f"drop table {row['name']}")
        for statement in SCHEMA.read_text(encoding="utf-8").split(";\n"):
            self._db.execute(statement)
        self._refill(verdicts)
        self._db.execute(f"pragma user_version = {VERSION}")

    def _verdicts(self) -> list[tuple[str, str]]:
        try:
            rows = self._db.execute("select canonical_url, verdict from url where verdict is not null").fetchall()
        except sqlite3.OperationalError:  # no such table yet
            return []
        return [(row["canonical_url"], row["verdict"]) for row in rows]

    def _refill(self, verdicts: Iterable[tuple[str, str]]) -> None:
        """Fill empty tables from the WARC files."""
        raise NotImplementedError

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._db.transaction():
            yield
            self._along()

    def _along(self) -> None:
        """Write what need not be on disk before the next transaction is."""

    def _one(self, query: str, *values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self._db.execute(query, values).fetchone()
        return row[0] if row else None

    def _insert(self, table: str, row: dict[str, Any]) -> None:
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        self._db.execute(f"insert or replace into {table} ({names}) values ({marks})", tuple(row.values()))
