"""Fifty readers that reconnect all the time while twenty states are published: no error, nothing torn, never backwards."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

import duckdb

from tests.warehouse.small import published
from warehouse.connect import query

PROCESSES, THREADS, PUBLISHES = 5, 10, 20
LONGEST_S = 600  # a loaded machine publishes slowly, and readers must outlast it
PAUSE_S = 1.0  # without it fifty readers keep two cores so busy that nothing is ever published
READ = "select generation, count(*) as n from (from one union all from two) group by 1"


@dataclass
class Reading:
    """What one reader met: the generations it saw, in order, and everything that was wrong."""

    seen: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def read_until(stop: Path, target: Path) -> list[Reading]:
    """Read in many threads, a connection each time, until the file `stop` is there; once more after that."""
    readings = [Reading() for _ in range(THREADS)]
    end = time.monotonic() + LONGEST_S

    def read(number: int, reading: Reading) -> None:
        last = False
        time.sleep(PAUSE_S * number / THREADS)
        while not last and time.monotonic() < end:
            last = stop.exists()
            try:
                rows = query(target, READ).to_pylist()
                if [row["n"] for row in rows] == [2000]:
                    reading.seen.append(rows[0]["generation"])
                else:
                    reading.wrong.append(repr(rows))
            except Exception as error:  # noqa: BLE001 -- whatever a reader meets is the finding
                reading.wrong.append(repr(error))
            time.sleep(0 if last else PAUSE_S)

    threads = [threading.Thread(target=read, args=item) for item in enumerate(readings)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return readings


def test_fifty_readers_during_twenty_publishes(tmp_path: Path) -> None:
    stop, target = tmp_path / "stop", tmp_path / "warehouse.duckdb"
    published(tmp_path, 0)
    held = duckdb.connect(str(target), read_only=True)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(read_until, stop, target) for _ in range(PROCESSES)]
        try:
            for generation in range(1, PUBLISHES + 1):
                published(tmp_path, generation, keep=3)
        finally:
            stop.touch()
        readings = [reading for future in running for reading in future.result(timeout=LONGEST_S)]
    assert [reading.wrong for reading in readings] == [[]] * (PROCESSES * THREADS)
    for reading in readings:
        assert reading.seen == sorted(reading.seen) and reading.seen[-1] == PUBLISHES
    assert len({generation for reading in readings for generation in reading.seen}) > 2
    # who keeps a connection goes on reading what it opened, though its snapshot has been pruned
    assert held.execute("select distinct generation from marts.one").fetchall() == [(0,)]
    held.close()
