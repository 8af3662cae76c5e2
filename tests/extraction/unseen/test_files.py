"""PDF, Word and hostile files: what they say is read, what cannot be read says why, and none hangs or eats the memory."""

from __future__ import annotations

import json
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.errors import Unreadable
from extraction.parse import parse_bytes
from extraction.read import read_page
from extraction.types import Page
from tests.conftest import ROOT
from tests.extraction.unseen.hostile import INPUTS
from tests.extraction.unseen.made_files import Line, doc, docx, pdf, word_paragraph, word_table
from tests.extraction.unseen.page_maker import FAMILIES, make_page

TITLE = "云桥市水务局2022年法治政府建设情况报告"
PARAGRAPHS = (
    "2022年，云桥市水务局坚持依法行政，健全工作机制，办理行政处罚案件36件，组织集体学法12次，各项工作取得新的进展，现报告如下。",
    "一、主要做法和成效",
    "修订裁量基准，落实公示、全过程记录和法制审核制度，开展案卷评查两轮，抽查卷宗60卷，问题整改率达到100%，群众满意度明显提高。",
    "二、下一步打算",
    "加强培训，补齐短板，推动各项任务落到实处，以更高标准服务群众，为经济社会发展提供有力的法治保障。",
)
SIGNATURE = ("云桥市水务局", "2023年1月9日")
LINE = 26  # characters that fit on a line of the made PDF


def read(data: bytes, name: str) -> Page:
    return read_page(data, url=None, name=name, media_type=None, charset=None)


def flat(text: str) -> str:
    return "".join(text.split())


def pages_of_pdf(*, head: str = "", head_last: bool = False, number: str = "— {} —") -> list[list[Line]]:
    """The report set in lines, six a page, with a running head and page numbers."""
    lines = [Line(66, 0, TITLE, 22)]
    for paragraph in PARAGRAPHS:
        cut = [("　　" + paragraph)[at : at + LINE] for at in range(0, len(paragraph) + 2, LINE)]
        lines += [Line(90, 0, part) for part in cut]
    lines += [Line(380, 0, SIGNATURE[0]), Line(380, 0, SIGNATURE[1])]
    pages = []
    for at, start in enumerate(range(0, len(lines), 6), start=1):
        page = [line._replace(height=740 - 28 * row) for row, line in enumerate(lines[start : start + 6])]
        top = [Line(240, 800, head, 10)] if head else []
        page = [*page, *top] if head_last else [*top, *page]
        pages.append([*page, Line(280, 40, number.format(at), 10)] if number else page)
    return pages


def body_of_pdf(pages: list[list[Line]]) -> list[str]:
    return [flat(line) for line in read(pdf(pages), "报告.pdf").body.split("\n")]


def test_pdf_lines_become_paragraphs_again() -> None:
    assert body_of_pdf(pages_of_pdf()) == [flat(line) for line in PARAGRAPHS]


def test_inner_paragraphs_of_a_pdf_are_whole() -> None:
    assert set(map(flat, PARAGRAPHS[1:4])) <= set(body_of_pdf(pages_of_pdf()))


def test_pdf_gives_title_and_sign_off() -> None:
    document = parse_bytes(pdf(pages_of_pdf()), name="报告.pdf")
    assert (document.genre, flat(document.title or ""), document.report_year) == ("annual_report", TITLE, 2022)
    assert document.signed_on == "2023-01-09"


@pytest.mark.parametrize(
    "number",
    [
        "{}",
        "- {} -",
        "—{}—",
        "{}/9",
        "第 {} 页 共 9 页",
        "第{}页",
    ],
)
def test_page_numbers_of_a_pdf_are_dropped(number: str) -> None:
    plain, numbered = body_of_pdf(pages_of_pdf(number="")), body_of_pdf(pages_of_pdf(number=number))
    assert "".join(numbered) == "".join(plain)


@pytest.mark.parametrize("last", [False, True])
def test_running_heads_of_a_pdf_are_dropped(last: bool) -> None:
    headed = body_of_pdf(pages_of_pdf(head="云桥市水务局文件", head_last=last))
    assert "".join(headed) == "".join(body_of_pdf(pages_of_pdf()))


def test_scanned_pdf_is_called_so() -> None:
    with pytest.raises(Unreadable, match=re.compile("scan", re.IGNORECASE)):
        read(pdf([[], []], picture=True), "扫描件.pdf")


def test_scanned_pdf_with_a_stamp_of_text_is_called_so() -> None:
    with pytest.raises(Unreadable, match=re.compile("scan", re.IGNORECASE)):
        read(pdf([[Line(280, 30, str(at))] for at in (1, 2, 3)], picture=True), "扫描件.pdf")


