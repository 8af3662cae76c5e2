"""indicator_catalogue.csv in, Catalogue out: the indicators and, in each row, the words that tell a quantity is one."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from operator import add
from pathlib import Path

from extraction.plain import by_first, theme_words

PATH = Path(__file__).parent.parent / "dbt_project" / "seeds" / "indicator_catalogue.csv"
UNIT_GROUPS_PATH = Path(__file__).parent / "unit_groups.csv"
THEMES = (
    "functions",
    "rules",
    "decisions",
    "enforcement",
    "emergencies",
    "disputes",
    "oversight",
    "technology",
    "organisation",
)
SPANS = ("year", "stock", "any")


class CatalogueError(Exception):
    """A row of the catalogue cannot be used; the message names file, indicator and what is allowed."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """A row of the catalogue.

    needs: groups of words, one of each must stand in the subject; groups: the same, words of the subject and words that
    are looked for elsewhere apart; bars: none of these may; known: all words that the row understands, by their first
    characters (those needed, and those of match_may and of its theme, which change nothing);
    anywhere: the words of the first group, wherever they are looked for, or "" where one may stand in the sentence before;
    told_apart: whether each of the kinds that a list tells apart is a value of its own, as the definition says;
    span: `year` (what happened in it), `stock` (what there is at a date) or `any` (told for a campaign or several years).
    """

    id: str
    name_zh: str
    name_en: str
    theme: str
    unit: str
    kind: str
    parent_id: str | None
    total_id: str | None
    units: frozenset[str]
    needs: tuple[tuple[str, ...], ...]
    groups: tuple[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], ...]
    anywhere: tuple[str, ...]
    bars: tuple[str, ...]
    bars_in_sentence: tuple[str, ...]
    bars_in_clauses: tuple[str, ...]
    told_apart: bool
    span: str
    example: str
    example_value: float
    known: Mapping[str, tuple[str, ...]] = field(hash=False, compare=False)

    def weight(self, text: str, sentence: str = "", around: Callable[[], str] = str) -> int:
        """How many characters of the text the rule relies on; 0 where it does not hold.

        A word written `^word` is looked for in the sentence up to the number instead, one written `~word` in the part
        of it behind the last semicolon or sum, one written `@word` in what `around` gives: the sentence before and this one.
        """
        total = 0
        near = clauses = ""
        for here, elsewhere in self.groups:
            for word in here:  # the longest first
                if word in text:
                    total += len(word)
                    break
            else:
                for mark, word in elsewhere:
                    if mark == "^":
                        said = word in sentence
                    elif mark == "~":
                        clauses = clauses or _clauses(sentence)
                        said = word in clauses
                    else:
                        near = near or around()
                        said = word in near
                    if said:
                        total += 1 if mark == "@" else len(word) + 1
                        break
                else:
                    return 0
        for word in self.bars:
            if word in text:
                return 0
        for word in self.bars_in_sentence:
            if word in sentence:
                return 0
        if self.bars_in_clauses:
            clauses = clauses or _clauses(sentence)
            for word in self.bars_in_clauses:
                if word in clauses:
                    return 0
        return total

    def stands_in(self, text: str) -> bool:
        """Whether the text that it holds for has a word of each group, so that none is taken from elsewhere."""
        for here, _ in self.groups:
            for word in here:
                if word in text:
                    break
            else:
                return False
        return True


@lru_cache(maxsize=4)  # of one number many rules ask it
def _clauses(sentence: str) -> str:
    """Its part behind the last semicolon or sum: 物业纠纷63件,共计调解各类纠纷263件 counts anew."""
    last = max(sentence.rfind("\uff1b"), sentence.rfind(";"))
    if "计" in sentence:
        last = max(last, sentence.rfind("共计"), sentence.rfind("总计"), sentence.rfind("合计"))
    return sentence[last + 1 :]


_ELSEWHERE = "^~@"
Index = Mapping[str, Mapping[str, Indicator]]  # two characters of a needed word → rules by id; "" → without such a word


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All indicators by id, and by the kind and unit of quantities that they may name."""

    indicators: Mapping[str, Indicator]
    by_kind_and_unit: Mapping[tuple[str, str], Index]
    counts: Index

    def candidates(self, kind: str, unit: str | None, text: str, sentence: str) -> list[Indicator]:
        """Indicators of this kind and unit one of whose words may stand in the text or in the sentence.

        A stated zero or a count without a unit may be any count.
        """
        if kind == "stated_zero" or (kind == "count" and not unit):
            index = self.counts
        else:
            index = self.by_kind_and_unit.get((kind, unit or ""), {})
        if not index:
            return []
        found: dict[str, Indicator] = {}
        for rules in filter(None, map(index.get, _pairs(text))):
            found |= rules
        fitting = [*found.values()]
        if "" in index:
            told = f"{sentence}|{text}"
            for item in index[""].values():
                for word in item.anywhere:
                    if word in told:
                        fitting.append(item)
                        break
        return fitting

    def is_within(self, inner: Indicator, outer: Indicator) -> bool:
        """Whether inner is below outer by parent_id."""
        seen = 0
        parent = inner.parent_id
        while parent and seen < 10:
            if parent == outer.id:
                return True
            parent = self.indicators[parent].parent_id
            seen += 1
        return False


@cache
def default_catalogue() -> Catalogue:
    """The repository's catalogue, read once a process. Raises CatalogueError."""
    return load_catalogue(PATH)


