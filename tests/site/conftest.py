"""A warehouse built by dbt from made reports, its explorer, and servers that show it; skipped where a tool is absent."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.settings import Settings
from flows.site import build_site
from tests.conftest import ROOT
from tests.site.reports import add_hostile
from tests.warehouse.conftest import Built, built
from warehouse.parquet_export import export_parquet
from warehouse.publish import publish
from warehouse.search_index import update_index

__all__ = ["built"]
SITE = ROOT / "site"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass(frozen=True)
class Explored:
    """A home with a published warehouse, its search index and its explorer; pages: what that was built from."""

    settings: Settings
    pages: Path

    @property
    def folder(self) -> Path:
        return self.settings.home / "site"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.settings.warehouse), read_only=True) as con:
            con.execute("use marts")
            return con.execute(sql).fetchall()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages as they are built from the sources now, in a folder of this worker."""
    if shutil.which("node") is None:
        pytest.skip("node is absent, so the explorer's pages cannot be built: `make browser` installs it")
    if not (SITE / "node_modules" / "esbuild").is_dir():
        pytest.skip("site/node_modules is absent: `make browser` installs what the explorer is built with")
    folder = tmp_path_factory.mktemp("pages") / "dist"
    subprocess.run(["node", str(SITE / "build.mjs"), str(folder)], check=True, timeout=120)
    return folder


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, built: Built) -> Settings:
    """A home whose warehouse dbt built from sound reports; two hostile ones were put into it before it was published."""
    settings = Settings(tmp_path_factory.mktemp("explorer"), ())
    settings.home.mkdir(exist_ok=True)
    side = settings.home / "side.duckdb"
    shutil.copyfile(built.side, side)
    add_hostile(side)
    publish(side, settings.warehouse)
    export_parquet(settings.warehouse, settings.export)
    update_index(settings.warehouse, settings.search, snapshot_id="made")
    return settings


@pytest.fixture(scope="session")
def explored(pages: Path, home: Settings) -> Explored:
    assert build_site(home, None, pages) == 0
    return Explored(home, pages)


@pytest.fixture(scope="session")
def served(explored: Explored) -> Iterator[str]:
    """The address of `fazhi serve`."""
    port = _free_port()
    command = [str(Path(sys.executable).parent / "fazhi"), "serve", "--port", str(port)]
    with _server(command, port, {**os.environ, "FAZHI_HOME": str(explored.settings.home)}) as address:
        yield address


@pytest.fixture(scope="session")
def plain(explored: Explored) -> Iterator[str]:
    """The address of a server that knows nothing of the explorer, and no ranges either."""
    port = _free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", str(explored.folder)]
    with _server(command, port, dict(os.environ)) as address:
        yield address


Browse = Callable[[str, list[dict[str, Any]]], dict[str, Any]]


@pytest.fixture(scope="session")
def browse(pages: Path) -> Browse:
    """Visit pages with a browser: see `browse.mjs` for what is asked and what comes back."""
    if CHROMIUM is None:
        pytest.skip("chromium is absent: `make browser` installs it")
    if not (SITE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("site/node_modules is absent: `make browser` installs what the browser is driven with")

    def visit(base: str, visits: list[dict[str, Any]]) -> dict[str, Any]:
        done = subprocess.run(
            ["node", str(Path(__file__).parent / "browse.mjs"), f"{SITE}{os.sep}", str(CHROMIUM)],
            input=json.dumps({"base": base, "visits": visits}),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        seen: dict[str, Any] = json.loads(done.stdout)
        assert {name: page.get("failed") for name, page in seen.items() if "failed" in page} == {}
        return seen

    return visit


@contextmanager
def _server(command: list[str], port: int, environment: dict[str, str]) -> Iterator[str]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except OSError:
                assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
