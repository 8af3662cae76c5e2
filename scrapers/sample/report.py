"""The sample's reports: title, paragraphs, sign-off, dates, and the truth about every figure in the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from random import Random

from scrapers.sample.bank import YEARS, PlantedError, Publisher, planted_errors, publishers
from scrapers.sample.figures import figures
from scrapers.sample.prose import Writer, turn
from scrapers.sample.slots import Printer
from scrapers.sample.stated import Stated, place

HALF_WIDTH = str.maketrans("，；：（）", ",;:()")


@dataclass(frozen=True, slots=True)
class Report:
    """One year's report. id: publisher's id and report year; body: its paragraphs, one a line."""

    id: str
    publisher: Publisher
    year: int
    title: str
    body: str
    published: datetime
    signed: date | None
    stated: tuple[Stated, ...]
    planted: tuple[PlantedError, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.body.split("\n"))

    @property
    def signature(self) -> tuple[str, ...]:
        day = self.signed
        return (self.publisher.name, f"{day.year}年{day.month}月{day.day}日") if day else ()


@cache
def reports() -> tuple[Report, ...]:
    """Every report of the sample, by publisher and year."""
    return tuple(write_report(body, year) for body in publishers() for year in YEARS if year in body.published)


def write_report(publisher: Publisher, year: int) -> Report:
    report_id = f"{publisher.id}-{year}"
    errors = tuple(error for error in planted_errors() if error.report == report_id)
    words = _words(publisher, year)
    table = figures(publisher)
    printer = Printer(words, table[year], table[year - 1], Random(report_id), errors)
    text = "\n".join(Writer(publisher, year, printer).paragraphs())
    body, stated = place(text.translate(HALF_WIDTH) if publisher.half_width else text, printer.stated)
    signed = publisher.signed.get(year)
    return Report(
        id=report_id,
        publisher=publisher,
        year=year,
        title=turn(publisher.titles, publisher, "title", year).format(year=year),
        body=body,
        published=publisher.published[year],
        signed=date.fromisoformat(signed) if signed else None,
        stated=stated,
        planted=errors,
    )


def _words(publisher: Publisher, year: int) -> dict[str, str]:
    words = dict(publisher.words)
    both = words["party"] if words["party"] == words["gov"] else f"{words['party']}、{words['gov']}"
    words |= {"year": str(year), "prev": str(year - 1), "next": str(year + 1), "both": both}
    words |= {
        "leaders": f"{both}主要负责人",
        "respondent": words["our"] if publisher.level == "department" else words["gov"],
    }
    words |= {"congress": "党的十九届六中全会" if year < 2022 else "党的二十大"}
    return words
