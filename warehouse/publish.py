"""A finished side file in, the published warehouse out, swapped in one step."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import duckdb

from warehouse.connect import open_side
from warehouse.errors import WarehouseError

MARTS = "marts"


def publish(side: Path, target: Path) -> None:
    """Put the side file in the target's place; readers of the old one go on undisturbed.

    The file is on disk as a whole before the swap, so a crash leaves the old or the new warehouse, never a torn one.
    Raises WarehouseError where the side file has no marts; the target is then untouched.
    """
    try:
        with open_side(side) as con:
            if not con.execute("select 1 from duckdb_tables() where schema_name = ?", [MARTS]).fetchall():
                raise WarehouseError(f"{side} holds no marts: build it first")
            con.execute("force checkpoint side")
    except duckdb.Error as error:
        raise WarehouseError(f"{side} cannot be published: {error}") from error
    target.parent.mkdir(parents=True, exist_ok=True)
    if side.stat().st_dev != target.parent.stat().st_dev:
        near = target.with_name(f".{target.name}.new")
        near.unlink(missing_ok=True)  # what a kill left may be another name of a snapshot: never write into it
        shutil.copyfile(side, near)
        side.unlink()
        side = near
    to_disk(side)
    side.replace(target)
    to_disk(target.parent)


def digest_of(file: Path) -> str:
    """The sha256 of a file's content."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def to_disk(path: Path) -> None:
    """Return when a file's content, or a folder's list of names, is safe from a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
