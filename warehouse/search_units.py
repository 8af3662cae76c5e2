"""Reports in, the units of the search index out: sections' own texts and the sentences with quantities, words counted."""

from __future__ import annotations

from array import array
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from multiprocessing import get_context
from os import cpu_count
from typing import TypeVar

import duckdb

from warehouse.connect import quoted
from warehouse.segmenting import cut, is_word

Item = TypeVar("Item")
SECTION, SENTENCE = 1, 2
CHUNK = 200  # reports that one process takes at a time

# id, body, [section_no, char_start] by section, [char_start, char_end] by sentence
Report = tuple[str, str, list[list[int]], list[list[int]]]

# the range is looked at before the texts are read, a table of wanted ids after
_WANTED = "report_id between {first} and {last} and report_id in (from unnest($ids))"
_BODIES = f"select report_id, body from fct_report where {_WANTED} order by report_id"
# few lie anywhere between the first and the last id; of many, this would be slower
_FEW_BODIES = f"""
select report_id, body from fct_report where rowid in (select rowid from fct_report where {_WANTED}) order by report_id
"""
_STARTS = f"""
select report_id, list([section_no, char_start] order by section_no)
from fct_report_section where {_WANTED} group by report_id
"""
_SPANS = f"""
select report_id, list([sentence_start, sentence_end] order by sentence_start)
from (
    select report_id, sentence_start, sentence_start + max(length(sentence)) as sentence_end
    from fct_quantity where {_WANTED} group by report_id, sentence_start
)
group by report_id
"""


def _columns(*names: str) -> dict[str, array[int]]:
    return {name: array("i") for name in names}


@dataclass(frozen=True, slots=True)
class Counted:
    """Some reports' units and how often each word stands in them, as columns.

    `report`, `unit` and `word` are places in the lists of reports, of units and of words.
    """

    report_ids: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    units: dict[str, array[int]] = field(
        default_factory=lambda: _columns("report", "kind", "place", "char_start", "char_end", "words")
    )
    postings: dict[str, array[int]] = field(default_factory=lambda: _columns("unit", "word", "n"))


class _Vocabulary(dict[str, int]):
    """By piece of text the place of the word in the list; -1 for what is no word."""

    def __init__(self, words: list[str]) -> None:
        self.words = words

    def __missing__(self, piece: str) -> int:
        self[piece] = place = len(self.words) if is_word(piece) else -1
        if place >= 0:
            self.words.append(piece)
        return place


def counted(con: duckdb.DuckDBPyConnection, report_ids: list[str], size: int) -> Iterator[list[Counted]]:
    """Batch by batch the units of these reports, counted on all cores where there are enough of them.

    report_ids: sorted; size: of a batch, which is counted while the caller works on the one before.
    """
    processes = min(cpu_count() or 1, len(report_ids) // CHUNK)
    batches = pieces(report_ids, size)
    if processes < 2:
        for batch in batches:
            yield [count_words(chunk) for chunk in pieces(_fetched(con, batch), CHUNK)]
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        ahead: deque[list[Future[Counted]]] = deque()
        for batch in batches:
            ahead.append([pool.submit(count_words, chunk) for chunk in pieces(_fetched(con, batch), CHUNK)])
            if len(ahead) > 1:
                yield [done.result() for done in ahead.popleft()]
        for chunks in ahead:
            yield [done.result() for done in chunks]


def _fetched(con: duckdb.DuckDBPyConnection, report_ids: list[str]) -> list[Report]:
    """Reports with their bodies, by id; the ids are sorted."""
    first, last = quoted(report_ids[0]), quoted(report_ids[-1])
    texts = _BODIES if len(report_ids) > CHUNK else _FEW_BODIES
    # three small questions: joined into one, all texts would be read before the wanted ones are taken
    bodies, starts, spans = (
        con.execute(question.format(first=first, last=last), {"ids": report_ids}).fetchall()
        for question in (texts, _STARTS, _SPANS)
    )
    sections, sentences = dict(starts), dict(spans)
    return [(report_id, body, sections.get(report_id, []), sentences.get(report_id, [])) for report_id, body in bodies]


def count_words(reports: Iterable[Report]) -> Counted:
    """The units of these reports with the words they hold."""
    found = Counted()
    vocabulary = _Vocabulary(found.words)
    for number, (report_id, body, starts, spans) in enumerate(reports):
        found.report_ids.append(report_id)
        for *place, words in _units(body, starts, spans, vocabulary):
            counts = Counter(words)
            found.postings["unit"].extend(array("i", [len(found.units["report"])]) * len(counts))
            found.postings["word"].extend(counts)
            found.postings["n"].extend(counts.values())
            for column, value in zip(found.units.values(), (number, *place, len(words)), strict=True):
                column.append(value)
    return found


def _units(
    body: str, starts: list[list[int]], spans: list[list[int]], vocabulary: _Vocabulary
) -> Iterator[tuple[int, int, int, int, list[int]]]:
    """Kind, place, start, end and words of each unit with words; each stretch of text is cut once, for all it lies in."""
    sections = [[-1, 0], *starts] if not starts or starts[0][1] > 0 else starts
    ends = [start for _, start in sections[1:]] + [len(body)]
    units = [
        *((SECTION, place, start, max(end, start)) for (place, start), end in zip(sections, ends, strict=True)),
        *((SENTENCE, start, start, end) for start, end in spans),
    ]
    bounds = sorted({place for unit in units for place in unit[2:]})
    words: list[int] = []
    until = {bounds[0]: 0}  # by place in the text, how many words stand before it
    for start, end in pairwise(bounds):
        words += [word for piece in cut(body[start:end]) if (word := vocabulary[piece]) >= 0]
        until[end] = len(words)
    for kind, place, start, end in units:
        if until[end] > until[start]:
            yield kind, place, start, end, words[until[start] : until[end]]


def pieces(items: list[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
