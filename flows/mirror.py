"""An archive in, its copy on another file system out, after every run.

An index in SQLite and files that are appended to cannot live on S3, so the archive stays on a disk. What each run
committed goes up as objects that never change (a stretch of a WARC file each), and the manifest comes last.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from flows.errors import FazhiError
from flows.mirror_manifest import Manifest, Part, newest, prune, written
from flows.registry import SNAPSHOT
from flows.remote import Remote, digest_of, stretch
from flows.settings import Settings
from scrapers.index import INDEX

AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push came to. objects, size: sent now; total: bytes of the whole copy's WARC files."""

    generation: int
    objects: int
    size: int
    total: int


def push(settings: Settings, remote: Remote) -> Pushed:
    """Send what the copy lacks; nothing may write to the archive meanwhile.

    Raises FazhiError where the place holds another archive, or where what was sent once has changed on disk.
    """
    state = settings.archive / "mirror.json"
    latest = newest(remote)
    if latest and not _is_ours(state, remote, latest) and not _extends(settings.archive, latest):
        raise FazhiError(
            f"{remote.url} holds another archive, or a later state of this one: name another place, or `fazhi archive "
            "restore` it into an empty FAZHI_HOME and go on there"
        )
    held = latest.files if latest else {}
    plan = {name: _plan(settings.archive / name, held.get(name, ()), end) for name, end in _committed(settings).items()}
    wanted = [(name, part) for name, (_, part) in plan.items() if part]

    def send(item: tuple[str, Part]) -> tuple[str, Part]:
        name, part = item
        sha256 = remote.upload(settings.archive / name, part.key, part.start, part.end)
        if sha256 != part.sha256:
            raise FazhiError(f"{settings.archive / name}: changed while it was read")
        return name, part

    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = dict(pool.map(send, wanted))
    files = {name: (*kept, sent[name]) if name in sent else kept for name, (kept, _) in plan.items()}
    others, more = _send_others(settings, remote, latest)
    manifest = Manifest(latest.generation + 1 if latest else 1, {n: p for n, p in files.items() if p}, others)
    if latest and (manifest.files, manifest.others) == (latest.files, latest.others):
        manifest = latest
    else:
        manifest = written(remote, manifest)
    note(state, remote, manifest)
    prune(remote, manifest)
    sizes = [part.end - part.start for part in sent.values()]
    total = sum(parts[-1].end for parts in manifest.files.values())
    return Pushed(manifest.generation, len(sizes) + len(more), sum(sizes) + sum(more), total)


def _plan(path: Path, parts: tuple[Part, ...], end: int) -> tuple[tuple[Part, ...], Part | None]:
    """The parts that stay, and the one to be sent.

    A new part takes those before it in that are not twice its length: there are few parts, and each byte is sent few times.
    """
    kept = list(parts)
    while kept and kept[-1].end > end:
        kept.pop()  # the file was cut off there by `fazhi archive reindex`
    if kept and digest_of(path, kept[-1].start, kept[-1].end) != kept[-1].sha256:
        raise FazhiError(
            f"{path}: bytes {kept[-1].start:,} to {kept[-1].end:,} are not what was mirrored before; `fazhi archive verify` "
            "says what is damaged, and `fazhi archive restore` brings the mirrored state into an empty FAZHI_HOME"
        )
    start = kept[-1].end if kept else 0
    if start == end:
        return tuple(kept), None
    while kept and kept[-1].end - kept[-1].start < 2 * (end - start):
        last = kept.pop()
        if digest_of(path, last.start, last.end) != last.sha256:
            kept.append(last)  # never replace a sound copy by a damaged one
            break
        start = last.start
    sha256 = digest_of(path, start, end)
    return tuple(kept), Part(f"parts/{path.name}/{start:015d}-{end:015d}-{sha256[:16]}", start, end, sha256)


def _send_others(
    settings: Settings, remote: Remote, latest: Manifest | None
) -> tuple[dict[str, tuple[str, str]], list[int]]:
    """The index and what is written by hand, each packed as a whole where it changed; names, and sizes of what was sent."""
    found, sizes = {}, []
    with tempfile.TemporaryDirectory(prefix="fazhi-mirror-") as folder:
        index = Path(folder) / INDEX
        with (
            contextlib.closing(sqlite3.connect(f"file:{settings.archive / INDEX}?mode=ro", uri=True)) as source,
            contextlib.closing(sqlite3.connect(index)) as copy,
        ):
            source.backup(copy)
            copy.execute("pragma journal_mode = delete")
        paths = {f"archive/{INDEX}": index, f"archive/{SNAPSHOT}": settings.archive / SNAPSHOT}
        paths["corrections.csv"] = settings.corrections
        for name, path in paths.items():
            if not path.exists():
                continue
            sha256 = digest_of(path)
            key = f"others/{path.name}-{sha256[:16]}.gz"
            found[name] = key, sha256
            if latest and latest.others.get(name) == (key, sha256):
                continue
            target = Path(folder) / "packed.gz"
            with target.open("wb") as out, gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="") as zipped:
                for chunk in stretch(path):
                    zipped.write(chunk)
            remote.upload(target, key)
            sizes.append(target.stat().st_size)
    return found, sizes


def _committed(settings: Settings) -> dict[str, int]:
    """How far each WARC file is committed: what lies behind is a killed run's."""
    with contextlib.closing(sqlite3.connect(f"file:{settings.archive / INDEX}?mode=ro", uri=True)) as index:
        return dict(index.execute("select warc_file, committed from file where committed > 0 order by 1"))


def _extends(archive: Path, latest: Manifest) -> bool:
    """Whether every byte of the copy is where it was in this archive."""
    for name, parts in latest.files.items():
        path = archive / name
        if not path.exists() or path.stat().st_size < parts[-1].end:
            return False
        if any(digest_of(path, part.start, part.end) != part.sha256 for part in parts):
            return False
    return True


def _is_ours(state: Path, remote: Remote, latest: Manifest) -> bool:
    """Whether this archive was the last to be sent there."""
    return state.exists() and json.loads(state.read_text("utf-8")) == {"url": remote.url, "manifest": latest.name}


def note(state: Path, remote: Remote, manifest: Manifest) -> None:
    """Remember that archive and copy are the same."""
    draft = state.with_suffix(".part")
    draft.write_text(json.dumps({"url": remote.url, "manifest": manifest.name}) + "\n", encoding="utf-8")
    draft.replace(state)
