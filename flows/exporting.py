"""`fazhi export`: the published tables in, files for Excel and other tools out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from flows.errors import Exit
from flows.settings import Settings
from warehouse.exporting import export


def export_files(settings: Settings, fmt: str, tables: Sequence[str], out: Path | None) -> int:
    """Write the files and print one line each; returns the exit status."""
    folder = out or settings.home / "exports" / fmt
    for item in export(settings.warehouse, folder, fmt, tables):
        what = ", ".join(f"{name} {rows:,} rows" for name, rows in item.tables.items())
        typer.echo(f"{folder / item.file}: {what}")
        for note in item.notes:
            typer.echo(f"  {note}")
    return Exit.OK
