"""A mirror in, an empty FAZHI_HOME filled with its archive out."""

from __future__ import annotations

import gzip
import hashlib
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from flows.errors import FazhiError
from flows.mirror import AT_ONCE, note
from flows.mirror_manifest import Manifest, Part, newest
from flows.remote import Remote, digest_of
from flows.settings import Settings
from warehouse.publish import to_disk


def restore(settings: Settings, remote: Remote) -> Manifest:
    """Fill an empty home from the copy; broken off, it is gone on with. Raises FazhiError."""
    if next(settings.archive.glob("*"), None):
        raise FazhiError(f"{settings.archive} holds an archive already: set FAZHI_HOME to an empty folder")
    latest = newest(remote)
    if latest is None:
        raise FazhiError(f"{remote.url}: no whole copy of an archive there")
    draft = settings.home / ".archive.restoring"
    draft.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(lambda item: _fetch(remote, draft / item[0], item[1]), latest.files.items()):
            pass
    for name, (key, sha256) in latest.others.items():
        folder, _, file = name.rpartition("/")
        _unpack(remote, key, sha256, (draft if folder else settings.home) / file)
    note(draft / "mirror.json", remote, latest)
    shutil.rmtree(settings.archive, ignore_errors=True)  # an empty folder
    to_disk(draft)
    draft.replace(settings.archive)
    return latest


def _fetch(remote: Remote, path: Path, parts: tuple[Part, ...]) -> None:
    if path.exists() and path.stat().st_size == parts[-1].end:
        return  # it got its name when it was whole
    half = path.with_name(f".{path.name}.half")
    with half.open("wb") as out:
        for part in parts:
            remote.download(part.key, out, part.sha256)
    to_disk(half)
    half.replace(path)


def _unpack(remote: Remote, key: str, sha256: str, path: Path) -> None:
    if path.exists() and digest_of(path) == sha256:
        return
    try:
        content = gzip.decompress(remote.read(key))
    except (OSError, EOFError) as error:
        raise FazhiError(f"{remote.url}/{key}: damaged: {error}") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FazhiError(f"{remote.url}/{key}: damaged, its sha256 is not the one that was noted")
    path.write_bytes(content)
