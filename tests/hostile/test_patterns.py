"""Every compiled pattern of the packages on texts made to slow it down: all of them end."""

from __future__ import annotations

from bench.patterns import adversaries, patterns, slowest

SHORT = 1_000


def test_the_packages_patterns_are_found() -> None:
    found = patterns()
    assert len(found) > 150
    assert {name.split(".")[0] for name, _ in found} >= {"extraction", "scrapers", "warehouse", "flows"}


def test_texts_are_made_of_the_pattern_itself() -> None:
    import re

    made = adversaries(re.compile(r"(?:ab|c)+[0-9]+x{2,3}$"), 50)
    assert {len(text) for text in made} == {50}
    assert any("ab" * 5 in text for text in made) and any("0" * 10 in text for text in made)


def test_no_pattern_hangs() -> None:
    """The bound is pytest's own timeout; `python -m bench.patterns` prints the times."""
    assert slowest(SHORT)
