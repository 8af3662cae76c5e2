"""The sample portal: its texts agree with their manifest, its figures with each other, its pages can be reached."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import defaultdict
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
import requests
from docx import Document
from pypdfium2 import PdfDocument

from scrapers.registry import Source
from scrapers.sample import SamplePortal, sample_sources
from scrapers.sample.bank import load, publishers
from scrapers.sample.content import sites
from scrapers.sample.figures import figures, parts_of
from scrapers.sample.portal import all_routes
from scrapers.sample.truth import TrueReport, distractors, indicator, missing_reports, true_reports

# provinces, their capitals and other large cities: none of them may stand anywhere in the sample
REAL_PLACES = re.compile(
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|"
    "山东|河南|湖北|湖南|广东|广西|海南|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|"
    "新疆|内蒙古|香港|澳门|台湾|石家庄|太原|沈阳|长春|哈尔滨|南京|杭州|合肥|福州|"
    "南昌|济南|郑州|武汉|长沙|广州|南宁|海口|成都|贵阳|昆明|拉萨|西安|兰州|西宁|"
    "银川|乌鲁木齐|呼和浩特|深圳|大连|青岛|宁波|厦门|苏州|锦州|安康|东湖"
)


@pytest.fixture(scope="module")
def portal():
    with SamplePortal() as running:
        yield running


def fetch(portal: SamplePortal, url: str, **headers: str) -> requests.Response:
    host, _, path = url.removeprefix("http://").partition("/")
    return requests.get(f"http://{portal.address}/{path}", headers={"Host": host, **headers}, timeout=5)


def by_publisher() -> dict[str, dict[int, TrueReport]]:
    grouped: dict[str, dict[int, TrueReport]] = defaultdict(dict)
    for report in true_reports():
        grouped[report.publisher][report.report_year] = report
    return grouped


def test_enough_reports_by_enough_publishers_over_four_years():
    reports = true_reports()
    assert len(reports) >= 32
    assert len({report.publisher for report in reports}) >= 8
    assert {report.report_year for report in reports} == {2021, 2022, 2023, 2024}
    assert missing_reports() == (("样例市丙午县人民政府", 2022),)


def test_divisions_are_the_fictional_ones():
    path = Path(__file__).parents[2] / "dbt_project" / "seeds" / "sample_divisions.csv"
    if not path.exists():
        pytest.skip("dbt_project/seeds/sample_divisions.csv is not there")
    known = {line.split(",")[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]}
    assert {report.region_code for report in true_reports()} <= known


@pytest.mark.parametrize("report", true_reports(), ids=lambda report: report.id)
def test_text_is_of_real_length_and_states_every_figure_of_the_manifest(report):
    assert 2000 <= len(report.body) <= 6000
    assert len(report.stated) >= 60
    for item in report.stated:
        assert report.body[item.char_start : item.char_end] == item.raw
    for left, right in pairwise(report.stated):
        assert left.char_end <= right.char_start
    for error in report.planted:
        assert any(item.field == error.field and item.value != item.true_value for item in report.stated)
    assert not re.search(r"[{}|@\x02-\x04]|None|nan", report.body)
    assert "虚构" not in report.body and "示例数据" not in report.body


@pytest.mark.parametrize("report", true_reports(), ids=lambda report: report.id)
def test_stated_parts_sum_to_their_total_unless_planted(report):
    stated = {item.field: item.value for item in report.stated if item.measure == "value" and item.approx == "exact"}
    planted = {error.field for error in report.planted if error.kind == "parts_do_not_sum"}
    checked = 0
    for total in load("fields")["parts"]:
        parts = [part for part in parts_of(total) if part in stated]
        if total not in stated or not parts:
            continue
        agrees = sum(stated[part] for part in parts) == stated[total]
        assert agrees != bool(planted & set(parts)), total
        checked += 1
    assert checked >= 4


@pytest.mark.parametrize("report", true_reports(), ids=lambda report: report.id)
def test_stated_rates_follow_from_the_stated_counts_unless_planted(report):
    stated = {item.field: item.value for item in report.stated if item.measure in {"value", "rate"}}
    planted = {error.field for error in report.planted if error.kind == "rate_wrong"}
    for name, rule in load("fields")["rates"].items():
        if {name, rule["of"], rule["per"]} <= set(stated) and (less := rule.get("minus")) in {None, *stated}:
            expected = 100 * (stated[rule["of"]] - (stated[less] if less else 0)) / stated[rule["per"]]
            assert (abs(stated[name] - expected) < 0.01) != (name in planted), name
            assert stated[name] <= 100


def test_stated_changes_agree_with_the_year_before_unless_planted():
    checked = 0
    for years in by_publisher().values():
        for year, report in years.items():
            if year - 1 not in years:
                continue
            before = {i.field: i.value for i in years[year - 1].stated if i.measure == "value" and i.approx == "exact"}
            now = {i.field: i.value for i in report.stated if i.measure == "value" and i.approx == "exact"}
            planted = {error.field for error in report.planted if error.kind == "change_wrong"}
            for item in report.stated:
                if item.measure == "change_pct" and item.field in before and item.field in now:
                    expected = abs(100 * (now[item.field] - before[item.field]) / before[item.field])
                    assert (abs(item.value - expected) < 0.01) != (item.field in planted), (report.id, item)
                    checked += 1
    assert checked >= 30


def test_planted_errors_are_few_and_of_every_kind():
    planted = [error for report in true_reports() for error in report.planted]
    assert {error.kind for error in planted} == {"parts_do_not_sum", "rate_wrong", "change_wrong"}
    assert len(planted) == len(load("planted")["error"]) == 9


def test_indicators_are_the_catalogues():
    path = Path(__file__).parents[2] / "dbt_project" / "seeds" / "indicator_catalogue.csv"
    known = {line.split(",")[0] for line in path.read_text(encoding="utf-8").splitlines()[1:]}
    table = load("indicators")
    assert {name for part in table.values() for name in part.values()} <= known
    fields = load("fields")
    assert set(table["all"]) | set(table["department"]) <= {
        *fields["base"],
        *fields["share"],
        *fields["rates"],
        *(part for parts in fields["parts"].values() for part in parts),
    }
    report = next(report for report in true_reports() if report.id == "yangli-gov-2021")
    found = {indicator(report, item): item.raw for item in report.stated}
    assert {"recon_received", "lit_attend_rate", "normative_reviewed", "disclosure_requests"} <= set(found)


def test_figures_develop_plausibly():
    for publisher in publishers():
        table = figures(publisher)
        for name in load("fields")["base"]:
            values = [row[name] for row in table.values() if name in row]
            assert all(value > 0 for value in values)
            assert all(0.5 < now / before < 2 for before, now in pairwise(values)), (publisher.id, name, values)


def test_reports_are_not_one_text_with_other_numbers():
    masked = [re.sub(r"\d+(\.\d+)?", "#", report.body) for report in true_reports()]
    texts = [{sentence for sentence in re.split(r"[。\n]", text) if len(sentence) > 12} for text in masked]
    shared = [len(one & other) / min(len(one), len(other)) for i, one in enumerate(texts) for other in texts[:i]]
    assert max(shared) < 0.4
    assert sum(shared) / len(shared) < 0.15


def test_dates_are_late_early_and_in_time():
    delays = {r.id: (date.fromisoformat(r.published_on) - date(r.report_year + 1, 4, 1)).days for r in true_reports()}
    assert [name for name, days in delays.items() if days > 0] == ["jiachen-gov-2022"]
    assert [name for name, days in delays.items() if days < -90] == ["shili-eco-2024"]
    for report in true_reports():
        assert report.signed_on is None or report.signed_on <= report.published_on


def test_one_report_stands_on_two_sites_under_the_same_text():
    twice = [report for report in true_reports() if len(report.urls) > 1]
    assert [report.id for report in twice] == ["yangli-gov-2023"]
    assert [url.split("/")[2] for url in twice[0].urls] == ["yangli.sample.invalid", "shili.sample.invalid"]


def test_every_kind_of_distractor_is_there():
    kinds = {"news", "interpretation", "work_points", "half_year", "disclosure_report", "notice", "template"}
    assert set(distractors().values()) >= kinds - {"notice"}


@pytest.mark.parametrize("report", true_reports(), ids=lambda report: report.id)
def test_page_or_attachment_holds_the_report(portal, report):
    for url in report.urls:
        answer = fetch(portal, url)
        assert answer.status_code == 200
        site = next(site for site in sites() if site.host == url.split("/")[2])
        text = answer.content.decode(site.encoding)
        assert report.title in text
        assert "示例数据，纯属虚构" in text and site.site_id in text
        if not report.files:
            assert all(line.replace("&", "&amp;") in text for line in report.body.splitlines())
    for url in report.files:
        content = fetch(portal, url).content
        if url.endswith(".pdf"):
            text = "".join(page.get_textpage().get_text_range() for page in PdfDocument(content))
            assert without_space(report.body) in re.sub(r"-\d+-", "", without_space(text))
        else:
            lines = [paragraph.text for paragraph in Document(BytesIO(content)).paragraphs]
            assert report.body in "\n".join(lines)


def without_space(text: str) -> str:
    return re.sub(r"\s", "", text)


def list_pages(portal: SamplePortal) -> dict[str, list[str]]:
    """Texts of all list pages of each site, found as a browser would find them."""
    found: dict[str, list[str]] = {}
    start = portal.start_urls
    for site in sites():
        text = fetch(portal, start[site.key]).content.decode(site.encoding)
        texts, base = [text], start[site.key].rpartition("/")[0]
        if site.family == "trs":
            total = int(re.search(r'createPageHTML\((\d+), 0, "index", "shtml"\)', text)[1])
            texts += [fetch(portal, f"{base}/index_{n}.shtml").text for n in range(1, total)]
        elif site.family == "jpage":
            total = int(re.search(r"totalRecord:(\d+)", text)[1])
            query = f"startrecord=46&endrecord={total}&perpage=15&columnid=1386&unitid=5872&webid=41"
            texts.append(fetch(portal, f"http://{site.host}/module/web/jpage/dataproxy.jsp?{query}").text)
        elif site.family == "boda":
            total = int(re.search(r"_simple_list_gotopage_fun\((\d+),'", text)[1])
            texts += [
                fetch(portal, f"{base}/fzfb/{total - page + 1}.htm").content.decode(site.encoding)
                for page in range(2, total + 1)
            ]
        else:
            while match := re.search(r'<a href="([^"]+)">下一页</a>', texts[-1]):
                texts.append(fetch(portal, f"{base}/{match[1]}").text)
        found[site.key] = texts
    return found


def test_paging_reaches_every_article_once(portal):
    for key, texts in list_pages(portal).items():
        site = next(site for site in sites() if site.key == key)
        linked = re.findall(r"[_/](\d{5})\.s?html?\"", "".join(texts))
        assert sorted(map(int, linked)) == sorted(article.number for article in site.articles)
        assert len(texts) >= 2 and len(site.articles) >= 30
        share = sum(article.genre == "report" for article in site.articles) / len(site.articles)
        assert share < 0.35


def test_unchanged_pages_answer_304(portal):
    for url in portal.start_urls.values():
        first = fetch(portal, url)
        assert fetch(portal, url, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
        again = fetch(portal, url, **{"If-Modified-Since": first.headers["Last-Modified"]})
        assert (again.status_code, again.content) == (304, b"")
        assert fetch(portal, url, **{"If-None-Match": '"other"'}).status_code == 200
        assert fetch(portal, url, **{"If-Modified-Since": "Mon, 01 Jan 2018 00:00:00 GMT"}).status_code == 200


def test_unknown_pages_answer_404(portal):
    assert fetch(portal, "http://shili.sample.invalid/none.shtml").status_code == 404
    assert fetch(portal, "http://unknown.sample.invalid/index.html").status_code == 404


def test_gb2312_label_stands_over_gb18030_bytes(portal):
    site = next(site for site in sites() if site.encoding == "gb18030")
    path = next(all_routes()[site.host].article_paths[a.number] for a in site.articles if "喆" in "".join(a.paragraphs))
    body = fetch(portal, f"http://{site.host}{path}").content
    assert b'charset="gb2312"' in body
    assert "喆" in body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")


def test_attachments_are_of_both_kinds():
    files = [file for report in true_reports() for file in report.files]
    assert sorted(file.rpartition(".")[2] for file in files) == ["docx", "pdf"]


def test_no_real_place_is_named():
    pages = [page.body for routes in all_routes().values() for page in routes.pages.values()]
    text = "".join(report.body + report.title for report in true_reports())
    for body in pages:
        text += body.decode("gb18030" if b"gb2312" in body[:300] else "utf-8", "ignore")
    assert REAL_PLACES.findall(text) == []


def test_sources_name_fixed_hosts_and_resolve_them_to_the_loopback(portal):
    entries = sample_sources(portal)
    assert len({entry["id"] for entry in entries}) == len(entries) >= 3
    for entry in entries:
        (host,) = entry["resolve"]
        assert entry["resolve"][host] == f"127.0.0.1:{portal.port}"
        assert entry["local"] and entry["is_sample"]
        assert all(url.startswith(f"http://{host}/") and str(portal.port) not in url for url in entry["start_urls"])
        assert Source.model_validate(entry).id == entry["id"]
        known = [r for r in true_reports() if any(host in url for url in r.urls)]
        assert entry["expect"]["min"] <= len(known) <= entry["expect"]["max"]


def test_another_process_serves_identical_bytes():
    """Nothing may depend on the process: hash seeds, clock, order of sets."""
    program = (
        "from hashlib import sha256; from scrapers.sample.portal import all_routes\n"
        "print(sha256(b''.join(p.body for r in all_routes().values() for p in r.pages.values())).hexdigest())"
    )
    root = Path(__file__).parents[2]
    runs = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=root,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
