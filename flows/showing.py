"""`fazhi show`: what is shown of a report in, its rendering for the terminal out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows.events import wide_console
from flows.look_up import look_up
from flows.settings import Settings
from flows.show_page import CHECKS, SURE, UNDISPUTED, to_page
from flows.show_tables import FIELDS
from flows.shown import Mark, Shown
from flows.shown_rows import PARTS, Row, amount, number, part_shares, rows_of
from flows.visible import visible

COLOURS = {
    "mapped": "black on green",
    "unmapped": "black on white",
    "target": "black on yellow",
    "doubtful": "white on magenta",
    "failed": "white on red",
}
BESIDE_FROM = 110  # columns of a terminal that has room for the notes beside the text


def show(settings: Settings, target: str, url: str | None, page: Path | None) -> None:
    """Print a file's, a url's or a report's rendering, or write it as a page. Raises FazhiError."""
    shown = look_up(settings, target, url)
    if page is None:
        print_shown(shown, wide_console())
        return
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(to_page(shown), encoding="utf-8")
    print(page)


def print_shown(shown: Shown, console: Console) -> None:
    """Print the rendering: fields, parts, warnings and failed checks, then the text with its notes beside it."""
    console.print(Group(*_head(shown), *_body(shown, beside=console.width >= BESIDE_FROM)))


def _head(shown: Shown) -> Iterator[RenderableType]:
    document = shown.document
    fields = Table.grid(padding=(0, 2))
    for name in FIELDS:
        value = getattr(document, name)
        evidence = document.derived_from.get(name, "")
        fields.add_row(
            Text(name, "bold"), Text("–" if value is None else visible(value)), Text(visible(evidence), "dim")
        )
    for name, text in shown.origin:
        fields.add_row(Text(name, "bold"), Text(visible(text)), Text(""))
    yield fields
    for part, share in part_shares(document).items():
        if share or part != "other":
            yield Text(f"{PARTS[part]}: {share:.0%}" if share else f"{PARTS[part]}: absent", "" if share else "red")
    for note in shown.notes:
        yield Text(f"· {visible(note)}", "yellow")
    for item in document.warnings:
        yield Text(visible(f"! {item.code}: {item.detail} {item.excerpt} {item.place}"), "red")
    for check in shown.checks:
        inputs = ", ".join(f"{item['role']} {item['raw'] or number(item['value'])}" for item in check.inputs)
        told = f"stated {number(check.stated)}, expected {number(check.expected)}"
        line = f"{check.verdict} · {CHECKS.get(check.kind, check.kind)} · {check.explanation}: {told} ({inputs})"
        yield Text(visible(line), {"fail": "red", "unusual": "yellow"}.get(check.verdict, "dim"))
    passed = "" if shown.passed is None else f", {shown.passed} checks passed"
    yield Text(f"{len(shown.marks)} quantities{passed}\n", "bold")


def _body(shown: Shown, *, beside: bool) -> Iterator[RenderableType]:
    if not beside:
        for row in rows_of(shown.document, shown.marks):
            yield _text(shown, row)
            yield from _notes(shown, row)
        return
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=1, overflow="fold")
    for row in rows_of(shown.document, shown.marks):
        table.add_row(_text(shown, row), Group(*_notes(shown, row)))
    yield table


def _text(shown: Shown, row: Row) -> Text:
    text = Text(visible(shown.document.body[row.start : row.end]))
    for start, end in row.bold:
        text.stylize("bold", start - row.start, end - row.start)
    for place in row.numbers:
        mark = shown.marks[place]
        text.stylize(COLOURS[mark.state], mark.quantity.char_start - row.start, mark.quantity.char_end - row.start)
    return text


def _notes(shown: Shown, row: Row) -> Iterator[Text]:
    for place in row.numbers:
        mark = shown.marks[place]
        item = mark.quantity
        name = shown.names.get(item.indicator or "", item.indicator or "–")
        text = Text("  ")
        text.append(visible(item.raw), COLOURS[mark.state])
        text.append(f" {visible(name)}", "bold" if item.indicator else "dim")
        text.append(f" {visible(amount(mark))}")
        text.append(f"  {visible(' · '.join(_details(mark)))}", "dim")
        yield text


def _details(mark: Mark) -> Iterator[str]:
    item = mark.quantity
    yield from (text for text in (item.indicator, item.subject, item.scope) if text)
    if item.period_year:
        yield str(item.period_year)
    yield item.kind
    if item.is_target:
        yield "goal"
    if mark.chosen_by:
        yield "yearly value" if mark.chosen_by in UNDISPUTED else f"yearly value: {mark.chosen_by}"
    if mark.doubt:
        yield mark.doubt
    if mark.failed:
        yield "failed check"
    if item.confidence < SURE:
        yield f"confidence {item.confidence:.2f}"
    if mark.review:
        yield f"{mark.review}: {mark.review_reason}"
