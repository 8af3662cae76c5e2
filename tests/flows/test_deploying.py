"""`fazhi deploy` against a real Prefect server: schedules, one run at a time, a scheduled run, messages."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from flows.errors import FazhiError
from flows.notifying import OCCASIONS, targets
from flows.settings import ROOT
from scrapers.archive import HarvestRun
from tests.flows.server import Server, prefect_server, worker
from tests.portal.server import PortalServer
from tests.portal.sites import make_site

RUN_LIMIT_S = 420.0
FIRE_LIMIT_S = 60.0
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with prefect_server(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def received() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A webhook: its url, and the messages that came."""
    messages: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            messages.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing on the terminal."""

    with HTTPServer(("127.0.0.1", 0), Hook) as hook:
        threading.Thread(target=hook.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{hook.server_address[1]}/hook", messages
        hook.shutdown()


def fazhi(server: Server, home: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "fazhi"), *map(str, arguments)],
        env={**server.environment, "FAZHI_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def dates(cron: str, zone: str) -> list[datetime]:
    """When a schedule of this kind fires in 2027, by the server's own reckoning."""
    from prefect.server.schemas.schedules import CronSchedule

    start, end = datetime(2027, 1, 1, tzinfo=CHINA), datetime(2028, 1, 1, tzinfo=CHINA)
    found = asyncio.run(CronSchedule(cron=cron, timezone=zone).get_dates(n=400, start=start, end=end))
    return [item.astimezone(CHINA) for item in found]


def test_schedules_follow_the_reporting_year() -> None:
    file = yaml.safe_load((ROOT / "prefect.yaml").read_text("utf-8"))
    named = {item["slug"]: item for deployment in file["deployments"] for item in deployment["schedules"]}
    fired = {slug: dates(item["cron"], item["timezone"]) for slug, item in named.items()}
    assert {day.weekday() for day in fired["season"]} == {0}
    assert Counter(day.month for day in fired["season"]) == {1: 4, 2: 4, 3: 5, 4: 4, 5: 5}  # Mondays of 2027
    assert [(day.month, day.day) for day in fired["rest-of-year"]] == [(month, 1) for month in range(6, 13)]
    assert [day.month for day in fired["full-sweep"]] == [2, 5, 8, 11]
    assert named["full-sweep"]["parameters"] == {"full_sweep": True}
    assert len(fired["nightly"]) == 365


def test_without_a_server_it_says_how_to_start_one(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT", "FAZHI"))}
    environment |= {"PREFECT_HOME": str(tmp_path / "prefect")}
    nobody = Server("", environment, tmp_path)
    done = fazhi(nobody, tmp_path / "home", "deploy")
    assert done.returncode == 1
    assert "prefect server start" in done.stderr
    assert not (tmp_path / "home").exists()
    nobody.environment["PREFECT_API_URL"] = "http://127.0.0.1:9/api"
    done = fazhi(nobody, tmp_path / "home", "deploy")
    assert done.returncode == 1
    assert "does not answer" in done.stderr


def test_a_source_is_news_when_it_was_fine_before() -> None:
    from flows.deployed import newly_broken

    runs = [
        HarvestRun("2026-03-02-01", key, NOW, NOW, status, 1, 0, 0, 0, 0, 0, 0, "[]")
        for key, status in {"a": "failed", "b": "failed", "c": "blocked", "d": "ok", "e": "partial"}.items()
    ]
    before = {"a": "ok", "b": "failed", "d": "failed", "e": "ok"}
    assert [run.source_id for run in newly_broken(before, runs)] == ["a", "c"]


def test_mail_goes_out_through_the_block(tmp_path: Path) -> None:
    """The block that `--notify mailto://…` saves, sending to a real SMTP server on the loopback."""
    from prefect.blocks.notifications import SlackWebhook
    from pydantic import SecretStr

    with mail_server() as (port, letters):
        target = targets([f"mailto://127.0.0.1:{port}?from=fazhi@a.invalid&to=you@b.invalid&mode=insecure"])[0]
        SlackWebhook(url=SecretStr(target.url)).notify("2 new reports", "fazhi")
    (letter,) = letters
    assert "Subject: fazhi" in letter
    assert "2 new reports" in letter


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[int, list[str]]]:
    """As much of SMTP as one letter needs; its port, and the letters that came."""
    letters: list[str] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            for line in self.rfile:
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    letters.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                if word == b"QUIT":
                    return

    with socketserver.TCPServer(("127.0.0.1", 0), Session) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], letters
        server.shutdown()


