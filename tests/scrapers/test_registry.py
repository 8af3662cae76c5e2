"""Registry files: what is right loads, what is wrong is named by file, field and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.settings import ROOT
from scrapers.registry import Source, SourceConfigError, load_sources

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


def test_same_id_twice_names_both_files(tmp_path: Path) -> None:
    write(tmp_path, GOOD, "one.yaml")
    write(tmp_path, GOOD, "two.yaml")
    with pytest.raises(SourceConfigError, match=r"two\.yaml.*taken by .*one\.yaml"):
        load_sources(tmp_path)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceConfigError, match="nowhere"):
        load_sources(tmp_path / "nowhere")


def test_shipped_registry_loads_and_names_public_sites_only() -> None:
    found: tuple[Source, ...] = load_sources(ROOT / "scrapers" / "sources")
    assert not [source.id for source in found if source.local or source.is_sample or source.resolve]
