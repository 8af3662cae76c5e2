"""A real cluster of two workers: the rows of the serial path, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import Client, LocalCluster, WorkerPlugin

from flows.errors import FazhiError
from flows.extracting import extractor_version, pending
from flows.on_dask import OtherRelease, OutOfSight, extract_all, parse_batch, spread
from flows.settings import Settings
from scrapers.archive import Archive, Capture, Response
from tests.extracted import extract_into
from warehouse.staging import load, open_staging

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
PAGES = 110
PAGE = (
    "<html><head><title>样例市2022年法治政府建设年度报告</title></head><body><h1>样例市2022年法治政府建设年度报告</h1>"
    "<p>发布日期\uff1a2023-03-0{day}</p><div><p>一、主要举措和成效</p>{text}<p>样例市人民政府</p></div></body></html>"
)
TEXT = "<p>2022年\uff0c样例市共办理行政复议案件{number}件\uff0c纠错率{rate}%\uff0c开展执法检查{number}次\uff0c罚款{rate}.5万元。</p>"
TABLES = ("capture", "document", "section", "quantity")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("dask") / "archive"
    with Archive(root) as archive:
        run = archive.begin_run(NOW)
        for number in range(PAGES):
            url = f"http://a.invalid/{number}.html"
            text = "".join(TEXT.format(number=number + line, rate=line % 90 + 1) for line in range(6))
            response = Response(
                url, 200, "OK", [("Content-Type", "text/html; charset=utf-8")],
                PAGE.format(day=number % 9 + 1, text=text).encode(), [], NOW,
            )  # fmt: skip
            archive.store(response, source_id=f"demo-{number % 3}", run_id=run, canonical_url=url, role="page")
        archive.finish_runs()
    return root


@pytest.fixture(scope="module")
def captures(archive: Path) -> list[Capture]:
    with Archive(archive, read_only=True) as opened:
        return list(opened.captures())


@pytest.fixture(scope="module")
def serial(archive: Path, captures: list[Capture], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Any]]:
    with open_staging(tmp_path_factory.mktemp("serial") / "staging.duckdb") as staging:
        extract_into(staging, archive, captures)
        return rows(staging)


@pytest.fixture(scope="module")
def two_workers() -> Iterator[Client]:
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
    ):
        yield client


def rows(staging: Any) -> dict[str, list[Any]]:
    return {name: staging.execute(f"select * from staging.{name} order by all").fetchall() for name in TABLES}


def test_two_workers_give_the_rows_of_the_serial_path(
    two_workers: Client, archive: Path, captures: list[Capture], serial: dict[str, list[Any]],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    (tmp_path / "archive").symlink_to(archive)
    monkeypatch.setenv("FAZHI_DASK", two_workers.scheduler.address)
    settings = Settings(tmp_path)
    done: list[int] = []
    with open_staging(settings.staging) as staging:
        counts = extract_all(settings, staging, captures, done.append)
        assert sum(done) == counts["annual_report"] == PAGES
        assert rows(staging) == serial
        with Archive(archive, read_only=True) as opened:
            assert pending(opened, staging) == []


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    two_workers: Client, archive: Path, captures: list[Capture], serial: dict[str, list[Any]], tmp_path: Path
) -> None:
    victim = next(iter(two_workers.run(os.getpid).values()))
    loaded: list[str] = []
    with open_staging(tmp_path / "staging.duckdb") as staging:
        for number, tables in enumerate(spread(two_workers, archive, captures)):
            if number == 0:
                os.kill(victim, signal.SIGKILL)
            loaded += tables["document"]["capture_id"].to_pylist()
            load(staging, tables)
        assert rows(staging) == serial
    assert sorted(loaded) == sorted(capture.capture_id for capture in captures)
    assert victim not in two_workers.run(os.getpid).values()


def test_contents_are_sent_to_workers_that_do_not_see_the_archive(
    two_workers: Client, archive: Path, captures: list[Capture], serial: dict[str, list[Any]],
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    # a folder that only this process can read: it lies under its own working directory, theirs is another
    (tmp_path / "archive").symlink_to(archive)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(OutOfSight):
        two_workers.submit(parse_batch, "archive", captures[:1], None, extractor_version(), pure=False).result()
    with open_staging(tmp_path / "staging.duckdb") as staging:
        for tables in spread(two_workers, Path("archive"), captures):
            load(staging, tables)
        assert rows(staging) == serial


def test_a_damaged_record_stops_no_other(two_workers: Client, archive: Path, captures: list[Capture]) -> None:
    wrong = replace(captures[1], content_sha256="0" * 64)
    (tables,) = spread(two_workers, archive, [captures[0], wrong, captures[2]])
    errors = dict(
        zip(tables["document"]["capture_id"].to_pylist(), tables["document"]["error"].to_pylist(), strict=True)
    )
    assert [key for key, error in errors.items() if error] == [wrong.capture_id]
    assert "is not what was stored" in (errors[wrong.capture_id] or "")


class Poison(WorkerPlugin):  # type: ignore[misc]
    """A page at which a worker's process dies, as it would of a fault in a C library; on every worker that starts."""

    def __init__(self, url: str) -> None:
        self.url = url

    def setup(self, worker: Any) -> None:
        from flows import extracting

        parsed = extracting.parse_bytes

        def deadly(body: bytes, *, url: str | None, **about: Any) -> Any:
            return os._exit(1) if url == self.url else parsed(body, url=url, **about)

        extracting.parse_bytes = deadly


@pytest.mark.slow
def test_a_page_that_kills_its_worker_becomes_a_row_with_an_error(
    archive: Path, captures: list[Capture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.on_dask.SMALLEST", 4)
    deadly, some = captures[5], captures[:8]
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address="127.0.0.1:0") as cluster,
        Client(cluster) as client,
    ):
        client.register_plugin(Poison(deadly.url))
        errors: dict[str, str | None] = {}
        for tables in spread(client, archive, some):
            documents = tables["document"]
            errors |= zip(documents["capture_id"].to_pylist(), documents["error"].to_pylist(), strict=True)
    assert errors.keys() == {capture.capture_id for capture in some}
    assert {key for key, error in errors.items() if error} == {deadly.capture_id}
    assert "the worker that parsed it died" in (errors[deadly.capture_id] or "")


def test_another_release_on_a_worker_is_told(archive: Path, captures: list[Capture]) -> None:
    with pytest.raises(OtherRelease, match="install the same release"):
        parse_batch(str(archive), captures[:1], None, "another")


@pytest.mark.parametrize("named", ["yes", "local:0", "http://a.invalid:1", "tcp://a.invalid"])
def test_a_wrong_setting_is_named(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_DASK", named)
    with pytest.raises(FazhiError, match="FAZHI_DASK is"):
        _ = Settings(tmp_path).dask