def test_addresses_that_nothing_can_be_sent_to() -> None:
    assert [item.kind for item in targets(["https://a.invalid/x", "mailtos://u:p@smtp.invalid?to=a@b.invalid"])] == [
        "webhook",
        "mail",
    ]
    assert targets(["none"]) == []
    assert "p@" not in targets(["mailtos://u:p@smtp.invalid"])[0].block_name
    for wrong in ("ftp://a.invalid", "a@b.invalid", "https://"):
        with pytest.raises(FazhiError, match="webhook"):
            targets([wrong])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_scheduled_run_fires_publishes_and_tells(
    server: Server, received: tuple[str, list[dict[str, Any]]], tmp_path: Path
) -> None:
    """Deployed twice; a run that its schedule alone starts ends well, leaves its artifacts, and messages arrive."""
    hook, messages = received
    home, sources = tmp_path / "home", tmp_path / "sources"
    sources.mkdir()
    with PortalServer() as portal:
        site = portal.add(make_site("trs", seed=1, articles=10, report_count=2))
        other = make_site("trs", key="broken", seed=2, articles=6, report_count=1)
        portal.add(other)
        # answers, but not with a list: an unreachable one would be tried three times
        moved = {"start_urls": [f"http://{other.host}/moved/"]}
        for item in (site, other):
            fields = {"delay_s": 0.01, "expect": {"min": 1}} | (moved if item is other else {})
            text = yaml.safe_dump(portal.source(item, **fields), allow_unicode=True)
            (sources / f"{item.key}.yaml").write_text(text, encoding="utf-8")
        for _ in range(2):
            done = fazhi(server, home, "deploy", "--sources", sources, "--notify", hook)
            assert done.returncode == 0, done.stdout + done.stderr
        deployments = {item["name"]: item for item in server.post("/deployments/filter")}
        assert set(deployments) == {"harvest", "rebuild"}
        harvest = deployments["harvest"]
        crons = {item["slug"]: (item["schedule"]["cron"], item["active"]) for item in harvest["schedules"]}
        assert crons == {
            "season": ("0 2 * 1-5 1", True),
            "rest-of-year": ("0 2 1 6-12 *", True),
            "full-sweep": ("0 2 20 2,5,8,11 *", True),
        }
        assert harvest["job_variables"]["env"]["FAZHI_HOME"] == str(home)
        assert harvest["global_concurrency_limit"]["limit"] == 1
        pools = {item["name"]: item["concurrency_limit"] for item in server.post("/work_pools/filter")}
        assert pools == {"fazhi": 1}
        assert len(server.post("/automations/filter")) == len(OCCASIONS)

        soon = datetime.now(UTC) + timedelta(seconds=5)
        schedule = {"interval": 86400, "anchor_date": soon.isoformat(), "timezone": "UTC"}
        server.post(f"/deployments/{harvest['id']}/schedules", [{"schedule": schedule, "slug": "now"}])
        with worker(server):
            run = started(server, harvest["id"], soon)
            rebuild = create_run(server, deployments["rebuild"]["id"], "beside")
            run, rebuild = ended(server, run["id"]), ended(server, rebuild["id"])
            (sources / "wrong.yaml").write_text("id: Wrong\n", encoding="utf-8")
            failed = ended(server, create_run(server, harvest["id"], "wrong")["id"])
    log = (server.folder / "worker.log").read_text("utf-8")
    assert run["state"]["type"] == "COMPLETED", f"{run['state']}\n{log[-5000:]}"
    assert run["auto_scheduled"]
    assert (home / "warehouse.duckdb").exists()
    artifacts = {item["key"]: item for item in server.post("/artifacts/latest/filter")}
    assert {"harvest", "gates", "new-reports", "run"} <= set(artifacts)
    told = {row["source"]: row["status"] for row in json.loads(artifacts["harvest"]["data"])}
    assert told[site.key] == "ok"
    assert told["broken"] == "failed"
    assert len(json.loads(artifacts["new-reports"]["data"])) == 2
    assert rebuild["state"]["type"] == "COMPLETED", rebuild["state"]
    assert rebuild["start_time"] >= run["end_time"], "two runs wrote at once"
    assert failed["state"]["type"] == "FAILED"
    wait_for(lambda: len(messages) >= 3, FIRE_LIMIT_S)
    told = {message["subject"]: message["text"] for message in messages}
    assert set(told) == {"fazhi: 2 new reports", "fazhi: source broken is broken", "fazhi: a run failed"}
    assert "wrong.yaml" in told["fazhi: a run failed"]
    events = [json.loads(line) for line in (home / "logs" / "events.jsonl").read_text("utf-8").splitlines()]
    assert {event["flow_run"] for event in events} <= {run["id"], rebuild["id"], failed["id"]}
    assert {event["run_id"] for event in events if event["flow_run"] == run["id"]} == {events[0]["run_id"]}
    assert len({event["run_id"] for event in events if event["flow_run"] == rebuild["id"]}) == 1


def create_run(server: Server, deployment: str, key: str) -> dict[str, Any]:
    """A run that somebody asks for now."""
    found: dict[str, Any] = server.post(
        f"/deployments/{deployment}/create_flow_run", state={"type": "SCHEDULED"}, idempotency_key=key
    )
    return found


def started(server: Server, deployment: str, not_before: datetime) -> dict[str, Any]:
    """The run of the deployment that its schedule asked for at that time, once it is running or has ended."""
    found: list[dict[str, Any]] = []

    def look() -> bool:
        runs = server.post(
            "/flow_runs/filter",
            flow_runs={"expected_start_time": {"before_": (not_before + timedelta(minutes=1)).isoformat()}},
            deployments={"id": {"any_": [deployment]}},
        )
        found[:] = [run for run in runs if run["state"]["type"] in (*ENDED, "RUNNING")]
        return bool(found)

    wait_for(look, RUN_LIMIT_S)
    return found[0]


def ended(server: Server, run_id: str) -> dict[str, Any]:
    """The run, once it has come to an end."""
    found: list[dict[str, Any]] = []

    def look() -> bool:
        found[:] = server.post("/flow_runs/filter", flow_runs={"id": {"any_": [run_id]}})
        return bool(found) and found[0]["state"]["type"] in ENDED

    wait_for(look, RUN_LIMIT_S)
    return found[0]


def wait_for(condition: Any, limit_s: float) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {limit_s:.0f} s"
        time.sleep(3)
