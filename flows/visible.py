"""Scraped text in, the same text out with a sign in the place of each character that cannot be seen."""

from __future__ import annotations

import re

# control, bidirectional and invisible characters could change what a reader sees, or what a terminal does
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def visible(text: object) -> str:
    """As long as before: offsets into it stay what they are; None is empty."""
    return _INVISIBLE.sub(_sign, "" if text is None else str(text))


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"
