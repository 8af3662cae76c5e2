"""A number's subject in, its topic out: its nouns and verbs, whatever their order and whatever stands between."""

from __future__ import annotations

import logging
from functools import cache

# loading takes a second, so only where a review asks for topics
CONTENT = ("n", "v", "j", "l", "i")  # nouns, verbs, abbreviations, set phrases, in the tags of ICTCLAS that jieba uses


@cache
def topic(subject: str) -> str:
    """The words that count, sorted, between blanks: 全年开展法治督察 and 开展的法治督察 have one topic.

    A subject without such a word is its own topic.
    """
    import jieba.posseg

    jieba.setLogLevel(logging.WARNING)
    words = {pair.word for pair in jieba.posseg.cut(subject) if pair.flag.startswith(CONTENT)}
    return " ".join(sorted(words)) or subject
