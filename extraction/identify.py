"""A Page and its sections in, what the document is out: genre, publisher, region, report year, sign-off's date."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extraction.dates import to_iso
from extraction.fold import fold
from extraction.gazetteer import gazetteer
from extraction.genre import genre_of
from extraction.provenance import look_at
from extraction.publisher import find_publisher
from extraction.region import LEVEL_WORD, Region, find_region
from extraction.report_year import report_year_of
from extraction.types import Genre, Page, Section, Warning

# 县委、县政府: the committee and the government report together
BOTH = re.compile(
    "(?:中共)?[\u4e00-\u9fff]{0,12}?([省市区县州盟旗])委(?:员会)?[、和]?(?:[\u4e00-\u9fff]{0,12}?\\1)?(?:人民)?政府"
)
# a date in brackets under the title signs the report
ON_TOP = re.compile("\\((?:19|20)\\d{2}年\\d{1,2}月\\d{1,2}日\\)")
# a page with less text and no attachment lists reports or lost its own
SHORTEST_REPORT = 60


@dataclass(frozen=True, slots=True)
class Identity:
    """What a document is; a field that cannot be known is None."""

    genre: Genre
    publisher: str | None
    region_code: str | None
    region_name: str | None
    report_year: int | None
    signed_on: str | None
    derived_from: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[Warning, ...] = ()


def identify(page: Page, sections: Sequence[Section]) -> Identity:
    """Decide the fields, each with its evidence. Never raises."""
    title = page.fields["title"].value if "title" in page.fields else None
    genre, genre_source = genre_of(title, page.body)
    if genre == "annual_report" and len(page.body) < SHORTEST_REPORT and not page.attachments:
        genre, genre_source = "other", "text: hardly any"
    headings = [section.heading for section in sections if section.level == 1]
    signed, signed_source = _signed(page)
    published = page.fields.get("published_on")
    days = [day for day in (signed, published.value if published else None) if day]
    year, year_source = report_year_of(title, headings, page.body, days)
    publisher = find_publisher(page, genre)
    region = find_region(page, publisher.value if publisher else None, year)
    name = _written_out(publisher.value, region) if publisher else None
    derived = {
        "genre": genre_source,
        "report_year": year_source,
        "publisher": publisher.source if publisher else "",
        "region_code": region.source,
        "region_name": region.source,
        "signed_on": signed_source,
    }
    return Identity(
        genre=genre,
        publisher=name,
        region_code=region.code,
        region_name=region.name,
        report_year=year,
        signed_on=signed,
        derived_from={key: value for key, value in derived.items() if value},
        warnings=look_at(page) + region.warnings,
    )


def _written_out(publisher: str, region: Region) -> str:
    """市发展改革委 of 辽宁省大连市 is 大连市发展改革委; 我局 stays what it is."""
    plain = "".join(fold(publisher).split())
    level = LEVEL_WORD.match(plain)
    both = BOTH.fullmatch(plain)
    if both and region.code and region.name and region.name.endswith(both.group(1)):
        division = gazetteer().by_code(region.code, None)
        if division:
            return f"中共{division.name}委 {division.name}人民政府"
    if level and region.code and region.name and region.name.endswith(level.group(1)):
        division = gazetteer().by_code(region.code, None)
        if division:
            return division.name + publisher.lstrip()[len(level.group(1)) :]
    return publisher


def _signed(page: Page) -> tuple[str | None, str]:
    for line in reversed(page.signature):
        day = to_iso(line)
        if day:
            return day, "signature"
    for line in page.body.split("\n", 3)[:3]:
        if ON_TOP.fullmatch("".join(fold(line).split())):
            return to_iso(line), "line above the text"
    item = page.fields.get("signed_on")
    return (item.value, item.source) if item else (None, "")
