"""When a known page is asked again, and when something that could not be had is tried again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from scrapers.records import KnownUrl

# tries that may fail for a passing reason before they are spaced out; then 1, 2, 4 … days, at most 30
PATIENT_TRIES = 3
LONGEST_PAUSE_DAYS = 30
# a daily run starts a little earlier or later each day
SLACK = timedelta(hours=4)


def due(known: Iterable[KnownUrl], now: datetime, every_days: float) -> Iterator[KnownUrl]:
    """The pages whose turn has come, those asked longest ago first.

    Each page has an interval of its own, within a quarter of `every_days`, so that those of one harvest spread out.
    """
    for page in sorted(known, key=lambda page: (page.checked_at, page.canonical_url)):
        turn = page.checked_at + timedelta(days=every_days * _spread(page.canonical_url)) - SLACK
        if turn <= now or is_ahead(page.checked_at, now):
            yield page


def is_ahead(noted: datetime, now: datetime) -> bool:
    """Whether a clock that was ahead wrote this: nothing has happened in the future, and nothing waits for it."""
    return noted > now + SLACK


def may_retry(not_before: datetime, now: datetime) -> bool:
    """Whether to try again what failed: when its pause is over, or where no pause is that long."""
    return not_before <= now or is_ahead(not_before, now + timedelta(days=LONGEST_PAUSE_DAYS))


def retry_at(now: datetime, failures: int, *, transient: bool) -> datetime:
    """When to try again what has failed so often: at once where it may pass, else after a pause that doubles."""
    if transient and failures < PATIENT_TRIES:
        return now
    return now + timedelta(days=min(LONGEST_PAUSE_DAYS, 2 ** min(10, failures - 1))) - SLACK


def _spread(url: str) -> float:
    return 0.75 + 0.5 * int.from_bytes(hashlib.sha256(url.encode()).digest()[:4], "big") / 2**32
