"""`fazhi site`: the published warehouse and the built pages in, a folder of static files out, swapped in one step."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import typer

from flows.errors import Exit, FazhiError
from flows.events import progress
from flows.settings import Settings
from warehouse.explorer.writing import KINDS, Written, write_data

PAGES = Path(__file__).parent.parent / "site" / "dist"
MARKER = Path("data") / "site.json"


def build_site(settings: Settings, out: Path | None, pages: Path = PAGES) -> int:
    """Write the explorer and print what it came to; returns the exit status. Raises FazhiError.

    pages: what `npm run build` made.
    """
    folder = (out or settings.home / "site").absolute()
    if not (pages / "index.html").exists():
        raise FazhiError(f"the explorer's pages are not built yet ({pages}): `make site` builds them with npm")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise FazhiError(f"{folder} holds other files: name an empty or a new folder with --out")
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(pages, draft)
    data = draft / "data"
    data.mkdir()
    written = _write(settings, data, draft.with_name(f"{draft.name}.scratch"))
    _link(settings.warehouse.resolve(), data / "warehouse.duckdb")
    for file in sorted(settings.export.glob("*.parquet")):
        _link(file.resolve(), data / "parquet" / file.name)
    _swap(draft, folder)
    for item in written:
        typer.echo(f"  {item.kind:<11}{item.files:>8,} files {item.bytes / 1e6:>9,.1f} MB")
    typer.echo(f"{folder}: `fazhi serve` shows it, and so does any web server")
    return Exit.OK


def _write(settings: Settings, data: Path, scratch: Path) -> list[Written]:
    try:
        with progress("report", len(KINDS)) as bar:
            task = bar.task_ids[0]
            first = True

            def step(kind: str) -> None:
                nonlocal first
                bar.update(task, description=kind, advance=0 if first else 1)
                first = False

            return write_data(settings.warehouse, data, scratch, step)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    """The same file under a second name, or a copy where the folders are on different disks.

    A published file is never written to again, only replaced, so a second name stays what it is.
    """
    target.parent.mkdir(exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _swap(draft: Path, folder: Path) -> None:
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.replace(old)
    draft.replace(folder)
    shutil.rmtree(old, ignore_errors=True)
