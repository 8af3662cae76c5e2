"""Chinese text in, the words to index out: jieba's search mode, by its dictionary and ours alone.

Without the guessing of unknown words the same phrase is always cut the same way, whatever stands around it.
"""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

WORDS = Path(__file__).with_name("search_words.txt")
_HAS_WORD = re.compile(r"\w")
RULES = 1  # raise it when the words of a text change in any other way than through jieba or the list


@cache
def _tokenizer() -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for word in WORDS.read_text(encoding="utf-8").split():
        tokenizer.add_word(word)
    return tokenizer


def words(text: str) -> list[str]:
    """The words of a text, long ones and the shorter ones within them; small letters, half-width, no punctuation."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return [word for word in _tokenizer().cut_for_search(folded, HMM=False) if _HAS_WORD.search(word)]


@cache
def segmenter() -> str:
    """What decides the words of a text; an index made by another one must be made anew."""
    import jieba

    listed = hashlib.sha256(WORDS.read_bytes()).hexdigest()[:8]
    return f"jieba {jieba.__version__}, words {listed}, rules {RULES}"
