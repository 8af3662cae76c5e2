"""Threads share the C library's memory once it was told so."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys

import pytest

from scrapers.threads import on_one_core

PROGRAM = """
import re, sys, threading
from scrapers.threads import ease_threads
if sys.argv[1] == "shared":
    ease_threads()
ready = threading.Barrier(13)
def work():
    kept = [bytearray(900) for _ in range(200)]
    ready.wait(); ready.wait()
for _ in range(12):
    threading.Thread(target=work).start()
ready.wait()
maps = open("/proc/self/maps").read()
# an arena is a mapping of at most 64 MB, its unused end unreadable, that begins at a multiple of 64 MB
starts = re.findall(r"(?m)^([0-9a-f]+)-[0-9a-f]+ rw-p 00000000 00:00 0 *$", maps)
print(sum(int(start, 16) % (64 * 2**20) == 0 for start in starts))
ready.wait()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has arenas to share")
def test_twelve_threads_share_two_arenas() -> None:
    counts = {}
    for how in ("own", "shared"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, timeout=30, check=True
        )
        counts[how] = int(re.findall(r"\d+", done.stdout)[-1])
    assert counts["shared"] <= 2 < counts["own"]


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="this system keeps no thread on a core")
def test_a_thread_is_kept_on_one_core_and_let_go() -> None:
    before = os.sched_getaffinity(0)
    with on_one_core():
        assert len(os.sched_getaffinity(0)) == 1 and os.sched_getaffinity(0) <= before
        with on_one_core():
            pass
    assert os.sched_getaffinity(0) == before
