import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

RUN = """
import sys, time
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
