"""Portals with every fault of the test farm: sound ones are harvested whole, the command says which are not and why."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import yaml

from bench.harvest import farm
from bench.torture.ground import Ground, Home, tells
from flows.errors import Exit
from tests.flows.conftest import Fazhi
from warehouse.connect import quoted

SITES = 12
ARTICLES = 12
FAULTY = 0.5
# a portal that is not there at all
GONE = "gone"
NOWHERE = "127.0.0.1:9"


def misbehave(ground: Ground) -> str:
    """Two runs over the farm; returns how many portals had a fault."""
    home, registry = ground.folder / "portals", ground.folder / "registry"
    for folder in (home, registry):
        shutil.rmtree(folder, ignore_errors=True)
    with farm(SITES, ARTICLES, FAULTY) as running:
        _write(registry, running.told["sources"])
        fazhi = Home(home, ground.api)
        fazhi.environment["FAZHI_SOURCES"] = str(registry)
        result = fazhi("run")
        ground.check("faulty portals: the run publishes", result.returncode == Exit.SOURCES_FAILED, result.stderr)
        tells(ground, "faulty portals", result.stderr, GONE, "failed")
        wanted = {url for urls in running.told["reports"].values() for url in urls}
        had = _pages(fazhi)
        missing = sorted(wanted - set(had))
        ground.check("faulty portals: every report is had", not missing, missing[:5])
        again = fazhi("run")
        ground.check("faulty portals: again ends as it did", again.returncode == Exit.SOURCES_FAILED, again.stderr)
        later = _pages(fazhi)
        ground.check("faulty portals: nothing twice", later == had, (len(later), len(had)))
        faults = running.told["faults"].values()
        return f"{len(faults)} of {SITES}, one more is gone: {', '.join(sorted(set(faults)))}"


def _write(folder: Path, sources: list[dict[str, Any]]) -> None:
    folder.mkdir()
    host = f"{GONE}.portal.invalid"
    gone = sources[0] | {"id": GONE, "resolve": {host: NOWHERE}, "start_urls": [f"http://{host}/list.html"]}
    for source in [*sources, gone]:
        text = yaml.safe_dump({**source, "delay_s": 0.05}, allow_unicode=True)
        (folder / f"{source['id']}.yaml").write_text(text, encoding="utf-8")


def _pages(fazhi: Fazhi) -> list[str]:
    """The address of each page's content that staging holds."""
    with duckdb.connect() as con:
        con.execute(f"attach {quoted(fazhi.home / 'staging.duckdb')} as held (read_only)")
        rows = con.execute("select canonical_url from held.staging.capture where role = 'page' order by 1").fetchall()
    return [url for (url,) in rows]
