"""Alternatives of a pattern in, one pattern of them all out that an engine reads quicker: it tries one after the other."""

from __future__ import annotations

from collections.abc import Iterable

FEW, SIZE = 40, 25


def top_level(pattern: str) -> list[str]:
    """The alternatives of a pattern in which no bracket stands for itself."""
    found: list[str] = []
    for piece in pattern.split("|"):
        if found and found[-1].count("(") > found[-1].count(")"):
            found[-1] += "|" + piece
        else:
            found.append(piece)
    return found


def grouped(alternatives: Iterable[str]) -> str:
    """The alternatives, each of which begins with a plain character, with those of one first character together.

    Any two of them that can match at one place keep their order. Many stand behind what their groups can begin with.
    """
    behind: dict[str, list[str]] = {}
    for alternative in alternatives:
        first = alternative[:2] if alternative[0] == "\\" else alternative[0]
        behind.setdefault(first, []).append(alternative[len(first) :])
    parts = [f"{first}(?:{'|'.join(rests)})" if len(rests) > 1 else first + rests[0] for first, rests in behind.items()]
    if len(parts) <= FEW:
        return "|".join(parts)
    first_of = list(behind)
    return "|".join(
        f"(?=[{''.join(first_of[at : at + SIZE])}])(?:{'|'.join(parts[at : at + SIZE])})"
        for at in range(0, len(parts), SIZE)
    )
