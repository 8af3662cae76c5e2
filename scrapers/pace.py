"""When a host may be asked next: one request at a time a host for the whole process, slower where the host suffers."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
    """The turns of all hosts. Sources that share a host share its turns."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}
        self._guard = threading.Lock()

    @contextlib.contextmanager
    def turn(
        self, url: str, delay: float, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> Iterator[None]:
        """Wait for the host's turn and hold it while the block runs; `delay` lies between two turns' beginnings."""
        host = self._host(url)
        with host.lock:
            wait = host.next_turn - monotonic()
            if wait > 0:
                sleep(wait)
            host.began, host.delay = monotonic(), delay
            yield

    def slower(self, url: str) -> None:
        """The host is overloaded: double its delay, up to sixteen times."""
        host = self._host(url)
        host.factor = min(SLOWEST, host.factor * 2)

    def easier(self, url: str) -> None:
        """The host answers well: come back to the usual delay step by step."""
        host = self._host(url)
        host.factor = max(1.0, host.factor * EASING)

    def _host(self, url: str) -> _Host:
        with self._guard:
            return self._hosts.setdefault(host_of(url), _Host())


SHARED = Pace()


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
