"""Damaged files: the archive and its index, the staging file, the export, the search index, what is published."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from bench.torture.ground import Ground, tells
from tests.flows.conftest import Fazhi


def damage(ground: Ground) -> int:
    """Each kind once; what cannot be mended by itself is told with the way out. Returns how many."""
    struck = 0
    for strike in (_archive, _cut_archive, _index, _staging, _cut_staging, _export, _search, _note, _published):
        if not ground.time_is_up(f"damage{strike.__name__}".replace("_", " ")):
            strike(ground)
            struck += 1
    return struck


def _archive(ground: Ground) -> None:
    fazhi = ground.copy("archive", of="new")
    file = max((fazhi.home / "archive").glob("*.warc.gz"), key=lambda path: path.stat().st_size)
    whole = file.read_bytes()
    middle = len(whole) // 2
    file.write_bytes(whole[:middle] + bytes(byte ^ 0xFF for byte in whole[middle : middle + 64]) + whole[middle + 64 :])
    result = fazhi("archive", "verify")
    ground.check("damaged record: verify says so", result.returncode == 1, result.stdout + result.stderr)
    tells(ground, "damaged record", result.stdout + result.stderr, file.name, "byte", "fazhi")
    rebuilt = fazhi("build", "--from-archive")
    if rebuilt.returncode:
        tells(ground, "damaged record, rebuilt", rebuilt.stdout + rebuilt.stderr, "report")
    lost = _reports(ground.new) - _reports(fazhi)
    ground.check("damaged record: at most the reports of that record are missing", len(lost) <= 2, lost)
    file.write_bytes(whole)
    ground.recovers("damaged record, put back", fazhi, "build", "--from-archive")


def _cut_archive(ground: Ground) -> None:
    fazhi = ground.copy("cut-archive", of="new")
    file = max((fazhi.home / "archive").glob("*.warc.gz"), key=lambda path: path.stat().st_size)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    result = fazhi("archive", "verify")
    ground.check("half an archive file: verify says so", result.returncode == 1, result.stdout + result.stderr)
    tells(ground, "half an archive file", result.stdout + result.stderr, file.name, "fazhi archive reindex")
    run = fazhi("run")
    tells(ground, "half an archive file, run", run.stdout + run.stderr)
    ground.old_or_new("half an archive file, run", fazhi)
    mended = fazhi("archive", "reindex")
    ground.check("half an archive file: reindex goes on without it", mended.returncode == 0, mended.stderr)
    ground.recovers("half an archive file, fetched again", fazhi, "run", "--full-sweep")


def _index(ground: Ground) -> None:
    fazhi = ground.copy("index", of="new")
    file = fazhi.home / "archive" / "index.sqlite"
    file.write_bytes(b"nonsense" * 512 + file.read_bytes()[4096:])
    result = fazhi("run")
    ground.check("archive index with a wrong head: the run fails", result.returncode == 1, result.returncode)
    tells(ground, "archive index", result.stdout + result.stderr, "index.sqlite", "fazhi archive reindex")
    ground.old_or_new("archive index", fazhi)
    mended = fazhi("archive", "reindex")
    ground.check("archive index: it is made anew", mended.returncode == 0, mended.stderr)
    ground.recovers("archive index", fazhi, "run", "--force")


def _staging(ground: Ground) -> None:
    fazhi = ground.copy("staging", of="new")
    file = fazhi.home / "staging.duckdb"
    whole = file.read_bytes()
    file.write_bytes(b"nonsense" * 512 + whole[4096:])
    _rebuilt(ground, "staging file with a wrong head", fazhi)


def _cut_staging(ground: Ground) -> None:
    fazhi = ground.copy("cut", of="new")
    file = fazhi.home / "staging.duckdb"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
    _rebuilt(ground, "staging file cut to a third", fazhi)


def _rebuilt(ground: Ground, what: str, fazhi: Fazhi) -> None:
    result = fazhi("run", "--force")
    ground.check(f"{what}: the run fails", result.returncode == 1, result.returncode)
    tells(ground, what, result.stdout + result.stderr, "staging.duckdb", "fazhi build --from-archive")
    ground.old_or_new(what, fazhi)
    ground.recovers(what, fazhi, "build", "--from-archive")


def _export(ground: Ground) -> None:
    fazhi = ground.copy("export", of="new")
    export = fazhi.home / "export"
    parquet = max(export.glob("*.parquet"), key=lambda path: path.stat().st_size)
    parquet.write_bytes(parquet.read_bytes()[:1000])
    half = fazhi.home / ".export.new"
    half.mkdir(exist_ok=True)
    (half / "fct_report.parquet").write_bytes(b"PAR1")
    ground.recovers("half-written export", fazhi, "build")
    manifest = json.loads((export / "manifest.json").read_text("utf-8"))["tables"]
    wrong = [name for name, item in manifest.items() if _digest(export / item["file"]) != item["sha256"]]
    ground.check("half-written export: every file is whole again", not wrong, wrong)
    ground.check("half-written export: the draft is gone", not half.exists(), half)


def _search(ground: Ground) -> None:
    fazhi = ground.copy("search", of="new")
    file = fazhi.home / "search.duckdb"
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    asked = fazhi("search", "\u884c\u653f\u590d\u8bae")
    tells(ground, "damaged search index", asked.stdout + asked.stderr, "fazhi build")
    ground.recovers("damaged search index", fazhi, "build")
    asked = fazhi("search", "\u884c\u653f\u590d\u8bae")
    ground.check("damaged search index: searching works again", asked.returncode == 0, asked.stderr)


def _note(ground: Ground) -> None:
    fazhi = ground.copy("note", of="new")
    (fazhi.home / "published.json").write_text('{"fingerprint": "', "utf-8")
    ground.recovers("half-written note of what is published", fazhi)


def _published(ground: Ground) -> None:
    fazhi = ground.copy("published", of="new")
    fazhi.warehouse.write_bytes(b"nonsense" * 512)
    asked = fazhi("query", "select 1")
    ground.check("damaged warehouse: a query says so", asked.returncode == 1, asked.returncode)
    tells(ground, "damaged warehouse", asked.stdout + asked.stderr, "warehouse.duckdb", "fazhi build")
    ground.recovers("damaged warehouse", fazhi, "build")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _reports(fazhi: Fazhi) -> set[tuple[object, ...]]:
    return set(fazhi.rows("select report_id from marts.fct_report"))
