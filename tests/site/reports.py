"""A built side file in, two reports more in it: one that tries everything in every text, and one of a single long line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

LONG = 1_000_000
SCRIPT = "<script>document.title='run'</script>"
IMAGE = "<img src=x onerror=\"document.title='run'\">"
ASTRAL = "\U0001f600\U00020bb7"  # two characters of two UTF-16 units each
ADDRESS = "javascript:alert(document.domain)//https://dongzhan.invalid/"
BODY = f"980101-{IMAGE}人民政府"
MODEL = "980122-人民政府"  # the sound body whose rows are taken for patterns
RAW = "48件"
TEXT = f"{ASTRAL}{SCRIPT}{IMAGE}\u202e\x07受理行政复议案件{RAW}，javascript:alert(1)。\n{IMAGE}"
EVIL = f'"></a>{SCRIPT}{IMAGE}'


def add_hostile(side: Path) -> None:
    """Add the body, its reports of 2022 and 2023, a value with evidence, and a failed check."""
    with duckdb.connect(str(side)) as con:
        con.execute("use marts")
        _like(con, "dim_publisher", f"publisher_id = '{MODEL}'", publisher_id=BODY, name=EVIL, reports=2, function=EVIL)
        at = TEXT.index(RAW)
        for year, body in ((2022, TEXT), (2023, "长" * LONG + RAW + "。")):
            warning = {"code": "spam", "detail": EVIL, "excerpt": EVIL, "place": ADDRESS}
            told = {"title": f"=HYPERLINK(1){EVIL}", "url": ADDRESS, "source": EVIL, "warnings": json.dumps([warning])}
            ids = {"publisher_id": BODY, "report_id": f"{BODY}-{year}"}
            model = f"report_id = '{MODEL}-{year}'"
            _like(
                con,
                "fct_report",
                model,
                **ids,
                publisher=EVIL,
                body=body,
                **told,
                derived_from=f'{{"title": {json.dumps(EVIL)}}}',
            )
            place = at if year == 2022 else LONG
            number = {"quantity_id": f"{BODY}-{year}:1", "char_start": place, "char_end": place + len(RAW), "raw": RAW}
            quantity = f"{model} and indicator_id = 'reconsideration_accepted'"
            _like(
                con,
                "fct_quantity",
                quantity,
                **ids,
                **number,
                value=48.0,
                subject=EVIL,
                sentence=body[:500],
                url=ADDRESS,
            )
            key = f"{BODY}:reconsideration_accepted:{year}"
            yearly = {"indicator_yearly_id": key, "quantity_id": number["quantity_id"], "value": 48.0, "url": ADDRESS}
            _like(con, "fct_indicator_yearly", quantity, **ids, **yearly, unit="=件", raw="+" + RAW, sentence=EVIL)
            status = {
                "coverage_id": f"{BODY}:{year}",
                "publisher_id": BODY,
                "report_id": ids["report_id"],
                "reason": EVIL,
            }
            _like(con, "rpt_coverage", f"publisher_id = '{MODEL}' and report_year = {year}", **status)
            inputs = json.dumps([{"role": EVIL, "raw": EVIL, "value": 1, "quantity_id": number["quantity_id"]}])
            check = {"check_id": f"{BODY}:{year}", "inputs": inputs, "verdict": "fail", "explanation": EVIL}
            _like(con, "rpt_reconciliation", f"{model} limit 1", **ids, **check, sentence=EVIL)


def _like(con: duckdb.DuckDBPyConnection, table: str, where: str, **changed: Any) -> None:
    """Insert the rows that fulfil the condition once more, with other values in some columns."""
    columns = [name for (name, *_) in con.execute(f"describe {table}").fetchall()]
    selected = ", ".join(f"${name} as {name}" if name in changed else name for name in columns)
    count = con.execute(f"insert into {table} select {selected} from (from {table} where {where})", changed).fetchone()
    assert count and count[0] > 0, f"{table}: no row where {where}"
