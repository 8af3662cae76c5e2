"""A parsed page in, the element that holds the body out: a known container if it carries the text, else by text mass."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from pathlib import Path

from extraction.lines import Element, Line

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
    length = len(line.text)
    if length < SHORTEST_PROSE or line.linked > MOST_LINKED * length or not PROSE.search(line.text):
        return 0
    return length - line.linked


def find_container(root: Element, lines: list[Line], heading: Element | None = None) -> Element:
    """The smallest element with nearly all the prose of the page's main text.

    heading: the element that the title stands in, if known. Prose beside it outweighs what stands elsewhere (leaders,
    guides, news in brief). A known container that holds most of the prose is taken as it is; several of one kind
    beside each other (a body split over cards) meet in their common parent.
    """
    mass: dict[Element, int] = defaultdict(int)
    own: dict[Element, int] = defaultdict(int)
    total = 0
    for line in lines:
        weight = prose_mass(line)
        if not weight:
            continue
        total += weight
        own[line.element] += weight
        element: Element | None = line.element
        while element is not None:
            mass[element] += weight
            if element is root:
                break
            element = element.getparent()
    if not total:
        return root
    scope = _beside(heading, root, mass, total)
    within = mass if scope is root else {element: mass[element] for element in scope.iter() if element in mass}
    known = [element for element in within if _is_known(element)]
    if known:
        best = max(known, key=lambda element: mass[element])
        if mass[best] >= KNOWN_SHARE * mass[scope]:
            return best
    return _descend(scope, mass, own)


def _beside(heading: Element | None, root: Element, mass: dict[Element, int], total: int) -> Element:
    """The nearest element around the title with a fair share of the page's prose; the root where there is none."""
    element = heading
    while element is not None and element is not root:
        if mass.get(element, 0) >= max(LEAST_BESIDE, BESIDE_SHARE * total):
            return element
        element = element.getparent()
    return root


def _descend(root: Element, mass: dict[Element, int], own: dict[Element, int]) -> Element:
    """Down the heaviest child, but never past prose that stands in the element itself (unclosed <p> and <font>)."""
    element = root
    while True:
        heaviest = max((child for child in element if child in mass), key=lambda child: mass[child], default=None)
        if heaviest is None or mass[heaviest] < DESCEND_SHARE * mass[element] or own.get(element):
            return _largest_cluster(element, mass)
        element = heaviest


def _largest_cluster(element: Element, mass: dict[Element, int]) -> Element:
    """Where prose is spread over few heavy children (article and a long sidebar), the heaviest; else the element."""
    children = sorted((child for child in element if child in mass), key=lambda child: -mass[child])
    if len(children) < 2 or mass[children[0]] <= 0.6 * mass[element] or len(list(children[0].iter("p", "br"))) <= 3:
        return element
    # blocks of one kind beside each other are a body split over cards
    kind = (children[0].tag, children[0].get("class"))
    return (
        element if kind[1] and any((child.tag, child.get("class")) == kind for child in children[1:]) else children[0]
    )


def _is_known(element: Element) -> bool:
    ids, classes, prefixes = _known()
    if not isinstance(element.tag, str):
        return False
    if element.tag == "ucapcontent":
        return True
    name = element.get("id") or ""
    if name and (name in ids or name.startswith(prefixes)):
        return True
    return bool(classes.intersection((element.get("class") or "").split()))
