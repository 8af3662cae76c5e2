"""The sample portal's warehouse in a DuckLake, brought along by the setting or made there by dbt: the marts of the file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from flows.errors import FazhiError
from flows.publishing import bring_along
from flows.settings import Settings
from tests.flows.conftest import HISTORY, Fazhi
from tests.postgres import Postgres
from warehouse.dbt import PROJECT
from warehouse.ducklake import Lake, open_lake


@contextmanager
def both(warehouse: Path, lake: Lake | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with catalogues `file` and `lake`."""
    assert lake
    with open_lake(lake, read_only=True) as con:
        con.execute(f"attach '{warehouse}' as file (read_only)")
        yield con


def differing(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Marts whose rows differ; columns, types, comments and not-null marks must not."""
    found = [
        con.execute(
            "select table_name, column_name, data_type, is_nullable, comment from duckdb_columns() "
            "where database_name = ? and schema_name = 'marts' order by table_name, column_index",
            [side],
        ).fetchall()
        for side in ("file", "lake")
    ]
    assert found[0] == found[1]
    names = {name for name, *_ in found[0]}
    assert {"fct_report", "fct_quantity", "rpt_coverage"} <= names
    rows = {
        name: [con.execute(f"from {side}.marts.{name} order by all").fetchall() for side in ("file", "lake")]
        for name in names
    }
    assert rows["fct_quantity"][0]
    return {name for name, (ours, theirs) in rows.items() if ours != theirs}


def test_the_lake_has_the_marts_of_the_file(
    undisturbed: tuple[Fazhi, str], postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(undisturbed[0].home, home)
    monkeypatch.setenv("FAZHI_WAREHOUSE", f"ducklake:postgres:{postgres.create_database('sample_lake')}")
    settings = Settings(home)
    assert settings.lake
    bring_along(settings)
    with both(settings.warehouse, settings.lake) as con:
        assert differing(con) == set()
        assert (
            con.execute("from lake.published.snapshot").fetchall()
            == con.execute("from file.published.snapshot").fetchall()
        )
    monkeypatch.setenv("FAZHI_WAREHOUSE", "ducklake:postgres:postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(FazhiError, match="is published; the DuckLake"):
        bring_along(Settings(home))
    monkeypatch.setenv("FAZHI_WAREHOUSE", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(FazhiError, match="FAZHI_WAREHOUSE"):
        _ = Settings(home).lake


@pytest.mark.slow
def test_dbt_makes_the_same_marts_in_the_lake_as_in_the_file(
    undisturbed: tuple[Fazhi, str], postgres: Postgres, tmp_path: Path
) -> None:
    """Target `ducklake` of dbt_project/profiles.yml, against what `fazhi run` has published from the same staging."""
    original = undisturbed[0]
    home = tmp_path / "home"
    (home / "build").mkdir(parents=True)
    shutil.copy(original.home / "staging.duckdb", home)
    lake = Lake(f"ducklake:postgres:{postgres.create_database('lake_of_dbt')}", str(home / "lake"))
    ((recipe,),) = original.rows("select recipe from marts.rpt_build")
    dbt = Path(sys.executable).with_name("dbt")
    options: list[str | Path] = ["--project-dir", PROJECT, "--profiles-dir", PROJECT, "--target", "ducklake"]
    options += ["--target-path", tmp_path / "target", "--log-path", tmp_path / "logs"]
    options += ["--vars", json.dumps({"recipe": recipe}), "--exclude-resource-type", "test", "unit_test"]
    given = {"FAZHI_HOME": str(home), "FAZHI_WAREHOUSE": lake.url, "DO_NOT_TRACK": "1"}
    done = subprocess.run(
        [dbt, "build", "--full-refresh", *options],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    with both(original.warehouse, lake) as con:
        # what the gates observed is added when a build is published
        assert differing(con) == HISTORY
        assert con.execute("from lake.marts.rpt_gate").fetchall() == []
