"""Made pages in, body F1 and the share of right titles, days and sources by CMS family out, with the worst pages.

`python -m tests.extraction.unseen.score_pages [--family NAME] [--variants N] [--worst N]`
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

from bench.peers import body_f1
from extraction.read import read_page
from extraction.types import Evidence
from tests.extraction.unseen.hard_pages import make_hard_page
from tests.extraction.unseen.page_maker import FAMILIES, MadePage, make_page

VARIANTS = 40
HARD = "hard"  # pages of hard_pages.py, of no family


@dataclass(frozen=True, slots=True)
class Result:
    """What was right of a page."""

    made: MadePage
    body: float
    paragraphs: float  # share of true lines that are lines of the body
    right: Mapping[str, bool]
    found: Mapping[str, str | None]


def measure(family: str, seed: int) -> Result:
    made = make_hard_page(seed) if family == HARD else make_page(family, seed)
    page = read_page(made.data, url=made.url, name="page.html", media_type="text/html", charset=None)
    found = {name: _value(page.fields, name) for name in ("title", "published_on", "source")}
    right = {name: _folded(value) == _folded(getattr(made, name)) for name, value in found.items()}
    right["attachments"] = len(page.attachments) >= made.attachments
    right["signature"] = bool(page.signature) == (made.signed_on is not None)
    body = page.body.replace("\u200b", "")
    lines = {_folded(line) for line in body.split("\n")}
    whole = sum(_folded(line) in lines for line in made.body) / len(made.body)
    return Result(made, body_f1(body, "\n".join(made.body)), whole, right, found)


def _value(fields: Mapping[str, Evidence], name: str) -> str | None:
    return fields[name].value if name in fields else None


def _folded(text: str | None) -> str:
    return "".join((text or "").split())


def summary(results: list[Result]) -> dict[str, float]:
    """Mean body F1 and share of right answers."""
    shares = {name: sum(result.right[name] for result in results) / len(results) for name in results[0].right}
    means = {name: sum(getattr(item, name) for item in results) / len(results) for name in ("body", "paragraphs")}
    return {**means, **shares}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--family", choices=(*FAMILIES, HARD))
    options.add_argument("--variants", type=int, default=VARIANTS)
    options.add_argument("--first", type=int, default=0, help="seed to start from; high ones are surely unseen")
    options.add_argument("--worst", type=int, default=5, help="worst bodies to print a family")
    asked = options.parse_args()
    for family in [asked.family] if asked.family else (*FAMILIES, HARD):
        results = [measure(family, seed) for seed in range(asked.first, asked.first + asked.variants)]
        print(family, "  ".join(f"{name} {value:.4f}" for name, value in summary(results).items()))
        for result in sorted(results, key=lambda item: item.body)[: asked.worst]:
            if min(result.body, result.paragraphs) < 0.99:
                print(f"    body {result.body:.3f} paragraphs {result.paragraphs:.3f}  {result.made.recipe}")
        for result in results:
            for name in (name for name, right in result.right.items() if not right):
                true = getattr(result.made, name, None)
                print(f"    {name} {result.found.get(name)!r} not {true!r}  {result.made.recipe}")


if __name__ == "__main__":
    main()
