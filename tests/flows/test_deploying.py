"""The services of docker-compose.yml as processes, with PostgreSQL: schedules, one run at a time, kills, messages."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
import yaml

from flows.errors import FazhiError
from flows.notifying import OCCASIONS, targets
from flows.settings import ROOT
from flows.site import PAGES
from flows.working import AGAIN
from tests.flows.composed import Composed, composed
from tests.flows.server import Server
from tests.portal.server import PortalServer
from tests.portal.sites import make_site
from tests.postgres import running_postgres
from warehouse.snapshots import snapshots

RUN_LIMIT_S = 600.0
FIRE_LIMIT_S = 60.0
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")
CHINA = ZoneInfo("Asia/Shanghai")


@contextlib.contextmanager
def webhook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
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
    for setting, told in {
        "FAZHI_WAREHOUSE=ducklake:postgres:postgresql://me:s3cret@db.invalid/lake": "carries a password",
        "FAZHI_DASK=yes": "FAZHI_DASK is 'yes'",
        "FAZHI_SHARE=4/2": "FAZHI_SHARE is '4/2'",
    }.items():
        name, _, value = setting.partition("=")
        wrong = Server("", {**nobody.environment, name: value}, tmp_path)
        done = fazhi(wrong, tmp_path / "home", "deploy")
        assert (done.returncode, told in done.stderr, "s3cret" in done.stderr) == (1, True, False), done.stderr


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


@dataclass
class Story:
    """What happened to the deployment: services that are still up, the runs, and the messages that came."""

    services: Composed
    home: Path
    site: str
    deployments: dict[str, dict[str, Any]] = field(default_factory=dict)
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Deployed twice; a schedule fires; worker, server and database are killed in the midst of its run and started
    again; a rebuild is asked for while the run begun again builds; at last a run with a wrong registry file."""
    folder = tmp_path_factory.mktemp("composed")
    home, sources = folder / "home", folder / "sources"
    sources.mkdir()
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(running_postgres())
        portal, (hook, messages) = stack.enter_context(PortalServer()), stack.enter_context(webhook())
        site = portal.add(make_site("trs", seed=1, articles=10, report_count=2))
        other = portal.add(make_site("trs", key="broken", seed=2, articles=6, report_count=1))
        # answers, but not with a list: an unreachable one would be tried three times
        moved = {"start_urls": [f"http://{other.host}/moved/"]}
        for item in (site, other):
            fields = {"delay_s": 0.01, "expect": {"min": 1}} | (moved if item is other else {})
            text = yaml.safe_dump(portal.source(item, **fields), allow_unicode=True)
            (sources / f"{item.key}.yaml").write_text(text, encoding="utf-8")
        given = {"FAZHI_SOURCES": str(sources), "FAZHI_HOST_LOCKS": "turns"}
        services = stack.enter_context(composed(folder, home, database, given))
        told = Story(services, home, site.key, messages=messages)
        # the runs' own working directory is another one
        services.leave_out("worker", "FAZHI_HOST_LOCKS")
        services.start("server")
        for words in ((), ("--notify", hook)):
            done = services.run("deploy", *words)
            assert done.returncode == 0, done.stdout + done.stderr
        server = services.server
        told.deployments = {item["name"]: item for item in server.post("/deployments/filter")}
        harvest = told.deployments["harvest"]["id"]
        soon = datetime.now(UTC) + timedelta(seconds=5)
        schedule = {"interval": 86400, "anchor_date": soon.isoformat(), "timezone": "UTC"}
        server.post(f"/deployments/{harvest}/schedules", [{"schedule": schedule, "slug": "now"}])
        services.start("worker")
        wait_for(lambda: in_step(home, "extract"), RUN_LIMIT_S)
        for name in ("worker", "server", "database"):
            services.kill(name)
        for name in ("database", "server", "worker"):
            services.restart(name)
        again = found(server, RUN_LIMIT_S, tags={"all_": [f"{AGAIN}1"]}, state={"type": {"any_": ["RUNNING", *ENDED]}})
        rebuild = create_run(server, told.deployments["rebuild"]["id"], "beside")
        told.runs["again"], told.runs["rebuild"] = ended(server, again["id"]), ended(server, rebuild["id"])
        (sources / "wrong.yaml").write_text("id: Wrong\n", encoding="utf-8")
        told.runs["wrong"] = ended(server, create_run(server, harvest, "wrong")["id"])
        own = {"deployment_id": {"any_": [harvest]}, "tags": {"all_": ["fazhi"]}}
        died = {"state": {"type": {"any_": ["CRASHED"]}}}
        told.runs["scheduled"] = found(server, FIRE_LIMIT_S, **own, **died)
        with contextlib.suppress(AssertionError):
            wait_for(lambda: any("wrong.yaml" in message["text"] for message in messages), FIRE_LIMIT_S)
        yield told


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_deploying_twice_leaves_one_of_each(story: Story) -> None:
    server = story.services.server
    assert set(story.deployments) == {"harvest", "rebuild"}
    harvest = story.deployments["harvest"]
    crons = {item["slug"]: (item["schedule"]["cron"], item["active"]) for item in harvest["schedules"]}
    assert crons == {
        "season": ("0 2 * 1-5 1", True),
        "rest-of-year": ("0 2 1 6-12 *", True),
        "full-sweep": ("0 2 20 2,5,8,11 *", True),
    }
    passed_on = harvest["job_variables"]["env"]
    assert passed_on["FAZHI_HOME"] == str(story.home)
    turns = story.services.folder / "turns"
    assert passed_on["FAZHI_HOST_LOCKS"] == str(turns)
    assert list(turns.iterdir()), "the run harvests by it, though its worker was started without"
    # what is not given must not hide what the worker is given
    assert not {"FAZHI_DASK", "FAZHI_MIRROR", "FAZHI_WAREHOUSE", "FAZHI_LAKE_DATA", "FAZHI_SHARE"} & set(passed_on)
    # a killed server forgets who holds the slot of such a limit, and nothing would run any more
    assert harvest["global_concurrency_limit"] is None
    pools = {item["name"]: item["concurrency_limit"] for item in server.post("/work_pools/filter")}
    assert pools == {"fazhi": 1}
    assert len(server.post("/automations/filter")) == len(OCCASIONS)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_a_scheduled_run_fires_and_what_a_kill_broke_off_is_finished(story: Story) -> None:
    server, runs = story.services.server, story.runs
    assert runs["scheduled"]["auto_scheduled"]
    assert runs["scheduled"]["state"]["type"] == "CRASHED"
    assert runs["again"]["state"]["type"] == "COMPLETED", f"{runs['again']['state']}\n{story.services.log('worker')}"
    assert len(server.post("/flow_runs/filter", flow_runs={"tags": {"any_": [f"{AGAIN}1", f"{AGAIN}2"]}})) == 1
    assert server.post("/flow_runs/filter", flow_runs={"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}) == []
    published = [event for event in events_of(story.home) if (event["step"], event["event"]) == ("publish", "finished")]
    assert [event["flow_run"] for event in published].count(runs["again"]["id"]) == 1
    assert len(snapshots(story.home / "snapshots", story.home / "warehouse.duckdb")) == len(published)
    artifacts = {item["key"]: item for item in server.post("/artifacts/latest/filter")}
    assert {"harvest", "gates", "new-reports", "run"} <= set(artifacts)
    told = {row["source"]: row["status"] for row in json.loads(artifacts["harvest"]["data"])}
    assert told == {story.site: "ok", "broken": "failed"}
    news = server.post("/artifacts/filter", artifacts={"key": {"any_": ["new-reports"]}})
    assert 2 in [len(json.loads(item["data"])) for item in news]


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_two_runs_never_write_at_once(story: Story) -> None:
    rebuild, again = story.runs["rebuild"], story.runs["again"]
    assert rebuild["state"]["type"] == "COMPLETED", rebuild["state"]
    assert rebuild["start_time"] >= again["end_time"]
    events = events_of(story.home)
    ids = {
        name: {event["run_id"] for event in events if event.get("flow_run") == run["id"]}
        for name, run in story.runs.items()
    }
    assert ids["again"] >= ids["scheduled"] - {""}, "begun again as the same harvest"
    assert len(ids["again"]) == len(ids["rebuild"]) == 1


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_messages_say_what_is_new_what_broke_and_what_failed(story: Story) -> None:
    subjects = Counter(message["subject"] for message in story.messages)
    failed = subjects.pop("fazhi: a run failed", 0)
    assert subjects == {"fazhi: 2 new reports": 1, "fazhi: source broken is broken": 1}
    # a server that was killed itself may tell of the crash a quarter of an hour later: it waits for events it forgot
    assert failed in (1, 2)
    assert any("wrong.yaml" in message["text"] for message in story.messages)
    crashes = story.services.server.post("/events/filter", filter={"event": {"name": ["prefect.flow-run.Crashed"]}})
    about = {event["resource"]["prefect.resource.id"] for event in crashes["events"]}
    assert f"prefect.flow-run.{story.runs['scheduled']['id']}" in about
    assert story.runs["wrong"]["state"]["type"] == "FAILED"


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_figures_are_there_for_prometheus(story: Story) -> None:
    ours = (story.home / "metrics" / "fazhi.prom").read_text("utf-8")
    assert 'fazhi_rows{table="fct_report"} 2\n' in ours
    assert 'fazhi_source_ok{source="broken",status="failed"} 0\n' in ours
    theirs = requests.get(f"{story.services.server.url}/metrics", timeout=30)
    assert theirs.ok
    assert "# TYPE " in theirs.text


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.parametrize(("name", "needs"), [("site", PAGES / "index.html"), ("bi", None)])
def test_explorer_and_bi_answer(story: Story, name: str, needs: Path | None) -> None:
    """Their own commands and health checks; neither answers before it is started."""
    if needs and not needs.exists():
        pytest.skip("the explorer's pages are not built (`make site`, needs npm)")
    if name == "bi" and not importlib.util.find_spec("duckdb_extension_httpfs"):
        pytest.skip("`fazhi quack` needs the package duckdb-extension-httpfs")
    assert not story.services.is_alive(name)
    story.services.start(name)


def in_step(home: Path, step: str) -> bool:
    """Whether a run in this folder has begun the step."""
    return any(event["step"] == step for event in events_of(home))


def events_of(home: Path) -> list[dict[str, Any]]:
    """The event log; a line that is just being written is not there yet."""
    log = home / "logs" / "events.jsonl"
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def create_run(server: Server, deployment: str, key: str) -> dict[str, Any]:
    """A run that somebody asks for now."""
    made: dict[str, Any] = server.post(
        f"/deployments/{deployment}/create_flow_run", state={"type": "SCHEDULED"}, idempotency_key=key
    )
    return made


def ended(server: Server, run_id: str) -> dict[str, Any]:
    """The run, once it has come to an end."""
    return found(server, RUN_LIMIT_S, id={"any_": [run_id]}, state={"type": {"any_": [*ENDED]}})


def found(server: Server, limit_s: float, **which: Any) -> dict[str, Any]:
    """The first run of which this holds, once there is one."""
    runs: list[dict[str, Any]] = []

    def look() -> bool:
        runs[:] = server.post("/flow_runs/filter", flow_runs=which)
        return bool(runs)

    wait_for(look, limit_s)
    return runs[0]


def wait_for(condition: Callable[[], bool], limit_s: float) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {limit_s:.0f} s"
        time.sleep(1)
