"""Broken pages: the bad item is skipped or ListError says why; no family ever raises anything else."""

from __future__ import annotations

import json
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.families import FAMILIES, ListError, PageRequest, family_of
from scrapers.families.base import Family, link_items, number
from scrapers.families.generic import Generic
from scrapers.families.gkmlpt import Gkmlpt
from scrapers.families.jpaas import Jpaas
from scrapers.families.jpage import Jpage
from scrapers.fetch import FetchError
from scrapers.links import absolute
from scrapers.lists import ListWalk
from tests.portal.families import FAMILIES as IMITATED
from tests.portal.sites import make_site

URLS = (
    "http://a.invalid/col/index.html",
    "http://a.invalid/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=9&perpage=3",
    "http://a.invalid/api-gateway/x/unit?paramJson=%7B%22pageNo%22%3A1%7D",
    "http://a.invalid/gkmlpt/api/all/3?page=1&sid=2",
    "http://a.invalid/so/s?qt=x&page=1",
    "http://a.invalid/x/index_3.shtml",
)


def exercise(family: Family, text: str, url: str) -> None:
    for call in (family.items, family.after, lambda text, url: list(islice(family.further(text, url), 20))):
        try:
            call(text, url)  # type: ignore[operator]
        except ListError as error:
            assert error.reason


PIECES = st.sampled_from(
    [
        "<datastore><recordset><record><![CDATA[<a href='http://www..gov/'>示例市年度报告</a>]]></record>",
        "new jpage('#p',{totalRecord:total,perPage:0,columnid:'3',unitid:'4',proxyUrl:'http://['});",
        "new jpage('#p',{totalRecord:-7,perPage:x});",
        'createPageHTML(n, 0, "index", "shtml");',
        'createPageHTML(99999999999, 0, "index", "shtml");',
        "_simple_list_gotopage_fun(999999,'u')",
        'window._CONFIG = { SID: \'7\', TREE: [{"id": "x", "name": null, "children": {}}, 3, [',
        "<script queryData=\"{'webId':\" url='http://[::1' src='jpaas'></script>",
        "<script queryData=\"{'webId':3,'paramJson':'{'}\" src='jpaas'></script>",
        "<form action='/so/s'><input type=hidden name=siteCode value=1></form>",
        "<a href='/x/0123456789abcdef0123456789abcdef.shtml'>示例市法治政府建设年度报告</a>",
        '<li class=\'pagedContent\'>totalFiles=9 paging("a","b","c")',
        "<a href='column-index-7.shtml'>下一页</a><div data-count='0'>",
        "<a href='javascript:void(0)' onclick=\"location.href='http://['\">下一页</a>",
        '{"articles": [{"url": "http://www..gov/", "title": "x", "date": 99999999999999}, null, 3], "total": "many"}',
        '{"data": {"html": "<a href=x>示例市法治政府建设年度报告</a> count=\\"many\\""}}',
        "]]>",
        "\x00",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=6).map("".join), st.sampled_from(URLS))
def test_no_family_raises_anything_but_its_own_error(text: str, url: str) -> None:
    for family in FAMILIES:
        exercise(family, text, url)
        family.detect(text)


