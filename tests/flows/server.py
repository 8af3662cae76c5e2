"""A Prefect server as an operator runs it, with all its services, and a worker: real processes on the loopback."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

START_S = 180.0
# the server's SQLite file is locked while its services write
BUSY_TRIES = 5


@dataclass(frozen=True)
class Server:
    """Its API's url and the environment of its clients."""

    url: str
    environment: dict[str, str]
    folder: Path

    def post(self, path: str, body: Any = None, **fields: Any) -> Any:
        """The answer to a POST of this body, or of these fields; tried again, as Prefect's clients do, while busy."""
        for _ in range(BUSY_TRIES):
            with contextlib.suppress(requests.ReadTimeout):
                answer = requests.post(self.url + path, json=fields if body is None else body, timeout=60)
                if answer.status_code != requests.codes.unavailable:
                    break
            time.sleep(2)
        else:
            raise AssertionError(f"the server stayed busy: {path}")
        assert answer.ok, answer.text
        return answer.json()


@contextlib.contextmanager
def prefect_server(folder: Path) -> Iterator[Server]:
    """A server on a free port with a database of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}/api"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT", "FAZHI"))}
    environment |= {
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": url,
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_UI_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "PREFECT_CLI_PROMPT": "false",
    }
    command = ["server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with _prefect(command, environment, folder / "server.log") as process:
        deadline = time.monotonic() + START_S
        while True:
            assert process.poll() is None, (folder / "server.log").read_text("utf-8")
            assert time.monotonic() < deadline, "the Prefect server did not come up"
            with contextlib.suppress(requests.RequestException):
                if requests.get(f"{url}/health", timeout=5).ok:
                    break
            time.sleep(0.3)
        yield Server(url, environment, folder)


def worker(server: Server) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
    """A worker of the pool `fazhi`, as docs/operators.md starts it."""
    command = ["worker", "start", "--pool", "fazhi", "--type", "process"]
    return _prefect(command, server.environment, server.folder / "worker.log")


@contextlib.contextmanager
def _prefect(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            pass
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
