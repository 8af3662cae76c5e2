import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

RUN = """
import sys, time
from collections.abc import Iterator
from pathlib import Path
from flows.temporary_server import temporary_server
with temporary_server(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(float(sys.argv[2]))
"""


def start(home: Path, seconds: float) -> tuple[subprocess.Popen[str], str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT")}
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(home), str(seconds)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout
    url = process.stdout.readline().strip()
    process.stdout.close()
    return process, url


def healthy(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["by itself", "killed"])
def test_no_server_outlives_its_command(tmp_path: Path, ending: str) -> None:
    process, url = start(tmp_path, 1 if ending == "by itself" else 60)
    assert healthy(url)
    if ending == "killed":
        process.send_signal(signal.SIGKILL)
    process.wait(timeout=60)
    deadline = time.monotonic() + 20
    while healthy(url) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not healthy(url)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "fazhi-test", str(folder)]
    if os.geteuid() or not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.slow
def test_a_server_without_room_says_so(small_disk: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT")}
    command = [sys.executable, "-c", RUN, str(small_disk / "prefect"), "0"]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)
    assert "ServerNotStarted" in run.stderr and "The disk is full" in run.stderr and "make room" in run.stderr
