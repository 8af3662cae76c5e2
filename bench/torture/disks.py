"""A disk that gets full in every step: a small file system of its own as root, a limit on the size of files otherwise."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.torture.ground import LIMIT_S, Ground, Home, events, tells
from tests.flows.conftest import Fazhi

# MB that are left when the run begins, least first: the step that fails is a later one each time
FREE_MB = (0.05, 0.4, 2, 6, 14, 24, 30)
# the same with a Prefect server of the command's own, whose files lie there too
FREE_MB_WITH_SERVER = (0.3, 3, 8)
ROOM_MB = 400
LARGEST_KB = (64, 1024, 6 * 1024)


def fill(ground: Ground) -> list[str]:
    """The steps in which the disk was full."""
    if _may_mount():
        return _full(ground, "disk", FREE_MB) + _full(ground, "disk and server", FREE_MB_WITH_SERVER)
    return [step for step in (_limited(ground, most) for most in LARGEST_KB) if step]


def _full(ground: Ground, name: str, all_free_mb: tuple[float, ...]) -> list[str]:
    """One home, run again and again with a little more room, until a run has enough."""
    steps: list[str] = []
    with _mounted(ground.folder / "disk") as mount:
        home, filler = mount / "home", mount / "filler"
        shutil.copytree(ground.old.home, home, symlinks=True)
        fazhi = Home(home, ground.api, ground.folder / f"{name}.said.txt")
        if all_free_mb is FREE_MB_WITH_SERVER:
            del fazhi.environment["PREFECT_API_URL"]
        for free_mb in all_free_mb:
            what = f"{name} with {free_mb:g} MB left"
            if ground.time_is_up(what):
                break
            _filled(mount, filler, free_mb)
            seen = len(events(fazhi))
            result = fazhi("run")
            ground.old_or_new(what, fazhi)
            if not result.returncode:
                break
            _told(ground, what, result.stdout + result.stderr)
            steps.append(_failed(fazhi, seen) or "before the first step")
        filler.unlink(missing_ok=True)
        ground.recovers(f"{name} with room again", fazhi)
    return steps


def _filled(mount: Path, filler: Path, free_mb: float) -> None:
    """Leave so much room and no more."""
    filler.unlink(missing_ok=True)
    room = os.statvfs(mount)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, room.f_bavail * room.f_frsize - int(free_mb * 1024**2)))


def _limited(ground: Ground, largest_kb: int) -> str | None:
    """Files that cannot grow: what an unprivileged user can be given instead of a full disk."""
    what = f"files of at most {largest_kb} kB"
    if ground.time_is_up(what):
        return None
    fazhi = ground.copy("limited")
    seen = len(events(fazhi))
    limit = largest_kb * 1024
    result = subprocess.run(
        [*fazhi.command, "run"],
        env=fazhi.environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    ground.old_or_new(what, fazhi)
    ground.recovers(what, fazhi)
    return _failed(fazhi, seen) or ("before the first step" if result.returncode else None)


def _told(ground: Ground, what: str, said: str) -> None:
    words = ("space", "disk", "full")
    ground.check(f"{what}: the message says that the disk is full", any(word in said.lower() for word in words), said)
    tells(ground, what, said)


def _failed(fazhi: Fazhi, seen: int) -> str | None:
    return next((str(event["step"]) for event in events(fazhi)[seen:] if event["event"] == "failed"), None)


def _may_mount() -> bool:
    return os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def _mounted(folder: Path) -> Iterator[Path]:
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m", "fazhi-torture", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
