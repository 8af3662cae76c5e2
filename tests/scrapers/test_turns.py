"""Threads of one process share a connection: transactions do not mix, and the last to close it closes it."""

from __future__ import annotations

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scrapers.turns import connected

THREADS, EACH = 16, 25


def test_one_file_is_one_connection_until_the_last_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    first, second = connected(path), connected(path)
    assert first is second
    first.execute("create table t (n integer)")
    first.close()
    assert second.execute("select count(*) from t").fetchone()[0] == 0
    second.close()
    with pytest.raises(sqlite3.ProgrammingError):
        second.execute("select 1")
    again = connected(path)
    assert again is not second
    again.close()


def test_a_file_made_anew_is_not_taken_for_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    old = connected(path)
    old.execute("create table t (n integer)")
    path.rename(tmp_path / "b.sqlite")
    new = connected(path)
    assert new.execute("select count(*) from sqlite_master").fetchone()[0] == 0
    assert old.execute("select count(*) from t").fetchone()[0] == 0
    old.close()
    assert connected(path) is new
    new.close()
    new.close()


def test_a_transaction_that_fails_takes_nothing_of_other_threads_along(tmp_path: Path) -> None:
    """Each thread's transactions alternate between all and nothing; between their statements others would get in."""
    path = tmp_path / "a.sqlite"
    start = threading.Barrier(THREADS)

    def work(thread: int) -> None:
        connection = connected(path)
        start.wait()
        for number in range(EACH):
            try:
                with connection.transaction():
                    connection.execute("insert into t values (?, ?, 'first')", (thread, number))
                    connection.execute("insert into t values (?, ?, 'second')", (thread, number))
                    if number % 2:
                        raise KeyError(number)
            except KeyError:
                connection.execute("insert into failed values (?, ?)", (thread, number))
        connection.close()

    keeper = connected(path)
    keeper.execute("create table t (thread integer, number integer, half text)")
    keeper.execute("create table failed (thread integer, number integer)")
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    kept = set(map(tuple, keeper.execute("select thread, number, half from t")))
    every = [(thread, number) for thread in range(THREADS) for number in range(EACH)]
    assert kept == {(*one, half) for one in every if one[1] % 2 == 0 for half in ("first", "second")}
    assert set(map(tuple, keeper.execute("select * from failed"))) == {one for one in every if one[1] % 2}
    keeper.close()
