"""The sample's sites with all their articles: the reports among the notices and distractors that surround them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document

from scrapers.sample.bank import load
from scrapers.sample.pdf import write_pdf
from scrapers.sample.report import Report, reports
from scrapers.sample.site import Article, Attachment, Site
from scrapers.sample.slots import Printer
from scrapers.sample.stated import place

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
DOMAIN = "sample.invalid"  # reserved by RFC 2606: no such name can ever be looked up by accident


@cache
def sites() -> tuple[Site, ...]:
    """The sample's sites; the same in every process."""
    return tuple(_site(row) for row in load("sites")["site"])


def _site(row: dict[str, object]) -> Site:
    key, also = str(row["key"]), row["also"]
    assert isinstance(also, list)
    articles = [report_article(r, key) for r in reports() if r.publisher.site == key or r.id in also]
    articles += [distractor(row, number) for number in range(len(load("notices")["distractor"]))]
    missing = int(str(row["items"])) - len(articles)
    articles += [notice(row, number) for number in range(missing)]
    articles.sort(key=lambda article: (article.published, article.title), reverse=True)
    oldest = len(articles)
    numbered = tuple(replace(article, number=10_000 + 37 * (oldest - i)) for i, article in enumerate(articles))
    return Site(
        key=key,
        family=str(row["family"]),
        host=f"{key}.{DOMAIN}",
        name=str(row["name"]),
        sponsor=str(row["sponsor"]),
        site_id=str(row["site_id"]),
        column=str(row["column"]),
        articles=numbered,
        encoding=str(row["encoding"]),
        today=str(row["today"]),
        per_page=int(str(row["per_page"])),
    )


def report_article(report: Report, site: str) -> Article:
    """A report as a page of the site; on another site than the publisher's own some days later, source as such."""
    body = report.publisher
    at_home = body.site == site
    prefix = body.index_prefix
    kind = body.attachment.get(report.year) if at_home else None
    article = Article(
        number=0,
        title=report.title,
        published=report.published if at_home else report.published + timedelta(days=6, hours=2),
        source=body.source if at_home else body.name,
        paragraphs=report.paragraphs,
        genre="report",
        publisher=body.name,
        index_no=f"{prefix}-{report.published.year}-{Random(report.id).randrange(10, 400):05}" if prefix else None,
        signature=report.signature,
        report=report.id,
    )
    return _as_attachment(article, report, kind) if kind else article


def _as_attachment(article: Article, report: Report, kind: str) -> Article:
    """The report as a .docx or .pdf behind a page that holds only the link."""
    note = f"现将《{report.title}》予以公开，请点击附件查看。"
    body = _docx(report) if kind == "docx" else write_pdf(report.title, report.paragraphs, report.signature)
    attachment = Attachment(f"{report.title}.{kind}", body, MEDIA_TYPES[kind])
    return replace(article, paragraphs=(note,), signature=(), attachment=attachment)


def _docx(report: Report) -> bytes:
    """A Word file with fixed dates inside and out, so that every start makes the same bytes."""
    document = Document()
    document.core_properties.created = document.core_properties.modified = report.published
    document.core_properties.author = report.publisher.source
    document.add_heading(report.title, level=0)
    for line in (*report.paragraphs, *report.signature):
        document.add_paragraph(line)
    raw, fixed = BytesIO(), BytesIO()
    document.save(raw)
    with ZipFile(raw) as source, ZipFile(fixed, "w", ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            target.writestr(_entry(name), source.read(name))
    return fixed.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    return entry


def _words(row: dict[str, object], year: int, month: int) -> dict[str, str]:
    words = {word: str(row[word]) for word in ("place", "our", "gov", "sponsor")}
    return {**words, "year": str(year), "prev": str(year - 1), "next": str(year + 1), "month": str(month)}


def _fill(row: dict[str, object], entry: dict[str, object], when: datetime, seed: str) -> tuple[str, tuple[str, ...]]:
    printer = Printer(_words(row, when.year, when.month), {}, {}, Random(seed))
    texts = entry["text"]
    assert isinstance(texts, list)
    title, *paragraphs = (printer.fill(str(text)) for text in (entry["title"], *texts))
    return place(title, printer.stated)[0], tuple(place(text, printer.stated)[0] for text in paragraphs)


def distractor(row: dict[str, object], number: int) -> Article:
    """The site's n-th page that looks like a yearly report and is none."""
    entry = load("notices")["distractor"][number]
    rng = Random(f"{row['key']}|distractor|{number}")
    when = datetime(rng.choice((2022, 2023, 2024)), entry["month"], rng.randint(2, 27), rng.randint(8, 17), 15)
    title, paragraphs = _fill(row, entry, when, f"{row['key']}|{number}")
    return Article(0, title, when, str(row["sponsor"]), paragraphs, genre=entry["kind"])


def notice(row: dict[str, object], number: int) -> Article:
    """The site's n-th unrelated page; row: the site's entry in sites.toml."""
    notices = load("notices")["notice"]
    order = list(range(len(notices)))
    Random(str(row["key"])).shuffle(order)
    rng = Random(f"{row['key']}|notice|{number}")
    when = datetime(2021, 6, 1) + timedelta(
        days=rng.randrange(1430), hours=rng.randint(8, 17), minutes=rng.randrange(60)
    )
    title, paragraphs = _fill(row, notices[order[number % len(order)]], when, f"{row['key']}|notice|{number}")
    return Article(0, title, when, str(row["sponsor"]), paragraphs)
