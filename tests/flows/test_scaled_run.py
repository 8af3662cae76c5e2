"""One whole `fazhi run` over the sample portal with the settings of docs/scale.md: the warehouse of a plain run, by each."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from flows.remote import Remote
from flows.restoring import restore
from flows.settings import Settings
from scrapers.archive import Archive
from scrapers.verify import Tally, verify
from tests.flows.conftest import Fazhi, differences
from tests.flows.server import Server
from tests.flows.test_shared_warehouse import both, differing
from tests.postgres import Postgres
from warehouse.ducklake import Lake

pytestmark = pytest.mark.slow
# the sample is too small for a cluster otherwise
ANY_SIZE = "from flows import cli, parse_pool; parse_pool.PARALLEL_FROM = 1; cli.main()"


@dataclass(frozen=True)
class Scaled:
    """What the run was given, and what it left."""

    fazhi: Fazhi
    mirror: str
    lake: Lake


@pytest.fixture(scope="module")
def scaled(prefect_api: str, postgres: Postgres, s3: str, tmp_path_factory: pytest.TempPathFactory) -> Scaled:
    folder = tmp_path_factory.mktemp("scaled")
    lake = Lake(f"ducklake:postgres:{postgres.create_database('lake_of_a_run')}", str(folder / "lake"))
    made = Scaled(Fazhi(folder / "home", prefect_api), f"{s3}/scaled", lake)
    made.fazhi.command = [sys.executable, "-c", ANY_SIZE]
    made.fazhi.environment |= {
        "FAZHI_DASK": "local:2",
        "FAZHI_MIRROR": made.mirror,
        "FAZHI_WAREHOUSE": lake.url,
        "FAZHI_LAKE_DATA": lake.data,
    }
    done = made.fazhi("run", timeout=900)
    assert done.returncode == 0, done.stderr
    return made


def test_parsed_on_dask_it_is_the_warehouse_of_a_plain_run(scaled: Scaled, undisturbed: tuple[Fazhi, str]) -> None:
    assert differences(scaled.fazhi, undisturbed[0]) == {}
    server = Server(scaled.fazhi.environment["PREFECT_API_URL"], {}, scaled.fazhi.home)
    tasks = server.post("/task_runs/filter", task_runs={"name": {"like_": "extract on Dask"}})
    assert [task["state"]["type"] for task in tasks] == ["COMPLETED"]


def test_the_mirror_has_all_that_was_fetched(scaled: Scaled, tmp_path: Path) -> None:
    copy = Settings(tmp_path / "copy")
    restore(copy, Remote(scaled.mirror))
    captures = []
    for home in (copy, Settings(scaled.fazhi.home)):
        with Archive(home.archive, read_only=True) as archive:
            captures.append(sorted(capture.capture_id for capture in archive.captures()))
    assert captures[0] == captures[1] != []
    assert list(verify(copy.archive, Tally())) == []


def test_the_lake_has_what_was_published(scaled: Scaled) -> None:
    with both(scaled.fazhi.warehouse, scaled.lake) as con:
        assert differing(con) == set()
        assert con.execute("from lake.published.snapshot").fetchall()
