"""What is shown of a report in, one self-contained page out; scraped text is escaped, and nothing in the page can run."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from flows.show_tables import escape, metadata_table, quantity_table
from flows.shown import Check, Mark, Shown
from flows.shown_rows import PARTS, Row, amount, number, part_shares, rows_of

STYLE = Path(__file__).parent / "showing.css"
STATES = {
    "mapped": "已对应指标 with an indicator",
    "unmapped": "未对应 without",
    "target": "目标 goals",
    "doubtful": "存疑 doubtful",
    "failed": "核对不符 in failed checks",
}
DOUBTS = {"conflicting": "与他处矛盾 conflicting", "unusual": "异常 unusual"}
REVIEWS = {"changed": "人工更正 corrected", "accepted": "人工确认 confirmed"}
CHECKS = {
    "sentence_parts": "分项与合计 parts and total",
    "sentence_rate": "比率 stated rate",
    "implied_previous": "增减幅度 stated change",
    "stated_change": "与上年报告 against last year's report",
    "percent_range": "百分比范围 range",
    "catalogue_parts": "分项与合计 parts and total",
    "catalogue_rate": "比率 rate",
    "unit_slip": "单位错位 unit slip",
    "history_jump": "与历年相比 against other years",
    "peer_outlier": "与同类相比 against peers",
}
# verdicts that do not pass, worst first: what it is called, and how it looks
VERDICTS = {
    "fail": ("不符 failed", "failed"),
    "unusual": ("异常 unusual", "target"),
    "explained": ("可解释 explained", "explained"),
}
UNDISPUTED = ("only_candidate", "all_agree")  # rules that had nothing to decide
SURE = 0.9
SHORT = 12  # characters that are kept on one line with their number


def to_page(shown: Shown) -> str:
    """The page. Its policy allows one style sheet, by its hash, and nothing else: no script, image, font or form."""
    style = STYLE.read_text(encoding="utf-8") + _strip_columns(shown)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    document = shown.document
    title = escape(document.title or document.path or document.url or "report")
    return (
        '<!doctype html><html lang="zh"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f'<title>{title}</title><style>{style}</style></head><body><div class="page">\n'
        f"{_head(shown, title)}{_parts(shown)}{_alerts(shown)}"
        f"<main>\n{''.join(_row(shown, row) for row in rows_of(document, shown.marks))}</main>\n"
        f"{metadata_table(shown)}{quantity_table(shown)}</div></body></html>\n"
    )


def _head(shown: Shown, title: str) -> str:
    document = shown.document
    counts = Counter(mark.state for mark in shown.marks)
    genre = "法治政府建设年度报告 annual report" if document.genre == "annual_report" else "其他文种 no annual report"
    year = f" · {document.report_year}" if document.report_year else ""
    by = " · ".join(escape(item) for item in (document.publisher, document.region_name, document.published_on) if item)
    figures = [("", len(shown.marks), "数量 quantities")]
    figures += [(state, counts[state], text) for state, text in STATES.items() if counts[state]]
    if shown.passed is not None:
        figures.append(("", shown.passed, "核对通过 checks passed"))
    items = "".join(f'<li class="{state}"><b>{count:,}</b>{text}</li>' for state, count, text in figures)
    return (
        f'<header><p class="kicker">{genre}{year}</p><h1>{title}</h1><p class="by">{by}</p>'
        f'<ul class="figures">{items}</ul></header>\n'
    )


def _parts(shown: Shown) -> str:
    shares = part_shares(shown.document)
    strip = "".join(f'<span class="{part}"></span>' for part, share in shares.items() if share)
    items = "".join(
        f'<li class="{part}">{PARTS[part]} {share:.0%}</li>'
        if share
        else f'<li class="{part} absent">{PARTS[part]} 未见 absent</li>'
        for part, share in shares.items()
        if share or part != "other"
    )
    return (
        f'<section><h2 class="label">五个部分 The five parts</h2><div class="strip">{strip}</div>'
        f'<ul class="parts">{items}</ul></section>\n'
    )


def _strip_columns(shown: Shown) -> str:
    columns = " ".join(f"{share:.4f}fr" for share in part_shares(shown.document).values() if share)
    return f".strip{{grid-template-columns:{columns}}}\n"


def _alerts(shown: Shown) -> str:
    boxes = [f'<div class="box note"><p>{escape(note)}</p></div>' for note in shown.notes]
    for item in shown.document.warnings:
        said = " ".join(escape(text) for text in (item.excerpt, item.place) if text)
        boxes.append(
            f'<div class="box"><p><span class="tag failed">警示 {escape(item.code)}</span>{escape(item.detail)}</p>'
            f'<p class="said">{said}</p></div>'
        )
    numbers = {mark.quantity_id: place for place, mark in enumerate(shown.marks, start=1) if mark.quantity_id}
    boxes += [_check(check, numbers) for check in sorted(shown.checks, key=_rank)]
    heading = '<h2 class="label">警示与核对 Warnings and checks</h2>' if boxes else ""
    return f"<section>{heading}{''.join(boxes)}</section>\n"


def _rank(check: Check) -> int:
    return list(VERDICTS).index(check.verdict) if check.verdict in VERDICTS else len(VERDICTS)


def _check(check: Check, numbers: Mapping[str, int]) -> str:
    verdict, look = VERDICTS.get(check.verdict, (escape(check.verdict), "explained"))
    inputs = []
    for item in check.inputs:
        text = f"{escape(item['role'])} {escape(item['raw'] or number(item['value']))}"
        place = numbers.get(item["quantity_id"]) if item["quantity_id"] else None
        inputs.append(f'<a href="#m{place}">{text}</a>' if place else text)
    return (
        f'<div class="box {look}"><p><span class="tag {look}">{verdict}</span>'
        f'<span class="tag">{escape(CHECKS.get(check.kind, check.kind))}</span>{escape(check.explanation)}: '
        f"所述 stated {number(check.stated)}, 应为 expected {number(check.expected)}</p>"
        f'<p class="said">{" · ".join(inputs)}</p></div>'
    )


def _row(shown: Shown, row: Row) -> str:
    opens = " opens" if row.opens else ""
    text = _text(shown, row)
    if row.section is not None:
        level = min(row.section.level + 1, 4)
        tag = f'<span class="tag">{PARTS[row.section.part]}</span>' if row.section.level == 1 else ""
        first = f"<h{level}>{text}{tag}</h{level}>"
    else:
        first = f"<p>{text}</p>"
    notes = "".join(_note(shown, place) for place in row.numbers)
    beside = f'<ul class="notes">{notes}</ul>' if notes else ""
    return f'<div class="row{opens} {row.part}"><div>{first}</div>{beside}</div>\n'


def _text(shown: Shown, row: Row) -> str:
    body, out, at = shown.document.body, [], row.start
    bold = () if row.section else row.bold
    for place in row.numbers:
        item = shown.marks[place].quantity
        start, end = max(item.char_start, at), min(max(item.char_end, at), row.end)
        out.append("".join(_plain(body, at, start, bold)))
        name = place + 1
        short = " short" if end - start <= SHORT else ""
        out.append(
            f'<mark class="{shown.marks[place].state}{short}" id="m{name}"><a href="#n{name}">'
            f"{escape(body[start:end])}<sup>{name}</sup></a></mark>"
        )
        at = end
    out.append("".join(_plain(body, at, row.end, bold)))
    return "".join(out)


def _plain(body: str, start: int, end: int, bold: Sequence[tuple[int, int]]) -> Iterator[str]:
    at = start
    for first, last in bold:
        if first < end and last > at:
            first, last = max(first, at), min(last, end)
            yield escape(body[at:first]) + f'<span class="run">{escape(body[first:last])}</span>'
            at = last
    yield escape(body[at:end])


def _note(shown: Shown, place: int) -> str:
    mark, name = shown.marks[place], place + 1
    item = mark.quantity
    indicator = shown.names.get(item.indicator or "", item.indicator)
    named = f"<b>{escape(indicator)}</b>" if indicator else '<span class="none">未对应指标 no indicator</span>'
    year = str(item.period_year) if item.period_year else ""
    details = " · ".join(escape(text) for text in (item.subject, item.scope, year, item.kind) if text)
    return (
        f'<li class="{mark.state}" id="n{name}"><a class="no" href="#m{name}">{name}</a>{named}'
        f'<span class="amount">{escape(amount(mark))}</span>{"".join(_tags(mark))}{details}</li>'
    )


def _tags(mark: Mark) -> Iterator[str]:
    item = mark.quantity
    if mark.failed:
        yield '<span class="tag failed">核对不符 failed check</span>'
    if item.confidence < SURE:
        yield f'<span class="tag doubtful">置信度 confidence {item.confidence:.2f}</span>'
    if item.is_target:
        yield '<span class="tag target">目标 goal</span>'
    if mark.chosen_by:
        rule = "" if mark.chosen_by in UNDISPUTED else f": {escape(mark.chosen_by)}"
        yield f'<span class="tag mapped">年度值 yearly value{rule}</span>'
    if mark.doubt:
        yield f'<span class="tag doubtful">{DOUBTS.get(mark.doubt, escape(mark.doubt))}</span>'
    if mark.review:
        reason = f": {escape(mark.review_reason)}" if mark.review_reason else ""
        yield f'<span class="tag target">{REVIEWS.get(mark.review, mark.review)}{reason}</span>'
