"""The guides' tables are those of the figures, and the arithmetic holds."""

from __future__ import annotations

import tomllib

from bench.scale import FIGURES, GUIDES, inputs, needs, written


def test_both_guides_show_what_the_figures_give() -> None:
    figures = tomllib.loads(FIGURES.read_text(encoding="utf-8"))
    for language, guide in GUIDES.items():
        text = guide.read_text(encoding="utf-8")
        assert written(text, {"figures": inputs(figures, language), "needs": needs(figures, language)}) == text


def test_the_arithmetic() -> None:
    figures = tomllib.loads(FIGURES.read_text(encoding="utf-8"))
    figures["extract_ms"]["value"] = 40.0
    table = needs(figures, "en")
    assert "| extraction, 2 cores | 5.0 h | 20.8 d | 900,000 × 40 ms / 2 |" in table
