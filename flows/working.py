"""`fazhi work`: a Prefect worker of the pool kept running, and runs that died with their process begun again.

The server cannot know that a run's process was killed: the run would say Running for ever and, as the pool lets one run
through at a time, nothing would run again. The processes of this machine are the truth: a run whose process is gone is
told as crashed, and a new run with the same parameters takes its place. A run goes on where the killed one stopped, so
nothing is lost or done twice. One machine at a time serves the pool.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.errors import FazhiError
from flows.events import FLOW_RUN, Events, console
from flows.settings import Settings

if TYPE_CHECKING:
    from uuid import UUID

    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun, State

# a run's process is there some seconds after the worker has taken the run
STARTING = timedelta(seconds=90)
# what crashed longer ago is not begun again: the schedule has come round since
LOOK_BACK = timedelta(hours=24)
# a run that kills its process, for want of memory say, must not be begun for ever
MOST_TRIES = 3
AGAIN = "fazhi-again-"
LOOK_EVERY_S = 20.0
END_WITHIN_S = 240


def work(settings: Settings, pool: str, look_every_s: float = LOOK_EVERY_S) -> int:
    """Run until stopped, or until the worker ends; returns the worker's exit status."""
    from prefect.settings import get_current_settings

    if not get_current_settings().api.url:
        raise FazhiError(
            "there is no Prefect server to work for: start one (`prefect server start`), set PREFECT_API_URL "
            "(http://127.0.0.1:4200/api), give `fazhi deploy` once, then this command again"
        )
    log = Events(settings.log)
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", pool, "--type", "process"]
    worker = subprocess.Popen([*command, "--with-healthcheck"])
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: _pass_on(worker, number))
    threading.Thread(target=_look_after, args=(log, pool, ended, look_every_s), daemon=True).start()
    status = worker.wait()
    ended.set()
    return max(status, 0)


def _pass_on(worker: subprocess.Popen[bytes], number: int) -> None:
    """Let the worker end as it would by itself: it stops its run first."""
    if worker.poll() is None:
        worker.send_signal(number)


def _look_after(log: Events, pool: str, ended: threading.Event, every_s: float) -> None:
    from prefect.client.orchestration import get_client

    # not at once: a server that was just started passes events on some seconds after it answers
    while not ended.wait(every_s):
        try:
            with get_client(sync_client=True) as client:
                mend(client, pool, log)
        except Exception as error:  # noqa: BLE001 - mostly the server is down, and the worker waits for it too
            log.emit("work", "could not look after runs", error=repr(error))


def mend(client: SyncPrefectClient, pool: str, log: Events) -> list[UUID]:
    """Tell of dead runs of the pool and begin them again; returns the new runs. Doing it twice begins nothing twice."""
    for run in _runs(client, pool, ("RUNNING", "PENDING", "CANCELLING")):
        if _is_dead(run) and _unchanged(client, run):
            _tell_dead(client, run, log)
    begun = []
    for run in _runs(client, pool, ("CRASHED",)):
        tries = _tries(run.tags)
        late = run.state is None or datetime.now(UTC) - run.state.timestamp > LOOK_BACK
        if late or tries >= MOST_TRIES or run.deployment_id is None or _has_successor(client, run):
            continue
        tags = [tag for tag in run.tags if not tag.startswith(AGAIN)]
        again = client.create_flow_run_from_deployment(
            run.deployment_id,
            parameters=run.parameters,
            name=f"{run.name.partition(' (again')[0]} (again {tries})",
            # the server makes one run of a key, however often it is asked
            idempotency_key=_key(run),
            tags=[*tags, f"{AGAIN}{tries}"],
        )
        log.emit("work", "run begun again", dead=run.id, again=again.id, tries=tries)
        console.print(f"run {run.name} died with its process; begun again as {again.name}")
        begun.append(again.id)
    return begun