def load_catalogue(path: Path) -> Catalogue:
    """Read a catalogue; ids must be unique, themes, unit groups and references known. Raises CatalogueError."""
    groups = _unit_groups()
    indicators: dict[str, Indicator] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            indicator = _indicator(row, groups, path)
            if indicator.id in indicators:
                raise CatalogueError(f"{path.name}: {indicator.id} stands twice")
            indicators[indicator.id] = indicator
    for indicator in indicators.values():
        for other in (indicator.parent_id, indicator.total_id):
            if other and other not in indicators:
                raise CatalogueError(f"{path.name}: {indicator.id} names {other}, which is no indicator_id of the file")
    usual = Counter(pair for item in indicators.values() for pair in _pairs(item.example + item.name_zh))
    indicators = {name: _asked_last(item, usual) for name, item in indicators.items()}
    grouped: dict[tuple[str, str], list[Indicator]] = defaultdict(list)
    for indicator in indicators.values():
        for unit in indicator.units:
            grouped[indicator.kind, unit].append(indicator)
    return Catalogue(
        indicators=indicators,
        by_kind_and_unit={key: _index(items, usual) for key, items in grouped.items()},
        counts=_index([indicator for indicator in indicators.values() if indicator.kind == "count"], usual),
    )


def _index(items: list[Indicator], usual: Counter[str]) -> Index:
    """By the least usual two characters of each word of the least usual group that is looked for in the subject alone."""
    index: dict[str, dict[str, Indicator]] = defaultdict(dict)
    for item in items:
        for pair in min(_least_usual(item, usual), default=(0, 0, {""}))[2]:
            index[pair][item.id] = item
    return dict(index)


def _least_usual(item: Indicator, usual: Counter[str]) -> Iterable[tuple[int, int, set[str]]]:
    """(how usual, which group, a pair of each of its words) of the groups that are looked for in the subject alone."""
    for at, group in enumerate(item.needs):
        if all(len(word) > 1 and word[0] not in _ELSEWHERE for word in group):
            pairs = {min(_pairs(word), key=lambda pair: (usual[pair], pair)) for word in group}
            yield sum(usual[pair] for pair in pairs), at, pairs


def _asked_last(item: Indicator, usual: Counter[str]) -> Indicator:
    """The group that the index found, which mostly stands in the text, behind the others, which mostly do not."""
    found = min(_least_usual(item, usual), default=None)
    if found is None or len(item.groups) < 2:
        return item
    at = found[1]
    return replace(item, groups=(*item.groups[:at], *item.groups[at + 1 :], item.groups[at]))


def _pairs(text: str) -> Iterable[str]:
    return map(add, text, text[1:])


def _indicator(row: dict[str, str], groups: Mapping[str, frozenset[str]], path: Path) -> Indicator:
    name = row["indicator_id"]
    if row["theme"] not in THEMES:
        raise CatalogueError(f"{path.name}: {name} has theme {row['theme']!r}; allowed: {', '.join(THEMES)}")
    if row["match_units"] not in groups:
        raise CatalogueError(
            f"{path.name}: {name} has match_units {row['match_units']!r}; allowed: {', '.join(groups)}"
        )
    if row["span"] not in SPANS:
        raise CatalogueError(f"{path.name}: {name} has span {row['span']!r}; allowed: {', '.join(SPANS)}")
    needs = tuple(_longest_first(set(group.split("|"))) for group in row["match_all"].split())
    if not needs:
        raise CatalogueError(f"{path.name}: {name} has no match_all, so it would match everything")
    known = _longest_first(
        {word.lstrip(_ELSEWHERE) for group in needs for word in group}
        | set(filter(None, row["match_may"].split("|")))
        | theme_words(row["theme"], name)
    )
    barred = [word for word in row["match_none"].split("|") if word]
    return Indicator(
        id=name,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        theme=row["theme"],
        unit=row["unit"],
        kind=row["kind"],
        parent_id=row["parent_id"] or None,
        total_id=row["total_id"] or None,
        units=groups[row["match_units"]],
        needs=needs,
        groups=tuple(
            (
                tuple(word for word in group if word[0] not in _ELSEWHERE),
                tuple((word[0], word[1:]) for word in group if word[0] in _ELSEWHERE),
            )
            for group in needs
        ),
        anywhere=_shortest({"" if word[0] == "@" else word.lstrip(_ELSEWHERE) for word in needs[0]}),
        bars=tuple(word for word in barred if word[0] not in "^~"),
        bars_in_sentence=tuple(word[1:] for word in barred if word[0] == "^"),
        bars_in_clauses=tuple(word[1:] for word in barred if word[0] == "~"),
        told_apart="各自入库" in row["definition_zh"],
        span=row["span"],
        example=row["example"],
        example_value=float(row["example_value"]),
        known=by_first(known),
    )


def _longest_first(words: set[str]) -> tuple[str, ...]:
    """Words of the surroundings last, for those are looked at only where no nearer word stands."""
    return tuple(sorted(words, key=lambda word: (word[:1] == "@", -len(word), word)))


def _shortest(words: set[str]) -> tuple[str, ...]:
    """Those that hold no other of them, which stand wherever a longer one does."""
    return tuple(sorted(word for word in words if not any(other in word for other in words - {word})))


def _unit_groups() -> dict[str, frozenset[str]]:
    with UNIT_GROUPS_PATH.open(encoding="utf-8", newline="") as file:
        return {row["group"]: frozenset(row["units"].split()) for row in csv.DictReader(file)}
