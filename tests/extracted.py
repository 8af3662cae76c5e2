"""Captures of an archive in, their rows in staging out, as the flow does it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from flows.parse_pool import parsed
from scrapers.archive import Capture
from warehouse.staging import load


def extract_into(staging: duckdb.DuckDBPyConnection, archive_root: Path, captures: Sequence[Capture]) -> None:
    """Parse and load them."""
    for _, tables in parsed(archive_root, captures):
        load(staging, tables)
