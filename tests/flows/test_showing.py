"""The page and the terminal rendering: nothing scraped becomes markup or a control sequence, every mark has its note."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from extraction.types import Document, Quantity, Section, Warning
from flows.errors import FazhiError
from flows.harvesting import close_runs, ingest_files
from flows.look_up import look_up
from flows.settings import Settings
from flows.show_page import to_page
from flows.showing import print_shown
from flows.shown import Check, Mark, Shown
from flows.shown_rows import part_shares, rows_of
from flows.visible import visible

BODY = '一、<script>alert(1)</script>情况\n受理案件56件,"审结"48件。\u202e另办\x1b[2J结3件。\n二、计划\n力争办理9件。'
ACT = "受理<b>案件"


def mark(raw: str, **changes: object) -> Mark:
    start = BODY.index(raw)
    of_mark = ("failed", "review", "review_reason", "quantity_id", "chosen_by", "doubt")
    known = {name: changes.pop(name) for name in of_mark if name in changes}
    fields = {
        **{"char_start": start, "char_end": start + len(raw), "raw": raw, "value": int(re.sub(r"\D", "", raw))},
        **{"unit": "件", "kind": "count", "approx": "exact", "direction": None, "subject": ACT, "scope": None},
        **{"period_year": 2022, "is_target": False, "indicator": None, "confidence": 0.95},
    }
    return Mark(Quantity(**{**fields, **changes}), **known)  # type: ignore[arg-type]


MARKS = (
    mark("56件", indicator="<i>x", quantity_id="r:1", chosen_by="first_mention", doubt="conflicting"),
    mark("48件", confidence=0.2, review="changed", review_reason="<u>because"),
    mark("3件", failed=True),
    mark("9件", is_target=True),
)
SECTIONS = (
    Section("1", 1, "一、<script>alert(1)</script>情况", 0, BODY.index("二、"), "achievements"),
    Section("2", 1, "二、计划", BODY.index("二、"), len(BODY), "plan"),
)
SHOWN = Shown(
    Document(
        title="<img src=x onerror=alert(1)>",
        body=BODY,
        sections=SECTIONS,
        quantities=tuple(item.quantity for item in MARKS),
        warnings=(Warning("injected_spam", "<svg onload=alert(1)>"),),
        derived_from={"title": "<iframe>"},
    ),
    MARKS,
    origin=(("url", 'http://a.invalid/"><script>'), ("report id", "javascript:alert(1)")),
    names={"<i>x": "<em>案件数"},
    checks=(
        Check(
            "sentence_parts",
            "fail",
            "<a>",
            56,
            48,
            BODY,
            ({"role": "part", "quantity_id": "r:1", "raw": "56件", "value": 56},),
        ),
    ),
    passed=3,
    notes=("<form>",),
)


class Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_scraped_text_never_becomes_markup() -> None:
    tags = Tags(to_page(SHOWN))
    names = {tag for tag, _ in tags.found}
    assert not names & {"script", "img", "svg", "i", "u", "em", "iframe", "form", "object", "link", "base"}
    attributes = {name for _, given in tags.found for name in given}
    assert not any(name.startswith("on") or name == "style" for name in attributes)
    targets = [given["href"] for tag, given in tags.found if tag == "a"]
    assert all(re.fullmatch(r"#[mn]\d+|https?://.+", str(target)) for target in targets)
    assert "<script>alert(1)</script>情况" in tags.text


def test_the_policy_allows_the_pages_own_style_alone() -> None:
    page = to_page(SHOWN)
    style = re.findall(r"<style>(.*?)</style>", page, re.S)
    digest = base64.b64encode(hashlib.sha256(style[0].encode()).digest()).decode()
    policy = next(given["content"] for _, given in Tags(page).found if given.get("http-equiv"))
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert len(style) == 1 and "http" not in style[0] and "@import" not in style[0]


def test_every_quantity_is_marked_with_its_state_and_has_its_note() -> None:
    page = to_page(SHOWN)
    found = re.findall(r'<mark class="(\w+) short" id="m(\d+)"><a href="#n\d+">([^<]*)<sup>', page)
    assert found == [("mapped", "1", "56件"), ("doubtful", "2", "48件"), ("failed", "3", "3件"), ("target", "4", "9件")]
    assert re.findall(r'<li class="(\w+)" id="n\d+">', page) == ["mapped", "doubtful", "failed", "target"]
    assert "人工更正 corrected: &lt;u&gt;because" in page
    assert "年度值 yearly value: first_mention" in page and "与他处矛盾 conflicting" in page
    # the failed check leads to its number, and the parts that are not there are named
    assert '<a href="#m1">part 56件</a>' in page
    assert "履职 leadership 未见 absent" in page and "成效 achievements" in page


def test_rows_hold_the_whole_text_and_each_mark_once() -> None:
    rows = list(rows_of(SHOWN.document, MARKS))
    assert "".join(BODY[row.start : row.end] for row in rows) == BODY.replace("\n", "")
    assert [tuple(row.numbers) for row in rows] == [(), (0, 1), (2,), (), (3,)]
    assert [row.part for row in rows] == [*["achievements"] * 3, *["plan"] * 2]
    assert [row.section.path if row.section else None for row in rows] == ["1", None, None, "2", None]


def test_a_quantity_in_a_heading_or_across_a_sentences_end_is_shown_once() -> None:
    body = "一、完成5件\n办结1.5。万件等。余下"
    marks = tuple(
        Mark(Quantity(start, end, body[start:end], 1, "件", "count", "exact", None, "", None, None, False, None, 0.95))
        for start, end in ((4, 6), (9, 15), (10, 12))
    )
    document = Document(body=body, sections=(Section("1", 1, "一、完成5件", 0, len(body), "other"),))
    page = to_page(Shown(document, marks, ()))
    assert page.count("<mark ") == 3
    text = Tags(re.sub(r"<sup>\d+</sup>|<span class=\"tag\">.*?</span>|<ul.*?</ul>", "", page)).text
    assert "办结1.5。万件等。余下" in text.replace("\n", "")


def test_shares_of_the_parts() -> None:
    shares = part_shares(SHOWN.document)
    assert shares["achievements"] > 0.5 > shares["plan"] > 0
    assert shares["problems"] == shares["leadership"] == 0
    assert sum(shares.values()) == pytest.approx(1)


@pytest.mark.parametrize("width", [80, 200])
def test_the_terminal_gets_no_control_sequence_and_the_whole_text(width: int) -> None:
    console = Console(width=width, force_terminal=False, highlight=False)
    with console.capture() as capture:
        print_shown(SHOWN, console)
    text = capture.get()
    assert "\x1b" not in text and "\u202e" not in text
    assert "<script>alert(1)</script>情况" in text
    for mark in MARKS:
        assert mark.quantity.raw in text
    assert "fail · " in text and "! injected_spam" in text


def test_invisible_characters_are_made_visible_without_moving_anything() -> None:
    text = "a\x1b\u202eb\x7f\u200bc\n"
    assert visible(text) == "a\u241b\ufffdb\u2421\ufffdc\n"
    assert visible(None) == ""


def test_a_file_is_parsed_and_shown(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        "远山县水利局2023年度法治政府建设年度报告\n一、主要成效\n全年受理行政复议案件56件，审结48件。\n",
        encoding="utf-8",
    )
    shown = look_up(Settings(tmp_path / "home"), str(path))
    assert [item.quantity.raw for item in shown.marks] == ["56件", "48件"]
    assert ("file", str(path)) in shown.origin
    assert shown.passed is None


def test_what_cannot_be_found_is_named(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    with pytest.raises(FazhiError, match="no such file, and there is no warehouse"):
        look_up(settings, "990000-人民政府-2023")
    with pytest.raises(FazhiError, match="neither the warehouse nor the archive"):
        look_up(settings, "http://a.invalid/1.html")
    with pytest.raises(FazhiError, match="--url goes with a file"):
        look_up(settings, "missing.html", "http://a.invalid/1.html")


def test_what_the_archive_holds_is_shown_before_it_is_published(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home")
    path = tmp_path / "report.txt"
    path.write_text("远山县水利局2023年度法治政府建设年度报告\n全年受理行政复议案件56件。\n", encoding="utf-8")
    ingest_files(settings, [path])
    close_runs(settings)
    url = f"urn:fazhi:file:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    shown = look_up(settings, url)
    assert [item.quantity.raw for item in shown.marks] == ["56件"]
    assert dict(shown.origin)["content"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "not in the published warehouse" in shown.notes[0]


def test_a_text_with_very_many_numbers_is_laid_out_in_one_sweep() -> None:
    body = "\n".join("一、标题" if line % 40 == 0 else "受理56件。审结48件。其他情况如下。" for line in range(8_000))
    one = MARKS[0].quantity
    spans = [match.span() for match in re.finditer(r"\d+件", body)]
    marks = tuple(Mark(one._replace(char_start=start, char_end=end)) for start, end in spans)
    starts = [match.start() for match in re.finditer("一、标题", body)]
    ends = [*starts[1:], len(body)]
    sections = tuple(Section("1", 1, "一、标题", *span, "other") for span in zip(starts, ends, strict=True))
    rows = list(rows_of(Document(body=body, sections=sections), marks))
    assert sum(len(row.numbers) for row in rows) == len(marks) == 15_600
    assert {len(row.numbers) for row in rows if row.section} == {0}
    assert sum(row.end - row.start for row in rows) == len(body.replace("\n", ""))
