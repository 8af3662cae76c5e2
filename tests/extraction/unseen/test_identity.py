"""Who reports, from where, on which year, and whether at all, on pages written without knowledge of the rules."""

from __future__ import annotations

import csv
import tomllib

import pytest

from tests.conftest import ROOT
from tests.extraction.unseen.assemble import HERE, Case, assemble, paragraphs
from tests.extraction.unseen.identity_maker import make_case
from tests.extraction.unseen.score_identity import Score, load, parse, score

FLOORS: dict[str, dict[str, float]] = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))
ROUNDS = {"identity": load(), **{folder: load(folder=folder) for folder in ("round2", "round3", "round4", "round5")}}
CASES = [case for cases in ROUNDS.values() for case in cases]
SETS = {**ROUNDS, "made": [make_case(seed) for seed in range(400)]}


@pytest.fixture(scope="module")
def measured() -> dict[str, Score]:
    cases = [case for some in SETS.values() for case in some]
    found = iter(parse(cases))
    return {name: score(some, [next(found) for _ in some]) for name, some in SETS.items()}


@pytest.mark.parametrize(("of", "field"), [(of, field) for of in SETS for field in FLOORS[of]])
def test_field_reaches_its_floor(measured: dict[str, Score], of: str, field: str) -> None:
    misses = "\n".join(f"{case}: {miss}" for case, name, miss in measured[of].misses if name == field)
    assert measured[of].of(field) >= FLOORS[of][field], misses


def test_cases_are_named_once_and_many() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) >= 150


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_regions_are_divisions_of_the_report_year(case: Case) -> None:
    want = case["want"]
    codes, names = want.get("region_code"), want.get("region_name")
    pairs = zip(codes, names, strict=True) if isinstance(codes, list) else [(codes, names)]
    year = want.get("report_year")
    for code, name in pairs:
        assert (code is None) == (name is None)
        assert code is None or name in _names(code, year if isinstance(year, int) else 2022)


def test_files_carry_what_the_cases_say() -> None:
    for case in CASES:
        text = assemble(case)[1].decode()
        assert all(line in text for line in paragraphs(case) + case.get("sign", [])), case["id"]


with (ROOT / "dbt_project" / "seeds" / "divisions.csv").open(encoding="utf-8") as file:
    DIVISIONS = list(csv.DictReader(file))


def _names(code: str, year: int) -> set[str]:
    return {
        row["full_name"]
        for row in DIVISIONS
        if row["region_code"] == code and int(row["valid_from"]) <= year <= int(row["valid_to"] or 9999)
    }
