from pathlib import Path

import pytest

from flows.errors import FazhiError
from flows.settings import Settings


def test_how_many_snapshots_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAZHI_SNAPSHOTS", raising=False)
    assert Settings(Path("x")).keep_snapshots == 5
    monkeypatch.setenv("FAZHI_SNAPSHOTS", "2")
    assert Settings(Path("x")).keep_snapshots == 2


@pytest.mark.parametrize("value", ["0", "-1", "many", "2.5"])
def test_a_wrong_number_of_snapshots_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("FAZHI_SNAPSHOTS", value)
    with pytest.raises(FazhiError, match=f"FAZHI_SNAPSHOTS is '{value}'"):
        _ = Settings(Path("x")).keep_snapshots
