"""Numbers of reports in, an archive of made portal pages out, as a harvest would have left it.

The texts are those of `synthetic.sql`: every body reports for ten years, with some fifty quantities a report. A page is
a portal's: navigation, meta tags, the report in a container of its content system, neighbours and a footer; one in four
is in GB 18030. The WARC files are written in one go and indexed afterwards: a harvest waits for the disk after each page.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from bench.synthetic import YEARS, make_reports
from flows.registry import remember_sources
from scrapers.archive import Archive, HarvestRun, Response, capture_id
from scrapers.refill import RUN_TARGET
from scrapers.warc_writing import exchange, metadata

CONTAINERS = (
    '<div class="TRS_Editor">{}</div>',
    '<div id="zoom">{}</div>',
    '<div class="article-content"><div id="UCAP-CONTENT">{}</div></div>',
    '<td class="bt_content"><!--ZJEG_RSS.content.begin-->{}<!--ZJEG_RSS.content.end--></td>',
)
COLUMNS = (
    "首页",
    "政务公开",
    "办事服务",
    "互动交流",
    "数据发布",
    "走进本地",
    "领导信息",
    "机构职能",
    "政策文件",
    "专题专栏",
)
LINKS = 60
PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title}_{site}</title>
<meta name="SiteName" content="{site}"><meta name="ArticleTitle" content="{title}">
<meta name="PubDate" content="{day} 09:30"><meta name="ContentSource" content="{publisher}">
<style>.nav li{{float:left;margin:0 8px}}</style><script>var now = new Date();</script></head>
<body><div class="header"><ul class="nav">{navigation}</ul></div><div class="position">{columns}</div>
<h1>{title}</h1><div class="info">发布时间：{day} 来源：{publisher} 字体：大 中 小</div>
{body}
<div class="related"><ul>{neighbours}</ul></div><div class="footer">主办：{site} 网站标识码：9900000001 备案号：000000号</div>
</body></html>"""


def make_archive(root: Path, first: int, last: int, *, bodies: int, at: datetime, scratch: Path) -> None:
    """Add the reports numbered first .. last - 1 to the archive at `root`, as one harvest run.

    bodies: how many bodies report; the same for all calls on one archive. scratch: a file that may be written.
    """
    scratch.unlink(missing_ok=True)
    make_reports(scratch, first, last, bodies=bodies)
    with duckdb.connect(str(scratch), read_only=True) as made:
        sources = _rows(made, "select * from staging.source order by source_id")
        pages = _rows(
            made,
            "select url, source_id, parent_url, title, publisher, published_on::varchar as day, body, region_name as site"
            " from staging.capture inner join staging.document using (capture_id) order by source_id, url, capture_id",
        )
        root.mkdir(parents=True, exist_ok=True)
        run_id = f"{at:%Y-%m-%d}-01"
        for source_id, own in groupby(pages, key=lambda page: str(page["source_id"])):
            with (root / f"{source_id}.warc.gz").open("ab") as file:
                new = 0
                for new, page in enumerate(own, start=1):
                    response = _response(page, new, at)
                    file.write(exchange(response, _about(page, response, run_id))[0])
                file.write(metadata(RUN_TARGET, _run(run_id, source_id, new, at).to_row(), at))
        remember_sources(root, [{**row, "expect_min": None, "expect_max": None} for row in sources])
    with Archive(root) as archive:
        archive.reindex()
        archive.finish_runs()
    scratch.unlink()


def _about(page: dict[str, Any], response: Response, run_id: str) -> dict[str, Any]:
    digest = hashlib.sha256(response.body).hexdigest()
    return {
        **{"capture_id": capture_id(page["url"], digest), "source_id": page["source_id"], "run_id": run_id},
        **{"canonical_url": page["url"], "parent_url": page["parent_url"], "role": "page", "link_text": page["title"]},
        **{"content_sha256": digest, "media_type": response.media_type, "url": page["url"], "http_status": 200},
        **{"fetched_at": response.fetched_at.isoformat(), "content_bytes": len(response.body)},
        **{"etag": None, "last_modified": None},
    }


def bodies_of(reports: int) -> int:
    """How many bodies report where there are so many reports."""
    return max(1, reports // YEARS)


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> Iterator[dict[str, Any]]:
    cursor = con.cursor().execute(sql)
    names = [column[0] for column in cursor.description or []]
    while batch := cursor.fetchmany(500):
        yield from (dict(zip(names, row, strict=True)) for row in batch)


def _response(page: dict[str, Any], number: int, at: datetime) -> Response:
    charset = "gb2312" if number % 4 == 0 else "utf-8"
    paragraphs = "".join(f"<p>　　{html.escape(line)}</p>\n" for line in page["body"].split("\n"))
    neighbours = "".join(f'<li><a href="/c/{at}.html">{page["site"]}{2000 + at}号文件</a></li>' for at in range(LINKS))
    text = PAGE.format(
        charset=charset,
        title=page["title"],
        site=page["site"],
        day=page["day"],
        publisher=page["publisher"],
        navigation="".join(f'<li><a href="/{name}/">{name}</a></li>' for name in COLUMNS * 4),
        columns=" &gt; ".join(COLUMNS[:3]),
        body=CONTAINERS[number % len(CONTAINERS)].format(paragraphs),
        neighbours=neighbours,
    )
    data = text.encode("gb18030" if charset == "gb2312" else charset)
    headers = [("Content-Type", "text/html"), ("Server", "nginx")]
    return Response(page["url"], 200, "OK", headers, data, [("User-Agent", "fazhi-bench")], at)


def _run(run_id: str, source_id: str, new: int, at: datetime) -> HarvestRun:
    return HarvestRun(run_id, source_id, at, at, "ok", new + 1, new, new, 0, 0, 0, 0, "[]")


FIRST_AT = datetime(2024, 6, 1, tzinfo=UTC)