@pytest.mark.parametrize("name", ["报告.pdf", "报告", "报告.html", "报告.doc"])
def test_pdf_is_known_by_its_bytes(name: str) -> None:
    assert flat(PARAGRAPHS[2]) in flat(read(pdf(pages_of_pdf()), name).body)


def report_docx() -> bytes:
    table = word_table([["事项", "件数"], ["行政处罚", "36"]])
    runs = [word_paragraph(TITLE), *(word_paragraph(text[:9], text[9:]) for text in PARAGRAPHS)]
    return docx("".join([*runs[:4], table, *runs[4:], *(word_paragraph(line) for line in SIGNATURE)]))


def test_docx_paragraphs_table_and_sign_off() -> None:
    document = parse_bytes(report_docx(), name="报告.docx")
    lines = document.body.split("\n")
    assert [line for line in lines if line in PARAGRAPHS] == list(PARAGRAPHS)
    assert [line.split() for line in lines[3:5]] == [["事项", "件数"], ["行政处罚", "36"]]
    assert (document.genre, document.title, document.report_year) == ("annual_report", TITLE, 2022)
    assert document.signed_on == "2023-01-09"


def test_external_entities_of_a_docx_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("不可外泄的内容", "utf-8")
    declared = f'<!DOCTYPE w:document [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    try:
        found = read(docx(word_paragraph(PARAGRAPHS[0], "&x;"), doctype=declared), "报告.docx")
    except Unreadable:
        return
    assert "不可外泄" not in found.body + str(found.fields)


@pytest.mark.parametrize("name", ["报告.doc", "报告.wps"])
def test_word_97_is_read_or_says_what_to_install(name: str) -> None:
    data = doc("\n".join([TITLE, *PARAGRAPHS, *SIGNATURE]))
    if shutil.which("catdoc") is None:
        with pytest.raises(Unreadable, match="install"):
            read(data, name)
        return
    document = parse_bytes(data, name=name)
    assert [flat(line) for line in document.body.split("\n")] == [flat(line) for line in PARAGRAPHS]
    assert (flat(document.title or ""), document.signed_on) == (TITLE, "2023-01-09")


WHOLE = {"报告.pdf": pdf(pages_of_pdf()), "报告.docx": report_docx(), "报告.doc": doc("\n".join(PARAGRAPHS))}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(WHOLE)), st.floats(0, 1), st.binary(max_size=40))
def test_damaged_files_raise_the_typed_error_alone(name: str, share: float, noise: bytes) -> None:
    whole = WHOLE[name]
    at = int(len(whole) * share)
    for data in (whole[:at], whole[:at] + noise + whole[at + len(noise) :]):
        try:
            assert isinstance(parse_bytes(data, name=name).body, str)
        except Unreadable as error:
            assert str(error)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FAMILIES), st.integers(0, 40), st.floats(0, 1), st.binary(max_size=40))
def test_damaged_pages_are_parsed(family: str, seed: int, share: float, noise: bytes) -> None:
    whole = make_page(family, seed).data
    at = int(len(whole) * share)
    for data in (whole[:at], whole[:at] + noise + whole[at + len(noise) :]):
        try:
            document = parse_bytes(data, name="page.html")
        except Unreadable as error:
            assert str(error)
            continue
        assert all(document.body[item.char_start : item.char_end] == item.raw for item in document.quantities)


MOST_MEMORY = 500  # megabytes
QUICK = [name for name in INPUTS if not name.startswith(("huge", "docx-bomb"))]
HUGE = [name for name in INPUTS if name.startswith(("huge", "docx-bomb"))]


def _run(names: list[str], seconds: int) -> list[dict[str, Any]]:
    """In a process of its own, whose address space ends at 4 GB and whose life ends at the bound."""
    command = [sys.executable, "-m", "tests.extraction.unseen.hostile", *names]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=seconds,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("names", [QUICK[0::3], QUICK[1::3], QUICK[2::3], HUGE[0::2], HUGE[1::2]])
def test_hostile_files_end_within_bounds(names: list[str]) -> None:
    ended = _run(names, 20 * len(names))
    assert [item["name"] for item in ended] == names
    assert max(item["megabytes"] for item in ended) < MOST_MEMORY, ended


MANY = """
import gc
from bench.peak import peak_mb
from extraction.parse import parse_bytes
from tests.extraction.unseen.page_maker import FAMILIES, make_page
pages = [make_page(family, seed).data for family in FAMILIES for seed in range(5)]
def peak():
    gc.collect()
    return peak_mb()
for data in pages:
    parse_bytes(data, name="page.html")
before = peak()
for _ in range(4):
    for data in pages:
        parse_bytes(data, name="page.html")
print(peak() - before)
"""


def test_memory_stays_flat_over_pages() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MANY], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    assert float(done.stdout) < 15  # megabytes, over 160 pages after the first 40
