"""The threads of all sources in, one of them at work at a time out, while the others wait for their hosts.

Left to the interpreter, each thread that could go on takes time from the one that does, and gets its turn by chance. Here
it sleeps until it is called, and who is behind is called first: a source whose host asked for pauses, for whose end all
would wait; then one that had fewer turns, so that a host that will ask for pauses is soon known. The threads are those of
one process and on one core (`scrapers.threads`): no two could work at once there.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Floor:
    """What is held by the one that works."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: list[tuple[float, int, int, threading.Lock]] = []
        self._came = 0

    def take(self, behind: float, turns: int = 0) -> None:
        """Wait for it: those further behind (seconds) are called first, then those of fewer turns, then who came first."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            self._came += 1
            called = threading.Lock()
            called.acquire()
            entry = (-behind, turns, self._came, called)
            heapq.heappush(self._waiting, entry)
        try:
            called.acquire()
        except BaseException:  # Ctrl-C: nobody is there to be called
            self._withdraw(entry)
            raise

    def _withdraw(self, entry: tuple[float, int, int, threading.Lock]) -> None:
        with self._guard:
            if is_waiting := entry in self._waiting:
                self._waiting.remove(entry)
                heapq.heapify(self._waiting)
        if not is_waiting:
            self.leave()

    def leave(self) -> None:
        """Give it to the one to be called next."""
        with self._guard:
            if self._waiting:
                heapq.heappop(self._waiting)[-1].release()
            else:
                self._taken = False


SHARED = Floor()


class Worker:
    """One source's thread. behind: seconds of pauses that its hosts asked for or were granted."""

    def __init__(self, floor: Floor = SHARED) -> None:
        self._floor, self._at_work = floor, False
        self.behind = 0.0
        self._turns = 0

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Hold the floor but for the times `away`."""
        self._take()
        self._at_work = True
        try:
            yield
        finally:
            self._at_work = False
            self._floor.leave()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Leave the floor to others while the block waits; of no effect for a worker that is not at work."""
        if not self._at_work:
            yield
            return
        self._floor.leave()
        try:
            yield
        finally:
            self._take()

    def _take(self) -> None:
        self._floor.take(self.behind, self._turns)
        self._turns += 1
