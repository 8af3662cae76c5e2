"""A farm of small portals in, recall, precision, time and requests of two harvests out; Scrapy beside it.

`python -m bench f` calls it: farm, harvests and Scrapy are processes of their own on loopback. Scrapy is given the
addresses that the first harvest asked for, so it has nothing to find out, the same delay a host, and writes each answer
to a file.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scrapers.limits import SOURCES_AT_ONCE

ROOT = Path(__file__).resolve().parent.parent
MOST_SECONDS = 900


@dataclass(frozen=True)
class Sizes:
    """The farm and the harvests. publishers: bodies whose reports a site carries, four of each; delay: between two
    requests to a host; at_once: sources at a time."""

    sites: int = 200
    articles: int = 30
    publishers: int = 3
    fault_share: float = 0.05
    delay: float = 0.2
    at_once: int = SOURCES_AT_ONCE


@dataclass
class Farm:
    """A running farm: what it holds, and its log of requests since it was last asked."""

    process: subprocess.Popen[str]
    told: dict[str, Any]

    def log(self, *, plant: bool = False) -> list[list[Any]]:
        """[time, host, path, query, referer] of every request; plant: set the faults on again."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("plant\n" if plant else "log\n")
        self.process.stdin.flush()
        found: list[list[Any]] = json.loads(self.process.stdout.readline())
        return found


@contextmanager
def farm(sites: int, articles: int, fault_share: float, publishers: int = 3) -> Iterator[Farm]:
    """The test portal with so many sites, in a process of its own."""
    numbers = ["--sites", str(sites), "--articles", str(articles), "--fault-share", str(fault_share)]
    numbers += ["--publishers", str(publishers)]
    command = [sys.executable, "-m", "tests.portal", *numbers]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stdin
        try:
            yield Farm(process, json.loads(process.stdout.readline()))
        finally:
            process.stdin.close()
            process.wait(timeout=20)


def measured(command: list[str], given: dict[str, Any]) -> dict[str, Any]:
    """Run a worker, its task on its input; its last line is a JSON object of figures."""
    done = subprocess.run(
        command, cwd=ROOT, input=json.dumps(given), capture_output=True, text=True, timeout=MOST_SECONDS, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def politeness_bound(log: list[list[Any]], delay: float) -> tuple[str, float]:
    """The host that was asked most, and the shortest time in which so many requests are polite."""
    host, asked = Counter(entry[1] for entry in log).most_common(1)[0]
    return host, (asked - 1) * delay


def alone(worker: list[str], given: dict[str, Any], running: Farm, busiest: str, folder: str) -> float:
    """Seconds that the slowest portal takes where the processor is free: those that falter, with the pauses that they ask
    for or are granted, and the most asked one."""
    few = [
        source
        for source in given["sources"]
        if source["id"] in running.told["faults"] or busiest.startswith(f"{source['id']}.")
    ]
    figures = measured(worker, given | {"sources": few, "archive": f"{folder}/alone"})
    return float(figures["wall_s"])


def harvested(sizes: Sizes, scrapy: str | None) -> dict[str, Any]:
    """Harvest a new farm twice; scrapy: an interpreter that may have Scrapy."""
    with (
        tempfile.TemporaryDirectory(prefix="fazhi-bench-") as folder,
        farm(sizes.sites, sizes.articles, sizes.fault_share, sizes.publishers) as running,
    ):
        sources = [entry | {"delay_s": sizes.delay} for entry in running.told["sources"]]
        given = {"sources": sources, "archive": f"{folder}/archive", "at_once": sizes.at_once}
        worker = [sys.executable, "-m", "bench.harvest_worker"]
        first = measured(worker, given)
        log = running.log()
        host, polite = politeness_bound(log, sizes.delay)
        second = measured(worker, given)
        again = running.log(plant=True)
        slowest = alone(worker, given, running, host, folder)
        running.log(plant=True)
        wanted = {url for urls in running.told["reports"].values() for url in urls}
        stored = set(first["pages"])
        bound = max(slowest, first["cpu_s"])
        found: dict[str, Any] = {
            "sites": sizes.sites,
            "reports": len(wanted),
            "first": _costs(first, len(log)),
            "second": _costs(second, len(again)),
            "recall": round(len(wanted & stored) / len(wanted), 4),
            "precision": round(len(wanted & stored) / max(1, len(stored)), 4),
            "bound_s": round(bound, 1),
            "polite_s": round(polite, 1),
            "slowest_s": round(slowest, 1),
            "busiest_host": host,
            "time_over_bound": round(first["wall_s"] / bound, 2),
            "new_in_second": second["captures"] - first["captures"],
            "not_found": sorted(wanted - stored)[:5],
            "stored_for_nothing": sorted(stored - wanted)[:5],
            "troubles": len(first["troubles"]),
        }
        if scrapy and _has_scrapy(scrapy):
            found["scrapy"] = _beside_scrapy(scrapy, sizes.delay, running, log, Path(folder))
    return found


def _has_scrapy(python: str) -> bool:
    return not subprocess.run([python, "-c", "import scrapy"], capture_output=True, check=False).returncode


def _beside_scrapy(python: str, delay: float, running: Farm, log: list[list[Any]], folder: Path) -> dict[str, Any]:
    """Scrapy fetches the same addresses from the same farm with the same faults."""
    port = next(iter(running.told["sources"][0]["resolve"].values())).rpartition(":")[2]
    urls = list(
        dict.fromkeys(
            (f"http://{host}:{port}{path}{'?' + query if query else ''}", referer)
            for _, host, path, query, referer in log
        )
    )
    given: dict[str, Any] = {
        "urls": [pair for pair in urls if not pair[0].endswith("/robots.txt")],
        "delay": delay,
        "folder": str(folder / "scrapy"),
    }
    theirs = measured([python, "-m", "bench.scrapy_worker"], given)
    asked = running.log()
    about = {"version": theirs["version"], "stored": theirs["stored"], "wanted": len(given["urls"])}
    return _costs(theirs, len(asked)) | about


def _costs(figures: dict[str, Any], requests: int) -> dict[str, Any]:
    return {name: round(figures[name], 1) for name in ("wall_s", "cpu_s", "peak_mb")} | {"requests": requests}
