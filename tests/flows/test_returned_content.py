"""A page that says A, then B, then A again: harvest, archive, staging and marts hold A for what it says now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.building import fingerprint, load_context
from flows.extracting import pending
from flows.settings import Settings
from scrapers.archive import Archive
from tests.extracted import extract_into
from tests.portal.server import PortalServer
from tests.scrapers.conftest import Desk
from warehouse.dbt import build
from warehouse.staging import open_staging

CHOSEN = """
select fct_report.capture_id, fct_report.versions, list(version.capture_id)
from fct_report inner join fct_report_version as version using (report_id)
where version.url = ? and version.is_latest_at_url
group by all
"""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with PortalServer() as portal, Archive(tmp_path / "archive") as archive:
        yield Desk(portal, archive)


def loaded(settings: Settings) -> str:
    """Bring staging up to the archive; gives the digest that says whether there is something to build."""
    with Archive(settings.archive, read_only=True) as archive, open_staging(settings.staging) as staging:
        extract_into(staging, settings.archive, pending(archive, staging))
    load_context(settings)
    return fingerprint(settings)


def built(settings: Settings, name: str, url: str, published: Path | None = None) -> tuple[Path, str, object]:
    """The side file, how it was built, and what the report at the url is."""
    side = settings.home / f"{name}.duckdb"
    result = build(staging=settings.staging, side=side, work=settings.work, published=published, unit_tests=False)
    with duckdb.connect(str(side), read_only=True) as con:
        con.execute("use marts")
        return side, result.mode, con.execute(CHOSEN, [url]).fetchall()


@pytest.mark.slow
def test_a_page_that_takes_a_change_back_has_its_first_content_again(desk: Desk, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    site, source = desk.plant()
    article = next(article for article in desk.portal.articles(site) if article.report)
    url = desk.portal.article_url(site, article)
    said: list[str] = []
    digests: list[str] = []
    for more in ((), ("另有一段，说明统计口径。",), ()):
        desk.portal.change(site, article, paragraphs=(*article.paragraphs, *more))
        desk.days_later(1)
        assert desk.harvest(source, full_sweep=True).status == "ok"
        latest = desk.archive.latest(url)
        assert latest
        said.append(latest.capture_id)
        digests.append(loaded(settings))
        if more:
            changed, mode, report = built(settings, "changed", url)
            assert (mode, report) == ("whole", [(said[1], 2, [said[1]])])
    assert said[0] == said[2] != said[1]
    assert len(set(digests)) == 3
    assert loaded(settings) == digests[2]
    assert built(settings, "back", url, changed)[1:] == ("increment", [(said[0], 2, [said[0]])])
    # and from the WARC files alone, in a staging database made anew
    desk.archive.reindex()
    settings.staging.unlink()
    assert loaded(settings) == digests[2]
    # B again: it was fetched last, and nothing has to say so
    desk.portal.change(site, article, paragraphs=(*article.paragraphs, "另有一段，说明统计口径。"))
    desk.days_later(1)
    desk.harvest(source, full_sweep=True)
    assert loaded(settings) != digests[2]
    with duckdb.connect(str(settings.staging), read_only=True) as con:
        assert con.execute("select count(*) from staging.staging.capture where has_returned").fetchall() == [(0,)]
