"""One project with the tests' own seeds, and one build of the sound rows, for all tests here and under expectations."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
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
    return copied_project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def built(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("built")
    staging = staged(folder / "staging.duckdb", sound())
    side = folder / "side.duckdb"
    return Built(staging, side, build(staging=staging, side=side, work=folder / "work", project=project))
