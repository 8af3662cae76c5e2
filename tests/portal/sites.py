"""A family's name in, a small site out: a few of the sample's reports among notices, everything decided by `seed`."""

from __future__ import annotations

from dataclasses import replace

from scrapers.sample.bank import load
from scrapers.sample.content import distractor, notice, report_article
from scrapers.sample.report import reports
from scrapers.sample.site import Site

DOMAIN = "portal.invalid"
BASE = {"trs_from_1": "trs", "trs_stub": "trs", "jpage_encrypted": "jpage"}


def make_site(
    family: str,
    *,
    key: str | None = None,
    seed: int = 0,
    articles: int = 30,
    report_count: int = 4,
    publisher_count: int = 1,
    per_page: int = 8,
    encoding: str | None = None,
) -> Site:
    """A site named `<key>.portal.invalid` (key: the family's name with hyphens) whose publisher is one of the sample's.

    report_count: up to 4, of each of so many publishers, but no more than two fifths of the articles where there are
    several; articles: all pages of the list together, of which two are distractors.
    """
    key = key or family.replace("_", "-")
    publishers = list(dict.fromkeys(report.publisher for report in reports()))
    publisher = publishers[seed % len(publishers)]
    row = next(row for row in load("sites")["site"] if row["key"] == publisher.site) | {"key": key}
    start = publishers.index(publisher)
    reporting = [publishers[(start + i) % len(publishers)] for i in range(publisher_count)]
    own = [
        report_article(report, key)
        for body in reporting
        for report in [report for report in reports() if report.publisher is body][:report_count]
    ]
    own = own[: max(report_count, articles * 2 // 5)]
    looking_alike = [distractor(row, (seed + i) % 7) for i in range(min(2, articles - len(own)))]
    others = [notice(row, number) for number in range(articles - len(own) - len(looking_alike))]
    ordered = sorted(own + looking_alike + others, key=lambda item: (item.published, item.title), reverse=True)
    first = 20_000 + seed * 100
    return Site(
        key=key,
        family=family,
        host=f"{key}.{DOMAIN}",
        name=publisher.name,
        sponsor=f"{publisher.name}办公室",
        site_id=f"{publisher.region_code}{seed % 10_000:04}",
        column="法治政府建设",
        articles=tuple(replace(item, number=first + len(ordered) - i) for i, item in enumerate(ordered)),
        encoding=encoding or ("gb18030" if BASE.get(family, family) == "boda" else "utf-8"),
        per_page=per_page,
    )
