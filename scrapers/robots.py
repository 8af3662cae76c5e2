"""A url in, leave to fetch it or Blocked out, as its host's robots.txt says (RFC 9309)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from urllib.parse import urlsplit

from protego import Protego

from scrapers.records import Response
from scrapers.refusals import Blocked, FetchError, Refused

LARGEST = 512 * 1024
TOKEN = re.compile(r"[A-Za-z_-]+")


class Robots:
    """The rules of all hosts that were asked; each robots.txt is read once.

    read: fetches a url without asking robots. remembered: an answer of the last day, if there is one. keep: is given what was
    read, since it decides what is fetched.
    """

    def __init__(
        self,
        read: Callable[[str], Response],
        user_agent: str,
        longest_delay_s: float,
        remembered: Callable[[str], Response | None],
        keep: Callable[[Response], None],
    ) -> None:
        self._read, self._longest, self._remembered, self._keep = read, longest_delay_s, remembered, keep
        found = TOKEN.match(user_agent)
        self._token = found.group() if found else user_agent
        self._rules: dict[str, Protego | FetchError] = {}
        # what a run's story should mention: (url, remark)
        self.remarks: list[tuple[str, str]] = []

    def check(self, url: str) -> None:
        """Raises Blocked where robots.txt does not allow the url, or cannot be read now."""
        site = _site(url)
        if site not in self._rules:
            self._rules[site] = self._load(site)
        rules = self._rules[site]
        if isinstance(rules, FetchError):
            # a host that answers shuts us out, one that does not is out of order
            kind = Blocked if rules.status else FetchError
            reason = f"robots.txt cannot be read now ({rules.reason}): everything is disallowed"
            raise kind(url, reason, transient=True, asked=False)
        if not rules.can_fetch(url, self._token):
            raise Blocked(url, "disallowed by robots.txt")

    def delay(self, url: str) -> float:
        """The host's Crawl-delay as far as it is followed."""
        rules = self._rules.get(_site(url))
        wanted = rules.crawl_delay(self._token) if isinstance(rules, Protego) else None
        if wanted is None or math.isnan(wanted) or wanted <= 0:
            return 0.0
        if wanted > self._longest:
            remark = (f"{_site(url)}/robots.txt", f"Crawl-delay {wanted:,.0f} s is followed to {self._longest:.0f} s")
            if remark not in self.remarks:
                self.remarks.append(remark)
        return float(min(wanted, self._longest))

    def _load(self, site: str) -> Protego | FetchError:
        url = f"{site}/robots.txt"
        response = self._remembered(url)
        if response is None:
            try:
                response = self._read(url)
            except Refused:
                raise
            except FetchError as error:
                # 4xx allows all, 5xx and no answer disallow all
                if error.status is None or not 400 <= error.status < 500 or error.status == 429:
                    return error
                response = error.response
            if response:
                self._keep(response)
        if response is None or response.status >= 400 or not response.body:
            return Protego.parse("")
        return Protego.parse(response.body[:LARGEST].decode("utf-8", "replace"))


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
