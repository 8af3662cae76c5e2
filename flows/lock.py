"""One writer at a time: a lock on FAZHI_HOME that the operating system lets go when its holder dies."""

from __future__ import annotations

import contextlib
import fcntl
import os
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
                f"{lock}: held by {holder}. Wait for it to end, or use another FAZHI_HOME; "
                "the lock goes away by itself when its process ends."
            ) from None
        file.truncate(0)
        file.write(f"pid {os.getpid()}, `fazhi {command}`, since {now():%Y-%m-%d %H:%M:%S} UTC\n")
        file.flush()
        yield
        file.truncate(0)


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
