"""A farm of small portals in, recall, precision, time and requests of two harvests out; Scrapy beside it.

`python -m bench.harvest [--sites 200] [--scrapy PYTHON]`: farm, harvests and Scrapy are processes of their own on
loopback. Scrapy is given the addresses that the first harvest asked for, so it has nothing to find out, the same delay
a host, and writes each answer to a file. Ends with status 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SLACK = 1.15  # of the politeness bound, or of the time that the processor was needed
SHARE_OF_SECOND_RUN = 0.1
MOST_SECONDS = 900


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


def main() -> int:
    options = _options()
    bars: list[tuple[str, str, bool]] = []
    # what other processes take, these figures lack
    print(f"machine  {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before the start")
    with (
        tempfile.TemporaryDirectory(prefix="fazhi-bench-") as folder,
        farm(options.sites, options.articles, options.fault_share, options.publishers) as running,
    ):
        sources = [entry | {"delay_s": options.delay} for entry in running.told["sources"]]
        given = {"sources": sources, "archive": f"{folder}/archive", "at_once": options.at_once}
        worker = [sys.executable, "-m", "bench.harvest_worker"]
        first = measured(worker, given)
        log = running.log()
        host, polite = politeness_bound(log, options.delay)
        second = measured(worker, given)
        again = running.log(plant=True)
        wanted = {url for urls in running.told["reports"].values() for url in urls}
        stored = set(first["pages"])
        bound = max(polite, first["cpu_s"])
        _say("first", first, len(log))
        print(f"         politeness bound {polite:.1f} s ({host}), processor {first['cpu_s']:.1f} s")
        _say("second", second, len(again))
        bars += [
            ("recall", f"{len(wanted & stored) / len(wanted):.4f}", wanted <= stored),
            ("precision", f"{len(wanted & stored) / max(1, len(stored)):.4f}", stored <= wanted),
            ("time / bound", f"{first['wall_s'] / bound:.2f} ≤ {SLACK}", first["wall_s"] <= SLACK * bound),
            (
                "requests of the second run",
                f"{len(again) / len(log):.3f} ≤ {SHARE_OF_SECOND_RUN}",
                len(again) <= SHARE_OF_SECOND_RUN * len(log),
            ),
            (
                "new versions in the second run",
                str(second["captures"] - first["captures"]),
                second == second | {"captures": first["captures"]},
            ),
        ]
        for url in sorted(wanted - stored)[:5]:
            print(f"         not found: {url}")
        for url in sorted(stored - wanted)[:5]:
            print(f"         stored for nothing: {url}")
        for source, reasons in sorted(first["troubles"].items())[:5]:
            print(f"         {source}: {reasons}")
        if options.scrapy:
            bars += _beside_scrapy(options, running, first, log, Path(folder))
    for name, value, passed in bars:
        print(f"{'ok  ' if passed else 'FAIL'} {name}: {value}")
    return 0 if all(passed for *_, passed in bars) else 1


def _beside_scrapy(
    options: argparse.Namespace, running: Farm, ours: dict[str, Any], log: list[list[Any]], folder: Path
) -> list[tuple[str, str, bool]]:
    """Scrapy fetches the same addresses from the same farm with the same faults."""
    port = next(iter(running.told["sources"][0]["resolve"].values())).rpartition(":")[2]
    urls = list(
        dict.fromkeys(
            (f"http://{host}:{port}{path}{'?' + query if query else ''}", referer)
            for _, host, path, query, referer in log
        )
    )
    given = {
        "urls": [pair for pair in urls if not pair[0].endswith("/robots.txt")],
        "delay": options.delay,
        "folder": str(folder / "scrapy"),
    }
    theirs = measured([options.scrapy, "-m", "bench.scrapy_worker"], given)
    asked = running.log()
    _say("Scrapy", theirs, len(asked))
    print(f"         version {theirs['version']}, {theirs['stored']} of {len(given['urls'])} answers stored")
    return [
        ("time / Scrapy's", f"{ours['wall_s'] / theirs['wall_s']:.2f}", ours["wall_s"] <= theirs["wall_s"]),
        ("memory / Scrapy's", f"{ours['peak_mb'] / theirs['peak_mb']:.2f}", ours["peak_mb"] <= theirs["peak_mb"]),
    ]


def _say(name: str, figures: dict[str, Any], requests: int) -> None:
    print(
        f"{name:8} {figures['wall_s']:6.1f} s wall, {figures['cpu_s']:6.1f} s processor, {figures['peak_mb']:5.0f} MB peak, "
        f"{requests:,} requests",
        flush=True,
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.harvest", description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--articles", type=int, default=30)
    parser.add_argument("--publishers", type=int, default=3, help="bodies whose reports a site carries, four of each")
    parser.add_argument("--fault-share", type=float, default=0.05)
    parser.add_argument("--delay", type=float, default=0.2, help="seconds between two requests to a host")
    parser.add_argument("--at-once", type=int, default=32, help="sources at a time")
    parser.add_argument("--scrapy", metavar="PYTHON", help="an interpreter that has Scrapy")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
