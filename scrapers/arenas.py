"""The C library's memory in, a process of many threads that keeps little of it out.

glibc gives nearly every thread an arena of its own, and pages freed in one are of no use to the others: 48 threads that
each parse a page now and then keep a third more memory than two arenas do, at the same speed. Elsewhere this does nothing.
"""

from __future__ import annotations

import ctypes
import sys

ARENAS = 2
M_ARENA_MAX = -8  # malloc.h of glibc


def share_arenas() -> bool:
    """Let all threads begun from now on share two arenas; whether the C library could be told."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(M_ARENA_MAX, ARENAS))
