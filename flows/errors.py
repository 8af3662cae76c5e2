"""Exit codes of the `fazhi` command and the errors behind them, by what the user can do."""

from __future__ import annotations

import errno
import os
import sqlite3
from enum import IntEnum


class Exit(IntEnum):
    """What the exit status of `fazhi` says."""

    OK = 0
    ERROR = 1  # something is wrong that the message names; nothing published was touched
    USAGE = 2  # the command line is wrong
    GATE_FAILED = 3  # a quality gate stopped publishing; the report's path was printed
    SOURCES_FAILED = 4  # published, but at least one source failed or is blocked
    LOCKED = 5  # another run is writing
    STOPPED = 130  # Ctrl-C; the same command goes on where this one stopped


class FazhiError(Exception):
    """A message for the user; `exit_code` is the command's exit status."""

    exit_code = Exit.ERROR


class WrongUsage(FazhiError):
    """What was given to an option is none of the things it takes."""

    exit_code = Exit.USAGE


class Locked(FazhiError):
    """Another process is writing to this FAZHI_HOME."""

    exit_code = Exit.LOCKED


class PublishingStopped(FazhiError):
    """A gate failed: the old warehouse stays."""

    exit_code = Exit.GATE_FAILED


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# a place that cannot be what it is needed for: a file for a folder, another's folder, a disk mounted for reading
_WRONG_PLACE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EIO}
# DuckDB has no number for it, in errors of several kinds, but the system's own words
_WORDS = tuple(os.strerror(code) for code in _FULL)


def disk_is_full(error: BaseException | None) -> bool:
    """Whether the system, SQLite for the archive's index, or DuckDB says that nothing more can be written."""
    if isinstance(error, sqlite3.OperationalError):
        return "disk" in str(error)  # database or disk is full, disk I/O error
    if type(error).__module__.lstrip("_") == "duckdb":  # not imported: most commands need none
        return tells_full_disk(str(error))
    return isinstance(error, OSError) and error.errno in _FULL


def tells_full_disk(message: str) -> bool:
    """Whether a message, of dbt say, hands on that nothing more can be written."""
    return any(words in message for words in _WORDS)


def wrong_place(error: BaseException | None) -> bool:
    """Whether the system says that this user cannot write or read just there."""
    return isinstance(error, OSError) and error.errno in _WRONG_PLACE and error.filename is not None
