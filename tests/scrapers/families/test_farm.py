"""A farm of all families, some sites faulty: every report stored and nothing else; the second harvest asks little."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.archive import Archive, HarvestRun
from scrapers.harvest import HarvestSettings, harvest_source
from scrapers.links import canonical
from scrapers.registry import Source
from tests.portal.farm import PASSING, Farmed, plant
from tests.portal.server import PortalServer

SETTINGS = HarvestSettings(connect_s=5, read_s=5, total_s=20, backoff_s=0.01)
SITES = 20


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    with PortalServer() as running:
        yield running


def harvest(root: Path, sources: list[Source]) -> list[HarvestRun]:
    with Archive(root) as archive:
        run_id = archive.begin_run(datetime.now(UTC))

    def one(source: Source) -> HarvestRun:
        with Archive(root) as archive:
            return harvest_source(source, archive, run_id, settings=SETTINGS)

    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(one, sources))
    with Archive(root) as archive:
        archive.finish_runs()
    return runs


def test_farm_is_harvested_whole_and_nothing_else(portal: PortalServer, tmp_path: Path) -> None:
    farmed: list[Farmed] = plant(portal, SITES, fault_share=len(PASSING) / SITES)
    sources = [Source.model_validate(portal.source(item.site)) for item in farmed]
    first = harvest(tmp_path, sources)
    asked = len(portal.log)
    assert {run.source_id: run.reasons for run in first if run.status != "ok"} == {}
    with Archive(tmp_path) as archive:
        stored = [capture.canonical_url for capture in archive.captures()]
    wanted = {canonical(url) for item in farmed for url in item.report_urls}
    assert sorted(stored) == sorted(wanted)
    assert {item.fault for item in farmed if item.fault} == set(PASSING)
    assert max(portal.most_at_once.values()) == 1

    portal.clear_log()
    second = harvest(tmp_path, sources)
    assert sum(run.new + run.changed for run in second) == 0
    assert {run.status for run in second} == {"ok"}
    assert len(portal.log) <= 0.1 * asked
