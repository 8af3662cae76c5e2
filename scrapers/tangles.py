"""Bytes of a page in, whether an HTML parser would choke on them out: its time grows with the square of some things."""

from __future__ import annotations

import re

# elements that stay open until they are closed; p, li, td and the like close one another
NESTING = re.compile(
    rb"<(/?)(?:div|span|section|article|main|center|blockquote|ul|ol|dl|table|tbody|tr|fieldset)\b", re.I
)
# of a tag that is looked into
SHORTEST = 20_000
OPTION = re.compile(rb"<option\b", re.IGNORECASE)
LONG_TAG = re.compile(rb"<[a-z][^<>]{%d,}" % SHORTEST, re.IGNORECASE)
# far beyond what any portal's page has, and still read in well under a second
DEEPEST, MOST_OPTIONS, MOST_ATTRIBUTES = 2_500, 6_000, 3_000


def is_tangled(body: bytes) -> bool:
    """Whether elements are nested, options listed or attributes strung together by the thousand."""
    if body.count(b"<") <= DEEPEST and len(body) < SHORTEST:
        return False
    depth = deepest = 0
    for match in NESTING.finditer(body):
        depth = max(0, depth - 1) if match.group(1) else depth + 1
        deepest = max(deepest, depth)
    if deepest > DEEPEST:
        return True
    if sum(1 for _ in OPTION.finditer(body)) > MOST_OPTIONS:
        return True
    return any(len(match.group().split()) > MOST_ATTRIBUTES for match in LONG_TAG.finditer(body))
