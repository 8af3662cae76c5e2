"""Worker processes give the same rows as none, say so when one of them is killed, and outlast nobody."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.errors import FazhiError
from flows.extracting import BATCH
from flows.parse_pool import PARALLEL_FROM, parsed
from scrapers.archive import Archive, Capture, Response

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
PAGE = "<html><body><h1>样例市2022年法治政府建设情况报告</h1><p>2022年，样例市办理行政复议案件{}件。</p></body></html>"
COUNT = 2 * BATCH + 30
FIRST_BATCH = """
import sys
from pathlib import Path
from flows.parse_pool import parsed
from scrapers.archive import Archive
if __name__ == "__main__":
    root = Path(sys.argv[1])
    with Archive(root, read_only=True) as archive:
        batches = parsed(root, list(archive.captures()), 2)
        next(batches)
    print("parsing", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("pool") / "archive"
    with Archive(root) as archive:
        run = archive.begin_run(NOW)
        for number in range(COUNT):
            body = PAGE.format(number).encode()
            response = Response(
                f"http://a.invalid/{number}.html", 200, "OK", [("Content-Type", "text/html")], body, [], NOW
            )
            archive.store(response, source_id="demo", run_id=run, canonical_url=response.url, role="page")
        archive.finish_runs()
    return root


def captures_of(root: Path) -> list[Capture]:
    with Archive(root, read_only=True) as archive:
        return list(archive.captures())


def test_workers_give_the_same_rows(root: Path) -> None:
    captures = captures_of(root)
    assert len(captures) > PARALLEL_FROM
    alone, shared = list(parsed(root, captures, 1)), list(parsed(root, captures, 2))
    assert [batch for batch, _ in alone] == [batch for batch, _ in shared]
    assert [len(batch) for batch, _ in shared] == [BATCH, BATCH, 30]
    for (_, one), (_, other) in zip(alone, shared, strict=True):
        assert one.keys() == other.keys()
        for name in one:
            rows = [sorted(table.to_pylist(), key=repr) for table in (one[name], other[name])]
            assert rows[0] == rows[1]
            assert one[name].schema == other[name].schema


def test_a_killed_worker_is_told(root: Path) -> None:
    batches = parsed(root, captures_of(root), 2)
    next(batches)
    for child in children(os.getpid()):
        if b"multiprocessing-fork" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(child, signal.SIGKILL)
    with pytest.raises(FazhiError, match="goes on where this one stopped"):
        list(batches)


def test_workers_end_with_whoever_started_them(root: Path, tmp_path: Path) -> None:
    program = tmp_path / "first_batch.py"
    program.write_text(FIRST_BATCH, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, str(program), str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as parent:
        assert parent.stdout and parent.stdout.readline() == "parsing\n"
        workers = children(parent.pid)
        assert len(workers) >= 2
        parent.kill()
    until = time.monotonic() + 30
    while any(map(is_running, workers)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(is_running, workers))


def children(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
