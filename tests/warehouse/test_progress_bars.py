"""A build's output goes into pipes and logs: no connection that it opens may draw DuckDB's progress bar there.

Each is asked in an interpreter that DuckDB takes for an interactive one (`python -c`), where bars are on by default.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb

ASK = "select current_setting('enable_progress_bar')"

DEFAULT = f"""
import duckdb
print(duckdb.connect().execute("{ASK}").fetchall())
"""

DBT = f"""
import sys
from pathlib import Path
import yaml
from dbt.adapters.duckdb.credentials import DuckDBCredentials
from dbt.adapters.duckdb.environments import create
from warehouse.dbt import _write_profile
folder = Path(sys.argv[1])
profile = _write_profile(
    folder, staging=folder / "staging.duckdb", side=folder / "side.duckdb", scratch=folder / "scratch.duckdb",
    published=None,
)
written = yaml.safe_load((profile / "profiles.yml").read_text(encoding="utf-8"))
output = written["fazhi"]["outputs"]["side"]
known = {{key: value for key, value in output.items() if key not in ("type", "threads")}}
handle = create(DuckDBCredentials.from_dict(known)).handle()
print(handle.cursor().execute("{ASK}").fetchall())
"""

GATE = f"""
import sys
from pathlib import Path
import sqlalchemy
from expectations.validate import CHECKED, _buffered_results
folder = Path(sys.argv[1])
with _buffered_results({{CHECKED: folder / "staging.duckdb"}}, folder, None):
    with sqlalchemy.create_engine("duckdb:///:memory:").connect() as con:
        print(con.exec_driver_sql("{ASK}").fetchall())
"""


def said(script: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script, str(folder)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_no_connection_of_a_build_draws_progress_bars(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "staging.duckdb")).close()
    assert said(DEFAULT, tmp_path) == "[(True,)]"
    assert said(DBT, tmp_path) == "[(False,)]"
    assert said(GATE, tmp_path) == "[(False,)]"
