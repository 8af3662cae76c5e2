"""A running portal and an archive, and a desk that harvests the one into the other and reads what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from scrapers.archive import Archive, HarvestRun
from scrapers.fetch import HarvestSettings
from scrapers.harvest import harvest_source
from scrapers.links import canonical
from scrapers.pace import Pace
from scrapers.registry import Source
from scrapers.sample.site import Article, Site
from tests.portal.server import PortalServer
from tests.portal.sites import make_site

START = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)


class Desk:
    """One portal, one archive, a clock of its own; waits are not slept but counted."""

    def __init__(self, portal: PortalServer, archive: Archive) -> None:
        self.portal, self.archive = portal, archive
        self.today = START
        self.waits: list[float] = []
        self.events: list[tuple[str, dict[str, Any]]] = []
        self.settings = HarvestSettings(
            connect_s=2,
            read_s=1.5,
            total_s=3,
            max_bytes=5 * 1024**2,
            retries=1,
            backoff_s=0.01,
            sleep=self.waits.append,
            now=lambda: self.today,
            pace=Pace(),
        )

    def plant(self, family: str = "trs", *, source: dict[str, Any] | None = None, **site: Any) -> tuple[Site, Source]:
        """A site of this family and its registry entry."""
        planted = self.portal.add(make_site(family, **{"seed": 1, **site}))
        return planted, Source.model_validate(self.portal.source(planted, **(source or {})))

    def harvest(self, source: Source, *, full_sweep: bool = False, **settings: Any) -> HarvestRun:
        """A whole run over one source."""
        run_id = self.archive.begin_run(self.today)
        chosen = replace(self.settings, **settings)
        run = harvest_source(
            source, self.archive, run_id, settings=chosen, full_sweep=full_sweep, on_event=self._on_event
        )
        self.archive.finish_runs()
        assert self.archive.recorded_run(run_id, source.id) == run
        return run

    def days_later(self, days: float) -> None:
        """Move the clock."""
        self.today += timedelta(days=days)

    @property
    def found(self) -> set[str]:
        """Canonical urls in the archive."""
        return {capture.canonical_url for capture in self.archive.captures()}

    def reports(self, site: Site) -> list[str]:
        """What a harvest ought to store, newest first."""
        return [canonical(url) for url in self.portal.report_urls(site)]

    def notices(self, site: Site, count: int) -> list[Article]:
        """New articles of no interest, newer than all that are there."""
        articles = self.portal.articles(site)
        model = next(article for article in articles if article.genre == "notice")
        newest, number = articles[0].published, max(article.number for article in articles)
        return [
            replace(model, number=number + i, title=f"{model.title}({i})", published=newest + timedelta(hours=i))
            for i in range(1, count + 1)
        ]

    def _on_event(self, event: str, fields: dict[str, Any]) -> None:
        self.events.append((event, fields))


def reasons(run: HarvestRun) -> list[str]:
    """Why, without where."""
    return [item["reason"] for item in json.loads(run.reasons)]


def path_of(url: str) -> str:
    """A url's path, as the portal's switches and log know it."""
    return "/" + url.split("/", 3)[3]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with PortalServer() as portal, Archive(tmp_path / "archive") as archive:
        yield Desk(portal, archive)
