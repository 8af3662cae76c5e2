"""Which links are followed, and what a response really is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.families import family_of
from scrapers.links import Item, _absolute, absolute, canonical, is_candidate
from scrapers.pages import text_of, trouble


@pytest.mark.parametrize(
    ("title", "wanted"),
    [
        ("示例市人民政府关于2022年法治政府建设情况的报告", True),
        ("示例市司法局2021年度法治政府建设年度报告", True),
        ("2013年依法行政工作总结", True),
        ("关于印发《示例市2022年法治政府建设工作报告》的通知", True),
        ("示例市2022年法治政府建设工作要点", False),
        ("图解：示例市2022年法治政府建设年度报告", False),
        ("示例市2022年上半年法治政府建设情况报告", False),
        ("示例市2022年政府信息公开工作年度报告", False),
        ("示例市召开法治政府建设工作会议情况", False),
    ],
)
def test_titles_decide(title: str, wanted: bool) -> None:
    assert is_candidate(Item("http://a.invalid/1", title)) is wanted


@pytest.mark.parametrize(
    ("base", "href", "wanted"),
    [
        ("http://a.invalid/x/index.html", "./t1.html", "http://a.invalid/x/t1.html"),
        ("http://a.invalid", "x.html", "http://a.invalid/x.html"),
        ("http://a.invalid./x/", "y", "http://a.invalid/x/y"),
        ("http://A.invalid:80/x", "#top", "http://a.invalid/x"),
        ("https://a.invalid/", "javascript:void(0)", None),
        ("https://a.invalid/", "mailto:x@a.invalid", None),
        ("https://a.invalid/", "http://[", None),
    ],
)
def test_links_are_joined_with_care(base: str, href: str, wanted: str | None) -> None:
    assert absolute(base, href) == wanted


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_link_breaks_the_sweep(base: str, href: str) -> None:
    found = absolute(f"http://a.invalid/{base}", href)
    assert found is None or found.startswith(("http://", "https://"))
    assert canonical(canonical(href)) == canonical(href)


@given(st.text(max_size=400))
def test_any_page_has_a_family(html: str) -> None:
    family = family_of(html)
    family.items(html, "http://a.invalid/")
    assert len(list(zip(range(50), family.further(html, "http://a.invalid/"), strict=False))) <= 50


@pytest.mark.parametrize(
    "cut", ["示例市人民政府关于2022年法治政府建设情…", "示例市人民政府关于2022年法治政府建设情......"]
)
def test_a_title_cut_short_loses_to_the_whole_one(cut: str) -> None:
    html = f'<a href="1.htm" title="示例市人民政府关于2022年法治政府建设情况报告">{cut}</a>'
    (item,) = family_of(html).items(html, "http://a.invalid/")
    assert item.title == "示例市人民政府关于2022年法治政府建设情况报告"


def test_gb2312_means_gb18030() -> None:
    assert text_of("镕".encode("gb18030"), "text/html; charset=gb2312") == "镕"
    assert text_of(b'<meta charset="gb2312">' + "法治".encode("gb18030")).endswith("法治")


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (521, "<script>document.cookie='__jsl_clearance=1'</script>", "challenge"),
        (412, "<script>$_ts=window['$_ts']</script>", "challenge"),
        (200, "<p>您访问的页面不存在</p>", "not found"),
        (200, "<form><input type='password'></form>", "login"),
        (200, "<p>" + "全年受理行政复议案件56件，审结48件。" * 60 + "</p>", None),
        (200, "<h1>通知</h1><p>现将有关事项通知如下。</p>", None),
    ],
)
def test_what_a_response_really_is(status: int, body: str, reason: str | None) -> None:
    found = trouble(status, "text/html", body.encode())
    assert (found is None) if reason is None else (found is not None and reason in found)


PART = st.text(alphabet="ab1./:?#%;@[]-_~&=+ \\中", max_size=8)


@given(
    st.sampled_from(["http://a.invalid/x/i.html", "http://a.invalid", "https://a.invalid:8080/x?q=/1#f"]), PART, PART
)
def test_plain_links_are_joined_as_all_others(base: str, left: str, right: str) -> None:
    for href in (left, f"{left}/{right}", f"/{left}", f"./{left}", f"http://a.invalid/{left}", f"//{left}/{right}"):
        assert absolute(base, href) == _absolute(base, href)


@pytest.mark.parametrize(
    "url", ["http://a.invalid/x?y=1", "http://a.invalid/", "http://a.invalid/x/y_1.html", "https://a-b.c.invalid/x,1/"]
)
def test_canonical_leaves_plain_urls_alone(url: str) -> None:
    assert canonical(url) == url == _absolute(url, url)
