"""Mirrors of several harvesters in, one archive that holds all their sources out: `fazhi archive collect`.

A source is harvested in one place, so its WARC file there is the one here grown longer: what is missing is appended, after
a look that what is here is how the file there begins. The index is then made from the files.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from flows.errors import Exit, FazhiError
from flows.events import console
from flows.lock import writing
from flows.mirror_manifest import Manifest, Part, newest
from flows.registry import SNAPSHOT, remember_sources
from flows.remote import CHUNK, Remote
from flows.settings import Settings
from scrapers.archive import Archive
from warehouse.publish import to_disk


def collect_archives(settings: Settings, urls: Sequence[str]) -> int:
    """`fazhi archive collect`."""
    remotes = [Remote(url) for url in urls]
    with writing(settings.lock, "archive collect"):
        grown, captures = collect(settings, remotes)
    console.print(f"{settings.archive}: {grown:,} WARC files have grown, {captures:,} captures; `fazhi build` goes on")
    return Exit.OK


def collect(settings: Settings, remotes: Sequence[Remote]) -> tuple[int, int]:
    """Bring the archive up to the mirrors' newest states; gives how many files grew and how many captures there are.

    Raises FazhiError where two mirrors, or a mirror and this archive, hold different files of one source. Broken off, it
    is gone on with.
    """
    found = [(remote, _newest(remote)) for remote in remotes]
    holders: dict[str, Remote] = {}
    for remote, manifest in found:
        for name in manifest.files:
            if name in holders:
                raise FazhiError(
                    f"{name}: both {holders[name].url} and {remote.url} hold this source's file; a source has one harvester"
                )
            holders[name] = remote
    settings.archive.mkdir(parents=True, exist_ok=True)
    grown = 0
    for remote, manifest in found:
        for name, parts in manifest.files.items():
            grown += _grow(remote, settings.archive / name, parts)
        if held := manifest.others.get(f"archive/{SNAPSHOT}"):
            remember_sources(settings.archive, json.loads(gzip.decompress(remote.read(held[0]))))
    with Archive(settings.archive) as archive:
        return grown, archive.reindex() if grown else sum(1 for _ in archive.captures())


def _newest(remote: Remote) -> Manifest:
    manifest = newest(remote)
    if manifest is None:
        raise FazhiError(f"{remote.url}: no whole copy of an archive there")
    return manifest


def _grow(remote: Remote, path: Path, parts: Sequence[Part]) -> bool:
    """Append what the file lacks; whether that was anything."""
    size = path.stat().st_size if path.exists() else 0
    if size >= parts[-1].end:
        return False
    for part in parts:
        if part.end <= size:
            continue
        with tempfile.TemporaryFile() as held, path.open("ab+") as out:
            remote.download(part.key, held, part.sha256)
            held.seek(0)
            out.seek(part.start)
            overlap = size - part.start
            if held.read(overlap) != out.read(overlap):
                raise FazhiError(f"{path}: bytes {part.start:,} to {size:,} are not those at {remote.url}/{part.key}")
            while chunk := held.read(CHUNK):
                out.write(chunk)
        size = part.end
    to_disk(path)
    return True
