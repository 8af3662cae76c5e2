"""`fazhi sources add` and `check` against real servers: what is found, what is written, what is never overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.errors import Exit, FazhiError
from scrapers.registry import load_sources
from scrapers.sample.site import Resource, Site
from tests.portal import faults
from tests.portal.families import COMPLETE
from tests.portal.server import PortalServer
from tests.portal.sites import make_site

WIDE = {"COLUMNS": "300", "TERM": "dumb"}


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    with PortalServer() as running:
        yield running


def command(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["sources", *map(str, words)], env=WIDE)


def add(portal: PortalServer, site: Site, url: str, registry: Path, *more: str) -> Result:
    host, address = next(item for item in portal.resolve.items() if item[0] == site.host)
    return command("add", url, "--sources", registry, "--resolve", f"{host}={address}", *more)


@pytest.mark.parametrize("family", COMPLETE)
def test_list_and_report_lead_to_the_same_entry(portal: PortalServer, tmp_path: Path, family: str) -> None:
    site = portal.add(make_site(family, seed=3))
    for given, registry in ((portal.start_url(site), tmp_path / "a"), (portal.report_urls(site)[1], tmp_path / "b")):
        registry.mkdir()
        result = add(portal, site, given, registry)
        assert result.exit_code == 0, result.output or result.exception
        (source,) = load_sources(registry)
        assert source.start_urls == (portal.start_url(site),)
        reader = {"trs_from_1": "trs", "generic": "auto"}.get(family, family)
        assert (source.family, source.expect.min, source.local) == (reader, 2, True)
        assert source.publisher == next(a.publisher for a in site.articles if a.genre == "report")
        for article in site.articles:
            assert (article.title in result.output) >= (article.genre == "report")
        assert all(url in result.output for url in portal.report_urls(site))


def test_scripts_are_told_what_was_found_and_written(portal: PortalServer, tmp_path: Path) -> None:
    site = portal.add(make_site("trs", seed=3))
    tried = json.loads(add(portal, site, portal.start_url(site), tmp_path, "--json", "--dry-run").stdout)
    told = json.loads(add(portal, site, portal.start_url(site), tmp_path, "--json").stdout)
    assert (tried["written"], {**tried, "written": told["written"]}) == (None, told)
    assert {item["url"] for item in told["reports"]} == set(portal.report_urls(site))
    assert yaml.safe_load(Path(told["written"]).read_text(encoding="utf-8"))["start_urls"] == [told["list"]["url"]]
    assert told["list"]["family"] == told["entry"]["family"] == "trs"
    titles = {article.title for article in site.articles if article.genre != "report"}
    assert told["left_out"] and {item["title"] for item in told["left_out"]} <= titles


def test_entry_is_not_overwritten_without_force(portal: PortalServer, tmp_path: Path) -> None:
    site = portal.add(make_site("trs"))
    assert add(portal, site, portal.start_url(site), tmp_path, "--id", "demo", "--region", "110000").exit_code == 0
    path = tmp_path / "beijing" / "demo.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "notes: kept\n", encoding="utf-8")
    refused = add(portal, site, portal.start_url(site), tmp_path, "--id", "demo", "--region", "120000")
    assert refused.exit_code != 0 and "is taken" in str(refused.exception)
    assert "notes: kept" in path.read_text(encoding="utf-8")
    assert add(portal, site, portal.start_url(site), tmp_path, "--id", "demo", "--force").exit_code == 0
    assert "notes" not in yaml.safe_load(path.read_text(encoding="utf-8"))
    assert len(load_sources(tmp_path)) == 1


def test_list_of_many_bodies_is_nobodys(portal: PortalServer, tmp_path: Path) -> None:
    site = portal.add(make_site("trs", seed=3, publisher_count=3))
    assert add(portal, site, portal.start_url(site), tmp_path).exit_code == 0
    (source,) = load_sources(tmp_path)
    assert (source.publisher, source.region_code) == (None, None)
    assert site.column in source.name


def test_dry_run_prints_and_writes_nothing(portal: PortalServer, tmp_path: Path) -> None:
    site = portal.add(make_site("boda"))
    result = add(portal, site, portal.start_url(site), tmp_path, "--dry-run", "--name", "示例市")
    assert "family: boda" in result.output and "name: 示例市" in result.output
    assert not list(tmp_path.rglob("*.yaml"))


@pytest.mark.parametrize(
    ("fault", "said"),
    [(faults.challenge_jiasule(), "challenge"), (faults.status(404), "404"), (faults.soft_404(), "not found")],
)
def test_what_cannot_be_read_is_told(portal: PortalServer, tmp_path: Path, fault: faults.Fault, said: str) -> None:
    site = portal.add(make_site("trs"))
    portal.fail(site, fault, path="/zwgk/*")
    result = add(portal, site, portal.start_url(site), tmp_path)
    assert isinstance(result.exception, FazhiError)
    assert said in str(result.exception)
    assert not list(tmp_path.rglob("*.yaml"))


def test_page_without_reports_says_what_to_give(portal: PortalServer, tmp_path: Path) -> None:
    site = portal.add(make_site("trs"))
    portal.put(site, "/x/", Resource("<p>这里没有任何报告</p>".encode(), "text/html; charset=utf-8"))
    result = add(portal, site, f"http://{site.host}/x/", tmp_path)
    assert "give the url of the list page itself" in str(result.exception)


def test_portal_on_this_machine_wants_a_word(portal: PortalServer, tmp_path: Path) -> None:
    site = portal.add(replace(make_site("trs", seed=3), host="127.0.0.1"))
    url = portal.start_url(site).replace("127.0.0.1", portal.address)
    refused = command("add", url, "--sources", tmp_path)
    assert "no public address" in str(refused.exception) and "--local" in str(refused.exception)
    assert command("add", url, "--sources", tmp_path, "--local").exit_code == 0
    (source,) = load_sources(tmp_path)
    assert (source.id, source.local, source.resolve) == ("host-127-0-0-1", True, {})
    assert command("check", "--sources", tmp_path).exit_code == 0


@pytest.mark.parametrize("given", ["nonsense", "ftp://a.invalid/", "http://www..gov/"])
def test_no_url_is_refused(tmp_path: Path, given: str) -> None:
    assert "no http or https url" in str(command("add", given, "--sources", tmp_path).exception)


def plant(portal: PortalServer, registry: Path) -> dict[str, Site]:
    sites = {
        name: portal.add(make_site(name, key=name.replace("_", "-"), seed=3))
        for name in ("trs", "jpaas", "boda", "jpage_encrypted", "ucap")
    }
    for site in sites.values():
        entry = portal.source(site, expect={"min": 3}) | {"verified": "never"}
        (registry / f"{site.key}.yaml").write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    return sites


def test_check_tells_each_sources_state(portal: PortalServer, tmp_path: Path) -> None:
    sites = plant(portal, tmp_path)
    portal.fail(sites["boda"], faults.challenge_wzws())
    portal.empty(sites["ucap"])
    result = command("check", "--sources", tmp_path, "--pages", "30", "--json", "--stamp")
    assert result.exit_code == Exit.SOURCES_FAILED
    rows = {row["id"]: row for row in json.loads(result.output)}
    assert {key: row["verdict"] for key, row in rows.items()} == {
        "trs": "ok",
        "jpaas": "ok",
        "boda": "blocked",
        "jpage-encrypted": "failed",
        "ucap": "empty",
    }
    assert rows["trs"]["reports"] == 4 and rows["trs"]["family"] == "trs"
    assert "encrypted" in rows["jpage-encrypted"]["reason"]
    verified = {source.id: source.verified for source in load_sources(tmp_path)}
    assert [key for key, value in verified.items() if value != "never"] == ["jpaas", "trs"]


def test_check_of_one_source_prints_a_table(portal: PortalServer, tmp_path: Path) -> None:
    plant(portal, tmp_path)
    result = command("check", "trs", "--sources", tmp_path)
    assert result.exit_code == 0
    assert "1 of 1 sources are as expected" in result.output
    assert "jpaas" not in result.output


def test_check_tells_a_list_that_shrank(portal: PortalServer, tmp_path: Path) -> None:
    site = portal.add(make_site("trs", report_count=1))
    entry = portal.source(site, expect={"min": 3})
    (tmp_path / "trs.yaml").write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf-8")
    result = command("check", "--sources", tmp_path, "--pages", "9", "--json")
    assert [row["verdict"] for row in json.loads(result.output)] == ["few"]
