"""The Superset dashboard of docs/bi: its queries run on the sample warehouse, its parts fit, and Superset takes it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from flows.settings import ROOT
from tests.flows.conftest import Fazhi

BUNDLE = ROOT / "docs/bi/superset"
SUPERSET = os.environ.get("FAZHI_SUPERSET_PYTHON")


def parts(folder: str) -> dict[str, dict[str, Any]]:
    """The files of a folder of the bundle, by their uuid."""
    found = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((BUNDLE / folder).rglob("*.yaml"))]
    return {item["uuid"]: item for item in found}


DATASETS, CHARTS = parts("datasets"), parts("charts")
(DASHBOARD,) = parts("dashboards").values()
FILTERS = DASHBOARD["metadata"]["native_filter_configuration"]


def columns_of(chart: dict[str, Any]) -> list[str]:
    """Every column that a chart names."""
    params = chart["params"]
    named = [params[name] for name in ("x_axis",) if name in params]
    for several in ("groupby", "groupbyRows", "groupbyColumns", "all_columns"):
        named += params.get(several, [])
    ordered = [yaml.safe_load(item)[0] for item in params.get("order_by_cols", [])]
    return [*named, *ordered, *(item["subject"] for item in params["adhoc_filters"])]


def metrics_of(chart: dict[str, Any]) -> list[str]:
    params = chart["params"]
    return [*params.get("metrics", []), *([params["metric"]] if "metric" in params else [])]


def query_of(chart: dict[str, Any]) -> str:
    """The chart's query, as Superset would ask it: columns, metrics, filters."""
    dataset = DATASETS[chart["dataset_uuid"]]
    expressions = {metric["metric_name"]: metric["expression"] for metric in dataset["metrics"]}
    asked = [f'"{name}"' for name in dict.fromkeys(columns_of(chart))]
    measured = [f'{expressions[name]} as "{name}"' for name in metrics_of(chart)]
    conditions = ["true"]
    for item in chart["params"]["adhoc_filters"]:
        values = item["comparator"] if isinstance(item["comparator"], list) else [item["comparator"]]
        conditions.append(f'"{item["subject"]}" in ({", ".join(repr(value) for value in values)})')
    grouped = " group by all" if measured else ""
    return f"select {', '.join(asked + measured)} from ({dataset['sql']}) where {' and '.join(conditions)}{grouped}"


@pytest.mark.slow
@pytest.mark.parametrize("uuid", DATASETS, ids=lambda uuid: DATASETS[uuid]["table_name"])
def test_a_dataset_names_the_columns_it_has(undisturbed: tuple[Fazhi, str], uuid: str) -> None:
    dataset = DATASETS[uuid]
    described = undisturbed[0].rows(f"describe {dataset['sql']}")
    assert [row[0] for row in described] == [column["column_name"] for column in dataset["columns"]]
    key = dataset["columns"][0]["column_name"]
    ((rows, keys),) = undisturbed[0].rows(f"select count(*), count(distinct {key}) from ({dataset['sql']})")
    assert rows == keys != 0  # the joins lose no row and double none
    for metric in dataset["metrics"]:
        assert undisturbed[0].rows(f"select {metric['expression']} from ({dataset['sql']})") != [(None,)]


@pytest.mark.slow
@pytest.mark.parametrize("uuid", CHARTS, ids=lambda uuid: CHARTS[uuid]["params"]["viz_type"] + "-" + uuid[:4])
def test_a_chart_has_something_to_show(undisturbed: tuple[Fazhi, str], uuid: str) -> None:
    assert undisturbed[0].rows(query_of(CHARTS[uuid]))


@pytest.mark.slow
def test_filters_choose_from_what_is_there(undisturbed: tuple[Fazhi, str]) -> None:
    assert len(FILTERS) == 3
    for item in FILTERS:
        (target,) = item["targets"]
        sql = f'select distinct "{target["column"]["name"]}" from ({DATASETS[target["datasetUuid"]]["sql"]})'
        values = {value for (value,) in undisturbed[0].rows(sql)}
        assert values and values >= set(item["defaultDataMask"]["filterState"].get("value", []))


def test_the_dashboard_shows_every_chart_once() -> None:
    placed = [item for item in DASHBOARD["position"].values() if isinstance(item, dict) and item["type"] == "CHART"]
    assert sorted(item["meta"]["uuid"] for item in placed) == sorted(CHARTS)
    rows = [item for item in DASHBOARD["position"].values() if isinstance(item, dict) and item["type"] == "ROW"]
    for row in rows:
        assert sum(DASHBOARD["position"][name]["meta"]["width"] for name in row["children"]) <= 12
    for chart in CHARTS.values():
        known = {column["column_name"] for column in DATASETS[chart["dataset_uuid"]]["columns"]}
        assert set(columns_of(chart)) <= known
        assert chart["params"]["viz_type"] == chart["viz_type"]


def test_the_database_is_opened_for_reading_only() -> None:
    (database,) = parts("databases").values()
    assert database["sqlalchemy_uri"] in (ROOT / "docs/bi.md").read_text(encoding="utf-8")
    assert not database["allow_dml"] and not database["allow_ctas"] and not database["allow_cvas"]
    assert {dataset["database_uuid"] for dataset in DATASETS.values()} == {database["uuid"]}


@pytest.mark.slow
@pytest.mark.skipif(not SUPERSET, reason="FAZHI_SUPERSET_PYTHON names no interpreter with Superset (docs/bi.md)")
def test_superset_imports_it(undisturbed: tuple[Fazhi, str], tmp_path: Path) -> None:
    bundle = tmp_path / "superset"
    shutil.copytree(BUNDLE, bundle)
    database = bundle / "databases/fazhi.yaml"
    said = database.read_text(encoding="utf-8").replace("/data/warehouse.duckdb", str(undisturbed[0].warehouse))
    database.write_text(said, encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "bundle.zip", "w") as packed:
        for path in sorted(bundle.rglob("*.yaml")):
            packed.write(path, path.relative_to(tmp_path))
    assert SUPERSET
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("FAZHI", "PREFECT", "PYTHON"))},
        "SUPERSET_HOME": str(tmp_path),
        "SUPERSET_SECRET_KEY": "of-the-tests-alone-and-long-enough-for-it",
        "FLASK_APP": "superset",
    }
    person = ["--username", "admin", "--firstname", "A", "--lastname", "B", "--email", "a@example.org"]
    for words in (
        ["db", "upgrade"],
        ["fab", "create-admin", *person, "--password", "of-the-tests"],
        ["init"],
        ["import-dashboards", "--path", str(tmp_path / "bundle.zip"), "--username", "admin"],
    ):
        done = subprocess.run(
            [str(Path(SUPERSET).parent / "superset"), *words],
            env=environment,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
    with sqlite3.connect(tmp_path / "superset.db") as con:
        held = {name: con.execute(f"select count(*) from {name}").fetchone()[0] for name in ("dashboards", "slices")}
        linked = con.execute("select count(*) from dashboard_slices").fetchone()[0]
        named = {row[0] for row in con.execute("select table_name from tables")}
    assert held == {"dashboards": 1, "slices": len(CHARTS)} and linked == len(CHARTS)
    assert named == {dataset["table_name"] for dataset in DATASETS.values()}
