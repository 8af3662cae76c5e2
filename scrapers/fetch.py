"""A url in, a Response or a typed refusal out: one host at a time, slowly, honestly, within limits, to public addresses."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from scrapers.addresses import AddressBook, Resolver, is_public, system_resolver
from scrapers.floor import Worker
from scrapers.limits import DEFAULT_USER_AGENT, HarvestSettings
from scrapers.links import absolute
from scrapers.pace import Breaker, host_of
from scrapers.pages import breaks_off, trouble
from scrapers.records import Response
from scrapers.refusals import Blocked, FetchError, Refused
from scrapers.registry import Source
from scrapers.robots import Robots
from scrapers.tangles import is_tangled
from scrapers.wire import REDIRECTS, Ask, Wire

__all__ = ["DEFAULT_USER_AGENT", "Blocked", "FetchError", "Fetcher", "HarvestSettings", "Refused", "is_public"]

RETRY_STATUS = {429, 500, 502, 503, 504}
OVERLOADED = {429, 503}
GOOD_STATUS = {200, 203, 304}


class Fetcher:
    """Fetches for one source: its own cookies, robots rules and breaker; the hosts' turns are shared with all others."""

    def __init__(
        self,
        source: Source,
        settings: HarvestSettings,
        resolver: Resolver = system_resolver,
        remembered_robots: Callable[[str], Response | None] = lambda url: None,
        keep_robots: Callable[[Response], None] = lambda response: None,
    ) -> None:
        self._source, self._settings = source, settings
        self._random = random.Random(f"{settings.seed}/{source.id}")
        self._wire = Wire(settings, AddressBook(source, resolver).allowed)
        self.worker = Worker()
        self._breaker = Breaker(settings.breaker, settings.breaker_urls)
        self.robots = Robots(
            self._get_robots, settings.user_agent, settings.longest_delay_s, remembered_robots, keep_robots
        )

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        form: Mapping[str, str] | None = None,
        referer: str | None = None,
    ) -> Response:
        """Fetch a url (POST where `form` is given); a 304 comes back as such.

        Raises Blocked, Refused or FetchError with a reason.
        """
        if absolute(url, url) is None:
            raise FetchError(url, "no valid web address")
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified, "Referer": referer}
        ask = Ask(url, {key: value for key, value in headers.items() if value}, form)
        return self._with_retries(ask, by_robots=True)

    def _get_robots(self, url: str) -> Response:
        return self._with_retries(Ask(url, {}), by_robots=False)

    def _with_retries(self, ask: Ask, *, by_robots: bool) -> Response:
        attempt = 0
        while True:
            try:
                return self._follow(ask, by_robots=by_robots)
            except FetchError as error:
                attempt += 1
                if not error.transient or not error.counts or attempt > self._settings.retries:
                    raise
                if self._breaker.closed(error.url):
                    raise
                self._pause(self._backoff(attempt, error.retry_after))

    def _pause(self, seconds: float) -> None:
        self.worker.behind += seconds
        with self.worker.away():
            self._settings.sleep(seconds)

    def _backoff(self, attempt: int, retry_after: float | None) -> float:
        jittered = self._settings.backoff_s * 2.0 ** (attempt - 1) * (0.5 + self._random.random())
        return min(self._settings.longest_wait_s, max(jittered, retry_after or 0.0))

    def _follow(self, ask: Ask, *, by_robots: bool) -> Response:
        """Ask, and go where the answer sends us; each place has its robots.txt, its turn and its breaker."""
        for _ in range(self._settings.max_redirects + 1):
            if by_robots:
                self.robots.check(ask.url)
            response = self._ask(ask)
            if response.status not in REDIRECTS:
                return response
            location = response.header("location")
            target = absolute(ask.url, location) if location else None
            if target is None:
                raise Refused(ask.url, "redirect to something that is no web address")
            ask = ask.redirected(response.status, target)
        raise FetchError(ask.url, f"more than {self._settings.max_redirects} redirects")

    def _ask(self, ask: Ask) -> Response:
        if closed := self._breaker.closed(ask.url):
            reason, shut_out = closed
            raise (Blocked if shut_out else FetchError)(ask.url, reason, transient=True, asked=False)
        settings = self._settings
        try:
            delay = self._delay(ask.url)
            with self.worker.away(), settings.pace.turn(ask.url, delay, settings.monotonic, settings.sleep):
                response = self._wire.send(ask)
            response = self._judged(response)
        except FetchError as error:
            self._note(error)
            raise
        self._breaker.answered(ask.url)
        settings.pace.easier(ask.url)
        return response

    def _note(self, error: FetchError) -> None:
        if error.retry_after is not None and error.retry_after > self._settings.longest_wait_s:
            wait = f"{host_of(error.url)} asked for a pause of {error.retry_after:,.0f} s"
            self._breaker.close(error.url, f"{wait}: not asked again in this run")
        if error.status in OVERLOADED:
            self._settings.pace.slower(error.url)
        if error.counts:
            self._breaker.failed(error.url, shut_out=isinstance(error, Blocked))
        elif error.status:
            self._breaker.answered(error.url)

    def _delay(self, url: str) -> float:
        wanted = self._source.delay_s
        delay = wanted if wanted is not None else 0.0 if self._source.local else self._settings.delay_s
        return float(max(delay, self.robots.delay(url)))

    def _judged(self, response: Response) -> Response:
        url, status = response.url, response.status
        if status in REDIRECTS:
            return response
        challenge = trouble(status, response.media_type, response.body)
        if challenge and challenge.startswith("not found"):
            raise FetchError(url, challenge, status=404, response=response)
        if challenge:
            # a login or challenge page in a page's place may stand before the whole host
            raise Blocked(url, challenge, status=status, counts=True)
        if status in RETRY_STATUS:
            wait = _retry_after(response.header("retry-after"), self._settings.now())
            reason = f"HTTP {status}"
            if wait is not None and wait > self._settings.longest_wait_s:
                reason += f", to be asked again after {wait:,.0f} s"
            raise FetchError(url, reason, transient=True, status=status, retry_after=wait)
        if status not in GOOD_STATUS:
            raise FetchError(url, f"HTTP {status}", status=status, response=response)
        if breaks_off(response.media_type, response.body):
            raise FetchError(url, "truncated: the page breaks off", transient=True)
        if "html" in (response.media_type or "html") and is_tangled(response.body):
            raise FetchError(url, "nested too deeply to be read")
        return response


def _retry_after(value: str | None, now: datetime) -> float | None:
    if not value:
        return None
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (TypeError, ValueError):
        return None
