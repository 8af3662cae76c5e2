"""One project with the tests' own seeds, and one build of the sound rows, for all tests here and under expectations."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.warehouse.made import Rows, sound
from warehouse.dbt import PROJECT, BuildResult, build
from warehouse.staging import load, open_staging

SEEDS = Path(__file__).parent.parent / "dbt_project" / "seeds"


@dataclass(frozen=True)
class Built:
    staging: Path
    side: Path
    result: BuildResult


def copied_project(folder: Path) -> Path:
    """The dbt project with small seeds of fictional places and a catalogue of eight indicators."""
    project = folder / "dbt_project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("__pycache__", "target", "logs"))
    for seed in SEEDS.glob("*.csv"):
        shutil.copy(seed, project / "seeds" / seed.name)
    return project


def staged(path: Path, rows: Rows) -> Path:
    with open_staging(path) as con:
        load(con, rows.tables())
    return path


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _project(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return _built(tmp_path_factory.getbasetemp())


# the gates' tests have the same fixtures: built once, not once a folder
@cache
def _project(base: Path) -> Path:
    return copied_project(base)


@cache
def _built(base: Path) -> Built:
    staging = staged(base / "built-staging.duckdb", sound())
    side = base / "built-side.duckdb"
    result = build(staging=staging, side=side, work=base / "built-work", project=_project(base))
    return Built(staging, side, result)
