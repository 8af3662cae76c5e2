"""A Page and its sections in, what the document is out: genre, publisher, region, report year, sign-off's date."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extraction.dates import to_iso
from extraction.fold import fold
from extraction.genre import genre_of, report_year_of
from extraction.provenance import look_at
from extraction.publisher import find_publisher
from extraction.region import LEVEL_WORD, Region, find_region
from extraction.types import Genre, Page, Section, Warning

FIRST_PERSON = re.compile("^[我本]")


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
    headings = [section.heading for section in sections if section.level == 1]
    year, year_source = report_year_of(title, headings, page.body)
    publisher = find_publisher(page, genre)
    region = find_region(page, publisher.value if publisher else None, year)
    name = _written_out(publisher.value, region) if publisher else None
    signed, signed_source = _signed(page)
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
    level = LEVEL_WORD.match("".join(fold(publisher).split()))
    if level and region.name and region.name.endswith(level.group(1)):
        place = re.split("(?<=[省市州盟])|(?<=自治区)|(?<=地区)", region.name)
        last = [part for part in place if part][-1]
        return last + publisher.lstrip()[1:]
    return publisher


def _signed(page: Page) -> tuple[str | None, str]:
    for line in reversed(page.signature):
        day = to_iso(line)
        if day:
            return day, "signature"
    item = page.fields.get("signed_on")
    return (item.value, item.source) if item else (None, "")
