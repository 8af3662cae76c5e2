"""Sources as JSON on the input, one harvest of them all into an archive, its figures as JSON on the output."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bench.peak import peak_mb
from scrapers.archive import Archive, HarvestRun
from scrapers.harvest import harvest_source
from scrapers.registry import Source
from scrapers.threads import ease_threads


def main() -> None:
    given = json.load(sys.stdin)
    sources = [Source.model_validate(entry) for entry in given["sources"]]
    root = Path(given["archive"])
    ease_threads()
    began, used = time.monotonic(), time.process_time()
    with Archive(root) as archive:
        run_id = archive.begin_run(datetime.now(UTC))

    def harvest(source: Source) -> HarvestRun:
        with Archive(root) as archive:
            return harvest_source(source, archive, run_id)

    with ThreadPoolExecutor(given["at_once"]) as pool:
        runs = list(pool.map(harvest, sources))
    with Archive(root) as archive:
        archive.finish_runs()
        costs = {"wall_s": time.monotonic() - began, "cpu_s": time.process_time() - used}
        captures = list(archive.captures())
    figures = {
        **costs,
        "peak_mb": peak_mb(),
        "captures": len(captures),
        "pages": [capture.canonical_url for capture in captures if capture.role == "page"],
        "troubles": {run.source_id: f"{run.status} {run.reasons}" for run in runs if run.status != "ok"},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
