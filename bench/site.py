"""A published warehouse in, the cost of its explorer out: seconds, files and bytes, then each page's time to usable.

`python -m bench.site data/warehouse.duckdb` builds in a temporary folder; pages need what `make browser` installs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb

from bench.machine import ROOT, machine, noise
from bench.tree import measured
from warehouse.connect import attach_read_only, quoted

MOST_S = 3600
DRIVER = ROOT / "tests" / "site" / "browse.mjs"
FAZHI = str(Path(sys.executable).parent / "fazhi")
# the largest of each kind, so that the pages measured are the slowest
LARGEST = {
    "report": "select report_id from fct_report order by quantities desc, report_id limit 1",
    "publisher": "select publisher_id from fct_indicator_yearly group by all order by count(*) desc, 1 limit 1",
    "indicator": "select indicator_id from fct_indicator_yearly group by all order by count(*) desc, 1 limit 1",
    "region": "select coalesce(province_code, 'unknown') from dim_publisher group by all order by count(*) desc, 1 limit 1",
    "words": "select name from dim_publisher order by reports desc, publisher_id limit 1",
}
NUMBERED = (
    *("publisher_id", "report_id", "quantity_id", "indicator_yearly_id", "coverage_id", "check_id", "section_id"),
    *("version_id", "name"),
)
QUERY = "select report_year, count(*), median(value) from fct_indicator_yearly group by all order by all"


def main() -> None:
    """Measure, print, and write as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("warehouse", type=Path)
    parser.add_argument(
        "--times", type=int, default=1, help="put every body and its reports into the warehouse so often"
    )
    parser.add_argument("--rounds", type=int, default=5, help="visits of each page, of which the median counts")
    parser.add_argument("--folder", type=Path, help="where to build; default: the temporary folder")
    parser.add_argument("--json", type=Path, help="where the figures are written")
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="fazhi-bench-", dir=asked.folder))
    try:
        _multiply(asked.warehouse.resolve(), home / "warehouse.duckdb", asked.times)
        figures = {"machine": machine(), "noise": noise(), "times": asked.times, **_measured(home, asked.rounds)}
    finally:
        shutil.rmtree(home, ignore_errors=True)
    told = json.dumps(figures, ensure_ascii=False, indent=1)
    print(told)
    if asked.json:
        asked.json.write_text(told + "\n", encoding="utf-8")


def _multiply(source: Path, target: Path, times: int) -> None:
    """The same warehouse, with each body, its reports and what hangs on them so many times under other ids."""
    if times == 1:
        target.symlink_to(source)
        return
    with duckdb.connect(str(target)) as con:
        con.execute(f"attach {quoted(source)} as source (read_only)")
        con.execute("set preserve_insertion_order = false")
        con.execute("create schema marts")
        columns: dict[str, list[str]] = {}
        for table, column in con.execute(
            "select table_name, column_name from duckdb_columns() where database_name = 'source' "
            "and schema_name = 'marts' order by all"
        ).fetchall():
            columns.setdefault(table, []).append(column)
        for table, names in columns.items():
            own = [name for name in names if name in NUMBERED] if "publisher_id" in names else []
            numbered = ", ".join(f"{name} || '~' || turn as {name}" for name in own)
            several = (
                f"select * exclude (turn) replace ({numbered}) from source.marts.{table}, range({times}) as t (turn)"
            )
            con.execute(f"create table marts.{table} as {several if own else f'from source.marts.{table}'}")


def _measured(home: Path, rounds: int) -> dict[str, Any]:
    warehouse = home / "warehouse.duckdb"
    environment = {**os.environ, "FAZHI_HOME": str(home)}
    with attach_read_only(warehouse) as con:
        counts = con.execute("select (select count(*) from fct_report), (select count(*) from fct_quantity)").fetchall()
        largest = {name: str(con.execute(sql).fetchall()[0][0]) for name, sql in LARGEST.items()}
    build = measured([FAZHI, "site"], env=environment, most_s=MOST_S)
    files = [file for file in (home / "site").rglob("*") if file.is_file()]
    kinds: dict[str, dict[str, Any]] = {}
    for file in files:
        entry = kinds.setdefault(file.relative_to(home / "site").parts[:2][-1], {"files": 0, "mb": 0.0})
        entry["files"] += 1
        entry["mb"] = round(entry["mb"] + file.stat().st_size / 1e6, 3)
    kinds = {name: entry for name, entry in kinds.items() if entry["files"] > 1}
    found = {"reports": counts[0][0], "quantities": counts[0][1], "build": build, "files": len(files), "kinds": kinds}
    chromium = shutil.which("chromium")
    if chromium is None:
        return {**found, "pages": "chromium is absent: `make browser` installs it"}
    with _served(environment) as address:
        return {**found, "pages": _visited(address, largest, chromium, rounds)}


def _visited(address: str, largest: dict[str, str], chromium: str, rounds: int) -> dict[str, Any]:
    names = {name: quote(value, safe="") for name, value in largest.items()}
    paths = {
        "overview": "",
        "indicators": "indicators.html",
        "indicator": f"indicator.html?id={names['indicator']}",
        "publisher": f"publisher.html?id={names['publisher']}",
        "region": f"region.html?code={names['region']}",
        "report": f"report.html?id={names['report']}",
        "search": f"search.html?q={names['words']}",
        "quality": "quality.html",
        "sql": "sql.html",
    }
    visits: list[dict[str, Any]] = [
        {"name": f"{name} {turn}", "path": path, "pause": 0} for turn in range(rounds) for name, path in paths.items()
    ]
    run = [["fill", "textarea", QUERY], ["click", "main button"], ["wait", "[aria-live] :is(td, [role=alert])"]]
    visits.append({"name": "query", "path": "sql.html", "steps": run, "read": {"said": "[aria-live] [role]"}})
    said = subprocess.run(
        ["node", str(DRIVER), f"{ROOT / 'site'}{os.sep}", chromium],
        input=json.dumps({"base": address, "visits": visits}),
        capture_output=True,
        text=True,
        timeout=MOST_S,
        check=True,
    )
    seen = json.loads(said.stdout)
    pages: dict[str, Any] = {}
    for name in paths:
        ready = [seen[f"{name} {turn}"]["ready"] for turn in range(rounds)]
        pages[name] = {"median_ms": round(statistics.median(ready)), "most_ms": round(max(ready))}
    return {**pages, "query": seen["query"]["texts"].get("said") or seen["query"].get("failed")}


@contextmanager
def _served(environment: dict[str, str]) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = subprocess.Popen([FAZHI, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
