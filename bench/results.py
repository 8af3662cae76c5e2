"""Figures of a part in, `results.json` and the table in the docs out; other parts' figures stay as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.parts import NAMES, part

MARKS = ("<!-- figures: written by `make bench` -->", "<!-- end of figures -->")


class NoMarks(Exception):
    """The page has no place for the table; the message names the file and the lines that it needs."""


def read(path: Path) -> dict[str, Any]:
    """All entries by letter; none where nothing was measured yet."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


def merge(path: Path, letter: str, entry: dict[str, Any]) -> dict[str, Any]:
    """Put one part's entry in the place of its last one; returns all."""
    entries = dict(sorted({**read(path), letter: entry}.items()))
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(json.dumps(entries, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
    return entries


def as_markdown(entries: dict[str, Any]) -> str:
    """Every part: its table, how it was measured, when and on what."""
    blocks = []
    for letter in NAMES:
        module = part(letter)
        blocks.append(f"## {letter}. {module.TITLE}\n\n{module.METHOD.strip()}")
        if letter not in entries:
            blocks.append("Not measured yet.")
            continue
        entry = entries[letter]
        blocks += [module.table(entry["figures"]), _origin(entry)]
    return "\n\n".join(blocks)


def _origin(entry: dict[str, Any]) -> str:
    on, noise = entry["machine"], entry["noise"]
    swing = max(noise["before"]["swing"], noise["after"]["swing"])
    loops = f"{noise['before']['loop_ms']:g} ms before, {noise['after']['loop_ms']:g} ms after"
    stolen = f"; the host took {noise['stolen']:.0%} of the time meanwhile" if "stolen" in noise else ""
    return (
        f"{entry['at'][:10]}, revision {entry['revision']}; {on['cores']} cores of {on['processor']}, {on['memory_gb']:g} GB, "
        f"CPython {on['python']}, DuckDB {entry['versions']['duckdb']}; load {on['load_before']:g} before the start; "
        f"a fixed loop took {loops}, the slowest {swing:.0%} above the median{stolen}."
    )


def write_table(page: Path, entries: dict[str, Any]) -> None:
    """Put the tables between the marks of the page. Raises NoMarks."""
    write_between(page, MARKS, as_markdown(entries))


def write_between(page: Path, marks: tuple[str, str], written: str) -> None:
    """Put this in the place of what stands between the two lines. Raises NoMarks."""
    text = page.read_text(encoding="utf-8")
    if not all(mark in text for mark in marks):
        raise NoMarks(f"{page}: the lines {marks[0]!r} and {marks[1]!r} are needed, for the table to stand between")
    head, _, rest = text.partition(marks[0])
    tail = rest.partition(marks[1])[2]
    page.write_text(f"{head}{marks[0]}\n\n{written}\n\n{marks[1]}{tail}", encoding="utf-8")


def lines(head: list[str], rows: list[list[object]]) -> str:
    """A Markdown table; the first column is words, the others are figures."""
    shown = [head, ["---", *["---:"] * (len(head) - 1)], *[[_cell(cell) for cell in row] for row in rows]]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in shown)


def _cell(cell: object) -> str:
    if cell is None:
        return "–"
    return f"{cell:,}" if isinstance(cell, int) else str(cell).replace("|", "\\|")
