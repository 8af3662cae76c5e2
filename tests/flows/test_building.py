"""Which rows of an increment a gate has not seen: those of captures that staging and the published warehouse tell apart."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from flows.building import unchecked_captures
from flows.settings import Settings
from tests.flows.conftest import Fazhi

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(undisturbed: tuple[Fazhi, str], tmp_path: Path) -> Settings:
    for name in ("staging.duckdb", "warehouse.duckdb"):
        shutil.copy(undisturbed[0].home / name, tmp_path / name)
    return Settings(tmp_path)


def test_captures_are_unchecked_until_what_they_hold_is_published(settings: Settings) -> None:
    assert unchecked_captures(settings) == []
    with duckdb.connect() as con:
        con.execute(f"attach '{settings.staging}' as store")
        (first, second), *_ = con.execute(
            "select min(capture_id), max(capture_id) from store.staging.document"
        ).fetchall()
        con.execute("update store.staging.document set contents_digest = 1 where capture_id = ?", [first])
    assert unchecked_captures(settings) == [first]
    with duckdb.connect() as con:
        con.execute(f"attach '{settings.warehouse}' as published")
        con.execute("delete from published.marts.fct_report_version where capture_id = ?", [second])
    assert sorted(unchecked_captures(settings) or []) == sorted([first, second])


def test_all_are_unchecked_where_checks_are_others_or_nothing_is_published(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("flows.building.suites_digest", lambda: "of other suites")
        assert unchecked_captures(settings) is None
    settings.warehouse.unlink()
    assert unchecked_captures(settings) is None
