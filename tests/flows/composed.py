"""docker-compose.yml in, its services out as plain processes on the loopback: the same commands, settings and checks.

Hosts and ports of the file become free ones of this machine, /data becomes a folder. Nothing else is changed, so that
what is proven here is what the file says.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from flows.events import FLOW_RUN
from flows.settings import ROOT
from flows.working import processes_with
from tests.flows.server import Server
from tests.postgres import Postgres

ALIVE_WITHIN_S = 240.0
ENTRYPOINT = re.compile(r"^ENTRYPOINT (\[.*\])$", re.MULTILINE)
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
# what makes waiting short; a browser is not served
QUICK = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
    "PREFECT_WORKER_QUERY_SECONDS": "2",
    "PREFECT_CLI_PROMPT": "false",
}


def services() -> dict[str, dict[str, Any]]:
    """The services as the file has them."""
    found: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
    return found


def command_of(service: dict[str, Any]) -> list[str]:
    """What a container of the service runs."""
    stated = ENTRYPOINT.findall((ROOT / "Dockerfile").read_text("utf-8"))
    return [*service.get("entrypoint", json.loads(stated[-1])), *service["command"]]


def filled_in(text: str, given: dict[str, str]) -> str:
    """The text with its `${NAME:-default}` and `${NAME:?message}` replaced, as compose does it."""

    def value(match: re.Match[str]) -> str:
        name, kind, other = match.groups()
        if given.get(name):
            return given[name]
        assert kind == "-", f"{name} is not given: {other}"
        return str(other)

    return VARIABLE.sub(value, text)


class Composed:
    """The services `server`, `deploy`, `worker` and so on, and PostgreSQL in the place of `database`."""

    def __init__(self, folder: Path, home: Path, database: Postgres, given: dict[str, str], name: str) -> None:
        self.folder, self.home, self.database, self._name = folder, home, database, name
        database.create_database(name)
        self._given = {"FAZHI_DATABASE_PASSWORD": "n0tneeded", "FAZHI_QUACK_TOKEN": "0123456789abcdef01", **given}
        self._ports = {port: str(_free_port()) for port in ("4200", "8000", "8080", "9494")}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._left_out: set[tuple[str, str]] = set()
        home.mkdir(parents=True, exist_ok=True)

    @property
    def server(self) -> Server:
        """The Prefect server's API."""
        environment = self.environment("worker")
        return Server(environment["PREFECT_API_URL"], environment, self.folder)

    def environment(self, name: str) -> dict[str, str]:
        """What a process of the service finds in its environment."""
        asked = services()[name]["environment"]
        # what has no value in the file is taken from where compose runs
        stated = {key: filled_in(str(value), self._given) for key, value in asked.items() if value is not None}
        stated |= {key: self._given[key] for key, value in asked.items() if value is None and key in self._given}
        ours = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT", "FAZHI"))}
        path = f"{Path(sys.executable).parent}{os.pathsep}{ours['PATH']}"
        webserver = {"PREFECT_WORKER_WEBSERVER_PORT": self._ports["8080"], "PREFECT_WORKER_WEBSERVER_HOST": "127.0.0.1"}
        ours |= {**QUICK, **webserver, "PATH": path, "PREFECT_HOME": str(self.folder / f"prefect-{name}")}
        return ours | {key: self._here(value) for key, value in stated.items() if (name, key) not in self._left_out}

    def leave_out(self, name: str, variable: str) -> None:
        """Start the service without a setting that the file gives it."""
        self._left_out.add((name, variable))

    def start(self, name: str) -> None:
        """Start a service and wait until its own health check is content."""
        command = [self._here(part) for part in command_of(services()[name])]
        with (self.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command,
                env=self.environment(name),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + ALIVE_WITHIN_S
        while not self.is_alive(name):
            assert self._running[name].poll() is None, f"{name} ended:\n{self.log(name)}"
            assert time.monotonic() < deadline, f"{name} is not alive:\n{self.log(name)}"
            time.sleep(1)

    def run(self, name: str, *more: str) -> subprocess.CompletedProcess[str]:
        """Run a service that ends by itself, as `docker compose run NAME ARGUMENTS` does."""
        command = [*command_of(services()[name]), *more]
        return subprocess.run(
            command,
            env=self.environment(name),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=ALIVE_WITHIN_S,
            check=False,
        )

    def is_alive(self, name: str) -> bool:
        """What the service's health check says now."""
        kind, *command = services()[name]["healthcheck"]["test"]
        assert kind == "CMD"
        return not subprocess.run(
            [self._here(part) for part in command],
            env=self.environment(name),
            cwd=ROOT,
            capture_output=True,
            timeout=60,
            check=False,
        ).returncode

    def kill(self, name: str) -> None:
        """End a service as its container's end does: every process of it at once; `database` crashes."""
        if name == "database":
            self.database.kill()
            return
        process = self._running.pop(name)
        runs = self.runs() if name == "worker" else []
        for pid in (process.pid, *runs):
            _kill_group(pid)
        process.wait()

    def restart(self, name: str) -> None:
        """Start what was killed."""
        if name == "database":
            self.database.start()
        else:
            self.start(name)

    def keep_up(self) -> None:
        """Start again what ended by itself, as `restart: unless-stopped` says."""
        for name, process in list(self._running.items()):
            if process.poll() is not None:
                self.start(name)

    def runs(self) -> list[int]:
        """The processes of the worker's runs, which are in groups of their own."""
        url = self.environment("worker")["PREFECT_API_URL"]
        ours = {pid for pid, found in processes_with("PREFECT_API_URL") if found == url}
        return [pid for pid, _ in processes_with(FLOW_RUN) if pid in ours]

    def log(self, name: str) -> str:
        """The last of what a service said."""
        return (self.folder / f"{name}.log").read_text("utf-8", "replace")[-5000:]

    def close(self) -> None:
        """End what is running, the worker first: it ends its runs."""
        for name in sorted(self._running, reverse=True):
            process = self._running[name]
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=20)
            self.kill(name)

    def _here(self, text: str) -> str:
        """Names and ports of containers as those of this machine."""
        text = text.replace("http://server:", "http://127.0.0.1:").replace("0.0.0.0", "127.0.0.1")
        text = text.replace("@database:5432/prefect", f"@127.0.0.1:{self.database.port}/{self._name}")
        text = str(self.home) if text == "/data" else text
        return re.sub(r"(?<=:)\d{4}\b|^\d{4}$", lambda match: self._ports.get(match[0], match[0]), text)


@contextlib.contextmanager
def composed(
    folder: Path, home: Path, database: Postgres, given: dict[str, str], name: str = "prefect"
) -> Iterator[Composed]:
    """Services that end with the block; name: of the server's own database."""
    these = Composed(folder, home, database, given, name)
    try:
        yield these
    finally:
        these.close()


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
