"""A parsed page in, the element that holds the body out: a known container if it carries the text, else by text mass."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from extraction.lines import Line
from extraction.markup import Markup

# a line counts as prose by its punctuation; menus, dates and footers have none
PROSE = re.compile("[,。;:!?、\uff0c\uff1b\uff1a\uff01\uff1f]")
SHORTEST_PROSE = 12
MOST_LINKED = 0.5
# a container is the body's when it holds this share of the page's prose
KNOWN_SHARE = 0.6
# what stands beside the title is the article when it has this many characters of prose and this share of the page's
LEAST_BESIDE, BESIDE_SHARE = 60, 0.2
# descend while one child holds this share of its parent's prose
DESCEND_SHARE = 0.9


class Outline(NamedTuple):
    """A page's elements, and by number of one that of its parent, -1 for the first."""

    markup: Markup
    parents: list[int]

    def end(self, number: int) -> int:
        """The number of the first element behind all that lie in this one."""
        parents = self.parents
        for other in range(number + 1, len(parents)):
            if parents[other] < number:
                return other
        return len(parents)

    def kind(self, number: int) -> tuple[str, str | None]:
        """An element's tag and class."""
        return self.markup.tags[number], self.markup.attributes(number).get("class")


@cache
def _known() -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    ids, classes, prefixes = set(), set(), []
    for line in (Path(__file__).parent / "containers.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") and line.endswith("*"):
            prefixes.append(line[1:-1])
        elif line.startswith("#") and not line.startswith("# "):
            ids.add(line[1:])
        elif line.startswith("."):
            classes.add(line[1:])
    return frozenset(ids), frozenset(classes), tuple(prefixes)


def prose_mass(line: Line) -> int:
    """How many characters of prose a line holds; 0 for links, labels, short or unpunctuated text."""
    text, linked, _ = line
    length = len(text)
    if length < SHORTEST_PROSE or linked > MOST_LINKED * length or text.isalnum() or not PROSE.search(text):
        return 0
    return length - linked


def find_container(outline: Outline, lines: Iterable[Line], heading: int | None = None) -> int:
    """The smallest element with nearly all the prose of the page's main text, by its number.

    heading: the element that the title stands in, if known. Prose beside it outweighs what stands elsewhere (leaders,
    guides, news in brief). A known container that holds most of the prose is taken as it is; several of one kind
    beside each other (a body split over cards) meet in their common parent.
    """
    own: dict[int, int] = {}
    for line in lines:
        text, linked, element = line
        # most lines are short ones of menus
        if len(text) >= SHORTEST_PROSE and linked < len(text):
            weight = prose_mass(line)
            if weight:
                own[element] = own.get(element, 0) + weight
    if not own:
        return 0
    mass = _masses(outline.parents, own)
    scope = _beside(outline.parents, heading, mass)
    within: Iterable[int] = mass
    if scope:
        end = outline.end(scope)
        within = [number for number in sorted(mass) if scope <= number < end]
    heavy = (number for number in within if mass[number] >= KNOWN_SHARE * mass[scope])
    known = [number for number in heavy if _is_known(outline, number)]
    if known:
        return max(known, key=lambda number: mass[number])
    return _descend(outline, scope, mass, own)


def _masses(parents: Sequence[int], own: Mapping[int, int]) -> dict[int, int]:
    """The prose in each element that holds some; the inner elements stand before those around them."""
    mass: dict[int, int] = {}
    for number in own:
        while number >= 0 and number not in mass:
            mass[number] = own.get(number, 0)
            number = parents[number]
    for number in sorted(mass, reverse=True)[:-1]:
        mass[parents[number]] += mass[number]
    return mass


def _beside(parents: Sequence[int], heading: int | None, mass: Mapping[int, int]) -> int:
    """The nearest element around the title with a fair share of the page's prose; the root where there is none."""
    number = heading or 0
    while number and mass.get(number, 0) < max(LEAST_BESIDE, BESIDE_SHARE * mass[0]):
        number = parents[number]
    return number


def _descend(outline: Outline, root: int, mass: Mapping[int, int], own: Mapping[int, int]) -> int:
    """Down the heaviest child, but never past prose that stands in the element itself (unclosed <p> and <font>)."""
    children: dict[int, list[int]] = defaultdict(list)
    for number in sorted(mass):
        children[outline.parents[number]].append(number)
    number = root
    while True:
        heaviest = max(children[number], key=lambda child: mass[child], default=None)
        if heaviest is None or mass[heaviest] < DESCEND_SHARE * mass[number] or number in own:
            return _largest_cluster(outline, number, children[number], mass)
        number = heaviest


def _largest_cluster(outline: Outline, number: int, children: Sequence[int], mass: Mapping[int, int]) -> int:
    """Where prose is spread over few heavy children (article and a long sidebar), the heaviest; else the element."""
    children = sorted(children, key=lambda child: -mass[child])
    if len(children) < 2 or mass[children[0]] <= 0.6 * mass[number]:
        return number
    heaviest = children[0]
    inner = outline.markup.tags[heaviest : outline.end(heaviest)]
    if inner.count("p") + inner.count("br") <= 3:
        return number
    # blocks of one kind beside each other are a body split over cards
    kind, *others = (outline.kind(child) for child in children)
    return number if kind[1] and kind in others else heaviest


def _is_known(outline: Outline, number: int) -> bool:
    tag, names = outline.markup.tags[number], outline.markup.attributes(number)
    if names:
        ids, classes, prefixes = _known()
        if "id" in names and (names["id"] in ids or names["id"].startswith(prefixes)):
            return True
        if "class" in names and not classes.isdisjoint(names["class"].split()):
            return True
    return tag == "ucapcontent"
