"""Chinese text in, the words to index out: the search mode of jieba's dictionary with ours added (rjieba).

Without the guessing of unknown words the same phrase is always cut the same way, whatever stands around it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from importlib.metadata import version
from pathlib import Path

import rjieba

WORDS = Path(__file__).with_name("search_words.txt")
_HAS_WORD = re.compile(r"\w")
RULES = 2  # raise it when the words of a text change in any other way than through rjieba or the list


@cache
def _tokenizer() -> rjieba.Jieba:
    tokenizer = rjieba.Jieba()
    for word in WORDS.read_text(encoding="utf-8").split():
        tokenizer.add_word(word, tokenizer.suggest_freq(word), "")
    return tokenizer


def words(text: str) -> list[str]:
    """The words of a text, long ones and the shorter ones within them; small letters, half-width, no punctuation."""
    return [piece for piece in cut(text) if is_word(piece)]


def cut(text: str) -> list[str]:
    """The words of a text with all that stands between them."""
    return _tokenizer().cut_for_search(unicodedata.normalize("NFKC", text).lower(), hmm=False)


def is_word(piece: str) -> bool:
    """Whether a piece of a text holds more than punctuation and blanks."""
    return _HAS_WORD.search(piece) is not None


@cache
def segmenter() -> str:
    """What decides the words of a text; an index made by another one must be made anew."""
    listed = hashlib.sha256(WORDS.read_bytes()).hexdigest()[:8]
    return f"rjieba {version('rjieba')}, words {listed}, rules {RULES}"
