"""An archive's index that is no database any more: every command says so, `fazhi archive reindex` makes it anew."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scrapers.archive import Archive, ArchiveError, Response

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
PAGES = 60


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with Archive(tmp_path / "archive") as archive:
        run_id = archive.begin_run(NOW)
        for number in range(PAGES):
            url = f"http://made.invalid/{number}"
            response = Response(url, 200, "OK", [("Content-Type", "text/html")], url.encode() * 20, [], NOW)
            archive.store(response, source_id="made", run_id=run_id, canonical_url=url, role="page")
        archive.finish_runs()
    return tmp_path


def fazhi(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PREFECT", "FAZHI"))}
    command = [str(Path(sys.executable).parent / "fazhi"), *words]
    environment["FAZHI_HOME"] = str(home)
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("start", [0, 100, 8192], ids=["the head", "the first table", "a page within"])
def test_it_is_told_and_made_anew(home: Path, start: int) -> None:
    index = home / "archive" / "index.sqlite"
    whole = index.read_bytes()
    index.write_bytes(whole[:start] + b"nonsense" * 2048 + whole[start + 16384 :])
    for words in (("archive", "verify"), ("show", "http://made.invalid/1")):
        asked = fazhi(home, *words)
        assert asked.returncode == 1 and "fazhi archive reindex" in asked.stdout + asked.stderr, words
        assert "Traceback" not in asked.stderr
    mended = fazhi(home, "archive", "reindex")
    assert mended.returncode == 0, mended.stderr
    assert "made anew" in mended.stderr and f"{PAGES} captures" in mended.stderr
    assert fazhi(home, "archive", "verify").returncode == 0


def test_a_whole_one_stays(home: Path) -> None:
    with Archive(home / "archive") as archive:
        archive.record_verdict("http://made.invalid/1", "other")
    assert "made anew" not in fazhi(home, "archive", "reindex").stderr
    with Archive(home / "archive", read_only=True) as archive:
        known = archive.known_url("http://made.invalid/1")
    assert known is not None and known.verdict == "other"


def test_one_that_cannot_be_opened_names_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "index.sqlite").write_bytes(b"nonsense" * 512)
    for read_only in (False, True):
        with pytest.raises(ArchiveError, match=r"index\.sqlite cannot be read.*`fazhi archive reindex`"):
            Archive(tmp_path, read_only=read_only)
