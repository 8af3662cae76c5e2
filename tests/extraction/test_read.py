"""read_page: made-up portal pages with known truth, single traps, and inputs that must not hurt."""

from __future__ import annotations

import contextlib
import io
import time
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.errors import Unreadable
from extraction.read import read_page
from extraction.types import Evidence, Page
from tests.extraction.unseen.page_maker import FAMILIES, make_page

PROSE = "云桥市持续推进依法行政，完善制度，加强监督，各项工作取得新的成效。"


def read(data: bytes, **given_: str | None) -> Page:
    return read_page(
        data,
        url=given_.get("url"),
        name=given_.get("name", "page.html"),
        media_type=given_.get("media_type", "text/html"),
        charset=given_.get("charset"),
    )


def value(fields: Mapping[str, Evidence], field: str) -> str | None:
    return fields[field].value if field in fields else None


def page_of(inner: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{inner}</body></html>".encode()


@pytest.mark.parametrize(
    ("printed", "iso"),
    [
        ("2023年02月15日", "2023-02-15"),
        ("2023/2/5", "2023-02-05"),
        ("2023-02-15 10:30", "2023-02-15"),
        ("2023-02-15 03:05:59", "2023-02-15"),
    ],
)
def test_printed_dates_become_iso(printed: str, iso: str) -> None:
    page = read(page_of(f"<h1>云桥市法治政府建设情况报告</h1><p>发布日期：{printed}</p><p>{PROSE * 3}</p>"))
    assert value(page.fields, "published_on") == iso


def test_todays_date_of_the_header_is_not_the_date() -> None:
    page = read(page_of(f"<div>今天是2031年1月5日 星期三</div><h1>云桥市法治政府建设情况报告</h1><p>{PROSE * 3}</p>"))
    assert "published_on" not in page.fields


def test_a_table_in_the_body_is_rows_of_cells() -> None:
    table = "<table><tr><td>事项</td><td>件数</td></tr><tr><td>行政许可</td><td>1203</td></tr></table>"
    page = read(page_of(f"<div id='zoom'><p>{PROSE}</p>{table}<p>{PROSE}</p></div>"))
    assert page.body.split("\n") == [PROSE, "事项\t件数", "行政许可\t1203", PROSE]


def test_the_signature_leaves_the_body() -> None:
    page = read(page_of(f"<div id='zoom'><p>{PROSE}</p><p>{PROSE}</p><p>云桥市人民政府</p><p>2023年1月9日</p></div>"))
    assert page.signature == ("云桥市人民政府", "2023年1月9日")
    assert page.body == f"{PROSE}\n{PROSE}"


def test_attachments_are_joined_to_the_page() -> None:
    page = read(
        page_of(f"<div id='zoom'><p>{PROSE}</p><a href='./P02.pdf'>附件：报告.pdf</a></div>"),
        url="http://www.example.invalid/a/t1.html",
    )
    assert [link.url for link in page.attachments] == ["http://www.example.invalid/a/P02.pdf"]


@pytest.mark.parametrize("label", ["gb2312", "utf-8", None, "iso-8859-1"])
def test_gb18030_under_any_label(label: str | None) -> None:
    data = page_of(f"<p>{PROSE}</p><p>镕㙍䶮，{PROSE}</p>").decode().encode("gb18030")
    page = read(data, charset=label)
    assert page.charset == "gb18030"
    assert "镕㙍䶮" in page.body


def test_mojibake_is_reported() -> None:
    broken = PROSE.encode().decode("gb18030", "replace")
    page = read(page_of(f"<p>{broken}</p>"))
    assert {warning.code for warning in page.warnings} & {"mojibake", "garbled_characters"}


def test_what_is_lost_of_an_article_is_reported_however_long_its_page_is() -> None:
    damaged = PROSE.replace("制度", "\ufffd")
    scripts = f"<script>{'var a = 1; ' * 20_000}</script>"
    for lost, expected in ((damaged, ["garbled_characters"]), (PROSE, [])):
        page = read(page_of(f"<p>{lost}</p>{scripts}"))
        assert [warning.code for warning in page.warnings] == expected


def test_pages_that_are_no_article_say_so() -> None:
    challenge = read(b"<html><script>document.cookie='__jsl_clearance=1'</script></html>")
    missing = read(page_of("<div>您访问的页面不存在</div>"))
    listing = read(page_of("".join(f"<li><a href='{n}.html'>云桥市第{n}号公告</a></li>" for n in range(30))))
    assert [warning.code for warning in challenge.warnings] == ["challenge_page"]
    assert [warning.code for warning in missing.warnings] == ["not_found_page"]
    assert "index_page" in [warning.code for warning in listing.warnings]
    assert len(listing.body) < 200


def _bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b" " * 250_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"%PDF-1.4 nothing", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x"]
)
def test_unreadable_files_say_why(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r".+"):
        read(data)


def test_a_zip_bomb_is_refused() -> None:
    with pytest.raises(Unreadable, match="200 MB"):  # what it would unpack to is read from its index
        read(_bomb())


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{inner};" * 10}">' for inner, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    "data",
    [
        b"<div>" * 10_000 + PROSE.encode(),
        b"<font><p>" * 10_000 + PROSE.encode(),
        (ENTITIES + "]><html><body>&i;</body></html>").encode(),
        b"<table><tr><td>" * 5_000 + PROSE.encode() * 50,
        f"<p>{PROSE}".encode() * 5_000,
        b"a" * 50_000_000,
        b"\xff" * 50_000_000,
    ],
    ids=["nested div", "nested font", "entities", "nested tables", "many paragraphs", "50 MB a", "50 MB ff"],
)
def test_hostile_pages_end_within_two_seconds(data: bytes) -> None:
    start = time.process_time()
    with contextlib.suppress(Unreadable):  # refusing is a proper answer; hanging or another error is not
        read(data)
    assert time.process_time() - start < 2


@settings(max_examples=150, deadline=None)
@given(st.binary(min_size=0, max_size=3000))
def test_random_bytes_never_raise_anything_else(data: bytes) -> None:
    try:
        assert isinstance(read(data).body, str)
    except Unreadable as error:
        assert str(error)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FAMILIES), st.integers(0, 50), st.floats(0, 1))
def test_truncated_pages_are_read(family: str, seed: int, share: float) -> None:
    data = make_page(family, seed).data
    try:
        assert isinstance(read(data[: int(len(data) * share)]).body, str)
    except Unreadable as error:
        assert share < 0.01, error


@pytest.mark.parametrize("words", ["金沙娱城官网", "某某棋牌平台", "某某体育投注"])
def test_spam_outside_the_article_is_told(words: str) -> None:
    page = read(page_of(f"<div>{words}</div><h1>某县2022年法治政府建设情况报告</h1><div><p>{PROSE}</p></div>"))
    assert ("injected_spam", words) in {(warning.code, warning.excerpt) for warning in page.warnings}


def test_ordinary_words_about_sport_are_no_spam() -> None:
    page = read(
        page_of(f"<div>智慧体育平台 全民健身</div><h1>某县2022年法治政府建设情况报告</h1><div><p>{PROSE}</p></div>")
    )
    assert "injected_spam" not in {warning.code for warning in page.warnings}
