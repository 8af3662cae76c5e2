"""Measure words as data in (measure_words.csv), one alternation and a word → kind table out."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

from extraction.alternatives import grouped

PATH = Path(__file__).parent / "measure_words.csv"


@cache
def measure_words() -> dict[str, str]:
    """word → kind (count, rate, amount, duration, change, ratio; `noun` where a noun stands without a measure word)."""
    return {word: kind for word, kind, _ in _rows() if kind != "skip"}


@cache
def unit_pattern() -> str:
    """Longest word first; a word is no unit where it opens another word (`家` in 家庭, `部` in 部门)."""
    parts = []
    for word, kind, not_before in sorted(_rows(), key=lambda row: -len(row[0])):
        if kind != "skip":
            parts.append(re.escape(word) + (f"(?!{not_before})" if not_before else ""))
    return grouped(parts)


def _rows() -> list[tuple[str, str, str]]:
    with PATH.open(encoding="utf-8", newline="") as file:
        return [(row["word"], row["kind"], row["not_before"]) for row in csv.DictReader(file)]
