"""Harvesting against a real server: every family, increment, each fault with its exact outcome, kill and resume."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from scrapers.archive import Archive, Capture, HarvestRun
from scrapers.fetch import HarvestSettings
from scrapers.harvest import harvest_source
from scrapers.links import canonical
from scrapers.registry import Source
from scrapers.sample import SamplePortal, sample_sources
from scrapers.sample.site import Site
from tests.portal import faults
from tests.portal.server import PortalServer
from tests.portal.sites import make_site

# waits are not slept in tests, but counted
WAITS: list[float] = []
SETTINGS = HarvestSettings(
    connect_s=2, read_s=1, total_s=3, max_bytes=5 * 1024**2, retries=2, backoff_s=0.01, sleep=WAITS.append
)
FAMILIES = ("trs", "trs_from_1", "jpage", "boda", "generic")


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    WAITS.clear()
    with PortalServer() as running:
        yield running


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive") as opened:
        yield opened


def plant(portal: PortalServer, family: str = "trs", **fields: Any) -> tuple[Site, Source]:
    site = portal.add(make_site(family, seed=1))
    return site, Source.model_validate(portal.source(site, **fields))


def harvest(archive: Archive, source: Source, *, full_sweep: bool = False) -> HarvestRun:
    run_id = archive.begin_run(datetime.now(UTC))
    run = harvest_source(source, archive, run_id, settings=SETTINGS, full_sweep=full_sweep)
    archive.finish_runs()
    return run


def reasons(run: HarvestRun) -> list[str]:
    return [item["reason"] for item in json.loads(run.reasons)]


def found(archive: Archive) -> set[str]:
    return {capture.canonical_url for capture in archive.captures()}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_report_of_a_family_is_found(portal: PortalServer, archive: Archive, family: str) -> None:
    site, source = plant(portal, family)
    run = harvest(archive, source)
    assert (run.status, reasons(run)) == ("ok", [])
    assert {canonical(url) for url in portal.report_urls(site)} <= found(archive)


@pytest.mark.parametrize("family", FAMILIES)
def test_second_run_asks_little_and_finds_nothing_new(portal: PortalServer, archive: Archive, family: str) -> None:
    _, source = plant(portal, family)
    first = harvest(archive, source)
    captures = list(archive.captures())
    second = harvest(archive, source)
    assert (second.status, second.new, second.changed) == ("ok", 0, 0)
    assert second.requests <= max(1, first.requests // 10)
    assert list(archive.captures()) == captures


def test_changed_page_becomes_a_version_and_vanished_page_is_marked(portal: PortalServer, archive: Archive) -> None:
    site, source = plant(portal)
    harvest(archive, source)
    before = len(list(archive.captures()))
    reports = [article for article in portal.articles(site) if article.report]
    portal.change(site, reports[0], title=reports[0].title, paragraphs=("更正后的内容。" * 60,))
    portal.vanish(site, reports[1])
    run = harvest(archive, source, full_sweep=True)
    assert (run.changed, run.gone) == (1, 1)
    assert len(list(archive.captures())) == before + 1


def test_emptied_list_fails_the_sources_assertion(portal: PortalServer, archive: Archive) -> None:
    site, source = plant(portal)
    harvest(archive, source)
    kept = found(archive)
    portal.empty(site)
    run = harvest(archive, source)
    assert run.status == "failed"
    assert "no report any more" in reasons(run)[0]
    assert found(archive) == kept


@pytest.mark.parametrize(
    ("fault", "status", "reason"),
    [
        (faults.silent(2), "partial", "timed out"),
        (faults.reset(), "partial", "connection failed"),
        (faults.truncated(), "partial", "truncated: "),
        (faults.status(500), "partial", "HTTP 500"),
        (faults.status(403), "partial", "HTTP 403"),
        (faults.drip(pause=0.3, seconds=6), "partial", "took longer than 3 s"),
        (faults.gzip_bomb(50), "partial", "larger than"),
        (faults.endless_redirects(), "partial", "more than 5 redirects"),
        (faults.challenge_jiasule(), "partial", "challenge page"),
        (faults.challenge_ruishu(), "partial", "challenge page"),
        (faults.challenge_wzws(), "partial", "challenge page"),
        (faults.soft_404(), "partial", "not found, said with status 200"),
        (faults.login_page(), "partial", "login page"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_faulty_page_is_told_and_the_others_are_kept(
    portal: PortalServer, archive: Archive, fault: faults.Fault, status: str, reason: str
) -> None:
    site, source = plant(portal)
    urls = portal.report_urls(site)
    bad = urls[0]
    portal.fail(site, fault, path="/" + bad.split("/", 3)[3])
    run = harvest(archive, source)
    assert run.status == status
    assert reason in " ".join(reasons(run))
    assert found(archive) >= {canonical(url) for url in urls[1:]}
    assert canonical(bad) not in found(archive)


@pytest.mark.parametrize("fault", [faults.challenge_jiasule(), faults.challenge_ruishu(202)], ids=["521", "202"])
def test_portal_behind_a_challenge_is_blocked(portal: PortalServer, archive: Archive, fault: faults.Fault) -> None:
    site, source = plant(portal)
    portal.fail(site, fault)
    run = harvest(archive, source)
    assert run.status == "blocked"
    assert "challenge" in reasons(run)[0] or "robots" in reasons(run)[0]
    assert found(archive) == set()


def test_burst_of_errors_is_waited_out(portal: PortalServer, archive: Archive) -> None:
    site, source = plant(portal)
    portal.fail(site, faults.status(503), path="/" + portal.report_urls(site)[0].split("/", 3)[3], times=2)
    run = harvest(archive, source)
    assert run.status == "ok"
    assert {canonical(url) for url in portal.report_urls(site)} <= found(archive)


def test_retry_after_is_honoured(portal: PortalServer, archive: Archive) -> None:
    site, source = plant(portal)
    path = "/" + portal.report_urls(site)[0].split("/", 3)[3]
    portal.fail(site, faults.status(429, **{"Retry-After": "7"}), path=path, times=1)
    assert harvest(archive, source).status == "ok"
    assert 7.0 in WAITS


@pytest.mark.parametrize(
    ("text", "code", "status"),
    [("User-agent: *\nDisallow: /", 200, "blocked"), ("", 503, "blocked"), ("", 404, "ok"), ("\x00<html>", 200, "ok")],
    ids=["disallow", "503", "404", "malformed"],
)
def test_robots(portal: PortalServer, archive: Archive, text: str, code: int, status: str) -> None:
    site, source = plant(portal)
    portal.robots(site, text, code)
    assert harvest(archive, source).status == status


def test_robots_that_are_not_there_shut_nobody_out(portal: PortalServer, archive: Archive) -> None:
    site, source = plant(portal)
    portal.fail(site, faults.soft_404(), path="/robots.txt")
    assert harvest(archive, source).status == "ok"


def test_moved_column_is_a_failure_not_a_block(portal: PortalServer, archive: Archive) -> None:
    site, source = plant(portal)
    portal.fail(site, faults.soft_404(), path="/" + portal.start_url(site).split("/", 3)[3])
    assert harvest(archive, source).status == "failed"


def test_what_was_relied_on_is_archived(portal: PortalServer, archive: Archive) -> None:
    """Lists and robots.txt too: they decided what was fetched."""
    site, source = plant(portal)
    portal.robots(site, "User-agent: *\nDisallow: /secret/\n")
    harvest(archive, source)
    with (archive.root / f"{source.id}.warc.gz").open("rb") as file:
        answers = [record for record in ArchiveIterator(file) if record.rec_type == "response"]
        urls = [record.rec_headers.get_header("WARC-Target-URI") for record in answers]
    assert portal.start_url(site) in urls
    assert any(url.endswith("/robots.txt") for url in urls)
    assert set(portal.report_urls(site)) <= set(urls)


def test_redirect_to_an_address_of_the_machine_is_not_followed(portal: PortalServer, archive: Archive) -> None:
    """A local source may be on loopback only by its `resolve`; other hosts are looked up and refused."""
    site, source = plant(portal)
    bad = portal.report_urls(site)[0]
    portal.fail(site, faults.redirect("ftp://files.invalid/x"), path="/" + bad.split("/", 3)[3])
    run = harvest(archive, source)
    assert run.status == "partial"
    assert "no web address" in reasons(run)[0]


HARVEST = """
import sys, json
from datetime import UTC, datetime
from pathlib import Path
from scrapers.archive import Archive
from scrapers.harvest import harvest_source
from scrapers.registry import Source
with Archive(Path(sys.argv[1])) as archive:
    run = archive.begin_run(datetime.now(UTC))
    harvest_source(Source.model_validate(json.loads(sys.argv[2])), archive, run)
