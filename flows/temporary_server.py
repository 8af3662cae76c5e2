"""A Prefect API server for one command: started on a free loopback port, gone with the command, even when it is killed.

Prefect's own temporary server outlives a killed run and gives up after 20 s; this one watches its parent and may take
longer on a slow machine. An operator's own server (PREFECT_API_URL set) is used as it is.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

STARTUP_LIMIT_S = 180.0
PARENT_CHECK_S = 0.5
# the server's database and its journal
ROOM_BYTES = 16 * 1024**2

# nothing phones home, and a one-command server needs none of the background services
SERVER_SETTINGS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_UI_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
}
CLIENT_SETTINGS = {
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_CLI_PROMPT": "false",
}


class ServerNotStarted(Exception):
    """The temporary Prefect server did not come up; the message names its log."""


@contextlib.contextmanager
def temporary_server(home: Path) -> Iterator[str]:
    """Yield the API url of a Prefect server that ends with this block.

    home: folder for the server's database and log; run history stays there from command to command.
    Call before Prefect is imported: it reads its settings from the environment at import.
    """
    given = os.environ.get("PREFECT_API_URL")
    for key, value in {**SERVER_SETTINGS, **CLIENT_SETTINGS}.items():
        os.environ.setdefault(key, value)
    if given:
        yield given
        return
    home.mkdir(parents=True, exist_ok=True)
    os.environ["PREFECT_HOME"] = str(home)
    port = _free_port()
    url = f"http://127.0.0.1:{port}/api"
    log = home / "server.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "flows.temporary_server", str(port), str(os.getpid())],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
        )
    os.environ["PREFECT_API_URL"] = url
    try:
        _wait_until_healthy(url, process, log)
        yield url
    finally:
        del os.environ["PREFECT_API_URL"]
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    import requests

    deadline = time.monotonic() + STARTUP_LIMIT_S
    session = requests.Session()
    session.trust_env = False  # a proxy must not see loopback
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerNotStarted(
                f"the temporary Prefect server ended with status {process.returncode}: see {log}{_room(log.parent)}"
            )
        with contextlib.suppress(requests.RequestException):
            if session.get(f"{url}/health", timeout=5).ok:
                return
        time.sleep(0.1)
    raise ServerNotStarted(
        f"the temporary Prefect server was not ready after {STARTUP_LIMIT_S:.0f} s: see {log}{_room(log.parent)}"
    )


def _room(folder: Path) -> str:
    """What to do where its files find no room."""
    free = shutil.disk_usage(folder).free
    if free > ROOM_BYTES:
        return ""
    return f". The disk is full ({free / 1024**2:.1f} MiB left): make room and run the same command again"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(PARENT_CHECK_S)
    os._exit(0)


def _serve(port: int, parent: int) -> None:
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    import uvicorn

    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=port,
        log_level="error",
        lifespan="on",
    )


if __name__ == "__main__":
    _serve(int(sys.argv[1]), int(sys.argv[2]))
