"""The parts of the benchmark by letter, each a module with TITLE, METHOD, `measure(options)` and `table(figures)`."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

NAMES = {
    "a": "pages",
    "b": "texts",
    "c": "whole_path",
    "d": "increments",
    "e": "analysts",
    "f": "harvests",
    "g": "gates",
    "h": "one_core",
}


def part(letter: str) -> ModuleType:
    """The module of a part; loaded only now, so that a part needs only what it measures."""
    return import_module(f"bench.parts.{NAMES[letter]}")
