"""The benchmark's runner: the committed table is that of the committed figures, and one part leaves the others alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import options, results
from bench.built import exponent
from bench.machine import machine, noise, revision
from bench.parts import NAMES, part
from bench.parts.analysts import questions
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"


def test_the_table_in_the_docs_is_that_of_the_figures() -> None:
    told = PAGE.read_text(encoding="utf-8").partition(results.MARKS[0])[2].partition(results.MARKS[1])[0].strip()
    assert told == results.as_markdown(results.read(ROOT / "bench" / "results.json")).strip(), (
        "docs/benchmarks.md is out of date: `make bench` writes it"
    )


def test_every_committed_figure_says_where_it_comes_from() -> None:
    for letter, entry in results.read(ROOT / "bench" / "results.json").items():
        assert letter in NAMES
        assert entry["machine"]["cores"] and entry["revision"] and entry["versions"]["duckdb"]
        assert entry["noise"]["before"]["loop_ms"] > 0 and entry["at"].startswith("20")


def test_a_part_replaces_its_own_figures_only(tmp_path: Path) -> None:
    file = tmp_path / "results.json"
    results.merge(file, "b", {"figures": 1})
    results.merge(file, "a", {"figures": 2})
    assert results.merge(file, "b", {"figures": 3}) == {"a": {"figures": 2}, "b": {"figures": 3}}
    assert json.loads(file.read_text("utf-8")) == results.read(file)


def test_a_page_without_marks_is_named(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Nothing\n", "utf-8")
    with pytest.raises(results.NoMarks, match=r"page\.md: the lines"):
        results.write_table(page, {})


def test_what_stands_around_the_table_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{results.MARKS[0]}\nold\n{results.MARKS[1]}\nafter\n", "utf-8")
    results.write_table(page, {})
    text = page.read_text("utf-8")
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "\nold\n" not in text
    assert text.count("Not measured yet.") == len(NAMES)


@pytest.mark.parametrize("letter", NAMES)
def test_every_part_has_the_same_shape(letter: str) -> None:
    module = part(letter)
    assert module.TITLE and module.METHOD.strip() and callable(module.measure) and callable(module.table)


def test_parts_and_sizes_are_options() -> None:
    given = options.read(["c", "d", "--reports", "10,20", "--rounds", "2"], list(NAMES))
    assert (given.parts, given.reports, given.rounds) == (("c", "d"), (10, 20), 2)
    assert options.read([], list(NAMES)).parts == tuple(NAMES)
    with pytest.raises(SystemExit):
        options.read(["z"], list(NAMES))


def test_growth_is_that_of_the_two_largest() -> None:
    assert exponent([(10, 5.0), (1000, 80.0), (100, 20.0)]) == pytest.approx(0.6, abs=0.01)
    assert exponent([(10, 5.0)]) is None


def test_the_machine_is_told() -> None:
    told = machine()
    assert told["cores"] >= 1 and told["memory_gb"] > 0 and told["processor"] != "unknown 0"
    assert noise()["loop_ms"] > 0 and revision()


def test_the_guide_has_ten_questions() -> None:
    assert len(questions()) == 10
