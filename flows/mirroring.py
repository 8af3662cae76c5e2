"""`fazhi archive push` and `fazhi archive restore`: the setting FAZHI_MIRROR in, what was sent or fetched out."""

from __future__ import annotations

from flows.errors import Exit, FazhiError
from flows.events import Events, console
from flows.lock import writing
from flows.mirror import Pushed, push
from flows.remote import Remote
from flows.restoring import restore
from flows.settings import Settings


def mirror(settings: Settings) -> Pushed | None:
    """Bring the mirror up to date after a run; None where none is set. Whoever calls holds the write lock."""
    if settings.mirror is None or not settings.archive.exists():
        return None
    log = Events(settings.log)
    with log.step("mirror", "mirror") as figures:
        pushed = push(settings, Remote(settings.mirror))
        figures |= {"objects": pushed.objects, "bytes": pushed.size, "generation": pushed.generation}
    return pushed


def push_archive(settings: Settings) -> int:
    """`fazhi archive push`."""
    _named(settings, None)
    with writing(settings.lock, "archive push"):
        pushed = mirror(settings)
    if pushed is None:
        raise FazhiError(f"{settings.archive}: no archive yet; `fazhi run` or `fazhi ingest` makes one")
    console.print(
        f"{settings.mirror}: {pushed.objects:,} objects sent ({pushed.size:,} bytes); "
        f"{pushed.total:,} bytes of WARC files are there, state {pushed.generation}"
    )
    return Exit.OK


def restore_archive(settings: Settings, url: str | None) -> int:
    """`fazhi archive restore`."""
    named = _named(settings, url)
    with writing(settings.lock, "archive restore"):
        manifest = restore(settings, Remote(named))
    console.print(
        f"{settings.archive}: {len(manifest.files):,} WARC files as of state {manifest.generation}; "
        "`fazhi build` makes the warehouse from them"
    )
    return Exit.OK


def _named(settings: Settings, url: str | None) -> str:
    named = url or settings.mirror
    if not named:
        raise FazhiError("where to? Give a url (s3://bucket/prefix, or a folder), or set FAZHI_MIRROR")
    return named
