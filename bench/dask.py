"""An archive of made pages in, reports a second of extraction on one and on two Dask workers out, staging filled.

`python -m bench.dask [--reports 800]` (not as a file: its name would hide Dask's). Rounds on one and on two workers take
turns, so that what else the machine does falls on both. The bar, 1.7 times the throughput, counts where two cores are
free: the load before and how much of two cores the rounds got are printed. Ends with status 1 where it is missed then.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.archived import FIRST_AT, bodies_of, make_archive
from bench.machine import machine, noise, revision
from flows.on_dask import cluster, extract_by, spread
from flows.settings import Settings
from scrapers.archive import Archive, Capture
from warehouse.staging import open_staging

BAR = 1.7
# above this load before the start two cores are not free
FREE = 0.6
TABLES = ("capture", "document", "section", "quantity")


def extraction(home: Path, captures: list[Capture], workers: int) -> dict[str, Any]:
    """One round: the workers are up and have parsed a page before the time is taken."""
    settings = Settings(home)
    settings.staging.unlink(missing_ok=True)
    with cluster(f"local:{workers}", settings.work) as client:
        for _ in range(workers):
            list(spread(client, settings.archive, captures[: 20 * workers]))
        before, own, start = client.run(time.process_time), time.process_time(), time.perf_counter()
        with open_staging(settings.staging) as staging:
            extract_by(client, settings, staging, captures, lambda count: None)
        seconds = time.perf_counter() - start
        after = client.run(time.process_time)
        own = time.process_time() - own
    with open_staging(settings.staging) as staging:
        digest = [
            staging.execute(f"select count(*), bit_xor(hash(t)) from staging.{name} as t").fetchall() for name in TABLES
        ]
    busy = sum(after[name] - before[name] for name in after)
    return {
        "per_s": len(captures) / seconds,
        "worker_cpu_ms": 1000 * busy / len(captures),
        "asker_cpu_ms": 1000 * own / len(captures),
        "cores": (busy + own) / seconds,
        "tables": repr(digest),
    }


def main() -> int:
    """Print a line for each round, then the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.dask", description=__doc__)
    parser.add_argument("--reports", type=int, default=800)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the figures here too")
    asked = parser.parse_args()
    about: dict[str, Any] = {"machine": machine(), "noise": noise(), "revision": revision()}
    rounds: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory(prefix="fazhi-bench-") as name:
        folder = Path(name)
        root = folder / "archive"
        make_archive(
            root, 0, asked.reports, bodies=bodies_of(asked.reports), at=FIRST_AT, scratch=folder / "made.duckdb"
        )
        with Archive(root, read_only=True) as archive:
            captures = list(archive.captures())
        size = sum(path.stat().st_size for path in root.glob("*.warc.gz")) / len(captures)
        for _ in range(asked.rounds):
            for workers in rounds:
                found = extraction(folder, captures, workers)
                rounds[workers].append(found)
                told = {key: round(value, 2) for key, value in found.items() if key != "tables"}
                print(
                    f"{workers} worker{'s' if workers > 1 else ' '}: {told}, load {os.getloadavg()[0]:.1f}", flush=True
                )
    same = len({found["tables"] for each in rounds.values() for found in each}) == 1
    middle = {
        workers: {key: round(statistics.median(found[key] for found in each), 2) for key in each[0] if key != "tables"}
        for workers, each in rounds.items()
    }
    ratio = middle[2]["per_s"] / middle[1]["per_s"]
    free = about["machine"]["load_before"] <= FREE and about["machine"]["cores"] >= 2
    figures = {
        **about,
        "captures": len(captures),
        "warc_bytes": round(size),
        "workers": middle,
        "ratio": round(ratio, 2),
    }
    figures |= {"same_tables": same, "two_cores_free": free}
    print(json.dumps(figures, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(f"two workers / one: {ratio:.2f} (bar {BAR}{'' if free else ', which does not count: the machine was busy'})")
    return 0 if same and (ratio >= BAR or not free) else 1


if __name__ == "__main__":
    sys.exit(main())
