"""A run made while the clock was ahead: once it is right, the warehouse is made anew and judged on a day that has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.building import build_variables, fingerprint, load_context
from flows.settings import Settings
from scrapers.archive import Archive, HarvestRun

TODAY = datetime(2026, 3, 2, 8, tzinfo=UTC)
AHEAD = TODAY + timedelta(days=400)


def harvested(settings: Settings, at: datetime) -> None:
    """A run that found news."""
    with Archive(settings.archive) as archive:
        run_id = archive.begin_run(at)
        archive.record_run(HarvestRun(run_id, "demo", at, at, "ok", 1, 1, 1, 0, 0, 0, 0, "[]"))
        archive.finish_runs()


def digest_at(settings: Settings, now: datetime, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FAZHI_NOW", now.isoformat())
    load_context(settings)
    return fingerprint(settings)


def test_a_clock_that_was_ahead_is_made_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(tmp_path)
    harvested(settings, TODAY)
    right = digest_at(settings, TODAY, monkeypatch)
    assert digest_at(settings, TODAY + timedelta(days=1), monkeypatch) == right
    harvested(settings, AHEAD)
    ahead = digest_at(settings, AHEAD, monkeypatch)
    again = digest_at(settings, TODAY + timedelta(days=1), monkeypatch)
    assert len({right, ahead, again}) == 3  # nothing was harvested since, and there is something to build
    assert digest_at(settings, TODAY + timedelta(days=2), monkeypatch) == again
    assert build_variables(settings)["as_of"] == f"{TODAY:%Y-%m-%d}"
    harvested(settings, TODAY + timedelta(days=3))
    assert digest_at(settings, TODAY + timedelta(days=3), monkeypatch) != again
    assert build_variables(settings)["as_of"] == f"{TODAY + timedelta(days=3):%Y-%m-%d}"
    # the day has come
    assert digest_at(settings, AHEAD, monkeypatch) != again
    assert "as_of" not in build_variables(settings)
