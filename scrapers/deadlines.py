"""Calls that are due at a time unless they are withdrawn before: one thread for all requests of the process."""

from __future__ import annotations

import heapq
import itertools
import math
import threading
import time
from collections.abc import Callable

Call = Callable[[], None]


class Deadlines:
    """`at` in so many seconds gives a number, `withdraw` takes it back. Calls must be short and must not raise."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[tuple[float, int]] = []
        self._calls: dict[int, Call] = {}
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        # when the thread looks next: most calls are withdrawn long before, and need not wake it
        self._wakes = math.inf

    def at(self, seconds: float, call: Call) -> int:
        """Have this called in so many seconds."""
        with self._changed:
            number = next(self._numbers)
            due = time.monotonic() + seconds
            self._calls[number] = call
            heapq.heappush(self._queue, (due, number))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="deadlines", daemon=True)
                self._thread.start()
            elif due < self._wakes:
                self._changed.notify()
        return number

    def withdraw(self, number: int) -> None:
        """Have it called no more; when it is being called already, come back after that."""
        with self._changed:
            self._calls.pop(number, None)
            # what was withdrawn is cleared away in passing
            while self._queue and self._queue[0][1] not in self._calls:
                heapq.heappop(self._queue)

    def _run(self) -> None:
        while True:
            with self._changed:
                wait = self._queue[0][0] - time.monotonic() if self._queue else None
                if wait is None or wait > 0:
                    self._wakes = self._queue[0][0] if self._queue else math.inf
                    self._changed.wait(wait)
                    continue
                call = self._calls.pop(heapq.heappop(self._queue)[1], None)
                if call:
                    call()


SHARED = Deadlines()
