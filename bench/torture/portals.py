"""Portals with every fault of the test farm: sound ones are harvested whole, the command says which are not and why."""

from __future__ import annotations

from pathlib import Path

import yaml

from bench.harvest import farm
from bench.torture.ground import ENDED_WELL, Ground, Home, tells
from tests.flows.conftest import Fazhi

SITES = 12
ARTICLES = 12
FAULTY = 0.5


def misbehave(ground: Ground) -> str:
    """Two runs over the farm; returns how many portals had a fault."""
    home = ground.folder / "portals"
    with farm(SITES, ARTICLES, FAULTY) as running:
        registry = ground.folder / "registry"
        _write(registry, running.told["sources"])
        fazhi = Home(home, ground.api)
        fazhi.environment["FAZHI_SOURCES"] = str(registry)
        result = fazhi("run")
        ground.check("faulty portals: the run publishes", result.returncode in ENDED_WELL, result.stderr)
        wanted = {url for urls in running.told["reports"].values() for url in urls}
        ground.check("faulty portals: every report is had", wanted <= _pages(fazhi), sorted(wanted - _pages(fazhi))[:5])
        tells(ground, "faulty portals", result.stderr)
        before = _pages(fazhi)
        again = fazhi("run")
        ground.check("faulty portals: again ends well", again.returncode in ENDED_WELL, again.stderr)
        ground.check("faulty portals: nothing twice", _captures(fazhi) == len(before), (_captures(fazhi), len(before)))
        return f"{len(running.told['faults'])} of {SITES}: {', '.join(sorted(set(running.told['faults'].values())))}"


def _write(folder: Path, sources: list[dict[str, object]]) -> None:
    folder.mkdir(exist_ok=True)
    for source in sources:
        text = yaml.safe_dump({**source, "delay_s": 0.05}, allow_unicode=True)
        (folder / f"{source['id']}.yaml").write_text(text, encoding="utf-8")


def _pages(fazhi: Fazhi) -> set[object]:
    import duckdb

    with duckdb.connect(str(fazhi.home / "staging.duckdb"), read_only=True) as con:
        return {
            url for (url,) in con.execute("select canonical_url from staging.capture where role = 'page'").fetchall()
        }


def _captures(fazhi: Fazhi) -> int:
    import duckdb

    with duckdb.connect(str(fazhi.home / "staging.duckdb"), read_only=True) as con:
        return int(con.execute("select count(*) from staging.capture where role = 'page'").fetchall()[0][0])
