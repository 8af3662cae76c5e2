"""Every family's lists are read to their end on a real server; what cannot be read is told, never passed over."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from scrapers.families import FAMILIES as READERS
from scrapers.links import canonical, is_candidate
from scrapers.lists import ListWalk
from scrapers.registry import Source
from scrapers.sample.site import Resource
from tests.portal import faults, huge
from tests.portal.families import COMPLETE, FAMILIES, gkmlpt
from tests.portal.server import PortalServer
from tests.portal.sites import make_site
from tests.scrapers.families.walking import getter, walk

READER = {"trs_from_1": "trs", "trs_stub": "trs", "jpage_encrypted": "jpage"}


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    with PortalServer() as running:
        yield running


@pytest.mark.parametrize("name", COMPLETE)
def test_every_article_that_a_list_names_is_found(portal: PortalServer, name: str) -> None:
    site = portal.add(make_site(name, seed=3, articles=34))
    found = walk(portal, site)
    assert found.troubles == []
    assert {page.family for page in found.pages} == {READER.get(name, name)}
    every = {canonical(portal.article_url(site, article)): article for article in portal.articles(site)}
    reports = {url: article for url, article in every.items() if article.genre == "report"}
    wanted = reports if name == "ucap" else every
    assert wanted.keys() <= found.items.keys()
    for url, article in wanted.items():
        assert found.items[url].title == article.title
        assert (found.items[url].date or "").replace("/", "-") == f"{article.published:%Y-%m-%d}"
    assert {url for url, item in found.items.items() if is_candidate(item)} == reports.keys()


def test_every_imitated_family_has_a_reader() -> None:
    assert {READER.get(name, name) for name in FAMILIES} == {reader.name for reader in READERS}


def test_stubs_are_told(portal: PortalServer) -> None:
    site = portal.add(make_site("trs_stub", seed=3))
    found = walk(portal, site)
    assert len(found.pages) == 2
    assert [(url.rpartition("/")[2], "stub" in reason) for url, reason, _ in found.troubles] == [
        ("index_2.shtml", True),
        ("index_3.shtml", True),
    ]


def test_encrypted_ids_are_told_and_what_is_embedded_is_read(portal: PortalServer) -> None:
    site = portal.add(make_site("jpage_encrypted", seed=3))
    found = walk(portal, site)
    assert len(found.items) == 24
    assert len(found.troubles) == 1 and "encrypted" in found.troubles[0][1]


def test_proxy_urls_of_two_columns_differ(portal: PortalServer) -> None:
    from scrapers.families.jpage import Jpage

    def call(column: int) -> str:
        return (
            f"<script>new jpage('#page', {{totalRecord:100,perPage:15,columnid:'{column}',unitid:'7',webid:'1',"
            "proxyUrl:'/module/web/jpage/dataproxy.jsp'});</script>"
        )

    first, second = (
        [request.url for request in Jpage().further(call(column), "http://a.invalid/col/index.html")]
        for column in (1, 2)
    )
    assert len(first) == 1 and first != second


@pytest.mark.parametrize("name", COMPLETE)
def test_empty_list_is_walked_in_peace(portal: PortalServer, name: str) -> None:
    site = portal.add(make_site(name))
    portal.empty(site)
    found = walk(portal, site)
    assert not [item for item in found.items.values() if is_candidate(item)]
    # an interface that gives nothing is trouble; an empty page may be an empty list
    assert bool(found.troubles) == (name in ("jpaas", "gkmlpt"))


@pytest.mark.parametrize("name", ["jpaas", "gkmlpt"])
@pytest.mark.parametrize("answer", [b"{", b"[]", b'{"data": null}', b"<html>", b"\xff\xfe", b"[" * 90_000])
def test_broken_json_is_told(portal: PortalServer, name: str, answer: bytes) -> None:
    site = portal.add(make_site(name))
    portal.fail(site, lambda exchange: Resource(answer, "application/json"), path="*/api*")
    found = walk(portal, site)
    assert found.troubles and "did not answer with" in found.troubles[0][1]


@pytest.mark.parametrize("build", [huge.huge_trs, huge.huge_generic])
def test_endless_list_is_cut_short(portal: PortalServer, build: object) -> None:
    site = portal.add(make_site("trs" if build is huge.huge_trs else "generic"), build)  # type: ignore[arg-type]
    found = walk(portal, site, most=9)
    assert len(found.pages) == 9
    assert found.cut_short


def test_one_failing_page_hides_only_itself(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    portal.fail(site, faults.status(500), path="*/index_2.shtml")
    found = walk(portal, site)
    assert [page.number for page in found.pages] == [1, 2, 4]
    assert [reason for _, reason, _ in found.troubles] == ["HTTP 500"]


def test_challenge_ends_a_list_at_once(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    portal.fail(site, faults.challenge_jiasule(), path="*/index_1.shtml")
    found = walk(portal, site)
    assert len(found.pages) == 1
    assert [blocked for _, _, blocked in found.troubles] == [True]
    assert not portal.requests(site, "*/index_2.shtml")


def test_page_that_repeats_itself_ends_the_list(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    start = portal.page(site, "/zwgk/fzzf/ndbg/index.shtml")
    portal.fail(site, faults.page_of(start), path="*/index_*.shtml")
    found = walk(portal, site)
    assert {reason for _, reason, _ in found.troubles} == {"a further list page that holds nothing new"}


COLUMNS = """<html><head><meta charset="utf-8"><title>示例县人民政府</title></head><body>
<div class="menu"><a href="/zwgk/zcwj/">政策文件汇编</a><a href="/zwgk/fzzf/ndbg/index.shtml">法治政府建设</a>
<a href="/zwgk/fzzfjs/">依法行政</a><a href="http://elsewhere.invalid/fz/">法治政府建设</a></div></body></html>"""


def test_columns_below_the_start_url_are_read(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    years = '<title>依法行政</title><a href="2019/">2019年度</a><a href="gzdt/">工作动态栏目</a>'
    item = '<title>2019年度</title><ul><li><a href="/a/t1_20001.html">示例县2019年依法行政工作报告</a></li></ul>'
    portal.put(site, "/zwgk/", Resource(COLUMNS.encode(), "text/html; charset=utf-8"))
    portal.put(site, "/zwgk/fzzfjs/", Resource(years.encode(), "text/html; charset=utf-8"))
    portal.put(site, "/zwgk/fzzfjs/2019/", Resource(item.encode(), "text/html; charset=utf-8"))
    found = walk(portal, site, start=f"http://{site.host}/zwgk/")
    candidates = {url for url, item in found.items.items() if is_candidate(item)}
    assert {canonical(url) for url in portal.report_urls(site)} < candidates
    assert f"http://{site.host}/a/t1_20001.html" in candidates
    assert found.troubles == []
    asked = {request.path for request in portal.requests(site)}
    assert not asked & {"/zwgk/zcwj/", "/zwgk/fzzfjs/gzdt/"}


def test_columns_named_after_bodies_are_read_below_the_subject_only(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    names = ["东城区", "西城区", "市教育局", "市政府部门"]
    links = "".join(f'<a href="b{number}/">{name}</a>' for number, name in enumerate(names))
    item = '<ul><li><a href="./202303/t20230301_{}1234.html">{}2022年度报告</a><span>2023-03-01</span></li></ul>'
    for folder, name in (("/fz/", "法治政府建设年度报告"), ("/other/", "机构设置")):
        page = f'<title>{name}_示例市</title>{links}<a href="zcjd/">政策解读</a><a href="/zwgk/">区政府办</a>'
        portal.put(site, folder, Resource(page.encode(), "text/html; charset=utf-8"))
        for number, body in enumerate(names):
            page = f"<title>{name}_示例市</title>{item.format(number, body)}"
            portal.put(site, f"{folder}b{number}/", Resource(page.encode(), "text/html; charset=utf-8"))
    found = walk(portal, site, start=f"http://{site.host}/fz/")
    assert sum(is_candidate(item) for item in found.items.values()) == 3
    assert len(found.items) >= 4 and found.troubles == []
    assert len(walk(portal, site, start=f"http://{site.host}/other/").pages) == 1


def test_more_columns_than_are_read_are_told(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    links = "".join(
        f'<a href="/fz/b{number}/">{name}</a>'
        for number, name in enumerate(f"示例{chr(0x4E00 + n)}县" for n in range(45))
    )
    portal.put(site, "/fz/", Resource(f"<title>依法行政</title>{links}".encode(), "text/html; charset=utf-8"))
    found = walk(portal, site, start=f"http://{site.host}/fz/", most=100)
    assert found.cut_short


@pytest.mark.parametrize("named", ["boda", "gkmlpt", "jpage"])
def test_portal_that_was_rebuilt_is_read_as_what_it_is(portal: PortalServer, named: str) -> None:
    site = portal.add(make_site("trs", seed=3))
    found = walk(portal, site, family=named)
    assert {canonical(url) for url in portal.report_urls(site)} <= found.items.keys()
    assert {page.family for page in found.pages} == {"trs"}


def test_menu_of_a_list_of_reports_is_not_followed(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    start = portal.page(site, "/zwgk/fzzf/ndbg/index.shtml")
    menu = '<a href="/zwgk/fzzfjs/">法治政府建设</a><a href="/zwgk/fzzf/ndbg/qz/">法治政府建设年度报告</a>'
    page = start.body.replace(b"<body>", b"<body>" + menu.encode())
    portal.put(site, "/zwgk/fzzf/ndbg/index.shtml", Resource(page, start.media_type))
    below = '<li><a href="/a/t1_20001.html">示例区2019年依法行政工作报告</a></li>'
    portal.put(site, "/zwgk/fzzf/ndbg/qz/", Resource(below.encode(), "text/html; charset=utf-8"))
    found = walk(portal, site)
    assert found.troubles == []
    assert f"http://{site.host}/a/t1_20001.html" in found.items
    assert not portal.requests(site, "/zwgk/fzzfjs/")


def test_column_that_is_blocked_does_not_end_the_others(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    portal.put(site, "/zwgk/", Resource(COLUMNS.encode(), "text/html; charset=utf-8"))
    blocked = COLUMNS.replace("/zwgk/fzzfjs/", "/x/").replace("/zwgk/fzzf/ndbg/index.shtml", "/zwgk/fzzfjs/")
    page = blocked.replace("/x/", "/zwgk/fzzf/ndbg/index.shtml")
    portal.put(site, "/zwgk/", Resource(page.encode(), "text/html; charset=utf-8"))
    portal.fail(site, faults.challenge_wzws(), path="/zwgk/fzzfjs/")
    found = walk(portal, site, start=f"http://{site.host}/zwgk/")
    assert [blocked for _, _, blocked in found.troubles] == [True]
    assert {canonical(url) for url in portal.report_urls(site)} <= found.items.keys()


def test_frames_without_links_are_no_trouble(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    page = f'<iframe src="/banner/"></iframe><iframe src="{LIST_PATH}"></iframe>'
    portal.put(site, "/zwgk/", Resource(page.encode(), "text/html; charset=utf-8"))
    portal.put(site, "/banner/", Resource("<p>法治</p>".encode(), "text/html; charset=utf-8"))
    found = walk(portal, site, start=f"http://{site.host}/zwgk/")
    assert found.troubles == []
    assert {canonical(url) for url in portal.report_urls(site)} <= found.items.keys()


LIST_PATH = "/zwgk/fzzf/ndbg/index.shtml"


@pytest.mark.parametrize(
    "page",
    [
        f'<meta http-equiv="refresh" content="0; url={LIST_PATH}">',
        f"<script>window.location.href = '{LIST_PATH}';</script>",
        f"<script>location.replace('{LIST_PATH}')</script>",
        f'<a href="/x/">首页一二三</a><iframe src="{LIST_PATH}"></iframe>',
        f'<frameset><frame src="{LIST_PATH}"></frameset>',
    ],
)
def test_pages_that_only_lead_on_are_followed(portal: PortalServer, page: str) -> None:
    site = portal.add(make_site("trs", seed=3))
    portal.put(site, "/zwgk/", Resource(page.encode(), "text/html; charset=utf-8"))
    found = walk(portal, site, start=f"http://{site.host}/zwgk/")
    assert {canonical(url) for url in portal.report_urls(site)} <= found.items.keys()
    assert found.troubles == []


def test_pages_that_lead_on_in_a_circle_end(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    for here, there in (("/a/", "/b/"), ("/b/", "/a/")):
        page = f"<script>location = '{there}'</script>"
        portal.put(site, here, Resource(page.encode(), "text/html; charset=utf-8"))
    found = walk(portal, site, start=f"http://{site.host}/a/")
    assert ["script" in reason for _, reason, _ in found.troubles] == [True]


def test_page_drawn_by_a_script_is_told(portal: PortalServer) -> None:
    site = portal.add(make_site("trs", seed=3))
    page = '<html><body><div id="app"></div><script src="/app.js"></script></body></html>'
    portal.put(site, "/zwgk/", Resource(page.encode(), "text/html; charset=utf-8"))
    found = walk(portal, site, start=f"http://{site.host}/zwgk/")
    assert ["drawn by a script" in reason for _, reason, _ in found.troubles] == [True]


@pytest.mark.parametrize(
    ("name", "read"), [("trs", 1), ("jpage", 1), ("generic", 1), ("jpaas", 2), ("gkmlpt", 2), ("ucap", 1)]
)
def test_unchanged_page_spares_the_rest_of_its_list(portal: PortalServer, name: str, read: int) -> None:
    site = portal.add(make_site(name, seed=3, articles=130))
    source = Source.model_validate(portal.source(site))
    lists = ListWalk(getter(source))
    pages = 0
    for _ in lists.pages(source.start_urls[0]):
        pages += 1
        lists.unchanged()
    assert (pages, lists.troubles) == (read, [])
    assert len(walk(portal, site).pages) > read


def test_unchanged_column_of_a_catalogue_spares_itself_only(portal: PortalServer) -> None:
    site = portal.add(make_site("gkmlpt", seed=3))
    page = "<script>window._CONFIG = {{ SID: '{}', TREE: {} }};</script>"
    tree = json.dumps([{"id": number, "name": "法治政府建设"} for number in (gkmlpt.CATEGORY, 5)], ensure_ascii=False)
    portal.put(site, "/gkmlpt/index", Resource(page.format(gkmlpt.SID, tree).encode(), "text/html; charset=utf-8"))
    other = {"articles": [{"title": "示例县2019年依法行政工作报告", "url": f"http://{site.host}/5.html"}]}
    portal.put(site, "/gkmlpt/api/all/5", Resource(json.dumps(other).encode(), "application/json"))
    source = Source.model_validate(portal.source(site))
    lists = ListWalk(getter(source))
    found = set()
    for page_read in lists.pages(source.start_urls[0]):
        found.update(item.url for item in page_read.items)
        lists.unchanged()
    assert f"http://{site.host}/5.html" in found
