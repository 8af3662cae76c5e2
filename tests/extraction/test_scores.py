"""The reference documents are read as their gold says (skipped where the reference material is absent)."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

FAZHI = str(ROOT / ".venv" / "bin" / "fazhi")


@pytest.fixture(scope="module")
def score(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "eval" / "score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def numbers(capsys: pytest.CaptureFixture[str], pattern: str) -> list[float]:
    match = re.search(pattern, capsys.readouterr().out)
    assert match
    return [float(group) for group in match.groups()]


def test_layouts(score: ModuleType, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared / "pages" / "layouts"
    score.score_pages(FAZHI, folder / "gold.json", str(folder), False)
    mean, least, whole, titles, dates, sources = numbers(
        capsys, r"mean ([\d.]+) min ([\d.]+), whole paragraphs ([\d.]+), title (\d+)/5, date (\d+)/5, source (\d+)/5"
    )
    assert (mean >= 0.995, least >= 0.985, whole >= 0.98) == (True, True, True)
    assert (titles, dates, sources) == (5, 5, 5)


def test_metadata_of_the_reference_reports(score: ModuleType, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    score.score_documents(FAZHI, shared / "gold" / "seed_documents.json", str(shared / "seeds"), True)
    assert numbers(capsys, r"all fields ([\d.]+)") == [1.0]


def test_quantities_of_the_reference_reports(
    score: ModuleType, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    score.score_quantities(FAZHI, shared / "gold" / "seed_quantities.jsonl", str(shared / "seeds"), False)
    (strict,) = numbers(capsys, r"strict F1 [^)]*\) ([\d.]+)")
    assert strict >= 0.985


def test_bodies_of_other_chinese_pages(score: ModuleType, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    score.score_cwced(FAZHI, str(shared / "pages" / "cwced"), False)
    (mean,) = numbers(capsys, r"mean ([\d.]+)")
    assert mean >= 0.91
