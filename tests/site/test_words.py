"""The explorer's words: every key that the sources name has a Chinese and an English word, with the same places to fill."""

from __future__ import annotations

import json
import re

from tests.conftest import ROOT

SOURCES = ROOT / "site" / "src"
WORDS: dict[str, list[str]] = json.loads((SOURCES / "words.json").read_text(encoding="utf-8"))


def test_every_word_is_there_twice() -> None:
    for key, words in WORDS.items():
        assert len(words) == 2 and all(words), key
        places = [sorted(re.findall(r"\{\d\}", word)) for word in words]
        assert places[0] == places[1], key


def test_every_key_of_the_sources_has_a_word() -> None:
    named = set()
    for source in SOURCES.rglob("*.ts"):
        named |= set(re.findall(r"\bt\(\s*\"([^\"]+)\"", source.read_text(encoding="utf-8")))
    assert len(named) > 80
    assert named - set(WORDS) == set()


def test_what_checks_explain_is_known() -> None:
    """The fixed explanations of the checks' models have Chinese words."""
    said = set()
    for model in (ROOT / "dbt_project" / "models" / "intermediate").glob("int_check_*.sql"):
        text = model.read_text(encoding="utf-8")
        said |= set(re.findall(r"then\s+'([a-z][a-z ,:%0-9]+ [a-z ,:%0-9]+)'", text))
    assert "the parts exceed the total" in said
    assert {text for text in said if "%.1f" not in text} - set(WORDS) == set()


def test_warnings_have_words() -> None:
    codes = set()
    for module in (ROOT / "extraction").glob("*.py"):
        text = module.read_text(encoding="utf-8")
        codes |= set(re.findall(r"(?:Warning|_at)\(\s*\"([a-z_]+)\"", text))
    assert "injected_spam" in codes
    assert codes - set(WORDS) == set()
