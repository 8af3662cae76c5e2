"""Why a url could not be had: one exception type each for trouble, a portal that shuts us out, a place we do not go."""

from __future__ import annotations

from scrapers.records import Response


class FetchError(Exception):
    """A url could not be had; `reason` is short and stable, `transient` says whether later may be better.

    counts: whether it speaks of the host rather than of the url alone, for the circuit breaker. asked: False where the
    url itself was not asked, because of its host or of our own limits. retry_after: seconds that the host asked to be
    left alone. response: what it answered, where that is worth keeping.
    """

    def __init__(
        self,
        url: str,
        reason: str,
        *,
        transient: bool = False,
        status: int | None = None,
        counts: bool | None = None,
        asked: bool = True,
        retry_after: float | None = None,
        response: Response | None = None,
    ) -> None:
        super().__init__(f"{url}: {reason}")
        self.url, self.reason, self.transient, self.status = url, reason, transient, status
        self.counts = (transient and asked) if counts is None else counts
        self.asked, self.retry_after, self.response = asked, retry_after, response

    @property
    def is_gone(self) -> bool:
        """Whether the portal said that there is no such page."""
        return self.status in (404, 410)


class Blocked(FetchError):
    """The portal does not want this client: robots.txt, a challenge page, a login."""


class Refused(FetchError):
    """We do not go there: a private address, another scheme."""