@pytest.mark.parametrize("name", IMITATED)
def test_list_pages_cut_off_anywhere_are_survived(name: str) -> None:
    site = make_site(name, seed=2)
    routes = IMITATED[name](site)
    page = routes.pages[routes.start].body.decode(site.encoding)
    family = family_of(page)
    for end in range(0, len(page), max(1, len(page) // 40)):
        exercise(family, page[:end], f"http://{site.host}{routes.start}")


@pytest.mark.parametrize(
    "href", ["http://www..gov/", "http://.gov/", "http://a b.gov/", "http://[::1", "http://x:99999/", "http://-a-.gov/"]
)
def test_impossible_hosts_are_no_links(href: str) -> None:
    assert absolute("http://a.invalid/", href) is None
    html = f"<a href='{href}'>示例市2022年法治政府建设年度报告</a><a href='/1.htm'>示例市2021年法治政府建设年度报告</a>"
    assert [item.url for item in link_items(html, "http://a.invalid/")] == ["http://a.invalid/1.htm"]


@pytest.mark.parametrize(
    ("href", "wanted"),
    [
        ("http://示例.中国/x", "http://xn--fiq54w45m.xn--fiqs8s/x"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"),
    ],
)
def test_unusual_hosts_are_links(href: str, wanted: str) -> None:
    assert (absolute("http://a.invalid/", href) or "").rpartition("/")[2] == wanted.rpartition("/")[2]
    assert (absolute("http://a.invalid/", href) or "").isascii()


RECORDS = "<datastore>{total}<recordset>" + "<record><![CDATA[<a href='/a{n}.html'>示例市通知</a>]]></record>" * 45
CALL = "<script>new jpage('#p',{{totalRecord:{total},perPage:{per_page},columnid:'3',unitid:'4',webid:'5'}});</script>"


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        (CALL.format(total="total", per_page="0") + "<script>var total = 60;</script>" + RECORDS, (46, 60, 15)),
        (CALL.format(total="total", per_page="15") + RECORDS, (46, 90, 15)),
        (CALL.format(total="46", per_page="size") + RECORDS, (46, 46, 15)),
        (CALL.format(total="45", per_page="15") + RECORDS, None),
        (
            CALL.format(total="", per_page="15") + RECORDS.replace("{total}", "<totalrecord>50</totalrecord>"),
            (46, 50, 15),
        ),
    ],
)
def test_jpage_settings_may_be_variables_or_nonsense(page: str, asked: tuple[int, int, int] | None) -> None:
    requests = list(Jpage().further(page, "http://a.invalid/col/col3/index.html"))
    if asked is None:
        assert requests == []
        return
    (request,) = requests
    query = f"startrecord={asked[0]}&endrecord={asked[1]}&perpage={asked[2]}&columnid=3&unitid=4&webid=5"
    assert request.url == f"http://a.invalid/module/web/jpage/dataproxy.jsp?{query}"
    assert request.form == {"columnid": "3", "unitid": "4", "webid": "5"}


def test_jpage_goes_on_while_the_answers_say_so() -> None:
    url = "http://a.invalid/proxy.jsp?startrecord=46&endrecord=90&perpage=15&columnid=3"
    answer = RECORDS.replace("{total}", "<totalrecord>100</totalrecord>")
    following = Jpage().after(answer, url)
    assert following and "startrecord=91&endrecord=100" in following.url
    assert Jpage().after(answer, following.url) is None
    with pytest.raises(ListError, match="encrypted"):
        Jpage().items("<datastore><recordset></recordset></datastore>", url)


def test_gkmlpt_column_after_the_hash_and_department_folder() -> None:
    page = '<script>window._CONFIG = { SID: \'758019\', TREE: [{"id": 1, "name": "法治政府建设"}] };</script>'
    (request,) = Gkmlpt().further(page, "http://www.a.invalid/zqhjj/gkmlpt/index#21023")
    assert request.url == "http://www.a.invalid/zqhjj/gkmlpt/api/all/21023?page=1&sid=758019"
    (request,) = Gkmlpt().further(page, "http://www.a.invalid/gkmlpt/index")
    assert request.url == "http://www.a.invalid/gkmlpt/api/all/1?page=1&sid=758019"


@pytest.mark.parametrize(
    ("text", "wanted"), [("7", 7), ("0", 5), ("-1", 5), ("total", 5), (None, 5), ("٣", 5), ("9" * 20, 5)]
)
def test_numbers_that_are_none(text: str | None, wanted: int) -> None:
    assert number(text, 5) == wanted


@pytest.mark.parametrize(
    ("html", "url", "title", "date"),
    [
        ("<base href='/zwgk/'><a href='t1.htm'>{}</a>", "/zwgk/t1.htm", "{}", None),
        (
            "<li><a href='javascript:;' onclick=\"openPage('t1.htm')\">{}</a> 2023-03-01</li>",
            "/x/t1.htm",
            "{}",
            "2023-03-01",
        ),
        ("<li><a href=\"javascript:show('/y/t1.html')\">{}</a></li>", "/y/t1.html", "{}", None),
        ("<tr><td>{}</td><td><a href='t1.pdf'>[下载]</a></td><td>2023/3/1</td></tr>", "/x/t1.pdf", "{}", "2023/3/1"),
        ("<a href='t1.htm'><p>{}</p><span>2023-03-01</span></a>", "/x/t1.htm", "{}", "2023-03-01"),
        ("<a href='t1.htm' title='{}'>{:.9}…</a>", "/x/t1.htm", "{}", None),
        ("<a href='t1.htm' title='标题：{}&#10;发布时间：2023-03-01'>x</a>", "/x/t1.htm", "{}", None),
        ("<p>发布日期：2023年3月1日</p><a href='t1.htm'>{}</a>", "/x/t1.htm", "{}", None),
    ],
)
def test_title_and_date_are_found_where_they_stand(html: str, url: str, title: str, date: str | None) -> None:
    report = "示例市司法局2022年法治政府建设年度报告"
    (item,) = link_items(
        f"<table>{html.format(report, report)}</table>" if "<tr>" in html else html.format(report, report),
        "http://a.invalid/x/",
    )
    assert item.url == f"http://a.invalid{url}"
    assert item.title == title.format(report)
    assert date is None or item.date == date


def answer_of_jpaas(items: int, paging: str) -> str:
    links = "".join(f"<li><a href='/a/{n}.html'>示例市通知第{n}号</a></li>" for n in range(items))
    return json.dumps({"data": {"html": f"<ul>{links}</ul><div {paging}></div>"}}, ensure_ascii=False)


@pytest.mark.parametrize(
    ("page", "items", "paging", "more"),
    [
        (1, 15, "count='40' pageNo='1' rows='15'", True),
        (2, 15, "count='40' pageNo='2' rows='15'", True),
        (3, 10, "count='40' pageNo='3' rows='15'", False),
        (1, 50, "count='51' rows='50'", True),
        (1, 20, "count=40", True),
        (1, 40, "count=40", False),
        (1, 7, "", False),
    ],
)
def test_jpaas_goes_by_the_page_size_of_the_answer(page: int, items: int, paging: str, more: bool) -> None:
    url = f"http://a.invalid/unit?webId=1&paramJson=%7B%22pageNo%22%3A{page}%2C%22pageSize%22%3A%2250%22%7D"
    following = Jpaas().after(answer_of_jpaas(items, paging), url)
    assert bool(following) is more
    assert following is None or f"pageNo%22%3A{page + 1}" in following.url


@pytest.mark.parametrize(
    ("page", "rows", "told", "more"),
    [
        (1, 100, {"total": 250}, True),
        (3, 50, {"total": 250}, False),
        (1, 100, {"classify": {"post_count": 221}}, True),
        (4, 0, {"classify": {"post_count": 726}}, False),
        (1, 100, {}, True),
        (2, 30, {}, False),
        (1, 30, {"total": 30}, False),
    ],
)
def test_gkmlpt_goes_on_while_there_may_be_more(page: int, rows: int, told: dict[str, object], more: bool) -> None:
    articles = [{"title": f"示例市通知{n}", "url": f"http://a.invalid/{n}.html"} for n in range(rows)]
    url = f"http://a.invalid/gkmlpt/api/all/3?page={page}&sid=2"
    following = Gkmlpt().after(json.dumps({"articles": articles, **told}), url)
    assert (following.url if following else None) == (url.replace(f"page={page}", f"page={page + 1}") if more else None)


@pytest.mark.parametrize(
    ("pager", "following"),
    [
        ("<a href='list_2.html'>下一页</a>", "list_2.html"),
        ("<a href='?page=2'>下页</a>", "?page=2"),
        ("<a href='list_2.html' title='下一页'><img src=n.png></a>", "list_2.html"),
        ("<a href='javascript:;' onclick=\"location.href=encodeURI('index_2.jhtml');\">下一页</a>", "index_2.jhtml"),
        ("<a href=\"javascript:window.location='p2.html'\">下一页 &gt;</a>", "p2.html"),
        ("<div class='pages'><span>1</span><a href='p2.html'>2</a><a href='p3.html'>3</a></div>", "p2.html"),
        ("<div id='page'><a class='on'>2</a><a href='p1.html'>1</a><a href='p3.html'>3</a></div>", "p3.html"),
        ("<a href='#'>下一页</a>", None),
        ("<a href='i.html'>下一页</a>", None),
        ("<a href='http://b.invalid/2.html'>下一页</a>", None),
        ("<a href='javascript:next()'>下一页</a>", None),
    ],
)
def test_next_page_of_a_list_of_unknown_make(pager: str, following: str | None) -> None:
    request = Generic().after(f"<ul><li>x</li></ul>{pager}", "http://a.invalid/x/i.html")
    base = "http://a.invalid/x/i.html" if str(following).startswith("?") else "http://a.invalid/x/"
    assert (request.url if request else None) == (f"{base}{following}" if following else None)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.lists(st.one_of(PIECES, st.text(max_size=30)), max_size=5).map("".join), min_size=1, max_size=6))
def test_walk_over_any_pages_ends_within_its_limit(pages: list[str]) -> None:
    asked: list[str] = []

    def get(request: PageRequest) -> tuple[str, str]:
        asked.append(request.url)
        if len(asked) % 7 == 5:
            raise FetchError(request.url, "HTTP 500")
        return request.url, pages[(len(asked) - 1) % len(pages)]

    walk = ListWalk(get, most=25)
    assert len(list(walk.pages("http://a.invalid/fzzf/index.html"))) <= len(asked) <= 25
    assert len(asked) == len(set(asked))
