"""Text in, the same text with full-width forms as ASCII out, character by character: offsets stay what they are."""

from __future__ import annotations

# the Halfwidth and Fullwidth Forms block, U+FF01 to U+FF5E, lies 0xFEE0 above ASCII; the rest are spaces
_TABLE = {0xFEE0 + code: code for code in range(0x21, 0x7F)} | {0x3000: 0x20, 0xA0: 0x20}


def fold(text: str) -> str:
    """Full-width punctuation, digits and letters as ASCII, ideographic and no-break space as a space; same length."""
    return text.translate(_TABLE)
