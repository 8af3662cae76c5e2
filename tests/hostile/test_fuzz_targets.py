"""The fuzzers' targets on their seeds and on a few hundred damaged ones: results, or errors of the product's own."""

from __future__ import annotations

import random

import pytest

from bench.fuzz.targets import TARGETS

DAMAGED = 25
LONGEST = 30_000


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Bytes changed, doubled, moved or lost."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at, size = chance.randrange(len(out) + 1), chance.randint(1, 40)
        kind = chance.randrange(4)
        if kind == 0:
            out[at : at + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del out[at : at + size]
        elif kind == 2:
            out[at:at] = out[at : at + size] * chance.randint(1, 30)
        else:
            out[at:at] = chance.choice(
                (b"<", b">", b"\0", b"[", b"&#x110000;", b"\xff\xfe", b'"', b"\xed\xa0\x80", b"]]>")
            )
    return bytes(out[:LONGEST])


@pytest.mark.parametrize("name", TARGETS)
def test_targets_take_anything(name: str) -> None:
    target, chance = TARGETS[name], random.Random(f"fuzz/{name}")
    seeds = list(target.seeds())
    for data in (*seeds, b"", b"\0"):
        target.run(data)
    for number in range(DAMAGED):
        target.run(damaged(seeds[number % len(seeds)], chance))
