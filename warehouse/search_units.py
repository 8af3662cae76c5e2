"""Reports in, the units of the search index out: sections' own texts and the sentences with quantities, words counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from os import cpu_count

import duckdb
import pyarrow as pa

from warehouse.connect import quoted
from warehouse.segmenting import words

SECTION, SENTENCE = 1, 2
CHUNK = 200  # reports that one process takes at a time

# id, body, [section_no, char_start] by section, [char_start, char_end] by sentence
Report = tuple[str, str, list[list[int]], list[list[int]]]
# kind, place, char_start, char_end, words with their counts
Unit = tuple[int, int, int, int, Counter[str]]

# the ids are written out: a list of constants is looked at before the texts are read, a table of them after
_BODIES = "select report_id, body from fct_report where report_id in ({ids})"
_STARTS = """
select report_id, list([section_no, char_start] order by section_no)
from fct_report_section where report_id in (from chosen) group by report_id
"""
_SPANS = """
select report_id, list([sentence_start, sentence_start + length(sentence)] order by sentence_start)
from (select distinct report_id, sentence_start, sentence from fct_quantity where report_id in (from chosen))
group by report_id
"""


def counted(con: duckdb.DuckDBPyConnection, report_ids: list[str]) -> Iterator[tuple[str, list[Unit]]]:
    """The units of these reports, counted on all cores where there are enough of them."""
    processes = min(cpu_count() or 1, len(report_ids) // CHUNK)
    chunks = (_fetched(con, chunk) for chunk in pieces(report_ids, CHUNK))
    if processes < 2:
        for chunk in chunks:
            yield from count_words(chunk)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for done in pool.map(count_words, list(chunks)):
            yield from done


def _fetched(con: duckdb.DuckDBPyConnection, report_ids: list[str]) -> list[Report]:
    con.register("chosen_ids", pa.table({"report_id": report_ids}))
    con.execute("create or replace temp table chosen as from chosen_ids")
    con.unregister("chosen_ids")
    # three small questions: joined into one, all texts would be read before the chosen ones are taken
    starts, spans = (dict(con.execute(query).fetchall()) for query in (_STARTS, _SPANS))
    bodies = sorted(con.execute(_BODIES.format(ids=", ".join(map(quoted, report_ids)))).fetchall())
    return [(report_id, body, starts.get(report_id, []), spans.get(report_id, [])) for report_id, body in bodies]


def count_words(reports: Iterable[Report]) -> list[tuple[str, list[Unit]]]:
    """The units of each report with the words they hold."""
    return [(report_id, _units(body, starts, spans)) for report_id, body, starts, spans in reports]


def _units(body: str, starts: list[list[int]], spans: list[list[int]]) -> list[Unit]:
    """Sections' own texts and the sentences; each stretch of text is cut into words once and counted in both."""
    sections = [[-1, 0], *starts] if not starts or starts[0][1] > 0 else starts
    ends = [start for _, start in sections[1:]] + [len(body)]
    units: list[Unit] = [
        *(
            (SECTION, place, start, max(end, start), Counter())
            for (place, start), end in zip(sections, ends, strict=True)
        ),
        *((SENTENCE, start, start, end, Counter()) for start, end in spans),
    ]
    bounds = sorted({place for unit in units for place in unit[2:4]})
    cuts = {place: number for number, place in enumerate(bounds)}
    stretches = [Counter(words(body[start:end])) for start, end in pairwise(bounds)]
    for _, _, start, end, counts in units:
        for stretch in stretches[cuts[start] : cuts[end]]:
            counts.update(stretch)
    return [unit for unit in units if unit[4]]


def pieces(items: list[str], size: int) -> Iterator[list[str]]:
    """The items in lists of `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
