"""Harvesting against a real server: every family, the second run, changes, lists that go wrong, what is archived."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from warcio.archiveiterator import ArchiveIterator

from scrapers.registry import Expect, Source
from scrapers.sample import SamplePortal, sample_sources
from scrapers.sample.content import sites
from tests.portal import faults
from tests.portal.families import COMPLETE
from tests.scrapers.conftest import Desk, path_of, reasons


@pytest.mark.parametrize("family", COMPLETE)
def test_first_and_second_run_of_every_family(desk: Desk, family: str) -> None:
    """Every report is found; the second run asks little and finds nothing new."""
    site, source = desk.plant(family)
    first = desk.harvest(source)
    assert (first.status, reasons(first)) == ("ok", [])
    assert set(desk.reports(site)) <= desk.found
    captures = list(desk.archive.captures())
    desk.portal.clear_log()
    desk.days_later(1)
    second = desk.harvest(source)
    assert (second.status, second.new, second.changed, second.failed) == ("ok", 0, 0, 0)
    assert second.listed == first.listed
    # what the list names behind where reading stopped, its interface and robots.txt aside
    assert len(desk.portal.log) <= 3
    assert list(desk.archive.captures()) == captures


def test_a_run_on_the_same_day_asks_no_robots_again(desk: Desk) -> None:
    site, source = desk.plant()
    desk.harvest(source)
    desk.portal.clear_log()
    desk.days_later(0.5)
    desk.harvest(source)
    assert [request.path for request in desk.portal.log] == [path_of(desk.portal.start_url(site))]
    desk.days_later(0.5)
    desk.harvest(source)
    assert len(desk.portal.requests(site, "/robots.txt")) == 1


def test_reading_stops_where_only_known_items_follow(desk: Desk) -> None:
    """One new notice moves every item down by one; the second page holds nothing that the first run had not seen."""
    site, source = desk.plant(articles=60)
    first = desk.harvest(source)
    desk.portal.publish(site, desk.notices(site, 1)[0])
    run = desk.harvest(source)
    assert (run.status, run.requests, run.listed, run.new) == ("ok", 2, first.listed, 0)


def test_a_new_report_is_found_at_once(desk: Desk) -> None:
    site, source = desk.plant()
    desk.harvest(source)
    report = next(article for article in desk.portal.articles(site) if article.report)
    added = replace(desk.notices(site, 1)[0], title=report.title.replace("202", "203"), paragraphs=report.paragraphs)
    desk.portal.publish(site, added)
    run = desk.harvest(source)
    assert (run.status, run.new, run.requests) == ("ok", 1, 3)


def test_first_page_without_reports_that_stays_as_it_is(desk: Desk) -> None:
    """Reports stand on the second page; that reading stops before it is no sign that they went away."""
    site, source = desk.plant(per_page=8)
    for notice in desk.notices(site, 10):
        desk.portal.publish(site, notice)
    first = desk.harvest(source)
    assert first.listed >= 4
    for _ in range(3):
        desk.days_later(1)
        run = desk.harvest(source)
        assert (run.status, reasons(run), run.listed, run.requests) == ("ok", [], first.listed, 1)


def test_changed_page_becomes_a_version_and_vanished_page_is_marked(desk: Desk) -> None:
    site, source = desk.plant()
    desk.harvest(source)
    before = len(list(desk.archive.captures()))
    reports = [article for article in desk.portal.articles(site) if article.report]
    desk.portal.change(site, reports[0], title=reports[0].title, paragraphs=("更正后的内容，共计办理若干件。" * 60,))
    desk.portal.vanish(site, reports[1])
    run = desk.harvest(source, full_sweep=True)
    assert (run.status, run.changed, run.gone, run.failed) == ("ok", 1, 1, 0)
    assert reasons(run) == ["gone: HTTP 404"]
    assert len(list(desk.archive.captures())) == before + 1


# ── lists that go wrong


def test_emptied_list_fails_the_sources_assertion(desk: Desk) -> None:
    """Every day until somebody looks at it."""
    site, source = desk.plant()
    desk.harvest(source)
    kept = desk.found
    desk.portal.empty(site)
    for _ in range(2):
        run = desk.harvest(source)
        assert (run.status, reasons(run)) == ("failed", ["the list names no report any more"])
    assert desk.found == kept


@pytest.mark.parametrize("least", [0, 2])
def test_one_emptied_list_of_two_is_not_hidden_by_the_other(desk: Desk, least: int) -> None:
    left, _ = desk.plant(key="left")
    right, _ = desk.plant("generic", key="right", seed=2)
    starts = [desk.portal.start_url(site) for site in (left, right)]
    entry = desk.portal.source(left, start_urls=starts, resolve=desk.portal.resolve, expect={"min": least})
    source = Source.model_validate(entry)
    assert desk.harvest(source).status == "ok"
    desk.portal.empty(right)
    run = desk.harvest(source)
    assert run.status == "failed"
    assert json.loads(run.reasons) == [{"url": starts[1], "reason": "the list names no report any more"}]


def test_expectations(desk: Desk) -> None:
    site, source = desk.plant()
    named = len({*desk.reports(site)})
    enough = source.model_copy(update={"expect": Expect(min=named, max=named + 4)})
    assert desk.harvest(enough).status == "ok"
    desk.archive.record_verdict(desk.reports(site)[0], "other")  # a matter of the page, not of the list
    assert desk.harvest(enough).status == "ok"
    for expect, reason in [
        (Expect(min=named + 5), f"expected at least {named + 5} reports, the lists name "),
        (Expect(max=named - 1), f"expected at most {named - 1} reports, the lists name "),
    ]:
        run = desk.harvest(source.model_copy(update={"expect": expect}))
        assert run.status == "failed"
        assert reasons(run)[0].startswith(reason)


def test_known_reports_do_not_stand_in_for_a_list(desk: Desk) -> None:
    """The minimum is asked of what the lists name today."""
    site, source = desk.plant(source={"expect": {"min": 3}})
    assert desk.harvest(source).status == "ok"
    for article in desk.portal.articles(site):
        if article.genre != "notice":
            desk.portal.change(site, article, title=f"第{article.number}号通知", genre="notice")
    run = desk.harvest(source)
    assert run.status == "failed"


def test_moved_column_is_a_failure_not_a_block(desk: Desk) -> None:
    site, source = desk.plant()
    desk.portal.fail(site, faults.soft_404(), path=path_of(desk.portal.start_url(site)))
    run = desk.harvest(source)
    assert (run.status, reasons(run)[0]) == ("failed", "not found, said with status 200")


def test_a_list_page_that_fails_leaves_the_others(desk: Desk) -> None:
    """What the first page names is fetched; the list is read again in full next time."""
    site, source = desk.plant(articles=60)
    desk.portal.fail(site, faults.status(500), path="*/index_2.shtml", times=2)
    run = desk.harvest(source)
    assert run.status == "partial"
    assert reasons(run)[0] == "HTTP 500"
    again = desk.harvest(source)
    assert (again.status, reasons(again)) == ("ok", [])
    assert set(desk.reports(site)) <= desk.found


def test_a_list_whose_later_pages_are_stubs_is_not_read_to_the_end_each_day(desk: Desk) -> None:
    """Its trouble is told when it is read, and again a month later."""
    site, source = desk.plant("trs_stub", articles=60)
    first = desk.harvest(source)
    assert first.status == "partial"
    assert "stub" in reasons(first)[0]
    assert set(desk.reports(site)) & desk.found
    for _ in range(3):
        desk.days_later(1)
        run = desk.harvest(source)
        assert (run.status, run.requests, run.listed) == ("ok", 1, first.listed)
    desk.days_later(30)
    assert desk.harvest(source, recheck_days=1000).status == "partial"


# ── what is kept


def test_what_was_relied_on_is_archived(desk: Desk) -> None:
    """Lists and robots.txt too: they decided what was fetched."""
    site, source = desk.plant()
    desk.portal.robots(site, "User-agent: *\nDisallow: /secret/\n")
    desk.harvest(source)
    with (desk.archive.root / f"{source.id}.warc.gz").open("rb") as file:
        answers = [record for record in ArchiveIterator(file) if record.rec_type == "response"]
        urls = [record.rec_headers.get_header("WARC-Target-URI") for record in answers]
    assert desk.portal.start_url(site) in urls
    assert any(url.endswith("/robots.txt") for url in urls)
    assert set(desk.portal.report_urls(site)) <= set(urls)


def test_no_name_from_the_network_becomes_a_path(desk: Desk) -> None:
    """Urls that climb, hold zeros or other systems' separators: the archive has its own files and no other."""
    site, source = desk.plant()
    names = ["/../../../tmp/x.html", "/a/..%2f..%2fetc/passwd.html", "/c:\\x.html", "/%00.html", "/x.warc.gz"]
    links = "".join(f'<li><a href="{name}">2019年法治政府建设年度报告{n}</a></li>' for n, name in enumerate(names))
    desk.portal.fail(site, faults.instead(f"<html><body><ul>{links}</ul></body></html>"), path="*/index.shtml")
    desk.harvest(source)
    assert {path.name.partition("-")[0] for path in desk.archive.root.iterdir()} == {"index.sqlite", "trs.warc.gz"}


