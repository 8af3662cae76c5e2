"""A process in, one that many threads cost less out: for harvesting, where each source has a thread that mostly waits.

glibc gives nearly every thread an arena of its own, and pages freed in one are of no use to the others: 48 threads that
each parse a page now and then keep a third more memory than two arenas do, at the same speed. And each thread that waits
for the interpreter wakes every 5 ms to ask for it, which takes a twentieth of the time of 80. Only one of them runs at a
time, so on one core they hand the interpreter on more cheaply: a quarter of their processor time, an eighth of the whole.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterator

ARENAS = 2
M_ARENA_MAX = -8  # malloc.h of glibc
TURN_S = 0.05


def ease_threads() -> None:
    """Let all threads begun from now on share two arenas, where the C library has such, and take longer turns."""
    sys.setswitchinterval(TURN_S)
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    mallopt(M_ARENA_MAX, ARENAS)


@contextlib.contextmanager
def on_one_core() -> Iterator[None]:
    """Keep this thread on the core of all that ask for it in this process, where the system knows of such a thing and
    lets us."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    cores = sorted(before)
    forbidden = contextlib.suppress(OSError)  # by a sandbox
    try:
        with forbidden:
            os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})
        yield
    finally:
        with forbidden:
            os.sched_setaffinity(0, before)
