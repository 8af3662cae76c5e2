"""kill -9 at twenty random moments, then finish: the archive of an undisturbed harvest, and hardly a page asked twice."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from random import Random
from typing import Any

from warcio.archiveiterator import ArchiveIterator

from scrapers.archive import Archive, HarvestRun
from scrapers.harvest import harvest_source
from scrapers.registry import Source
from scrapers.sample.content import sites
from tests.portal.server import PortalServer
from tests.portal.sites import make_site

KILLS = 20
FAMILIES = ("trs", "jpage", "boda", "gkmlpt")


def harvest_all(root: str, entries: list[str]) -> list[HarvestRun]:
    """What the flow does, in one thread."""
    with Archive(Path(root)) as archive:
        run_id = archive.begin_run(datetime.now(UTC))
        return [harvest_source(Source.model_validate_json(entry), archive, run_id) for entry in entries]


def test_twenty_kills(tmp_path: Path) -> None:
    with PortalServer() as portal:
        planted = [portal.add(make_site(family, seed=seed, articles=20)) for seed, family in enumerate(FAMILIES)]
        planted.append(portal.add(next(site for site in sites() if any(item.attachment for item in site.articles))))
        entries = [json.dumps(portal.source(site, delay_s=0.002), ensure_ascii=False) for site in planted]
        wanted = harvest_all(str(tmp_path / "undisturbed"), entries)
        assert [run.status for run in wanted] == ["ok"] * len(planted)
        needed = Counter((request.host, request.path, request.query) for request in portal.log)
        portal.clear_log()
        killed = tmp_path / "killed"
        in_flight = kill_often(portal, str(killed), entries)
        got = harvest_all(str(killed), entries)
        asked = Counter((request.host, request.path, request.query) for request in portal.log)
    assert sum(in_flight.values()) >= KILLS // 2
    assert set(asked) == set(needed)
    again = {key: count for key, count in asked.items() if count > needed[key] + in_flight[key]}
    assert again == {}  # only what a kill interrupted is asked for once more
    assert [figures(run) for run in got] == [figures(run) for run in wanted]
    assert contents(killed) == contents(tmp_path / "undisturbed")
    with Archive(killed) as archive:
        before = list(archive.captures()), {run.source_id: run for run in archive.harvest_runs()}
        archive.reindex()
        assert (list(archive.captures()), {run.source_id: run for run in archive.harvest_runs()}) == before


def kill_often(portal: PortalServer, root: str, entries: list[str]) -> Counter[tuple[str, str, str]]:
    """Start the harvest and kill it, twenty times; returns which requests were the last ones before a kill."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    random, in_flight = Random(20), Counter[tuple[str, str, str]]()
    for _ in range(KILLS):
        before = len(portal.log)
        process = context.Process(target=harvest_all, args=(root, entries))
        process.start()
        wait_for(process, portal, before + random.choice((1, 1, 2, 3)))
        time.sleep(random.random() * 0.012)
        assert process.pid
        os.kill(process.pid, signal.SIGKILL)
        process.join(10)
        assert process.exitcode == -signal.SIGKILL, "the harvest came to its end before it could be killed"
        if len(portal.log) > before:
            last = portal.log[-1]
            in_flight[(last.host, last.path, last.query)] += 1
    return in_flight


def wait_for(process: ForkServerProcess, portal: PortalServer, requests: int) -> None:
    """Until the portal has seen so many requests, for at most 20 s."""
    deadline = time.monotonic() + 20
    while len(portal.log) < requests and process.is_alive() and time.monotonic() < deadline:
        time.sleep(0.001)


def figures(run: HarvestRun) -> HarvestRun:
    """All but when."""
    epoch = datetime(2000, 1, 1, tzinfo=UTC)
    return replace(run, started_at=epoch, finished_at=epoch)


def contents(root: Path) -> tuple[set[tuple[Any, ...]], Counter[tuple[str, str, str]]]:
    """What the archive holds: captures without when and where they lie, and the records of its files."""
    records: Counter[tuple[str, str, str]] = Counter()
    for path in sorted(root.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type in ("request", "response", "resource", "revisit"):
                    target = record.rec_headers.get_header("WARC-Target-URI")
                    digest = (
                        record.rec_headers.get_header("WARC-Payload-Digest") if record.rec_type != "request" else ""
                    )
                    records[(path.name, target, f"{record.rec_type} {digest}")] += 1
    with Archive(root, read_only=True) as archive:
        captures = {
            (item.canonical_url, item.source_id, item.role, item.parent_url, item.link_text, archive.read(item).body)
            for item in archive.captures()
        }
    return captures, records
