"""The limits and habits of harvesting, as one value that everything which fetches is given."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from scrapers.pace import SHARED, Pace

DEFAULT_USER_AGENT = "fazhi/0.1 (research archive of public government reports; +contact: set FAZHI_CONTACT)"
# hosts are mostly waited for, longest those that falter: the sooner all are begun, the sooner the last is done, and each costs
# some 0.2 MB (`make bench BENCH=f`)
SOURCES_AT_ONCE = 200


@dataclass(frozen=True)
class HarvestSettings:
    """Times in seconds, sizes in bytes. Clock, sleep, pace and seed are there for exact tests.

    delay_s: between two requests to a host; longest_delay_s: the most that a robots.txt's Crawl-delay is followed to.
    total_s: for one request; source_s: for all of a source's in one run, after which it goes on with the next run.
    longest_wait_s: a host that asks for a longer pause (Retry-After) is left alone for the rest of the run.
    breaker, breaker_urls: so many failed attempts in a row at so many urls end the run at that host.
    recheck_days: a known report is asked again about so often; sweep_days: all lists are read to the end so often.
    ca_file: certificates to trust instead of the usual ones.
    """

    user_agent: str = DEFAULT_USER_AGENT
    delay_s: float = 1.0
    longest_delay_s: float = 60.0
    connect_s: float = 10.0
    read_s: float = 30.0
    total_s: float = 120.0
    source_s: float = 4 * 3600.0
    max_bytes: int = 50 * 1024**2
    max_redirects: int = 5
    retries: int = 3
    backoff_s: float = 2.0
    longest_wait_s: float = 120.0
    breaker: int = 5
    breaker_urls: int = 3
    recheck_days: float = 30.0
    sweep_days: float = 30.0
    ca_file: Path | None = None
    seed: int = 0
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    pace: Pace = SHARED
