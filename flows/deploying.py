"""`fazhi deploy`: prefect.yaml in; deployments with their schedules, the work pool and messages on the server out.

Giving it again changes what differs and nothing else. Prefect reads prefect.yaml itself (`prefect deploy --all`).
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.table import Table

from flows.errors import Exit, FazhiError
from flows.events import quiet_libraries, wide_console
from flows.settings import ROOT, Settings

POOL = "fazhi"
# two runs must never write at once: a worker takes no second one from the pool while one is running
RUNS_AT_ONCE = 1
DEPLOY_LIMIT_S = 600
PASSED_ON = ("FAZHI_CONTACT", "FAZHI_SNAPSHOTS")
# left out where not given; runs have another working directory than this command, so folders are passed on whole
PASSED_ON_IF_GIVEN = ("FAZHI_DASK", "FAZHI_WAREHOUSE", "FAZHI_SHARE")
PLACES = ("FAZHI_MIRROR", "FAZHI_LAKE_DATA", "FAZHI_HOST_LOCKS")


def deploy(settings: Settings, notify: Sequence[str] | None, *, file: Path = ROOT / "prefect.yaml") -> int:
    """Register all; raises FazhiError where there is no server, or it refuses."""
    from prefect.settings import get_current_settings

    from flows.notifying import targets

    wanted = targets(notify) if notify is not None else None  # a wrong address is told before anything is changed
    if not get_current_settings().api.url:
        raise FazhiError(
            "there is no Prefect server to deploy to: start one (`prefect server start`), set PREFECT_API_URL "
            "(http://127.0.0.1:4200/api) and give the command again"
        )
    if not file.exists():
        raise FazhiError(f"{file} is missing: run `fazhi deploy` from a checkout that has prefect.yaml")
    passed_on = _passed_on(settings)
    _make_pool()
    _register(passed_on, file)
    quiet_libraries()
    if wanted is not None:
        from flows.notifying import notify_to

        notify_to(wanted)
    _print_deployments()
    return Exit.OK


def _make_pool() -> None:
    import httpx
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate, WorkPoolUpdate
    from prefect.exceptions import ObjectNotFound

    with get_client(sync_client=True) as client:
        try:
            pool = client.read_work_pool(POOL)
        except ObjectNotFound:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process", concurrency_limit=RUNS_AT_ONCE))
        except httpx.TransportError as error:
            raise FazhiError(
                f"the Prefect server at {client.api_url} does not answer ({error!r}): is it running, and is "
                "PREFECT_API_URL right?"
            ) from None
        else:
            if pool.concurrency_limit != RUNS_AT_ONCE:
                client.update_work_pool(POOL, WorkPoolUpdate(concurrency_limit=RUNS_AT_ONCE))


def _passed_on(settings: Settings) -> dict[str, str]:
    """The environment in which prefect.yaml is read. Raises FazhiError for a setting that is wrong or no server should see."""
    _ = settings.keep_snapshots, settings.dask, settings.share, settings.mirror
    if settings.lake and settings.lake.shown != settings.lake.url:
        raise FazhiError(
            "FAZHI_WAREHOUSE carries a password, which the Prefect server would show: leave it out, and set PGPASSWORD "
            "where `fazhi work` runs, or write it to its ~/.pgpass"
        )
    given = {name: os.environ.get(name, "").strip() for name in (*PASSED_ON_IF_GIVEN, *PLACES)}
    for name in PLACES:
        if given[name] and "://" not in given[name]:
            given[name] = str(Path(given[name]).absolute())
    return {
        **{name: value for name, value in os.environ.items() if name not in given},
        "FAZHI_HOME": str(settings.home),
        "FAZHI_SOURCES": os.pathsep.join(map(str, settings.sources)),
        **{name: os.environ.get(name, "") for name in PASSED_ON},
        **{name: value for name, value in given.items() if value},
    }


def _register(environment: Mapping[str, str], file: Path) -> None:
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(file)]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=DEPLOY_LIMIT_S, cwd=file.parent, check=False
    )
    if done.returncode:
        raise FazhiError(f"Prefect refused {file}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")


def _print_deployments() -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.schedules import CronSchedule

    table = Table(title=f"work pool {POOL}: {RUNS_AT_ONCE} run at a time")
    for column in ("deployment", "schedule", "cron", "time zone", "parameters"):
        table.add_column(column, overflow="fold")
    with get_client(sync_client=True) as client:
        for deployment in client.read_deployments():
            if deployment.work_pool_name != POOL:
                continue
            for item in sorted(deployment.schedules, key=lambda item: item.slug or ""):
                if isinstance(item.schedule, CronSchedule):
                    cron = (item.schedule.cron, item.schedule.timezone or "UTC")
                    table.add_row(deployment.name, item.slug or "", *cron, str(item.parameters or ""))
    console = wide_console()
    console.print(table)
    console.print("Runs need a worker: `fazhi work` in this environment.")
