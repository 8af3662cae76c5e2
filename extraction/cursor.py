"""A body and its tokens in order in, where each token's sentence and clause start and end out."""

from __future__ import annotations

import re
from bisect import bisect_right

from extraction.tokens import Token

_SENTENCE_END = re.compile(r"[。！？!?\n]")
CLAUSE_END = re.compile(r"[，,；;：:。！？\n|\t]")
_TO_LAST_END = re.compile(rf"(?s:.*){CLAUSE_END.pattern}")


class Cursor:
    """Stands at one token at a time; knows its sentence and the text in front of it."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.stops = [*map(re.Match.end, _SENTENCE_END.finditer(body))]
        self.sentence = -1
        self.start = self.end = 0
        self.before_end = 0  # end of the token before, within the sentence

    def move(self, token: Token) -> bool:
        """Whether the token stands in another sentence than the one before."""
        at = bisect_right(self.stops, token.start)
        if at == self.sentence:
            return False
        self.sentence = at
        self.start = self.stops[at - 1] if at else 0
        self.end = self.stops[at] if at < len(self.stops) else len(self.body)
        self.before_end = self.start
        return True

    def clause_start(self, token: Token) -> int:
        low = max(self.start, token.start - 80)
        start = self._last_end(low, token.start)
        if start == token.start and self.body[start - 1] in "：:|\t":
            start = self._last_end(low, start - 1)
        if start >= token.start - 1 and self.body[start - 1 : start] in "：:|\t":  # 受理数:245
            start = self._last_end(low, start - 1)
        return start

    def _last_end(self, low: int, high: int) -> int:
        """Behind the last clause that ends between the two; the lower one where none does."""
        match = _TO_LAST_END.match(self.body, low, high)
        return match.end() if match else low

    def clause_before(self, clause: int) -> str:
        stop = clause - 1
        return self.body[self._last_end(max(self.start, stop - 40), stop) : max(stop, self.start)]

    def in_parentheses(self, token: Token) -> bool:
        text = self.body[max(self.start, token.start - 80) : token.start]
        if "（" not in text and "(" not in text:
            return False
        return text.count("（") + text.count("(") > text.count("）") + text.count(")")
