"""Which sources a command works on: the registry folders it was given, or the bundled sample portal."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from flows.settings import Settings
from scrapers.registry import Source, load_sources

SNAPSHOT = "sources.json"
INGEST_SOURCE: dict[str, Any] = {
    "source_id": "ingest",
    "name": "本地文件 local files",
    "start_urls": [],
    "cms_family": "files",
    "status": "active",
    "is_sample": False,
}
URLS_SOURCE: dict[str, Any] = {
    "source_id": "ingest-urls",
    "name": "网址清单 lists of urls",
    "start_urls": [],
    "cms_family": "urls",
    "status": "active",
    "is_sample": False,
}


@contextlib.contextmanager
def chosen_sources(settings: Settings, only: Sequence[str] = ()) -> Iterator[tuple[Source, ...]]:
    """Yield the sources to harvest, those of `only` where it is given; the sample portal is up inside the block.

    Raises SourceConfigError for a registry file that is wrong or an id that does not exist.
    """
    with contextlib.ExitStack() as stack:
        if settings.sources:
            sources = load_sources(*settings.sources)
        else:
            from scrapers.sample import SamplePortal, sample_sources

            portal = stack.enter_context(SamplePortal())
            sources = tuple(Source.model_validate(entry) for entry in sample_sources(portal))
        yield _selected(sources, only)


def _selected(sources: tuple[Source, ...], only: Sequence[str]) -> tuple[Source, ...]:
    from scrapers.registry import SourceConfigError

    known = {source.id for source in sources}
    for wanted in only:
        if wanted not in known:
            raise SourceConfigError(f"no source {wanted!r} in the registry: see `fazhi sources list`")
    return tuple(source for source in sources if not only or source.id in only)


def source_row(source: Source) -> dict[str, Any]:
    """The registry entry as a row of staging.source."""
    return {
        "source_id": source.id,
        "name": source.name,
        "publisher": source.publisher,
        "region_code": source.region_code,
        "start_urls": list(source.start_urls),
        "cms_family": source.family,
        "expect_min": source.expect.min,
        "expect_max": source.expect.max,
        "first_year": source.expect.first_year,
        "status": source.status,
        "status_reason": source.status_reason,
        "is_sample": source.is_sample,
    }


def remember_sources(archive: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Keep, beside the archive, the latest definition of every source it was ever filled from."""
    merged = {row["source_id"]: row for row in [*remembered_sources(archive), *rows]}
    path = archive / SNAPSHOT
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    text = json.dumps([merged[key] for key in sorted(merged)], ensure_ascii=False, indent=1)
    part.write_text(text + "\n", encoding="utf-8")
    part.replace(path)


def remembered_sources(archive: Path) -> list[dict[str, Any]]:
    """The rows that `remember_sources` kept, by id."""
    path = archive / SNAPSHOT
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
