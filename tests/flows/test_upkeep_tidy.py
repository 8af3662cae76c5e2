"""`fazhi tidy` cuts what is older than is kept, says so, and leaves everything else; the figures for Prometheus."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows import upkeep_tidy
from flows.building import KEEP_REPORTS
from flows.cli import app
from flows.events import Events
from flows.lock import writing
from flows.settings import Settings
from flows.upkeep_tidy import KEEP_LOGS, tidy
from tests.flows.conftest import Fazhi

LINE = re.compile(r'^\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+]+$')


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """More of everything than is kept; limits as small as a test wants them."""
    monkeypatch.setattr(upkeep_tidy, "LOG_BYTES", 4000)
    monkeypatch.setattr(upkeep_tidy, "SERVER_BYTES", 1000)
    monkeypatch.setattr(upkeep_tidy, "KEEP_LINES", 10)
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path))
    settings = Settings(tmp_path)
    log = Events(settings.log)
    for number in range(60):
        log.emit("harvest", "page", number=number)
    for number in range(KEEP_LOGS + 3):
        (settings.log.parent / f"events-2026010{number // 10}T00000{number % 10}Z.jsonl.gz").write_bytes(b"x")
    for number in range(KEEP_REPORTS + 2):
        folder = settings.reports / f"20260101T0000{number:02}Z-staging"
        folder.mkdir(parents=True)
        (folder / "staging.json").write_text("{}")
    lines = [json.dumps({"check_name": f"c{number}"}) + "\n" for number in range(25)]
    (settings.reports / "history.jsonl").write_text("".join(lines))
    settings.prefect.mkdir()
    (settings.prefect / "prefect.db").write_bytes(bytes(2000))
    for name, days in (("told.part", 5), ("published.part", 0)):
        path = tmp_path / name
        path.write_text("{")
        os.utime(path, (path.stat().st_mtime - days * 86_400,) * 2)
    for path in (settings.archive / "a.warc.gz", settings.warehouse, settings.staging):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"stays")
    return tmp_path


def files(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_what_is_cut_and_what_stays(home: Path) -> None:
    settings = Settings(home)
    before = settings.log.read_bytes()
    kept = {name: data for name, data in files(home).items() if b"stays" in data}
    changes = tidy(settings, Events(settings.log))
    after = files(home)
    assert {name: after[name] for name in kept} == kept
    packed = sorted(settings.log.parent.glob("events-*.jsonl.gz"))
    assert len(packed) == KEEP_LOGS
    assert gzip.decompress(packed[-1].read_bytes()) == before, "no line is lost"
    assert len(list(settings.reports.glob("*-staging"))) == KEEP_REPORTS
    assert not (settings.reports / "20260101T000000Z-staging").exists()
    history = [json.loads(line)["check_name"] for line in (settings.reports / "history.jsonl").open()]
    assert history == [f"c{number}" for number in range(15, 25)]
    assert not (settings.prefect / "prefect.db").exists()
    assert not (home / "told.part").exists()
    assert (home / "published.part").exists(), "somebody may be writing it"
    logged = [json.loads(line) for line in settings.log.read_text("utf-8").splitlines()]
    assert [line["event"] for line in logged] == ["cut"] * len(changes)
    assert all(change.freed > 0 for change in changes)
    assert tidy(settings, Events(settings.log)) == []


def test_dry_run_only_says_it(home: Path) -> None:
    before = files(home)
    result = CliRunner().invoke(app, ["tidy", "--dry-run"])
    assert result.exit_code == 0, result.output
    assert "would free" in result.stdout
    told = json.loads(CliRunner().invoke(app, ["tidy", "--dry-run", "--json"]).stdout)
    assert told["dry_run"] and len(told["cut"]) == result.stdout.count("would free")
    assert {"what", "why", "freed"} == set(told["cut"][0])
    after = files(home)
    assert {name: data for name, data in after.items() if name != "write.lock"} == before


def test_it_waits_for_nobody_who_writes(home: Path) -> None:
    before = files(home)
    with writing(Settings(home).lock, "run"):
        result = CliRunner().invoke(app, ["tidy"])
    assert "held by" in str(result.exception)
    assert {name: data for name, data in files(home).items() if name != "write.lock"} == before


@pytest.mark.slow
def test_figures_of_a_published_warehouse(undisturbed: tuple[Fazhi, str], tmp_path: Path) -> None:
    """The command on a copy: every line in Prometheus's format, and the figures those of the warehouse."""
    import shutil

    original = undisturbed[0]
    home = tmp_path / "home"
    shutil.copytree(original.home, home, ignore=shutil.ignore_patterns("snapshots", "export", "prefect", "build"))
    copied = Fazhi(home, original.environment["PREFECT_API_URL"])
    result = copied("metrics")
    assert result.returncode == 0, result.stderr
    assert result.stdout == (home / "metrics" / "fazhi.prom").read_text("utf-8")
    lines = [line for line in result.stdout.splitlines() if not line.startswith("#")]
    assert [line for line in lines if not LINE.match(line)] == []
    ((reports,),) = original.rows("select count(*) from marts.fct_report")
    assert f'fazhi_rows{{table="fct_report"}} {reports}' in lines
    ((sources,),) = original.rows("select count(distinct source_id) from marts.rpt_harvest")
    assert sum(line.startswith("fazhi_source_ok{") for line in lines) == sources
    assert 'fazhi_gate_failed{gate="marts",severity="error"} 0' in lines
