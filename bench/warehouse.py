"""Numbers of reports in, seconds and peak memory of building them out: the whole, then an increment of 100 reports.

`python bench/warehouse.py --reports 1000,10000,100000` prints a table and writes it as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

# the repository is on the path only now
from bench.synthetic import YEARS  # noqa: E402
from warehouse.connect import attach_read_only  # noqa: E402
from warehouse.staging import open_staging  # noqa: E402

INCREMENT = 100

MAKE = """
import sys
from pathlib import Path
from bench.synthetic import make_reports
first, last, bodies, run = map(int, sys.argv[2:])
make_reports(Path(sys.argv[1]) / "staging.duckdb", first, last, bodies=bodies, run=run)
"""

BUILD = """
import sys
from pathlib import Path
from warehouse.dbt import build
folder = Path(sys.argv[1])
published = folder / "warehouse.duckdb"
result = build(
    staging=folder / "staging.duckdb", side=folder / "side.duckdb", work=folder / "work", unit_tests=False,
    published=published if published.exists() else None,
)
print(result.mode, result.reason or "", f"dbt {result.seconds:.1f} s")
(folder / "side.duckdb").replace(published)
"""

GATES = """
import sys
from pathlib import Path
from expectations.gates import run_gate
folder = Path(sys.argv[1])
for name, file in (("staging", "staging.duckdb"), ("marts", "warehouse.duckdb")):
    result = run_gate(name, folder / file, folder / "reports")
    print("passed" if result.passed else "failed: " + ", ".join(c.name for c in result.checks if not c.passed), end=" ")
"""


def measured(script: str, folder: Path, *arguments: int) -> dict[str, object]:
    """Run a script on the folder in a process of its own; gives wall and CPU seconds, peak resident memory and what
    it printed.

    This process must stay small: what it holds when the other one is begun counts as that one's.
    """
    said, started = folder / "said.txt", time.perf_counter()
    with said.open("wb") as out:
        child = os.posix_spawn(
            sys.executable,
            [sys.executable, "-c", script, str(folder), *map(str, arguments)],
            os.environ | {"PYTHONPATH": str(ROOT)},
            file_actions=[(os.POSIX_SPAWN_DUP2, out.fileno(), 1)],
        )
        _, status, usage = os.wait4(child, 0)
    if status:
        raise SystemExit(f"the measured process failed with status {status}; see {folder}")
    answer = said.read_text(encoding="utf-8").strip()
    seconds = round(time.perf_counter() - started, 1)
    cpu = round(usage.ru_utime + usage.ru_stime, 1)
    return {"seconds": seconds, "cpu_s": cpu, "peak_gb": round(usage.ru_maxrss / 1024**2, 2), "answer": answer}


def bench(reports: int, folder: Path, *, gates: bool) -> dict[str, object]:
    """Make the reports, build them, add 100, build those."""
    staging, bodies = folder / "staging.duckdb", max(1, reports // YEARS)
    made = measured(MAKE, folder, 0, reports, bodies, 1)
    row: dict[str, object] = {"reports": reports, "making_s": made["seconds"]}
    with open_staging(staging) as con:
        row["quantities"] = con.execute("select count(*) from staging.quantity").fetchall()[0][0]
    row["staging_gb"] = round(staging.stat().st_size / 1024**3, 2)
    row["whole"] = measured(BUILD, folder)
    with attach_read_only(folder / "warehouse.duckdb") as con:
        # staging holds those of copies on other portals and of older versions too
        row["quantities_of_reports"] = con.execute("select quantities from rpt_build").fetchall()[0][0]
    row["warehouse_gb"] = round((folder / "warehouse.duckdb").stat().st_size / 1024**3, 2)
    if gates:
        row["gates"] = measured(GATES, folder)
    measured(MAKE, folder, reports, reports + INCREMENT, bodies, 2)
    row["increment"] = measured(BUILD, folder)
    return row


def main() -> None:
    """Print a line for each number of reports and write all as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", default="1000,10000,100000", help="numbers of reports, with commas between")
    parser.add_argument("--json", type=Path, default=Path("bench-warehouse.json"), help="where the figures are written")
    parser.add_argument("--folder", type=Path, help="where to build; kept afterwards (default: a temporary folder)")
    parser.add_argument("--gates", action="store_true", help="measure both gates too")
    arguments = parser.parse_args()
    rows = []
    for reports in map(int, arguments.reports.split(",")):
        folder = arguments.folder / str(reports) if arguments.folder else Path(tempfile.mkdtemp(prefix="fazhi-bench-"))
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        rows.append(bench(reports, folder, gates=arguments.gates))
        print(json.dumps(rows[-1]), flush=True)
        if not arguments.folder:
            shutil.rmtree(folder)
    arguments.json.write_text(json.dumps({"cores": os.cpu_count(), "rows": rows}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
