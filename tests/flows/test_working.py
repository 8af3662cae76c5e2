"""Runs whose process is gone are told as crashed and begun again, once and not for ever: on a real Prefect server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from flows import working
from flows.events import FLOW_RUN, Events
from flows.working import AGAIN, LOOK_BACK, MOST_TRIES, mend, working_on

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun, State

POOL = "tried"


@pytest.fixture(scope="module")
def client(prefect_api: str) -> Iterator[SyncPrefectClient]:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: prefect_api}), get_client(sync_client=True) as found:
        found.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
        yield found


@pytest.fixture(scope="module")
def deployment(client: SyncPrefectClient) -> UUID:
    answer = client._client.post("/flows/", json={"name": "tried"})
    made = client._client.post(
        "/deployments/", json={"name": "tried", "flow_id": answer.json()["id"], "work_pool_name": POOL}
    )
    assert made.status_code < 300, made.text
    return UUID(made.json()["id"])


def started(client: SyncPrefectClient, deployment: UUID, state: State[Any], **fields: Any) -> FlowRun:
    """A run of the deployment in this state."""
    run = client.create_flow_run_from_deployment(deployment, **fields)
    client.set_flow_run_state(run.id, state, force=True)
    return client.read_flow_run(run.id)


def told(client: SyncPrefectClient, run: FlowRun) -> str:
    state = client.read_flow_run(run.id).state
    return state.type.value if state else ""


def test_a_run_whose_process_is_gone_is_begun_again_once(
    client: SyncPrefectClient, deployment: UUID, tmp_path: Path
) -> None:
    from prefect.states import Running

    run = started(client, deployment, Running(), parameters={"full_sweep": True}, tags=["fazhi"])
    outer = client._client.post("/task_runs/", json={"flow_run_id": str(run.id), "task_key": "x", "dynamic_key": "0"})
    about = {"flow_id": str(run.flow_id), "parent_task_run_id": outer.json()["id"], "state": {"type": "RUNNING"}}
    inner = client._client.post("/flow_runs/", json=about).json()["id"]
    log = Events(tmp_path / "events.jsonl")
    (again,) = mend(client, POOL, log)
    assert told(client, run) == "CRASHED"
    assert client._client.get(f"/flow_runs/{inner}").json()["state"]["type"] == "CRASHED"
    successor = client.read_flow_run(again)
    assert successor.parameters == {"full_sweep": True}
    assert {"fazhi", f"{AGAIN}1"} <= set(successor.tags)
    assert told(client, successor) == "SCHEDULED"
    assert mend(client, POOL, log) == []
    lines = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text("utf-8").splitlines()]
    assert [line["event"] for line in lines] == ["run died", "run begun again"]


def test_a_run_that_dies_every_time_is_left(client: SyncPrefectClient, deployment: UUID, tmp_path: Path) -> None:
    from prefect.states import Running

    run = started(client, deployment, Running())
    log = Events(tmp_path / "events.jsonl")
    for tries in range(1, MOST_TRIES):
        (again,) = mend(client, POOL, log)
        client.set_flow_run_state(again, Running(), force=True)
        run = client.read_flow_run(again)
        assert f"{AGAIN}{tries}" in run.tags
    assert mend(client, POOL, log) == []
    assert told(client, run) == "CRASHED"


def test_runs_that_live_start_or_crashed_long_ago_are_left_alone(
    client: SyncPrefectClient, deployment: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect.states import Crashed, Pending, Running

    alive = started(client, deployment, Running())
    starting = started(client, deployment, Pending())
    old = started(client, deployment, Crashed())
    monkeypatch.setattr(working, "LOOK_BACK", timedelta())
    process = subprocess.Popen(
        [sys.executable, "-c", "print(flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, FLOW_RUN: str(alive.id)},
    )
    try:
        assert process.stdout
        process.stdout.readline()  # while a process is being put in another's place, its environment reads empty
        assert str(alive.id) in set(working_on())
        assert mend(client, POOL, Events(tmp_path / "events.jsonl")) == []
        assert [told(client, run) for run in (alive, starting, old)] == ["RUNNING", "PENDING", "CRASHED"]
    finally:
        process.communicate(b"\n", timeout=30)
    assert str(alive.id) not in set(working_on())
    monkeypatch.setattr(working, "LOOK_BACK", LOOK_BACK)
    assert len(mend(client, POOL, Events(tmp_path / "events.jsonl"))) == 2
    assert [told(client, run) for run in (alive, starting)] == ["CRASHED", "PENDING"]