# ── attachments


def test_an_attachment_that_failed_is_asked_for_again(desk: Desk) -> None:
    """Its page is not, and is complete only with it."""
    site = desk.portal.add(next(site for site in sites() if any(item.attachment for item in site.articles)))
    source = Source.model_validate(desk.portal.source(site))
    desk.portal.fail(site, faults.status(503), path="*.pdf", times=2)
    run = desk.harvest(source)
    assert (run.status, reasons(run), run.failed) == ("partial", ["HTTP 503"], 1)
    (parent,) = [wanted.parent_url for wanted in desk.archive.wanted(source.id).values()]
    assert parent
    page = desk.archive.known_url(parent)
    assert page
    assert not page.complete
    desk.portal.clear_log()
    again = desk.harvest(source)
    assert (again.status, again.new, again.failed) == ("ok", 1, 0)
    (got,) = [capture for capture in desk.archive.captures() if capture.canonical_url.endswith(".pdf")]
    assert (got.parent_url, got.role) == (parent, "attachment")
    assert not desk.portal.requests(site, path_of(parent))
    assert desk.archive.wanted(source.id) == {}


def test_attachments_that_a_killed_run_did_not_reach_are_fetched(desk: Desk) -> None:
    """The page is archived, its attachment is not: the next run asks for the attachment alone."""
    with SamplePortal() as sample:
        entry = next(row for row in sample_sources(sample) if row["id"] == "sample-moni")
        source = Source.model_validate(entry)
        desk.harvest(source)
        wanted = desk.found
        assert sum(row.role == "attachment" for row in desk.archive.captures()) == 2
        database = desk.archive._db
        database.execute("delete from capture where role = 'attachment'")
        database.execute("delete from url where canonical_url like '%.pdf' or canonical_url like '%.docx'")
        database.execute("update url set complete = 0")
        for table in ("listed", "list_page", "sweep"):  # a killed run remembers none
            database.execute(f"delete from {table}")
        run = desk.harvest(source)
        assert (run.status, run.new) == ("ok", 2)
        assert desk.found == wanted
        assert desk.harvest(source).requests == 1
