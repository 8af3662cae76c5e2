"""What a run is doing, said twice: lines and bars for people (rich), JSON lines for machines (logs/events.jsonl)."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from flows.errors import disk_is_full, tells_full_disk
from flows.settings import now
from scrapers.index import is_damaged

T = TypeVar("T")


class Lines(Console):
    """A console that breaks no text: a path or a command in it stays whole for copying. Tables fit the width."""

    def print(self, *objects: Any, **how: Any) -> None:
        how.setdefault("soft_wrap", all(isinstance(item, str) for item in objects))
        super().print(*objects, **how)


WIDTH_WITHOUT_TERMINAL = 200
console = Lines(stderr=True, highlight=False, width=None if sys.stderr.isatty() else WIDTH_WITHOUT_TERMINAL)
# they show the tracebacks of errors that come to the command's end, or of what they do without
TELLING = (
    *(f"prefect.{name}" for name in ("flow_runs", "task_runs", "flow_engine", "task_engine")),
    "great_expectations.render.renderer.site_builder",
)
# a Prefect worker names the flow run for which it started this process
FLOW_RUN = "PREFECT__FLOW_RUN_ID"


def wide_console() -> Console:
    """Standard output for results: the terminal's width, or a wide one where the output goes to a file or a pipe."""
    return Lines(width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL, highlight=False)


class _Process:
    """The run that this process works in: one process writes for one run at a time (flows/lock.py)."""

    run_id = ""


def name_run(run_id: str) -> None:
    """All events from now on belong to this run, whichever part of the program tells them."""
    _Process.run_id = run_id


class Events:
    """The event log of one command; safe to use from several threads."""

    def __init__(self, log: Path, run_id: str = "") -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._log = log
        self._lock = threading.Lock()
        self._given = run_id

    def emit(self, step: str, event: str, **fields: Any) -> None:
        """Append one JSON line: at, run_id, pid, flow_run (of a Prefect server), step, event and the given fields."""
        about: dict[str, Any] = {"at": now().isoformat(), "run_id": self._given or _Process.run_id, "pid": os.getpid()}
        if flow_run := os.environ.get(FLOW_RUN):
            about["flow_run"] = flow_run
        line = json.dumps({**about, "step": step, "event": event, **fields}, ensure_ascii=False, default=str)
        with self._lock, self._log.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    @contextlib.contextmanager
    def step(self, name: str, title: str) -> Iterator[dict[str, Any]]:
        """Announce a step, yield a dict for its figures, and say how it ended."""
        self.emit(name, "started")
        started = now()
        figures: dict[str, Any] = {}
        try:
            with busy(title):
                yield figures
        except BaseException as error:
            self.emit(name, "failed", error=str(error))
            console.print(f"[red]✗[/] {title}")
            raise
        seconds = (now() - started).total_seconds()
        self.emit(name, "finished", seconds=seconds, **figures)
        told = ", ".join(f"{key.replace('_', ' ')} {value:,}" for key, value in figures.items() if value is not None)
        console.print(f"[green]✓[/] {title:<9} {seconds:6.1f} s  {told}")


@contextlib.contextmanager
def busy(title: str) -> Iterator[None]:
    """A spinner with the time that has passed, for work whose length nobody knows; shown on terminals only."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        bar.add_task(title, total=None)
        yield


@contextlib.contextmanager
def progress(title: str, total: int | None) -> Iterator[Progress]:
    """A progress bar with one task (id 0), shown on terminals only."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    bar.add_task(title, total=total)
    with bar:
        yield bar


def track(items: Iterable[T], title: str, total: int | None = None) -> Iterator[T]:
    """Yield the items while a bar shows how many are done."""
    with progress(title, total) as bar:
        for item in items:
            yield item
            bar.advance(bar.task_ids[0])


def quiet_libraries(told: tuple[type[Exception], ...] = ()) -> None:
    """Keep libraries' chatter off the terminal; warnings still show. Call after Prefect has set its handlers up.

    told: errors that the command itself tells, so that no traceback of theirs is shown.
    """

    # a library's log file on a full disk would show a traceback a line
    logging.raiseExceptions = False

    def is_news(record: logging.LogRecord) -> bool:
        said = f"{record.msg} {record.args}"
        # the error itself has been shown, or is told at the end; a full disk is told there too
        if said.startswith("Finished in state") or tells_full_disk(said):
            return False
        error = record.exc_info[1] if record.exc_info else None
        return not (isinstance(error, told) or disk_is_full(error) or is_damaged(error))

    for name in TELLING:  # not handlers alone: a flow run sets new ones up
        logging.getLogger(name).addFilter(is_news)
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.WARNING)
        handler.addFilter(is_news)
    for name in ("httpx", "prefect", "urllib3"):
        logging.getLogger(name).setLevel(logging.ERROR)
