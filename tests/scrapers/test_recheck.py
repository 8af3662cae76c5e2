"""Over months: known reports are asked again now and then, what failed is tried again, what is no report is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from scrapers.rota import may_retry, retry_at
from tests.portal import faults
from tests.scrapers.conftest import START, Desk, path_of, reasons


def test_every_known_report_is_asked_about_once_in_thirty_days(desk: Desk) -> None:
    """By a conditional request, not all on one day, and nothing is stored anew."""
    _, source = desk.plant()
    desk.harvest(source)
    captures = list(desk.archive.captures())
    paths = [path_of(url) for url in desk.found]
    desk.portal.clear_log()
    asked: dict[str, list[int]] = {path: [] for path in paths}
    for day in range(3, 88, 3):
        desk.days_later(3)
        before = len(desk.portal.log)
        run = desk.harvest(source)
        assert (run.status, run.new, run.changed) == ("ok", 0, 0)
        for request in desk.portal.log[before:]:
            if request.path in asked:
                asked[request.path].append(day)
                assert "If-None-Match" in request.headers
    assert all(len(days) in (2, 3) for days in asked.values()), asked
    assert all(20 <= days[0] <= 39 for days in asked.values())
    assert len({days[0] for days in asked.values()}) > 1
    assert list(desk.archive.captures()) == captures


def test_changes_and_losses_are_noticed_without_a_sweep(desk: Desk) -> None:
    """Also of pages that the list does not name any more; a page that comes back is there again."""
    site, source = desk.plant()
    first = desk.harvest(source)
    changed, lost = [article for article in desk.portal.articles(site) if article.report][:2]
    desk.portal.change(site, changed, paragraphs=("更正后的内容，共计办理若干件。" * 60,))
    desk.portal.vanish(site, lost, 410)
    url = desk.portal.article_url(site, lost)
    gone, new_versions = 0, 0
    for _ in range(15):
        desk.days_later(3)
        run = desk.harvest(source)
        assert run.status == "ok"
        gone, new_versions = gone + run.gone, new_versions + run.changed
    assert (gone, new_versions) == (1, 1)
    known = desk.archive.known_url(url)
    assert known
    assert known.gone
    capture = desk.archive.latest(url)
    assert capture
    assert desk.archive.read(capture).body  # the data stays
    assert len(list(desk.archive.captures())) == first.new + 1
    desk.portal._hosted[site.host].gone.clear()
    for _ in range(15):
        desk.days_later(3)
        run = desk.harvest(source)
    again = desk.archive.known_url(url)
    assert again
    assert not again.gone
    assert len(list(desk.archive.captures())) == first.new + 1


def test_what_proved_to_be_no_report_is_left_alone(desk: Desk) -> None:
    """Not fetched again each day, nor on the rota; a full sweep asks."""
    site, source = desk.plant()
    desk.harvest(source)
    other, *reports = desk.reports(site)
    desk.archive.record_verdict(other, "other")
    desk.portal.clear_log()
    for _ in range(30):
        desk.days_later(3)
        run = desk.harvest(source)
        assert run.status == "ok"
    assert not desk.portal.requests(site, path_of(other))
    assert all(desk.portal.requests(site, path_of(url)) for url in reports)
    desk.harvest(source, full_sweep=True)
    (request,) = desk.portal.requests(site, path_of(other))
    assert "If-None-Match" in request.headers


def test_lists_are_read_to_the_end_now_and_then(desk: Desk) -> None:
    site, source = desk.plant(articles=40)
    pages = desk.harvest(source).requests
    requests = []
    for _ in range(70):
        desk.days_later(1)
        requests.append(desk.harvest(source, recheck_days=1000).requests)
    whole = len(site.pages())
    assert pages > whole
    assert sorted(set(requests)) == [1, whole]
    assert requests.count(whole) == 2


@pytest.mark.parametrize(
    ("fault", "days"),
    [
        (faults.status(404), [0, 1, 3, 7, 15, 31]),
        (faults.soft_404(), [0, 1, 3, 7, 15, 31]),
        (faults.status(500), [0, 1, 2, 6, 14, 30]),
    ],
    ids=["dead link", "soft 404", "error"],
)
def test_what_fails_again_and_again_is_asked_less_and_less(desk: Desk, fault: faults.Fault, days: list[int]) -> None:
    """In between the run's story says what is missing, and that nothing went wrong today."""
    site, source = desk.plant()
    bad = desk.reports(site)[0]
    desk.portal.fail(site, fault, path=path_of(bad))
    asked = []
    for day in range(40):
        before = len(desk.portal.requests(site, path_of(bad)))
        run = desk.harvest(source, retries=0, recheck_days=1000)
        if len(desk.portal.requests(site, path_of(bad))) > before:
            asked.append(day)
            assert (run.status, run.failed) == ("partial", 1)
        else:
            assert (run.status, run.failed) == ("ok", 0)
            assert "not asked again before" in reasons(run)[0] or not reasons(run)
        desk.days_later(1)
    assert asked == days


