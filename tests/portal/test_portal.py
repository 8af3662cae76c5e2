"""The test portal does what it promises: every family's list leads to every article, every switch misbehaves so."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import requests
import urllib3

from scrapers.registry import Source
from scrapers.sample.families import boda, jpage
from scrapers.sample.site import Site
from tests.portal import faults, huge
from tests.portal.families import COMPLETE, FAMILIES, gkmlpt, jpaas, ucap
from tests.portal.farm import plant
from tests.portal.server import PortalServer
from tests.portal.sites import make_site

REPORT = "法治政府建设"


@pytest.fixture
def portal() -> Iterator[PortalServer]:
    with PortalServer() as running:
        yield running


def get(portal: PortalServer, url: str, *, timeout: float = 5, **headers: str) -> requests.Response:
    host, _, path = url.removeprefix("http://").partition("/")
    where = f"http://{portal.resolve[host]}/{path}"
    return requests.get(where, headers={"Host": host, **headers}, timeout=timeout, allow_redirects=False)


def text(answer: requests.Response, site: Site) -> str:
    return answer.content.decode(site.encoding)


def links(page: str, base: str) -> set[str]:
    """Addresses of all links of a page or of a piece of one."""
    return {urljoin(base, href) for href in re.findall(r'<a [^>]*?href="([^"#]+)"', page)}


def listed(portal: PortalServer, site: Site) -> set[str]:
    """Every address that the site's list leads to, found in the family's own way."""
    start = portal.start_url(site)
    first = text(get(portal, start), site)
    found = links(first, start)

    def more(address: str) -> str:
        page = text(get(portal, urljoin(start, address), Referer=start), site)
        found.update(links(page.replace('\\"', '"'), urljoin(start, address)))
        return page

    if site.family.startswith("trs"):
        pattern = r'createPageHTML\((?:\'page_div\',)?(\d+), (\d+),\s*["\'](\w+)'
        total, current, stem = re.search(pattern, first).groups()
        for number in range(1, int(total)):
            more(f"{stem}_{number + int(current)}.shtml")
    elif site.family.startswith("jpage"):
        unit = re.search(r"unitid:'(\w+)'", first)[1]
        query = f"startrecord=25&endrecord=99&perpage=8&columnid={jpage.COLUMN_ID}&unitid={unit}&webid={jpage.WEB_ID}"
        more(f"{jpage.PROXY}?{query}")
    elif site.family == "boda":
        total = int(re.search(r"_simple_list_gotopage_fun\((\d+),'", first)[1])
        for number in range(2, total + 1):
            more(f"{boda.COLUMN}/{total - number + 1}.htm")
    elif site.family == "jpaas":
        data = json.loads(re.search(r'queryData="([^"]+)"', first)[1].replace("'", '"'))
        for number in range(1, 5):
            wanted = "&".join(f"{name}={value}" for name, value in data.items())
            more(f'{jpaas.INTERFACE}?{wanted}&paramJson={{"pageNo":{number},"pageSize":"8"}}')
    elif site.family == "gkmlpt":
        sid = re.search(r"SID: '(\d+)'", first)[1]
        answer = json.loads(more(f"{gkmlpt.INTERFACE}?page=1&sid={sid}"))
        found.update(row["url"] for row in answer["articles"])
        assert answer["total"] == len(site.articles)
    elif site.family == "ucap":
        for word in {article.title for article in site.articles}:
            more(f"{ucap.SEARCH}?siteCode={site.site_id}&tab=all&qt={word}")
    elif site.family == "generic":
        page, here = first, start
        while match := re.search(r'<a href="([^"]+)">下一页</a>', page):
            here = urljoin(here, match[1])
            page = more(here)
    elif site.family == "column_index":
        for number in range(2, int(re.search(r'data-count="(\d+)"', first)[1]) + 1):
            more(f"column-index-{number}.shtml")
    else:
        for number in range(1, int(re.search(r"totalFiles=(\d+)", first)[1])):
            more(f"index_{number}.shtml")
    return found


@pytest.mark.parametrize("family", FAMILIES)
def test_list_leads_to_every_article_and_articles_answer(portal, family):
    site = portal.add(make_site(family, seed=3))
    every = {portal.article_url(site, article) for article in site.articles}
    reached = listed(portal, site) & every
    assert (reached == every) == (family in COMPLETE)
    assert len(reached) >= 16
    assert len(portal.report_urls(site)) == 4
    for article in site.articles:
        page = text(get(portal, portal.article_url(site, article)), site)
        assert article.title in page and site.site_id in page
        assert article.paragraphs[0].replace("&", "&amp;") in page


@pytest.mark.parametrize("family", FAMILIES)
def test_site_without_articles_has_a_list(portal, family):
    site = portal.add(make_site(family))
    portal.empty(site)
    assert get(portal, portal.start_url(site)).status_code == 200
    assert REPORT in text(get(portal, portal.start_url(site)), site)


def test_sites_of_other_seeds_have_other_publishers_and_hosts():
    made = [make_site("trs", key=f"trs-{seed}", seed=seed) for seed in range(11)]
    assert len({site.host for site in made}) == len({site.name for site in made}) == 11
    assert make_site("trs", seed=2) == make_site("trs", seed=2)


def test_jpaas_interface_wants_a_referer(portal):
    site = portal.add(make_site("jpaas"))
    query = "&".join(f"{name}={value}" for name, value in jpaas.QUERY.items())
    url = f"http://{site.host}{jpaas.INTERFACE}?{query}"
    assert get(portal, url).status_code == 403
    assert get(portal, url, Referer=portal.start_url(site)).json()["success"]
    other = url.replace("bulidstatic", "buildstatic")
    assert get(portal, other, Referer=portal.start_url(site)).json()["data"]["html"].count("<li>") == site.per_page


def test_encrypted_jpage_answers_with_54_empty_bytes(portal):
    site = portal.add(make_site("jpage_encrypted"))
    answer = get(portal, f"http://{site.host}{jpage.PROXY}?startrecord=25&endrecord=30&unitid=a9f3c0de71b2")
    assert (answer.status_code, len(answer.content)) == (200, 54)


@pytest.mark.parametrize("family", ["trs", "generic"])
def test_huge_list_goes_on_and_ends_at_ten_thousand(portal, family):
    build, page = (huge.huge_trs, "index_%d.shtml") if family == "trs" else (huge.huge_generic, "list_%d.html")
    site = portal.add(make_site(family), build)
    start = portal.start_url(site)
    assert "10000" in get(portal, start).text or family == "generic"
    assert len(links(get(portal, urljoin(start, page % 9_999)).text, start)) > site.per_page
    assert get(portal, urljoin(start, page % 10_001)).status_code == 404


# -- switches -------------------------------------------------------------------------------------------------------
@pytest.fixture
def site(portal: PortalServer) -> Site:
    return portal.add(make_site("trs"))


def test_refused_connection(portal, site):
    url = portal.start_url(site)
    portal.refuse(site)
    with pytest.raises(requests.ConnectionError):
        get(portal, url)
    portal.mend(site)
    assert get(portal, url).status_code == 200


def test_hanging_connection(portal, site):
    url = portal.start_url(site)
    portal.hang(site)
    with pytest.raises(requests.ConnectTimeout):
        get(portal, url, timeout=0.3)


def test_silence_is_a_read_timeout_and_ends_with_the_portal(portal, site):
    portal.fail(site, faults.silent(60))
    with pytest.raises(requests.ReadTimeout):
        get(portal, portal.start_url(site), timeout=0.2)


@pytest.mark.parametrize("fault", [faults.reset(), faults.truncated()])
def test_body_breaks_off(portal, site, fault):
    portal.fail(site, fault)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        get(portal, portal.start_url(site))


def test_burst_of_errors_then_fine(portal, site):
    portal.fail(site, faults.status(503), times=2)
    assert [get(portal, portal.start_url(site)).status_code for _ in range(4)] == [503, 503, 200, 200]


def test_too_many_requests_after_some_that_went_well(portal, site):
    portal.fail(site, faults.status(429, Retry_After="2"), times=1, skip=2)
    answers = [get(portal, portal.start_url(site)) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 200]
    assert answers[2].headers["Retry-After"] == "2"


def test_faults_keep_to_their_paths(portal, site):
    portal.fail(site, faults.status(500), path="*/t20*")
    assert get(portal, portal.start_url(site)).status_code == 200
    assert get(portal, portal.report_urls(site)[0]).status_code == 500


def test_slow_drip_never_trips_the_read_timeout(portal, site):
    portal.fail(site, faults.drip(pause=0.05, seconds=0.6))
    began = time.monotonic()
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        get(portal, portal.start_url(site), timeout=0.3)
    assert time.monotonic() - began > 0.5


def test_gzip_bomb_is_small_on_the_wire(portal, site):
    portal.fail(site, faults.gzip_bomb(20))
    answer = urllib3.request("GET", f"http://{portal.address}/", headers={"Host": site.host}, decode_content=False)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.data) < 40_000
    assert len(gzip.decompress(answer.data)) == 20_000_000


@pytest.mark.parametrize("fault", [faults.gzipped(), faults.chunked()])
def test_coded_page_is_the_page(portal, site, fault):
    plain = get(portal, portal.start_url(site)).content
    portal.fail(site, fault)
    assert get(portal, portal.start_url(site)).content == plain


def test_wrong_coding_label(portal, site):
    portal.fail(site, faults.labelled("br"))
    answer = urllib3.request("GET", f"http://{portal.address}/", headers={"Host": site.host}, decode_content=False)
    assert answer.headers["Content-Encoding"] == "br"
    assert answer.data.startswith(b"<")


def test_lying_charset(portal):
    site = portal.add(make_site("boda", seed=6))
    portal.fail(site, faults.charset("iso-8859-1"))
    answer = get(portal, portal.start_url(site))
    assert answer.encoding == "iso-8859-1"
    assert REPORT in answer.content.decode("gb18030")


def test_endless_redirects(portal, site):
    portal.fail(site, faults.endless_redirects())
    url = portal.start_url(site)
    for hop in range(1, 6):
        url = urljoin(url, get(portal, url).headers["Location"])
        assert url.endswith(f"?hop={hop}")


def test_redirect_to_the_metadata_address_is_only_a_header(portal, site):
    portal.fail(site, faults.redirect(faults.METADATA_ADDRESS))
    assert get(portal, portal.start_url(site)).headers["Location"] == faults.METADATA_ADDRESS


@pytest.mark.parametrize(
    ("fault", "status", "sign"),
    [
        (faults.challenge_jiasule(), 521, "jsl_clearance"),
        (faults.challenge_ruishu(), 412, "$_ts"),
        (faults.challenge_ruishu(202), 202, "$_ts"),
        (faults.challenge_wzws(), 403, "WZWS"),
        (faults.soft_404(), 200, "页面不存在"),
        (faults.login_page(), 200, 'type="password"'),
    ],
)
def test_pages_that_are_not_the_report(portal, site, fault, status, sign):
    url = portal.report_urls(site)[0]
    portal.fail(site, fault, path="*/t20*")
    answer = get(portal, url)
    assert (answer.status_code, sign in answer.text) == (status, True)
    assert site.articles[0].title not in answer.text


def test_cookie_by_redirect_lets_in_who_brings_it_back(portal, site):
    portal.fail(site, faults.cookie_by_redirect())
    answer = get(portal, portal.start_url(site))
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/" + portal.start_url(site).split("/", 3)[3]
    cookie = answer.headers["Set-Cookie"].split(";")[0]
    assert get(portal, portal.start_url(site), Cookie=cookie).status_code == 200


def test_index_in_an_articles_place(portal, site):
    start = portal.start_url(site)
    portal.fail(site, faults.page_of(portal.page(site, "/" + start.split("/", 3)[3])), path="*/t20*")
    assert get(portal, portal.report_urls(site)[0]).content == get(portal, start).content


def test_hijacked_footer(portal, site):
    portal.fail(site, faults.hijacked(site.sponsor))
    page = text(get(portal, portal.report_urls(site)[0]), site)
    assert "鼎星体育" in page and site.sponsor not in page


def test_changed_new_and_vanished_pages(portal, site):
    article = next(article for article in site.articles if article.genre == "report")
    url = portal.article_url(site, article)
    tag = get(portal, url).headers["ETag"]
    assert get(portal, url, **{"If-None-Match": tag}).status_code == 304
    changed = portal.change(site, article, paragraphs=(*article.paragraphs, "更正后的一段。"))
    answer = get(portal, url, **{"If-None-Match": tag})
    assert answer.status_code == 200 and "更正后的一段。" in text(answer, site)
    portal.publish(site, make_site("trs", seed=5).articles[0])
    assert len(listed(portal, site) & {portal.article_url(site, item) for item in portal.articles(site)}) == 31
    portal.vanish(site, changed, 410)
    assert get(portal, url).status_code == 410
    assert url in listed(portal, site)


def test_robots_in_every_state(portal, site):
    url = f"http://{site.host}/robots.txt"
    assert get(portal, url).status_code == 404
    portal.robots(site, "User-agent: *\nCrawl-delay: 2\nDisallow: /zwgk/\n")
    assert "Crawl-delay: 2" in get(portal, url).text
    portal.robots(site, b"\xff\xfe<html>\x00User-agent:: *\nDisallow")
    assert get(portal, url).content.startswith(b"\xff\xfe")
    portal.robots(site, "", 503)
    portal.change(site, site.articles[0], title="新标题")
    assert get(portal, url).status_code == 503


def test_log_tells_who_asked_for_what(portal, site):
    other = portal.add(make_site("boda"))
    get(portal, portal.start_url(site), **{"User-Agent": "fazhi-test"})
    get(portal, portal.start_url(other))
    (request,) = portal.requests(site)
    assert (request.method, request.headers["User-Agent"]) == ("GET", "fazhi-test")
    assert request.path == "/" + portal.start_url(site).split("/", 3)[3]
    assert portal.most_at_once == {site.host: 1, other.host: 1}
    portal.clear_log()
    assert portal.log == []


def test_source_entry_resolves_to_this_server(portal, site):
    entry = portal.source(site, delay_s=0.5)
    assert entry["resolve"] == {site.host: portal.address}
    assert entry["delay_s"] == 0.5 and entry["local"]
    assert Source.model_validate(entry).resolve == entry["resolve"]


# -- farm -----------------------------------------------------------------------------------------------------------
def test_farm_has_all_families_and_a_share_of_faults(portal):
    farmed = plant(portal, 40, articles=12, fault_share=0.1)
    assert {item.site.family for item in farmed} == set(COMPLETE)
    assert len({item.site.host for item in farmed}) == 40
    assert sum(item.fault is not None for item in farmed) == 4
    assert all(len(item.report_urls) in {3, 4} for item in farmed)
    busy = next(item for item in farmed if item.fault == "busy")
    answers = [get(portal, portal.start_url(busy.site)).status_code for _ in range(7)]
    assert answers == [200, 200, 200, 503, 503, 200, 200]


def test_farm_in_a_process_of_its_own_ends_with_its_input():
    command = [sys.executable, "-m", "tests.portal", "--sites", "2", "--articles", "6"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as farm:
        told = json.loads(farm.stdout.readline())
        (host, address), *_ = told["sources"][0]["resolve"].items()
        path = told["reports"]["farm-0"][0].removeprefix(f"http://{host}")
        assert requests.get(f"http://{address}{path}", headers={"Host": host}, timeout=5).status_code == 200
        farm.stdin.close()
        assert farm.wait(timeout=10) == 0
