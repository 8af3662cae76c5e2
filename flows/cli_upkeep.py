"""The commands of upkeep and of scheduled running: `work`, `tidy`, `metrics`."""

from __future__ import annotations

from typing import Annotated

import typer

from flows.settings import Settings

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def work(
    pool: Annotated[str, typer.Option("--pool", help="The work pool that `fazhi deploy` made.")] = "fazhi",
    look_every: Annotated[
        float, typer.Option("--look-every", min=1, help="Seconds between two looks for runs that died.")
    ] = 20,
) -> None:
    """Run what the Prefect server schedules, and begin runs again whose process was killed. Stays until stopped."""
    from flows.working import work as work_for

    raise typer.Exit(work_for(Settings.from_environment(), pool, look_every))


def tidy(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and leave it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Cut logs, gate reports and left-overs to what is kept; reports and what is published stay."""
    from flows.upkeep_tidy import tidy_home

    raise typer.Exit(tidy_home(Settings.from_environment(), dry_run=dry_run, as_json=as_json))


def metrics() -> None:
    """Write FAZHI_HOME/metrics/fazhi.prom (Prometheus's text format) and print it."""
    from flows.metrics import write_metrics

    typer.echo(write_metrics(Settings.from_environment()).read_text(encoding="utf-8"), nl=False)


def add_to(app: typer.Typer) -> None:
    """Make them commands of the program."""
    for command in (work, tidy, metrics):
        app.command()(command)