def _runs(client: SyncPrefectClient, pool: str, states: Sequence[str]) -> list[FlowRun]:
    from prefect.client.schemas import filters
    from prefect.client.schemas.objects import StateType

    kinds = [StateType(name) for name in states]
    return client.read_flow_runs(
        flow_run_filter=filters.FlowRunFilter(
            state=filters.FlowRunFilterState(type=filters.FlowRunFilterStateType(any_=kinds)),
            deployment_id=filters.FlowRunFilterDeploymentId(is_null_=False),
        ),
        work_pool_filter=filters.WorkPoolFilter(name=filters.WorkPoolFilterName(any_=[pool])),
        limit=50,
    )


def _is_dead(run: FlowRun) -> bool:
    """Whether no process of this machine works on the run, and it had time to be started."""
    if run.state is None or datetime.now(UTC) - run.state.timestamp < _grace(run):
        return False
    return str(run.id) not in set(working_on())


def _grace(run: FlowRun) -> timedelta:
    """A run that says Running has a process from its first moment on."""
    return STARTING if run.state and run.state.is_pending() else timedelta()


def _unchanged(client: SyncPrefectClient, run: FlowRun) -> bool:
    """Whether the run is still in the state it was in before we looked: it may just have ended by itself."""
    state = client.read_flow_run(run.id).state
    return bool(state and run.state and state.id == run.state.id)


def _tell_dead(client: SyncPrefectClient, run: FlowRun, log: Events) -> None:
    from prefect.states import Cancelled, Crashed

    message = "The run's process is gone: killed, or ended with its machine."
    cancelling = bool(run.state and run.state.is_cancelling())
    state: State[Any] = Cancelled(message=message) if cancelling else Crashed(message=message)
    for inner in reversed(_inner(client, run)):
        if inner.state is None or not inner.state.is_final():
            client.set_flow_run_state(inner.id, state, force=True)
    client.set_flow_run_state(run.id, state, force=True)
    log.emit("work", "run died", run=run.id, name=run.name, was=run.state.name if run.state else "")


def _inner(client: SyncPrefectClient, run: FlowRun) -> list[FlowRun]:
    """The runs of the flows that the run's flow called, outer ones first."""
    from prefect.client.schemas import filters

    found: list[FlowRun] = []
    level = [run.id]
    while level:
        parents = filters.FlowRunFilterParentFlowRunId(any_=level)
        inner = client.read_flow_runs(flow_run_filter=filters.FlowRunFilter(parent_flow_run_id=parents), limit=200)
        found += inner
        level = [item.id for item in inner]
    return found


def _has_successor(client: SyncPrefectClient, run: FlowRun) -> bool:
    from prefect.client.schemas import filters

    key = filters.FlowRunFilterIdempotencyKey(any_=[_key(run)])
    return bool(client.read_flow_runs(flow_run_filter=filters.FlowRunFilter(idempotency_key=key), limit=1))


def _key(run: FlowRun) -> str:
    return f"fazhi-again-{run.id}"


def _tries(tags: Sequence[Any]) -> int:
    """How many times the work of this run was begun, this run included."""
    numbers = [int(tag.removeprefix(AGAIN)) for tag in map(str, tags) if tag.startswith(AGAIN)]
    return max(numbers, default=0) + 1


def working_on() -> Iterator[str]:
    """The ids of the flow runs that processes of this machine work on."""
    return (found for _, found in processes_with(FLOW_RUN))


def processes_with(variable: str) -> Iterator[tuple[int, str]]:
    """Processes of this machine that have the variable in their environment, and what it says."""
    marker = f"{variable}=".encode()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal() or int(folder.name) == os.getpid():
            continue
        try:
            # empty for one that has ended and that nobody has asked after
            environment = (folder / "environ").read_bytes()
        except OSError:  # ended meanwhile, or another user's
            continue
        found = next((item for item in environment.split(b"\0") if item.startswith(marker)), None)
        if found:
            yield int(folder.name), found.removeprefix(marker).decode(errors="replace")
