"""What happens at a source during a run, gathered step by step; the HarvestRun in the end."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from scrapers.refusals import Blocked, FetchError


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
        self.tell(error.url, error.reason)

    def assertion_failed(self, url: str, reason: str) -> None:
        """The source does not hold what the registry expects of it."""
        self.lists_failed = True
        self.tell(url, reason)

    @property
    def status(self) -> str:
        """ok | partial (some pages or list pages failed) | failed (a list) | blocked (and nothing could be read)."""
        if self.crash:
            return "failed"
        if self.blocked and not self.named:
            return "blocked"
        if self.lists_failed:
            return "failed"
        return "partial" if self.blocked or self.lists_incomplete or self.outcomes["failed"] else "ok"

    def reasons_json(self) -> str:
        """The reasons as the column holds them."""
        return json.dumps(self.reasons, ensure_ascii=False)
