"""What happens at a source during a run, gathered step by step; the HarvestRun in the end."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urljoin

from scrapers.refusals import Blocked, FetchError

MOST_REASONS = 200


@dataclass
class Story:
    """Counts, troubles and remarks of one source in one run.

    named: canonical urls of the candidates that the lists name, also those known to stand behind where reading stopped.
    left_alone: known reports that were not asked this time.
    passing: all that failed at the lists may be better in a moment, so that trying again now makes sense.
    crash: an error of ours that ended the harvest of the source.
    """

    reasons: list[dict[str, str]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    named: set[str] = field(default_factory=set)
    left_alone: set[str] = field(default_factory=set)
    blocked: bool = False
    lists_failed: bool = False
    lists_incomplete: bool = False
    passing: bool = False
    crash: str | None = None

    def tell(self, url: str, reason: str) -> None:
        """Add to the reasons, once."""
        told = {"url": url, "reason": reason}
        if told not in self.reasons:
            self.reasons.append(told)

    def page_missed(self, error: FetchError) -> None:
        """A page or attachment could not be had."""
        self.blocked |= isinstance(error, Blocked)
        # what closes a host is told once, not for each of its pages
        self.tell(error.url if error.asked else urljoin(error.url, "/"), error.reason)

    def assertion_failed(self, url: str, reason: str) -> None:
        """The source does not hold what the registry expects of it."""
        self.lists_failed = True
        self.tell(url, reason)

    @property
    def had(self) -> int:
        """Pages and attachments that this run got or knew to be there."""
        return len(self.left_alone) + sum(self.outcomes[name] for name in ("new", "changed", "unchanged"))

    @property
    def status(self) -> str:
        """ok | partial (some pages or list pages failed) | failed (a list) | blocked (and not one page could be had)."""
        if self.crash:
            return "failed"
        if self.blocked and not self.had:
            return "blocked"
        if self.lists_failed:
            return "failed"
        return "partial" if self.blocked or self.lists_incomplete or self.outcomes["failed"] else "ok"

    def reasons_json(self) -> str:
        """The reasons as the column holds them."""
        told = self.reasons[:MOST_REASONS]
        if more := len(self.reasons) - len(told):
            told.append({"url": self.reasons[-1]["url"], "reason": f"and {more:,} more"})
        return json.dumps(told, ensure_ascii=False)
