"""A published file that cannot be read is put aside by the next build and told by every reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.building import is_current, put_damaged_aside
from flows.publishing import remember
from flows.settings import Settings
from tests.warehouse.small import generation_in, published
from warehouse.connect import query
from warehouse.errors import NoWarehouse


def test_a_sound_warehouse_stays(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert put_damaged_aside(settings) is None
    published(tmp_path, 1)
    assert put_damaged_aside(settings) is None
    assert generation_in(settings.warehouse) == 1


@pytest.mark.parametrize("content", [b"", b"no database" * 1000])
def test_a_damaged_one_is_put_aside_and_made_again(tmp_path: Path, content: bytes) -> None:
    settings = Settings(tmp_path)
    remember(settings, published(tmp_path, 1, fingerprint="made of 1"))
    assert is_current(settings, "made of 1")
    settings.warehouse.write_bytes(content)
    with pytest.raises(NoWarehouse, match=r"warehouse\.duckdb.*fazhi build"):
        query(settings.warehouse, "select 1")
    aside = put_damaged_aside(settings)
    assert aside is not None and aside.read_bytes() == content
    assert not settings.warehouse.exists() and not is_current(settings, "made of 1")
    published(tmp_path, 2)
    assert generation_in(settings.warehouse) == 2
