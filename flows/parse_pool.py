"""Captures in, batches of them with their staging tables out: parsed by worker processes that live as long as there is
something to parse, the next batch while the caller loads the one before."""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

from extraction.parse import parse_bytes
from flows.errors import FazhiError
from flows.extracting import batches, extract_with
from flows.rows import Tables, together
from scrapers.archive import Capture, read_capture

# below this, starting worker processes costs more than it saves
PARALLEL_FROM = 300
# batches that wait, parsed or being parsed, while one is loaded
AHEAD = 1


def parsed(
    archive_root: Path, captures: Sequence[Capture], workers: int | None = None
) -> Generator[tuple[list[Capture], Tables]]:
    """Each batch with its tables, in the captures' order; a capture that cannot be read becomes a row with `error`.

    workers: processes; as many as there are cores where it is not given. Raises FazhiError where one of them is killed.
    """
    workers = workers or os.cpu_count() or 1
    read = partial(read_capture, archive_root)
    if len(captures) < PARALLEL_FROM or workers == 1:
        for batch in batches(captures):
            yield batch, extract_with(read, batch)
        return
    # spawn: a fork of a process with threads (Prefect's) may hang
    pool = ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"), initializer=_settle)
    under_way: deque[tuple[list[Capture], list[Future[Tables]]]] = deque()
    try:
        for batch in batches(captures):
            shares = (batch[start::workers] for start in range(workers))
            under_way.append((batch, [pool.submit(extract_with, read, share) for share in shares]))
            if len(under_way) > AHEAD:
                yield _finished(*under_way.popleft())
        while under_way:
            yield _finished(*under_way.popleft())
    except BrokenProcessPool as error:
        raise FazhiError(
            "a process that parsed documents was ended from outside, perhaps for want of memory: the same command goes on "
            "where this one stopped"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _finished(batch: list[Capture], shares: Sequence[Future[Tables]]) -> tuple[list[Capture], Tables]:
    return batch, together([share.result() for share in shares])


def _settle() -> None:
    """What a worker does first: watch whoever started it, load what every document needs, and keep that out of the garbage
    collector's way."""
    threading.Thread(target=_end_with_parent, name="parent watch", daemon=True).start()
    parse_bytes(b"<p>2020</p>", name="page.html", media_type="text/html")
    gc.collect()
    gc.freeze()


def _end_with_parent() -> None:
    """A killed command's workers would wait for work for ever: they hold their queue's other end themselves."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
