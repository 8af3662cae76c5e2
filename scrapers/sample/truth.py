"""What a run over the sample portal ought to find, known by construction: reports, their figures, planted errors.

`python -m scrapers.sample.truth` prints one JSON object a report.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache

from scrapers.sample.bank import YEARS, PlantedError, load, publishers
from scrapers.sample.content import sites
from scrapers.sample.layout import attachment_path
from scrapers.sample.portal import all_routes
from scrapers.sample.report import reports
from scrapers.sample.site import Article
from scrapers.sample.stated import Stated


@dataclass(frozen=True, slots=True)
class TrueReport:
    """One report. urls: every page that shows it, the publisher's own site first; files: attachments that hold it.

    published_on, signed_on: ISO dates as the first url shows them. body: paragraphs, one a line, without title and
    sign-off. stated: its figures with offsets into body. planted: errors put in on purpose.
    """

    id: str
    publisher: str
    region_code: str
    report_year: int
    title: str
    published_on: str
    signed_on: str | None
    urls: tuple[str, ...]
    files: tuple[str, ...]
    body: str
    stated: tuple[Stated, ...]
    planted: tuple[PlantedError, ...]


@cache
def true_reports() -> tuple[TrueReport, ...]:
    shown = list(_shown())
    found = []
    for report in reports():
        places = sorted(
            ((site, url, file) for site, article, url, file in shown if article.report == report.id),
            key=lambda item: item[0] != report.publisher.site,
        )
        found.append(
            TrueReport(
                id=report.id,
                publisher=report.publisher.name,
                region_code=report.publisher.region_code,
                report_year=report.year,
                title=report.title,
                published_on=report.published.date().isoformat(),
                signed_on=report.signed.isoformat() if report.signed else None,
                urls=tuple(url for _, url, _ in places),
                files=tuple(file for *_, file in places if file),
                body=report.body,
                stated=report.stated,
                planted=report.planted,
            )
        )
    return tuple(found)


def indicator(report: TrueReport, item: Stated) -> str | None:
    """The catalogue's indicator that a figure is a value of; None for incidental figures, changes and goals."""
    if item.field is None or item.measure not in {"value", "rate"} or item.is_target:
        return None
    table = load("indicators")
    level = next(body.level for body in publishers() if body.name == report.publisher)
    found: str | None = table.get(level, {}).get(item.field) or table["all"].get(item.field)
    return found


def missing_reports() -> tuple[tuple[str, int], ...]:
    """Publisher and year of the reports that were never published."""
    return tuple((body.name, year) for body in publishers() for year in YEARS if year not in body.published)


def distractors() -> dict[str, str]:
    """Address and kind of the pages that look like a yearly report and are none."""
    return {url: article.genre for _, article, url, _ in _shown() if article.genre not in {"report", "notice"}}


def _shown() -> Iterator[tuple[str, Article, str, str | None]]:
    """Site key, article, its address, its attachment's address."""
    for site in sites():
        routes = all_routes()[site.host]
        for article in site.articles:
            path = routes.article_paths[article.number]
            file = f"http://{site.host}{attachment_path(article, path)}" if article.attachment else None
            yield site.key, article, f"http://{site.host}{path}", file


if __name__ == "__main__":
    for true_report in true_reports():
        row = asdict(true_report)
        for figure, item in zip(row["stated"], true_report.stated, strict=True):
            figure["indicator"] = indicator(true_report, item)
        print(json.dumps(row, ensure_ascii=False))
