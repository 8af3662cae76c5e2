"""When a host may be asked next: one request at a time a host for all processes, slower where the host suffers."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

# an overloaded host's delay grows so many times at most, and to so many seconds
SLOWEST, SLOWEST_S = 16.0, 60.0
EASING = 0.8


def host_of(url: str) -> str:
    """The host that a url is asked of."""
    return (urlsplit(url).hostname or "").lower()


@dataclass
class _Host:
    lock: threading.Lock = field(default_factory=threading.Lock)
    began: float = 0.0
    delay: float = 0.0
    factor: float = 1.0

    @property
    def next_turn(self) -> float:
        return self.began + max(self.delay, min(self.delay * self.factor, SLOWEST_S))


class Pace:
    """The turns of all hosts. Sources that share a host share its turns, also those of other processes that know the same
    folder."""

    def __init__(self, folder: Path | None = None) -> None:
        """folder: where each host has a file that is locked while it is asked; any that locks hold on for all machines."""
        self._folder = folder
        self._hosts: dict[str, _Host] = {}
        self._guard = threading.Lock()

    @contextlib.contextmanager
    def turn(
        self, url: str, delay: float, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> Iterator[None]:
        """Wait for the host's turn and hold it while the block runs; `delay` lies between two turns' beginnings."""
        host = self._host(url)
        with host.lock, self._among_processes(url) as (elsewhere, begin):
            wait = max(host.next_turn - monotonic(), elsewhere)
            if wait > 0:
                sleep(wait)
            host.began, host.delay = monotonic(), delay
            begin(max(delay, min(delay * host.factor, SLOWEST_S)))
            yield

    def slower(self, url: str) -> None:
        """The host is overloaded: double its delay, up to sixteen times."""
        host = self._host(url)
        host.factor = min(SLOWEST, host.factor * 2)

    def easier(self, url: str) -> None:
        """The host answers well: come back to the usual delay step by step."""
        host = self._host(url)
        host.factor = max(1.0, host.factor * EASING)

    @contextlib.contextmanager
    def _among_processes(self, url: str) -> Iterator[tuple[float, Callable[[float], None]]]:
        """Hold the host's file; gives how long another process's turn still asks us to wait, and what notes our own.

        The file says when the last turn began, by the wall clock, and what delay it asked for; a clock that is wrong costs
        no more than that delay. Whoever dies lets go of the lock.
        """
        if self._folder is None:
            yield 0.0, lambda delay: None
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        name = hashlib.sha256(host_of(url).encode()).hexdigest()[:32]
        with (self._folder / name).open("a+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            began, _, delay = file.read().partition(" ")
            elsewhere = min(float(delay), float(began) + float(delay) - time.time()) if delay else 0.0

            def begin(delay: float) -> None:
                file.truncate(0)
                file.write(f"{time.time():.3f} {delay:.3f}")
                file.flush()

            yield elsewhere, begin

    def _host(self, url: str) -> _Host:
        with self._guard:
            return self._hosts.setdefault(host_of(url), _Host())


SHARED = Pace()


@cache
def pace_in(folder: Path) -> Pace:
    """The turns of all processes that know this folder; one object for this one."""
    return Pace(folder)


@dataclass
class _Trouble:
    attempts: int = 0
    urls: set[str] = field(default_factory=set)
    closed: str | None = None
    shut_out: bool = False


class Breaker:
    """Leaves a host alone for the rest of a run: after so many failures in a row at several urls, or at its own wish."""

    def __init__(self, most_attempts: int, most_urls: int) -> None:
        self._most_attempts, self._most_urls = most_attempts, most_urls
        self._hosts: dict[str, _Trouble] = {}

    def closed(self, url: str) -> tuple[str, bool] | None:
        """Why the host of this url is left alone, and whether it is the host that shuts us out; None where it is not."""
        trouble = self._hosts.get(host_of(url))
        return (trouble.closed, trouble.shut_out) if trouble and trouble.closed else None

    def failed(self, url: str, *, shut_out: bool) -> None:
        """Count one more failed attempt."""
        trouble = self._hosts.setdefault(host_of(url), _Trouble())
        trouble.attempts += 1
        trouble.urls.add(url)
        if trouble.attempts >= self._most_attempts and len(trouble.urls) >= self._most_urls:
            self.close(url, f"{host_of(url)} failed {trouble.attempts} times in a row", shut_out=shut_out)

    def answered(self, url: str) -> None:
        """The host answered as a host does, be it with "not found"."""
        self._hosts.pop(host_of(url), None)

    def close(self, url: str, reason: str, *, shut_out: bool = False) -> None:
        """Leave the host alone from now on."""
        trouble = self._hosts.setdefault(host_of(url), _Trouble())
        trouble.closed, trouble.shut_out = reason, shut_out
