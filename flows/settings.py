"""Where everything lies and what the environment asks for: the one place that knows paths and the clock."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import FazhiError

if TYPE_CHECKING:
    from warehouse.ducklake import Lake

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Folders and files of one warehouse.

    home: $FAZHI_HOME, default `data` under the current folder.
    sources: folders of source registry files, $FAZHI_SOURCES (separated as PATH is); empty: the bundled sample portal.
    """

    home: Path
    sources: tuple[Path, ...] = ()

    @cached_property
    def keep_snapshots(self) -> int:
        """How many published states stay, the published one included: $FAZHI_SNAPSHOTS, default 5. Raises FazhiError."""
        named = os.environ.get("FAZHI_SNAPSHOTS") or "5"
        if not named.isdecimal() or int(named) < 1:
            raise FazhiError(f"FAZHI_SNAPSHOTS is {named!r}: a whole number from 1 on is needed")
        return int(named)

    @cached_property
    def dask(self) -> str | None:
        """Where captures are parsed: $FAZHI_DASK, a scheduler's address (tcp://host:port, tls://…), or local[:workers];
        None: in processes of our own. Raises FazhiError."""
        named = os.environ.get("FAZHI_DASK", "").strip()
        if named and not re.fullmatch(r"local(:[1-9]\d*)?|(tcp|tls)://\S+:\d+", named):
            raise FazhiError(f"FAZHI_DASK is {named!r}: tcp://host:port, tls://host:port, local or local:4 is needed")
        return named or None

    @cached_property
    def share(self) -> tuple[int, int] | None:
        """Which part of the sources is harvested here: $FAZHI_SHARE, such as 2/4; None: all. Raises FazhiError."""
        named = os.environ.get("FAZHI_SHARE", "").strip()
        if not named:
            return None
        match = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", named)
        if not match or int(match[1]) > int(match[2]):
            raise FazhiError(f"FAZHI_SHARE is {named!r}: such as 2/4, the second of four harvesters, is needed")
        return int(match[1]), int(match[2])

    @cached_property
    def mirror(self) -> str | None:
        """Where the archive's copy is brought after each run: $FAZHI_MIRROR, any url of fsspec. Raises FazhiError where it
        carries a password."""
        named = os.environ.get("FAZHI_MIRROR", "").strip()
        if not named:
            return None
        from flows.remote import checked

        return checked(named, "FAZHI_MIRROR")

    @cached_property
    def lake(self) -> Lake | None:
        """The DuckLake that is published to besides the file: $FAZHI_WAREHOUSE, such as ducklake:postgres:postgresql://…;
        its Parquet files lie at $FAZHI_LAKE_DATA, default `lake` in FAZHI_HOME. Raises FazhiError."""
        named = os.environ.get("FAZHI_WAREHOUSE", "").strip()
        if not named:
            return None
        from warehouse.ducklake import PREFIX, Lake

        if not named.startswith(PREFIX):
            raise FazhiError("FAZHI_WAREHOUSE: ducklake:postgres:postgresql://user@host/database is needed")
        return Lake(named, os.environ.get("FAZHI_LAKE_DATA", "").strip() or str(self.home / "lake"))

    @classmethod
    def from_environment(cls) -> Settings:
        named = os.environ.get("FAZHI_SOURCES", "")
        return cls(
            home=Path(os.environ.get("FAZHI_HOME") or "data").absolute(),
            sources=tuple(Path(part).absolute() for part in named.split(os.pathsep) if part),
        )

    @cached_property
    def archive(self) -> Path:
        """WARC files and their index."""
        return self.home / "archive"

    @cached_property
    def staging(self) -> Path:
        """The staging database."""
        return self.home / "staging.duckdb"

    @cached_property
    def warehouse(self) -> Path:
        """The published database."""
        return self.home / "warehouse.duckdb"

    @cached_property
    def snapshots(self) -> Path:
        """The last published databases, by snapshot id."""
        return self.home / "snapshots"

    @cached_property
    def search(self) -> Path:
        """The search index of the published database."""
        return self.home / "search.duckdb"

    @cached_property
    def export(self) -> Path:
        """The published tables as Parquet."""
        return self.home / "export"

    @cached_property
    def work(self) -> Path:
        """Side file, scratch database and dbt's own files of the build under way."""
        return self.home / "build"

    @cached_property
    def reports(self) -> Path:
        """Results of the gates and their Data Docs."""
        return self.home / "reports"

    @cached_property
    def log(self) -> Path:
        """One JSON line an event, all runs."""
        return self.home / "logs" / "events.jsonl"

    @cached_property
    def lock(self) -> Path:
        """Held by whoever writes."""
        return self.home / "write.lock"

    @cached_property
    def corrections(self) -> Path:
        """The operator's decisions on single numbers, with the columns of the shipped seed."""
        return self.home / "corrections.csv"

    @cached_property
    def told(self) -> Path:
        """Which published state and which broken sources messages were sent about."""
        return self.home / "told.json"

    @cached_property
    def published_state(self) -> Path:
        """What the published warehouse was made from."""
        return self.home / "published.json"

    @cached_property
    def prefect(self) -> Path:
        """Database and log of the temporary Prefect server."""
        return self.home / "prefect"


def now() -> datetime:
    """The current time, UTC; $FAZHI_NOW (ISO 8601) stands in for it where a run must be repeatable."""
    fixed = os.environ.get("FAZHI_NOW")
    return datetime.fromisoformat(fixed).astimezone(UTC) if fixed else datetime.now(UTC)
