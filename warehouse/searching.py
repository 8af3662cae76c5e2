"""Words in, the passages and quantities that hold them out, most relevant first, each with its report and address."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.connect import attach_read_only, quoted
from warehouse.errors import NoWarehouse, WarehouseError

SNIPPET = 120
_ANEW = "`fazhi build` makes a damaged index anew"
_BREAKS = "。；\uff1b\n"

_REPORT = "report.report_id, report.publisher, report.region_code, report.region_name, report.report_year, report.url"
_SECTIONS = f"""
with found as (
    select found.score, {_REPORT}, found.section_no, coalesce(section.heading, report.title) as heading, section.part
    from search.sections($query) as found
    inner join fct_report as report on found.report_id = report.report_id
    left join fct_report_section as section
        on found.report_id = section.report_id and found.section_no = section.section_no
    where {{filters}}
    order by found.score desc, report.report_id, found.section_no
    limit $limit
)
select found.* exclude (section_no),
    substring(report.body, unit.char_start + 1, unit.char_end - unit.char_start) as text
from found
inner join fct_report as report on found.report_id = report.report_id
inner join search.report as indexed on found.report_id = indexed.report_id
inner join search.unit as unit
    on indexed.report_no = unit.report_no and found.section_no = unit.place and unit.kind = 1
order by found.score desc, found.report_id, found.section_no
"""
# what a quantity counts says more about it than the rest of its sentence
_QUANTITIES = f"""
with word as (select word from search.query_words($query)),
found as (
    select found.score, {_REPORT}, quantity.section_heading as heading, quantity.part, quantity.sentence as text,
        quantity.quantity_id, quantity.indicator_id, quantity.subject, quantity.value, quantity.unit, quantity.raw,
        quantity.quality_flag, quantity.subject || ' ' || coalesce(indicator.name_zh, '') as counted
    from search.sentences($query) as found
    inner join fct_report as report on found.report_id = report.report_id
    inner join fct_quantity as quantity
        on found.report_id = quantity.report_id and found.sentence_start = quantity.sentence_start
    left join dim_indicator as indicator on quantity.indicator_id = indicator.indicator_id
    where {{filters}}
)
select found.* exclude (counted) replace (
    found.score * (1 + (
        select coalesce(sum(length(word)) filter (where contains(lower(found.counted), word)) / sum(length(word)), 0)
        from word
    )) as score
)
from found
order by score desc, quantity_id
limit $limit
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result. fields: score, report, address and, for a quantity, its value; snippet: the passage around the words.

    highlights: where the words stand in the snippet, as (start, end).
    """

    fields: dict[str, Any]
    snippet: str
    highlights: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to. words: of the query, those that the index holds; snapshot_id: what was indexed."""

    hits: list[Hit]
    words: list[str]
    snapshot_id: str


def search(
    warehouse: Path,
    index: Path,
    query: str,
    *,
    quantities: bool = False,
    region: str | None = None,
    years: tuple[int, int] | None = None,
    limit: int = 10,
) -> Found:
    """Search sections, or quantities by their sentences.

    region: a division code (a province's or city's code finds all below it) or a part of a region's name;
    years: first and last report year. Raises NoWarehouse where nothing is published or indexed.
    """
    if not query.strip():
        raise WarehouseError("what shall be searched for? Give one word or more, with blanks between")
    if not index.exists():
        raise NoWarehouse(f"there is no search index at {index} yet: `fazhi run` or `fazhi build` makes one")
    query = unicodedata.normalize("NFKC", query)  # as the index's words are
    filters, values = ["true"], {"query": query, "limit": limit}
    if region:
        if region.isdecimal():
            filters.append("starts_with(report.region_code, $region)")
            values["region"] = _below(region)
        else:
            filters.append("contains(report.region_name, $region)")
            values["region"] = region
    if years:
        filters.append("report.report_year between $first and $last")
        values |= {"first": years[0], "last": years[1]}
    with attach_read_only(warehouse) as con:
        try:
            con.execute(f"attach {quoted(index)} as search (read_only)")
            words = [
                word
                for (word,) in con.execute("select word from search.query_words(?) order by all", [query]).fetchall()
            ]
            ((snapshot_id,),) = con.execute("select snapshot_id from search.state").fetchall()
            sql = (_QUANTITIES if quantities else _SECTIONS).format(filters=" and ".join(filters))
            result = con.execute(sql, values)
            names = [column[0] for column in result.description or []]
            rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
        except duckdb.Error as error:
            raise NoWarehouse(f"{index} cannot be searched: {error}. {_ANEW}") from error
    return Found([_hit(row, words) for row in rows], words, snapshot_id or "")


def _below(code: str) -> str:
    """The beginning that the codes of a division and of all below it share: 36 of 360000, 3601 of 360100."""
    code = code.ljust(6, "0")
    if code == "000000":
        return ""
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def _hit(row: dict[str, Any], words: Sequence[str]) -> Hit:
    text = row.pop("text")
    start, end = _window(text, _places(text, words))
    before, after = "…" if start else "", "…" if end < len(text) else ""
    snippet = before + text[start:end].replace("\n", " ") + after
    return Hit(row, snippet, tuple(_places(snippet, words)))


def _places(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words stand; places that touch or overlap are one."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters change their length with their size
        lower = text
    found = []
    for word in words:
        at = lower.find(word)
        while at >= 0:
            found.append((at, at + len(word)))
            at = lower.find(word, at + 1)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _window(text: str, places: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The stretch of a snippet's length that shows most of the words, from the beginning of a sentence if it can."""
    if len(text) <= SNIPPET:
        return 0, len(text)

    def shown(start: int) -> int:
        return sum(end - at for at, end in places if start <= at and end <= start + SNIPPET)

    best = max((at for at, _ in places), key=lambda at: (shown(at), -at), default=0)
    first = max(text.rfind(mark, 0, best) for mark in _BREAKS) + 1
    start = first if shown(first) >= shown(best) else max(best - SNIPPET // 8, 0)
    if shown(start) < shown(best):
        start = best
    return start, min(start + SNIPPET, len(text))
