"""`fazhi show`: a Document in, the report with every quantity marked out, for the terminal or as one HTML page."""

from __future__ import annotations

import html
from collections.abc import Iterator

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from extraction.types import Document, Quantity

FIELDS = (
    *("genre", "title", "publisher", "region_name", "region_code", "report_year", "published_on", "signed_on"),
    *("source", "index_no", "document_no", "site_id"),
)
# nothing in the page may run or be fetched: scraped text is data
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
body{font:16px/1.8 system-ui,"Noto Sans CJK SC","WenQuanYi Micro Hei",sans-serif;max-width:60rem;margin:2rem auto;
padding:0 1rem;color:#222}
table{border-collapse:collapse;font-size:.85em}td,th{padding:.1rem .6rem;text-align:left;vertical-align:top;
border-bottom:1px solid #ddd}
mark{background:#e4f0d8;border-bottom:2px solid #6a9a3b;padding:0 .1em}mark.unmapped{background:#f3f3f3;
border-color:#999}mark.target{background:#fff1cf;border-color:#c98a00}mark.doubtful{background:#fbdcd8;
border-color:#c0392b}
.part{color:#777;font-size:.75em;margin-left:.6em}.warning{color:#a33}p{margin:.4em 0}
"""


def to_text(document: Document) -> Group:
    """Fields, warnings, the body with quantities in colour, and a table of the quantities, as a rich renderable."""
    fields = Table.grid(padding=(0, 2))
    for name in FIELDS:
        value = getattr(document, name)
        evidence = document.derived_from.get(name, "")
        fields.add_row(Text(name, "bold"), Text("–" if value is None else str(value)), Text(evidence, "dim"))
    warnings = [Text(f"! {item.code}: {item.detail} {item.excerpt} {item.place}", "red") for item in document.warnings]
    body = Text(document.body)
    for section in document.sections:
        body.stylize("bold", section.char_start, section.char_start + len(section.heading))
    for item in document.quantities:
        body.stylize(_COLOURS[_state(item)], item.char_start, item.char_end)
    table = Table(title=f"{len(document.quantities)} quantities")
    for name in ("raw", "value", "unit", "kind", "approx", "subject", "year", "indicator", "conf."):
        table.add_column(name, overflow="fold")
    for item in document.quantities:
        table.add_row(*map(Text, _cells(item)))
    return Group(fields, *warnings, Text(), body, Text(), table)


def to_html(document: Document) -> str:
    """The same as one self-contained page; scraped text is escaped and the page's policy lets nothing run."""
    rows = "".join(
        f"<tr><th>{name}</th><td>{_escape(getattr(document, name))}</td>"
        f"<td class=part>{_escape(document.derived_from.get(name, ''))}</td></tr>"
        for name in FIELDS
    )
    warnings = "".join(
        f"<p class=warning>{_escape(f'{item.code}: {item.detail} {item.excerpt} {item.place}')}</p>"
        for item in document.warnings
    )
    quantities = "".join(
        "<tr>" + "".join(f"<td>{_escape(cell)}</td>" for cell in _cells(item)) + "</tr>" for item in document.quantities
    )
    head = "".join(
        f"<th>{name}</th>"
        for name in ("原文", "value", "unit", "kind", "approx", "subject", "year", "indicator", "conf.")
    )
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f"<title>{_escape(document.title or document.path or 'report')}</title><style>{STYLE}</style>"
        f"<table>{rows}</table>{warnings}<main>{''.join(_paragraphs(document))}</main>"
        f"<table><tr>{head}</tr>{quantities}</table></html>\n"
    )


_COLOURS = {
    "mapped": "black on green",
    "unmapped": "black on white",
    "target": "black on yellow",
    "doubtful": "white on red",
}
DOUBTFUL_BELOW = 0.5


def _state(item: Quantity) -> str:
    if item.confidence < DOUBTFUL_BELOW:
        return "doubtful"
    if item.is_target:
        return "target"
    return "mapped" if item.indicator else "unmapped"


def _cells(item: Quantity) -> tuple[str, ...]:
    value = "" if item.value is None else f"{item.value:,}"
    year = "" if item.period_year is None else str(item.period_year) + (" 目标" if item.is_target else "")
    subject = item.subject + (f" ({item.scope})" if item.scope else "")
    approx = item.approx + (f" {item.direction}" if item.direction else "")
    return (
        *(item.raw, value, item.unit or "", item.kind, approx, subject, year),
        *(item.indicator or "", f"{item.confidence:.2f}"),
    )


def _paragraphs(document: Document) -> Iterator[str]:
    parts = {section.char_start: section.part for section in document.sections if section.level == 1}
    quantities = iter(sorted(document.quantities, key=lambda item: item.char_start))
    waiting = next(quantities, None)
    start = 0
    for line in document.body.split("\n"):
        end, at, out = start + len(line), start, []
        while waiting is not None and waiting.char_start < end:
            out.append(_escape(document.body[at : waiting.char_start]))
            label = _escape(" · ".join(cell for cell in _cells(waiting)[1:] if cell))
            out.append(f'<mark class="{_state(waiting)}" title="{label}">{_escape(waiting.raw)}</mark>')
            at = waiting.char_end
            waiting = next(quantities, None)
        out.append(_escape(document.body[at:end]))
        part = f"<span class=part>{parts[start]}</span>" if start in parts else ""
        yield f"<p>{''.join(out)}{part}</p>"
        start = end + 1


def _escape(value: object) -> str:
    return html.escape("" if value is None else str(value), quote=True)


def print_document(document: Document, console: Console) -> None:
    """Print the rendering for the terminal."""
    console.print(to_text(document))
