"""Rows in, a table that fits the terminal out: where columns would become slivers, each row is a block of lines instead.

And the same for scripts: one JSON value on standard output.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from flows.visible import visible

# a column narrower than this folds words until nobody can read them; a Chinese character takes two
READABLE = 10
BETWEEN = 3
LOOKED_AT = 200


def print_rows(
    console: Console,
    names: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    title: str | None = None,
    right: Collection[str] = (),
    shape: box.Box = box.SIMPLE_HEAD,
    styles: Sequence[str] = (),
) -> None:
    """Print rows under their names; characters that could work the terminal are made signs.

    right: columns of numbers; styles: how each row looks.
    """
    cells = [[visible(value) for value in row] for row in rows]
    if shape is not box.MARKDOWN and needed(names, cells) > console.width:
        _print_blocks(console, names, cells, title)
        return
    table = Table(box=shape, title=title)
    for name in names:
        table.add_column(Text(name), overflow="fold", justify="right" if name in right else "left")
    for number, row in enumerate(cells):
        table.add_row(*map(Text, row), style=styles[number] if styles else "")
    console.print(table)


def print_json(value: object) -> None:
    """What `--json` prints; dates and paths as text."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def needed(names: Sequence[str], cells: Sequence[Sequence[str]]) -> int:
    """The width that a readable table of these columns takes."""
    widths = [cell_len(name) for name in names]
    for row in cells[:LOOKED_AT]:
        widths = [max(width, cell_len(cell)) for width, cell in zip(widths, row, strict=True)]
    return sum(min(width, READABLE) + BETWEEN for width in widths)


def _print_blocks(console: Console, names: Sequence[str], cells: Sequence[Sequence[str]], title: str | None) -> None:
    if title:
        console.print(Text(title, "bold"))
    for number, row in enumerate(cells, start=1):
        console.print(Rule(str(number), align="left", style="dim"))
        block = Table.grid(padding=(0, 1))
        block.add_column(overflow="fold", style="bold", max_width=console.width // 2)
        block.add_column(overflow="fold", ratio=1)
        for name, cell in zip(names, row, strict=True):
            if cell:
                block.add_row(Text(name), Text(cell))
        console.print(block)
