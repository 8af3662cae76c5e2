"""Registry files: what is right loads, what is wrong is named by file, field and what is allowed."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import pytest

from flows.settings import ROOT
from scrapers.entry import folder_of, source_id, stamp_verified
from scrapers.families import FAMILIES
from scrapers.registry import Family, Source, SourceConfigError, load_sources

SHIPPED = ROOT / "scrapers" / "sources"

GOOD = """id: demo-gov
name: 示例市人民政府
start_urls: ["http://www.demo.invalid/fzzf/index.html"]
expect: {min: 3, first_year: 2019}
"""


def write(folder: Path, text: str, name: str = "demo.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_sources_come_from_all_folders_by_id(tmp_path: Path) -> None:
    write(tmp_path / "b", GOOD)
    write(tmp_path / "a" / "deep", GOOD.replace("demo-gov", "another-gov"))
    found = load_sources(tmp_path / "a", tmp_path / "b")
    assert [source.id for source in found] == ["another-gov", "demo-gov"]
    assert (found[1].expect.min, found[1].family, found[1].status) == (3, "auto", "active")


@pytest.mark.parametrize(
    ("text", "field", "allowed"),
    [
        (GOOD.replace("demo-gov", "Demo Gov"), "id", "lower-case letters"),
        (GOOD + "family: joomla\n", "family", "'trs'"),
        (GOOD + "start: 3\n", "start", "Extra inputs"),
        (GOOD.replace("http://www.demo.invalid/fzzf/index.html", "ftp://x/"), "start_urls", "http or https"),
        (GOOD + "region_code: '12'\n", "region_code", "pattern"),
        (GOOD + "status: blocked\n", "the entry", "status_reason and status_date"),
        (GOOD + "resolve: {a: '127.0.0.1:1'}\n", "the entry", "local: true"),
        (GOOD + "status: retired\nstatus_reason: moved\nstatus_date: soon\n", "status_date", "a date such as"),
        (GOOD.replace("min: 3", "min: 3, max: 2"), "expect", "less than min"),
        (GOOD.replace("http://www.demo", "http://www..demo"), "start_urls", "with a host"),
        (GOOD + "delay_s: -1\n", "delay_s", "greater than or equal to 0"),
        ("- 1\n", "", "expected fields"),
        ("id: [", "", "YAML"),
    ],
)
def test_error_names_file_field_and_what_is_allowed(tmp_path: Path, text: str, field: str, allowed: str) -> None:
    write(tmp_path, text)
    with pytest.raises(SourceConfigError) as caught:
        load_sources(tmp_path)
    message = str(caught.value)
    assert "demo.yaml" in message
    assert field in message
    assert allowed in message


def test_code_without_quotes_and_a_single_url_are_understood(tmp_path: Path) -> None:
    write(tmp_path, "id: demo\nname: 示例\nregion_code: 420100\nstart_urls: http://www.demo.invalid/\n")
    (source,) = load_sources(tmp_path)
    assert (source.region_code, source.start_urls) == ("420100", ("http://www.demo.invalid/",))


def test_same_id_twice_names_both_files(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "one.yaml")
    write(tmp_path, GOOD, "two.yaml")
    with pytest.raises(SourceConfigError, match=r"two\.yaml.*taken by .*one\.yaml"):
        load_sources(tmp_path)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceConfigError, match="nowhere"):
        load_sources(tmp_path / "nowhere")


@pytest.fixture(scope="module")
def shipped() -> tuple[Source, ...]:
    return load_sources(SHIPPED)


@pytest.fixture(scope="module")
def divisions() -> set[str]:
    with (ROOT / "dbt_project" / "seeds" / "divisions.csv").open(encoding="utf-8", newline="") as file:
        return {row["region_code"] for row in csv.DictReader(file) if not row["valid_to"]}


def test_shipped_registry_has_many_public_sites_and_no_others(shipped: tuple[Source, ...]) -> None:
    assert len(shipped) >= 40
    assert not [source.id for source in shipped if source.local or source.is_sample or source.resolve]
    hosts = {urlsplit(url).hostname or "" for source in shipped for url in source.start_urls}
    assert not [host for host in hosts if not host.endswith(".gov.cn") and host != "gov.cn"]


def test_shipped_sources_are_of_divisions_that_exist_in_their_provinces_folder(
    shipped: tuple[Source, ...], divisions: set[str]
) -> None:
    assert [source.id for source in shipped if source.region_code not in divisions] == []
    for source in shipped:
        assert (SHIPPED / folder_of(source.region_code) / f"{source.id}.yaml").is_file(), source.id


def test_shipped_sources_that_nobody_has_opened_say_so(shipped: tuple[Source, ...]) -> None:
    for source in shipped:
        assert source.verified == "never"
        assert "not" in str(source.notes), source.id


def test_no_list_is_in_the_registry_twice(shipped: tuple[Source, ...]) -> None:
    urls = [url.rstrip("/") for source in shipped for url in source.start_urls]
    assert len(urls) == len(set(urls))


def test_families_of_the_registry_are_those_that_can_be_read() -> None:
    named = set(get_args(Family)) - {"auto"}
    assert named == {family.name for family in FAMILIES}


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD + "family: joomla\nspeed: 3\nverified: yesterday\n")
    with pytest.raises(SourceConfigError) as caught:
        load_sources(tmp_path)
    message = str(caught.value)
    assert all(field in message for field in ("field family", "field speed", "field verified"))
    assert "known are id, name" in message and "or never" in message


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("http://www.demo.gov.cn/x/", "demo-gov"),
        ("https://sfj.demo.gov.cn/", "demo-sfj"),
        ("http://sub.www-1.demo.org:8080/", "org-demo-www-1-sub"),
        ("http://demo.gov.cn/", "demo-gov"),
    ],
)
def test_ids_come_from_hosts(url: str, wanted: str) -> None:
    assert source_id(url) == wanted


def test_stamp_changes_one_line_only(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + "verified: never\nnotes: kept\n") / "demo.yaml"
    stamp_verified(path, "2026-03-01")
    assert path.read_text(encoding="utf-8") == GOOD + "verified: 2026-03-01\nnotes: kept\n"
    assert load_sources(tmp_path)[0].verified == "2026-03-01"
