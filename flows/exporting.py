"""`fazhi export`: the published tables in, files for Excel and other tools out, here or on another file system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import typer

from flows.errors import Exit, FazhiError, WrongUsage
from flows.events import busy
from flows.remote import Remote
from flows.settings import Settings
from flows.tables import print_json
from warehouse.exporting import FORMATS, Exported, export

MANIFEST = "manifest.json"


def export_files(
    settings: Settings,
    fmt: str,
    tables: Sequence[str],
    out: Path | None = None,
    to: str | None = None,
    *,
    as_json: bool = False,
) -> int:
    """Write the files, send them to the url `to` where it is given, and say so; returns the exit status."""
    if fmt not in FORMATS:
        raise WrongUsage(f"--format {fmt}: one of {', '.join(FORMATS)}")
    remote = Remote(to) if to else None  # a wrong url is told now, not after the export
    folder = out or settings.home / "exports" / fmt
    with busy("export"):
        written = export(settings.warehouse, folder, fmt, tables)
    if remote:
        send(folder, written, remote)
    if as_json:
        files = [asdict(item) for item in written]
        print_json({"format": fmt, "folder": folder.absolute(), "files": files, "sent_to": remote and remote.url})
        return Exit.OK
    for item in written:
        what = ", ".join(f"{name} {rows:,} rows" for name, rows in item.tables.items())
        typer.echo(f"{folder / item.file}: {what}")
        for note in item.notes:
            typer.echo(f"  {note}")
    if remote:
        typer.echo(f"{remote.url}/{MANIFEST}: {len(written)} files sent")
    return Exit.OK


def send(folder: Path, written: Sequence[Exported], remote: Remote) -> None:
    """Replace an export on another file system. Its manifest is away meanwhile: who finds none finds no whole export."""
    remote.delete(MANIFEST)
    for item in written:
        if remote.upload(folder / item.file, item.file) != item.sha256:
            raise FazhiError(f"{folder / item.file}: changed while it was sent; give the command again")
    remote.write(MANIFEST, (folder / MANIFEST).read_bytes())
