"""A page in, what speaks against trusting it out: a sponsor that does not fit, spam, look-alike letters, conversion."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from extraction.genre import MASKED_MANY, masked_in
from extraction.types import Page, Warning

GOVERNMENT = re.compile(
    "政府|委员会|管委会|[厅局委办部院署会]|中心|党|市|县|区|省|州|旗|镇|街道|司法|公安|税务|海关|法院|检察|大数据|信息"
)
GROUP = re.compile(r"\(\?:([^()\[\]]+)\)(.*)$")
AROUND = 12
# share of traditional characters from which a text was converted rather than quoted
CONVERTED = 0.02
NOISE_MANY = 2


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    with (Path(__file__).parent / "provenance.toml").open("rb") as file:
        table = tomllib.load(file)
    return {
        name: re.compile("|".join(map(_spread, value)) if isinstance(value, list) else value)
        for name, value in table.items()
    }


def _spread(pattern: str) -> str:
    """(?:A|B)C as AC|BC: where every word begins with a letter, re looks for those letters before it tries any word."""
    group = GROUP.match(pattern)
    return "|".join(word + group[2] for word in group[1].split("|")) if group else pattern


def spam_on(lines: Iterable[str]) -> tuple[Warning, ...]:
    """A warning where the page's lines outside the article (head, menu, foot) hold such words."""
    lines, spam = list(lines), _patterns()["spam"]
    # no such word spans lines: on an ordinary page one search is enough
    for line in lines if spam.search("\n".join(lines)) else ():
        match = spam.search(line)
        if match:
            return (_at("injected_spam", "words of gambling or selling sites stand on the page", line, match, "page"),)
    return ()


def look_at(page: Page) -> tuple[Warning, ...]:
    """Warnings with excerpt and place; none for an ordinary page."""
    return tuple(_all(page))


def _all(page: Page) -> Iterator[Warning]:
    patterns = _patterns()
    for field in ("sponsor", "site_name"):
        item = page.fields.get(field)
        if item and (patterns["brand"].search(item.value) or not GOVERNMENT.search(item.value)):
            detail = "the page's sponsor or site name is no government body: the site may be hijacked or a mirror"
            yield Warning("sponsor_mismatch", detail, item.value[:80], f"{field} ({item.source})")
    places = (("title", page.fields["title"].value if "title" in page.fields else ""), ("body", page.body))
    for place, text in places:
        match = patterns["spam"].search(text)
        if match:
            yield _at("injected_spam", "words of gambling or selling sites stand in the text", text, match, place)
    body = page.body
    pinyin = patterns["pinyin"].finditer(body) if patterns["tones"].search(body) else ()
    for code, matches, many, detail in (
        ("homoglyphs", patterns["homoglyphs"].finditer(body), 1, "letters of another alphabet stand for Latin ones"),
        ("pinyin_noise", pinyin, NOISE_MANY, "pinyin stands between Chinese characters"),
        ("masked_numbers", masked_in(body), MASKED_MANY, "numbers are masked: this is a template"),
    ):
        found = list(matches)
        if len(found) >= many:
            yield _at(code, detail, body, found[0], "body")
    traditional = list(patterns["traditional"].finditer(body))
    if len(traditional) > max(10, CONVERTED * len(body)):
        detail = "the text is in traditional script, probably converted by a machine"
        yield _at("converted_traditional", detail, body, traditional[0], "body")


def _at(code: str, detail: str, text: str, match: re.Match[str], place: str) -> Warning:
    excerpt = text[max(0, match.start() - AROUND) : match.end() + AROUND]
    return Warning(code, detail, excerpt, f"{place}:{match.start()}")
