"""Files of ours that a disk has damaged: the next publishing makes them whole, and a note that is none costs a build."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.building import is_current
from flows.settings import Settings
from tests.warehouse.small import published, small_side
from warehouse.parquet_export import export_parquet


@pytest.mark.parametrize("harm", ["cut", "other bytes", "gone", "one more"])
def test_a_damaged_export_is_made_whole_by_the_next(tmp_path: Path, harm: str) -> None:
    folder, side = tmp_path / "export", small_side(tmp_path / "side.duckdb", 1)
    export_parquet(side, folder)
    file = folder / "one.parquet"
    whole = file.read_bytes()
    if harm == "cut":
        file.write_bytes(whole[:100])
    elif harm == "other bytes":
        file.write_bytes(whole[:50] + bytes([whole[50] ^ 0xFF]) + whole[51:])
    elif harm == "gone":
        file.unlink()
    else:
        (folder / "two.parquet.tmp").write_bytes(b"x")
    reader = folder.resolve()
    tables = export_parquet(side, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "one.parquet", "two.parquet"]
    for table in tables.values():
        assert hashlib.sha256((folder / table.file).read_bytes()).hexdigest() == table.sha256
    assert folder.resolve() != reader and not reader.exists()
    assert export_parquet(side, folder) == tables
    assert len(list(tmp_path.glob(".export*"))) == 1


@given(
    note=st.binary(max_size=60)
    | st.text(max_size=30).map(str.encode)
    | st.sampled_from([b"[" * 100_000, b"null", b'{"a": 1}'])
)
def test_any_note_of_what_is_published_is_read_or_ignored(
    tmp_path_factory: pytest.TempPathFactory, note: bytes
) -> None:
    settings = Settings(tmp_path_factory.getbasetemp() / "noted")
    settings.home.mkdir(exist_ok=True)
    settings.warehouse.touch()
    settings.published_state.write_bytes(note)
    assert not is_current(settings, "digest of nothing like it")


def test_a_sound_note_says_what_is_published(tmp_path: Path) -> None:
    published(tmp_path, 1)
    settings = Settings(tmp_path)
    settings.published_state.write_text(json.dumps({"fingerprint": "abc"}), "utf-8")
    assert is_current(settings, "abc") and not is_current(settings, "def")
