"""`fazhi deploy` against a real Prefect server: schedules, one run at a time, a scheduled run, messages."""

from __future__ import annotations

import asyncio
import json
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
from tests.flows.server import Server, prefect_server, worker
from tests.portal.server import PortalServer
from tests.portal.sites import make_site

RUN_LIMIT_S = 420.0
FIRE_LIMIT_S = 60.0
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
        answer = requests_post(
            server, f"/deployments/{harvest['id']}/schedules", [{"schedule": schedule, "slug": "now"}]
        )
        assert answer.ok, answer.text
        with worker(server):
            run = ended(server, harvest["id"], soon)
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
    wait_for(lambda: len(messages) >= 2, FIRE_LIMIT_S)
    subjects = sorted(message["subject"] for message in messages)
    assert subjects == ["fazhi: 2 new reports", "fazhi: source broken is broken"]


def requests_post(server: Server, path: str, body: Any) -> Any:
    import requests

    return requests.post(server.url + path, json=body, timeout=30)


def ended(server: Server, deployment: str, not_before: datetime) -> dict[str, Any]:
    """The first run of the deployment that was due from then on, once it has ended."""
    found: list[dict[str, Any]] = []

    def look() -> bool:
        runs = server.post(
            "/flow_runs/filter",
            flow_runs={"expected_start_time": {"before_": (not_before + timedelta(minutes=1)).isoformat()}},
            deployments={"id": {"any_": [deployment]}},
        )
        found[:] = [run for run in runs if run["state"]["type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")]
        return bool(found)

    wait_for(look, RUN_LIMIT_S)
    return found[0]


def wait_for(condition: Any, limit_s: float) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {limit_s:.0f} s"
        time.sleep(1)
