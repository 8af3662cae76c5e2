"""`fazhi doctor` and `fazhi archive verify` on an archive with a past: what they say, and with which exit status."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.errors import FazhiError
from flows.events import Events, name_run
from flows.lock import writing
from scrapers.archive import Archive, HarvestRun, Response

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
SOURCES = {"fine": 0, "failing": 0, "old": 100, "never": None}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four sources: one is fine, one fails now, one was last good 100 days ago, one was never asked."""
    registry = tmp_path / "sources"
    registry.mkdir()
    for key in SOURCES:
        entry = f"id: {key}\nname: 示例\nstart_urls: [http://{key}.invalid/]\n"
        (registry / f"{key}.yaml").write_text(entry, encoding="utf-8")
    home = tmp_path / "home"
    with Archive(home / "archive") as archive:
        for key, days in SOURCES.items():
            if days is not None:
                keep_run(archive, key, NOW - timedelta(days=days), "ok")
        keep_run(archive, "failing", NOW, "failed")
    monkeypatch.setenv("FAZHI_HOME", str(home))
    monkeypatch.setenv("FAZHI_SOURCES", str(registry))
    monkeypatch.setenv("FAZHI_NOW", NOW.isoformat())
    return home


def keep_run(archive: Archive, source: str, at: datetime, status: str) -> None:
    """A run that brought one page."""
    run_id = archive.begin_run(at)
    url = f"http://{source}.invalid/{at:%Y%m%d}"
    response = Response(url, 200, "OK", [("Content-Type", "text/html")], url.encode() * 20, [], at)
    archive.store(response, source_id=source, run_id=run_id, canonical_url=url, role="page")
    archive.record_run(HarvestRun(run_id, source, at, at, status, 1, 1, 1, 0, 0, 0, 0, "[]"))
    archive.finish_runs()


def call(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def findings() -> tuple[int, dict[str, tuple[str, str]]]:
    result = call("doctor", "--json")
    return result.exit_code, {item["what"]: (item["status"], item["detail"]) for item in json.loads(result.stdout)}


def test_doctor_names_sources_that_fail_are_stale_or_were_never_asked(home: Path) -> None:
    code, found = findings()
    assert code == 1
    assert found["failing sources"] == ("problem", "failing (failed): `fazhi sources check ID` says why")
    assert found["stale sources"][0] == "problem"
    assert found["stale sources"][1].startswith("old: ")
    assert found["never harvested"][1].startswith("never: ")
    assert found["archive parts"][0] == "ok"
    assert found["prefect"][0] == found["python"][0] == "ok"
    assert found["write lock"] == ("ok", "free")


def test_doctor_takes_no_run_to_come_for_a_good_one(home: Path) -> None:
    with Archive(home / "archive") as archive:
        keep_run(archive, "old", NOW + timedelta(days=300), "ok")
        keep_run(archive, "failing", NOW + timedelta(days=300), "ok")
    _, found = findings()
    assert found["failing sources"][1].startswith("failing (failed)")
    assert found["stale sources"][1].startswith("old: ")


def test_doctor_names_writer_and_damaged_part(home: Path) -> None:
    path = home / "archive" / "fine.warc.gz"
    data = bytearray(path.read_bytes())
    data[-20] ^= 0xFF
    path.write_bytes(data)
    (home / "staging.duckdb").write_bytes(b"no database")
    with writing(home / "write.lock", "run"):
        _, found = findings()
    assert found["archive parts"][0] == "problem"
    assert "fine.warc.gz at byte" in found["archive parts"][1]
    assert found["staging"][0] == "problem"
    assert found["write lock"][0] == "note"
    assert "`fazhi run`" in found["write lock"][1]


def test_doctor_finds_no_fault_with_a_staging_file_that_is_being_written(home: Path) -> None:
    script = f"from warehouse.staging import open_staging\nwith open_staging({home / 'staging.duckdb'!r}): print(flush=True); input()"
    script = "from pathlib import PosixPath\n" + script
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdin and writer.stdout and writer.stdout.readline()
        _, found = findings()
        writer.stdin.close()
    assert found["staging"][0] == "note"
    assert "another process" in found["staging"][1]
    _, found = findings()
    assert found["staging"][0] == "ok"


def test_commands_in_messages_are_not_broken_in_two(home: Path) -> None:
    """Where no terminal is, lines are as long as they are: what is printed can be searched and copied."""
    path = home / "archive" / "fine.warc.gz"
    path.write_bytes(path.read_bytes()[:300])
    said = call("archive", "verify").output
    lines = [line for line in said.splitlines() if "without" in line]
    assert lines and all("`fazhi archive reindex`" in line for line in lines)
    assert any(len(line) > 120 for line in said.splitlines())


def test_doctor_goes_on_without_an_index(home: Path) -> None:
    for path in (home / "archive").glob("index.sqlite*"):
        path.unlink()
    code, found = findings()
    assert code == 1
    assert "fazhi archive reindex" in found["archive"][1]


def test_doctor_asks_the_server_that_schedules(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert findings()[1]["prefect server"][0] == "note"

    class Healthy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/api/health" else 404)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{server.server_address[1]}/api")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        assert findings()[1]["prefect server"][0] == "ok"
        server.shutdown()
    status, detail = findings()[1]["prefect server"]
    assert status == "problem"
    assert "prefect server start" in detail


def test_verify_says_what_it_read_and_fails_for_a_damaged_part(home: Path) -> None:
    result = call("archive", "verify", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["problems"] == []
    assert (told["read"]["files"], told["read"]["contents"]) == (3, 3)
    path = home / "archive" / "old.warc.gz"
    path.unlink()
    result = call("archive", "verify", "--json")
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)["problems"]
    assert (problem["kind"], problem["file"]) == ("missing", "old.warc.gz")
    assert "backup" in problem["advice"]


def test_verify_needs_an_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_HOME", str(tmp_path / "nothing"))
    result = call("archive", "verify")
    assert isinstance(result.exception, FazhiError)
    assert not (tmp_path / "nothing").exists()


def test_every_line_of_the_log_names_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT__FLOW_RUN_ID", "0a1b")
    path = tmp_path / "logs" / "events.jsonl"
    log = Events(path)
    name_run("2026-03-02-01")
    try:
        log.emit("extract", "started")
        Events(path, "2026-03-01-01").emit("harvest", "started", source="x")
    finally:
        name_run("")
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [line["run_id"] for line in lines] == ["2026-03-02-01", "2026-03-01-01"]
    assert {line["flow_run"] for line in lines} == {"0a1b"}
    assert all(line["pid"] for line in lines)
