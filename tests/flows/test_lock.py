import subprocess
import sys
import threading
from pathlib import Path

import pytest

from flows.errors import Locked
from flows.lock import holder, waiting, writing

HOLD = """
import sys, time
from pathlib import Path
from flows.lock import writing
with writing(Path(sys.argv[1]), "run"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_second_writer_is_refused_with_the_holders_name(tmp_path: Path) -> None:
    lock = tmp_path / "write.lock"
    with writing(lock, "run"), pytest.raises(Locked, match=r"pid \d+, `fazhi run`"), writing(lock, "ingest"):
        pass
    assert holder(lock) is None


def test_lock_of_a_killed_process_blocks_nobody(tmp_path: Path) -> None:
    lock = tmp_path / "write.lock"
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE)
    assert child.stdout and child.stdout.readline().strip() == b"held"
    assert "fazhi run" in (holder(lock) or "")
    child.kill()
    child.wait()
    child.stdout.close()
    with writing(lock, "run"):
        assert holder(lock)


def test_a_scheduled_run_waits_for_the_writer_and_only_so_long(tmp_path: Path) -> None:
    lock = tmp_path / "write.lock"
    child = subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdout=subprocess.PIPE)
    assert child.stdout and child.stdout.readline().strip() == b"held"
    try:
        with pytest.raises(Locked, match="Wait until it ends"), waiting(lock, "scheduled run", 0.2, every_s=0.05):
            pass
        threading.Timer(0.3, child.kill).start()
        with waiting(lock, "scheduled run", 30, every_s=0.05):
            assert "scheduled run" in (holder(lock) or "")
    finally:
        child.kill()
        child.wait()
        child.stdout.close()
