"""What is shown of a report in, the tables at the end of its page out: metadata with evidence, and all quantities."""

from __future__ import annotations

import html

from flows.shown import WEB, Shown
from flows.shown_rows import number
from flows.visible import visible

FIELDS = (
    *("genre", "title", "publisher", "region_name", "region_code", "report_year", "published_on", "signed_on"),
    *("source", "index_no", "document_no", "site_id"),
)


def escape(value: object) -> str:
    """Scraped text for the page: never markup, and nothing in it unseen."""
    return html.escape(visible(value), quote=True)


def metadata_table(shown: Shown) -> str:
    """The report's fields, which evidence gave each, and where the report is from."""
    document = shown.document
    rows = [
        f"<tr><th>{name}</th><td>{escape(getattr(document, name) or '–')}</td>"
        f'<td class="evidence">{escape(document.derived_from.get(name, ""))}</td></tr>'
        for name in FIELDS
    ]
    rows += [f'<tr><th>{escape(name)}</th><td colspan="2">{_linked(text)}</td></tr>' for name, text in shown.origin]
    return (
        "<details open><summary>元数据与依据 Metadata and where it is from</summary>"
        f'<div class="scroll"><table class="meta">{"".join(rows)}</table></div></details>\n'
    )


def quantity_table(shown: Shown) -> str:
    """Every quantity with all of its fields."""
    columns = ("#", "原文 raw", "value", "unit", "kind", "approx", "direction", "subject", "scope", "year", "target")
    head = "".join(f"<th>{name}</th>" for name in (*columns, "indicator", "confidence", "offsets"))
    rows = []
    for place, mark in enumerate(shown.marks, start=1):
        item = mark.quantity
        cells = [
            escape(item.raw),
            number(item.value),
            escape(item.unit),
            item.kind,
            item.approx,
            item.direction or "",
        ]
        cells += [
            escape(item.subject),
            escape(item.scope),
            str(item.period_year or ""),
            "✓" if item.is_target else "",
        ]
        cells += [escape(item.indicator), f"{item.confidence:.2f}", f"{item.char_start}–{item.char_end}"]
        classes = {1: ' class="right"', 6: ' class="wide"'}
        told = "".join(f"<td{classes.get(column, '')}>{cell}</td>" for column, cell in enumerate(cells))
        rows.append(f'<tr><td><a href="#m{place}">{place}</a></td>{told}</tr>')
    return (
        f"<details><summary>全部数量 All {len(shown.marks):,} quantities</summary>"
        f'<div class="scroll"><table><tr>{head}</tr>{"".join(rows)}</table></div></details>\n'
    )


def _linked(text: str) -> str:
    shown = escape(text)
    return f'<a href="{shown}" rel="noreferrer noopener">{shown}</a>' if text.startswith(WEB) else shown