"""


def test_killed_harvest_goes_on_without_asking_twice(portal: PortalServer, tmp_path: Path) -> None:
    site, source = plant(portal, delay_s=0.02)
    entry = source.model_dump_json()
    with Archive(tmp_path / "undisturbed") as archive:
        wanted = harvest(archive, source)
        captures = {capture.capture_id for capture in archive.captures()}
    portal.clear_log()
    killed = tmp_path / "killed"
    kills = 0
    for requests_before_kill in (3, 6, 9, 12):
        process = subprocess.Popen([sys.executable, "-c", HARVEST, str(killed), entry])
        asked = len(portal.requests(site))
        deadline = time.monotonic() + 20
        while len(portal.requests(site)) < asked + requests_before_kill and time.monotonic() < deadline:
            if process.poll() is not None:
                break
            time.sleep(0.005)
        kills += process.poll() is None
        process.kill()
        process.wait()
    with Archive(killed) as archive:
        run = harvest(archive, source)
        assert {capture.capture_id for capture in archive.captures()} == captures
        for capture in archive.captures():
            archive.read(capture)
    assert kills >= 2
    assert (run.status, run.new, run.listed) == (wanted.status, wanted.new, wanted.listed)
    pages = {"/" + url.split("/", 3)[3] for url in portal.report_urls(site)}
    for path in pages:
        assert len(portal.requests(site, path)) <= 1 + kills


def test_attachments_that_a_killed_run_did_not_reach_are_fetched(portal: PortalServer, archive: Archive) -> None:
    """The page is archived, its attachment is not: the next run asks for the attachment alone."""
    with SamplePortal() as sample:
        entry = next(row for row in sample_sources(sample) if row["id"] == "sample-moni")
        source = Source.model_validate(entry)
        wanted = {row.canonical_url for row in _harvested(archive, source)}
        attachments = {row.canonical_url for row in archive.captures() if row.role == "attachment"}
        assert len(attachments) == 2
        archive._db.execute("delete from capture where role = 'attachment'")
        archive._db.execute("delete from url where canonical_url like '%.pdf' or canonical_url like '%.docx'")
        archive._db.execute("update url set complete = 0")
        for table in ("listed", "list_page", "sweep"):  # a killed run remembers none
            archive._db.execute(f"delete from {table}")
        run = harvest(archive, source)
        assert (run.status, run.new) == ("ok", 2)
        assert found(archive) == wanted
        assert harvest(archive, source).requests == 1


def _harvested(archive: Archive, source: Source) -> list[Capture]:
    harvest(archive, source)
    return list(archive.captures())