def test_a_full_sweep_tries_everything_at_once(desk: Desk) -> None:
    site, source = desk.plant()
    bad = desk.reports(site)[0]
    desk.portal.fail(site, faults.status(404), path=path_of(bad))
    for _ in range(4):
        desk.harvest(source)
    desk.portal.mend(site)
    run = desk.harvest(source, full_sweep=True)
    assert (run.status, run.new) == ("ok", 1)
    assert bad in desk.found


def test_a_clock_that_was_ahead_puts_nothing_off(desk: Desk) -> None:
    """One harvest on a day that is 400 days away: what it could not get, did check and did read is asked again."""
    site, source = desk.plant()
    bad, *others = desk.reports(site)
    desk.portal.fail(site, faults.status(404), path=path_of(bad))
    desk.harvest(source)
    desk.days_later(400)
    for _ in range(4):
        desk.harvest(source, full_sweep=True)
    desk.days_later(-390)
    desk.portal.mend(site)
    desk.portal.clear_log()
    run = desk.harvest(source, sweep_days=20)
    assert (run.status, run.new) == ("ok", 1) and bad in desk.found
    assert all(desk.portal.requests(site, path_of(url)) for url in others)
    assert desk.harvest(source, sweep_days=20).requests == 1  # that was once


def test_what_a_page_says_now_counts_after_a_clock_that_was_ahead(desk: Desk) -> None:
    site, source = desk.plant()
    article = next(article for article in desk.portal.articles(site) if article.report)
    url = desk.portal.article_url(site, article)
    desk.days_later(400)
    desk.harvest(source)
    desk.days_later(-399)
    desk.portal.change(site, article, paragraphs=("更正后的内容，共计办理若干件。" * 60,))
    run = desk.harvest(source, full_sweep=True)
    assert (run.status, run.changed) == ("ok", 1)
    capture = desk.archive.latest(url)
    assert capture and capture.fetched_at == desk.today
    assert desk.archive.returned() == {capture.capture_id}  # it counts, though another was fetched later by its date
    desk.archive.reindex()
    assert desk.archive.latest(url) == capture
    assert desk.archive.returned() == {capture.capture_id}


def test_robots_of_a_day_to_come_are_not_remembered(desk: Desk) -> None:
    site, source = desk.plant()
    desk.days_later(400)
    desk.harvest(source)
    desk.days_later(-400)
    desk.portal.robots(site, "User-agent: *\nDisallow: /")
    assert desk.harvest(source).status == "blocked"


def test_a_pause_that_no_failure_makes_is_none() -> None:
    now = START + timedelta(days=1)
    assert may_retry(START, now) and not may_retry(now + timedelta(days=29), now)
    assert may_retry(now + timedelta(days=31), now)


def test_the_wait_grows_to_a_month_and_no_further() -> None:
    waits = [(retry_at(START, failures, transient=False) - START).days for failures in (1, 2, 3, 6, 50, 5000)]
    assert waits == [0, 1, 3, 29, 29, 29]
