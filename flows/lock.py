"""One writer at a time: a lock on FAZHI_HOME that the operating system lets go when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from flows.errors import Locked
from flows.settings import now


@contextlib.contextmanager
def writing(lock: Path, command: str) -> Iterator[None]:
    """Hold the lock for this block.

    Raises Locked, naming the holder, when another process holds it. The file stays; a stale one blocks nobody.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise Locked(
                f"{lock}: held by {holder}. Wait until it ends, then give the same command again. If it hangs, end it with "
                "`kill` and its pid: the lock goes away with the process, nothing published is lost, and the next run "
                "goes on where it stopped. Never delete the lock file."
            ) from None
        file.truncate(0)
        file.write(f"pid {os.getpid()}, `fazhi {command}`, since {now():%Y-%m-%d %H:%M:%S} UTC\n")
        file.flush()
        yield
        file.truncate(0)


@contextlib.contextmanager
def waiting(lock: Path, command: str, most_s: float, *, every_s: float = 10.0) -> Iterator[None]:
    """The same, but wait so long for another writer to end; then Locked is raised."""
    end = time.monotonic() + most_s
    with contextlib.ExitStack() as stack:
        while True:
            try:
                stack.enter_context(writing(lock, command))
            except Locked:
                if time.monotonic() + every_s > end:
                    raise
                time.sleep(every_s)
            else:
                break
        yield


def holder(lock: Path) -> str | None:
    """Who holds the lock now, or None."""
    if not lock.exists():
        return None
    with lock.open("r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return file.read().strip() or "another process"
    return None
