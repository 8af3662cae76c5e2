"""Kills at ten points of scheduled runs in; whether each job was finished with nothing lost or doubled, out.

`python -m tests.flows.kill_battery [--jobs 1 3]` prints a JSON line a job and ends with status 1 where one is not right.
Worker, server and database are the services of docker-compose.yml; a kill takes every process of a service at once, and
what was killed is started again as compose would. A job is a run over the sample portal in a folder of its own; it is
right when one run of it completed, no run hangs, the server's slots are free, the marts are those of an undisturbed run,
one state was published and one message of news was told. About fifteen minutes on two free cores.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from flows.working import AGAIN
from tests.flows.composed import Composed, composed
from tests.flows.conftest import Fazhi, differences
from tests.postgres import running_postgres
from warehouse.snapshots import snapshots

JOB_LIMIT_S = 1800.0
LOOK_EVERY_S = 0.05
RESTARTED = ("database", "server", "worker")


@dataclass(frozen=True)
class Point:
    """What is killed, when the step of the job begins."""

    killed: tuple[str, ...]
    step: str


# jobs of two kills at most, since a run is begun three times at most
JOBS: tuple[tuple[Point, ...], ...] = (
    (Point(("worker",), "harvest"), Point(("worker",), "publish")),
    (Point(("server",), "extract"), Point(("worker",), "build")),
    (Point(("database",), "harvest"), Point(("server",), "marts-gate")),
    (Point(("server",), "staging-gate"), Point(("database",), "publish")),
    (Point(("worker", "server", "database"), "extract"), Point(("database",), "build")),
)


@dataclass
class Outcome:
    """How a job went; `wrong` is empty where all is right."""

    points: list[str]
    seconds: float = 0.0
    tries: int = 0
    wrong: list[str] = field(default_factory=list)


def battery(folder: Path, jobs: Sequence[int] = range(1, len(JOBS) + 1)) -> Iterator[Outcome]:
    """Run these jobs, by number, one after the other."""
    with running_postgres() as database:
        calm = folder / "undisturbed" / "home"
        with composed(calm.parent, calm, database, {}, "undisturbed") as services:
            begin(services)
            finish(services, JOB_LIMIT_S)
        for number in jobs:
            place = folder / f"job{number}"
            with composed(place, place / "home", database, {}, f"job{number}") as services:
                yield one_job(services, JOBS[number - 1], calm)


def one_job(services: Composed, points: Sequence[Point], calm: Path) -> Outcome:
    """Begin a job, kill at each point, start again what was killed, and look at what came of it."""
    outcome = Outcome([f"{'+'.join(point.killed)} at {point.step}" for point in points])
    started = time.monotonic()
    begin(services)
    try:
        for point in points:
            seen = begun(services.home, point.step)
            wait(lambda point=point, seen=seen: begun(services.home, point.step) > seen, JOB_LIMIT_S, services)  # type: ignore[misc]
            for name in point.killed:
                services.kill(name)
            for name in RESTARTED:
                if name in point.killed:
                    services.restart(name)
        outcome.tries = finish(services, JOB_LIMIT_S)
        outcome.wrong = faults(services, calm)
    except AssertionError as error:
        outcome.wrong.append(str(error))
    outcome.seconds = round(time.monotonic() - started, 1)
    return outcome


def begin(services: Composed) -> None:
    """Server, schedules, worker, and a run that is asked for."""
    services.start("server")
    done = services.run("deploy")
    assert done.returncode == 0, done.stdout + done.stderr
    services.start("worker")
    found = {item["name"]: item["id"] for item in services.server.post("/deployments/filter")}
    services.server.post(
        f"/deployments/{found['harvest']}/create_flow_run", state={"type": "SCHEDULED"}, idempotency_key="job"
    )


def finish(services: Composed, limit_s: float) -> int:
    """Wait until the job's last run has completed; returns how many runs it took."""
    wait(lambda: any(run["state"]["type"] == "COMPLETED" for run in runs_of(services)), limit_s, services, every_s=2)
    return len(runs_of(services))


def faults(services: Composed, calm: Path) -> list[str]:
    """What was lost, doubled or left over."""
    wrong = []
    runs = runs_of(services)
    completed = [run for run in runs if run["state"]["type"] == "COMPLETED"]
    if len(completed) != 1:
        wrong.append(f"{len(completed)} runs completed")
    hanging = services.server.post("/flow_runs/filter", flow_runs={"state": {"type": {"any_": ["RUNNING", "PENDING"]}}})
    wrong += [f"{run['name']} hangs as {run['state']['name']}" for run in hanging]
    ours, theirs = (Fazhi(home, services.server.url) for home in (services.home, calm))
    wrong += [f"marts.{table}: {rows}" for table, rows in differences(ours, theirs).items()]
    kept = snapshots(services.home / "snapshots", services.home / "warehouse.duckdb")
    if len(kept) != 1:
        wrong.append(f"{len(kept)} states published: {[item.snapshot_id for item in kept]}")
    told = [event for event in events(services.home) if event["event"] == "fazhi.reports.new"]
    ((reports,),) = ours.rows("select count(*) from marts.fct_report")
    if [event["count"] for event in told] != [reports]:
        wrong.append(f"told of {[event['count'] for event in told]} new reports where there are {reports}")
    return wrong


def runs_of(services: Composed) -> list[dict[str, Any]]:
    """The run that was asked for and those begun in its place."""
    found: list[dict[str, Any]] = services.server.post(
        "/flow_runs/filter", flow_runs={"deployment_id": {"is_null_": False}}, sort="EXPECTED_START_TIME_ASC"
    )
    ours = [run for run in found if not run["auto_scheduled"]]
    return [run for run in ours if run["idempotency_key"] == "job" or any(AGAIN in tag for tag in run["tags"])]


def begun(home: Path, step: str) -> int:
    """How often a step was begun."""
    return sum((event["step"], event["event"]) == (step, "started") for event in events(home))


def events(home: Path) -> list[dict[str, Any]]:
    """The event log, without a line that is half written."""
    log = home / "logs" / "events.jsonl"
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    return [json.loads(line) for line in lines if line.endswith("}")]


def wait(condition: Callable[[], bool], limit_s: float, services: Composed, *, every_s: float = LOOK_EVERY_S) -> None:
    """Wait, and start again meanwhile what ended by itself."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {limit_s:.0f} s:\n{services.log('worker')}"
        services.keep_up()
        time.sleep(every_s)


def main() -> int:
    """Run it in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    every = range(1, len(JOBS) + 1)
    parser.add_argument("--jobs", type=int, nargs="+", default=every, choices=every, help="only these")
    with tempfile.TemporaryDirectory(prefix="fazhi-kills-") as folder:
        right = True
        for outcome in battery(Path(folder), parser.parse_args().jobs):
            print(json.dumps(asdict(outcome), ensure_ascii=False), flush=True)
            right = right and not outcome.wrong
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
