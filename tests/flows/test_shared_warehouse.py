"""The sample portal's warehouse, brought along into a DuckLake by the setting: the same marts in the file and in the lake."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.errors import FazhiError
from flows.publishing import bring_along
from flows.settings import Settings
from tests.flows.conftest import Fazhi
from tests.postgres import Postgres
from warehouse.ducklake import open_lake


def test_the_lake_has_the_marts_of_the_file(
    undisturbed: tuple[Fazhi, str], postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(undisturbed[0].home, home)
    monkeypatch.setenv("FAZHI_WAREHOUSE", f"ducklake:postgres:{postgres.create_database('sample_lake')}")
    settings = Settings(home)
    assert settings.lake
    bring_along(settings)
    with open_lake(settings.lake, read_only=True) as con:
        con.execute(f"attach '{settings.warehouse}' as file (read_only)")
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
        for name in names:
            rows = [con.execute(f"from {side}.marts.{name} order by all").fetchall() for side in ("file", "lake")]
            assert rows[0] == rows[1], name
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
