"""Addresses as JSON on the input, all of them fetched by Scrapy into files, its figures as JSON on the output.

Runs with an interpreter that has Scrapy and nothing of fazhi. All names are this machine's, so that each host of the
farm keeps its own name, connection and delay.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from typing import Any

import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.http import HtmlResponse, Response
from scrapy.resolver import CachingThreadedResolver
from twisted.internet import defer

from bench.peak import peak_mb


class Loopback(CachingThreadedResolver):
    """Every host is here."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Any:
        return defer.succeed("127.0.0.1")


class Reports(scrapy.Spider):
    """Fetches what it is told to, looks at the links of each page, and keeps the answer."""

    name = "reports"
    given: dict[str, Any]
    stored = 0

    async def start(self) -> AsyncIterator[scrapy.Request]:
        hosts: dict[str, list[scrapy.Request]] = {}
        for url, referer in self.given["urls"]:
            headers = {"Referer": referer} if referer else {}
            hosts.setdefault(url.split("/")[2], []).append(scrapy.Request(url, headers=headers))
        for first, *others in hosts.values():
            first.cb_kwargs["others"] = others
            yield first

    def parse(self, response: Response, others: Sequence[scrapy.Request] = ()) -> Iterator[scrapy.Request]:
        """The first page of a host leads to all others that are wanted of it."""
        yield from others
        if isinstance(response, HtmlResponse):
            [response.urljoin(href) for href in response.css("a::attr(href)").getall()]
        name = hashlib.sha256(response.url.encode()).hexdigest()
        (Path(self.given["folder"]) / name).write_bytes(response.body)
        Reports.stored += 1


def main() -> None:
    Reports.given = json.load(sys.stdin)
    Path(Reports.given["folder"]).mkdir()
    # as its own guide to broad crawls advises: hosts take turns, all of them at once
    settings = {
        "DNS_RESOLVER": "__main__.Loopback",
        "SCHEDULER_PRIORITY_QUEUE": "scrapy.pqueues.DownloaderAwarePriorityQueue",
        "DOWNLOAD_DELAY": Reports.given["delay"],
        "RANDOMIZE_DOWNLOAD_DELAY": False,
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS": 1000,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "ROBOTSTXT_OBEY": False,
        "LOG_LEVEL": "ERROR",
        "TELNETCONSOLE_ENABLED": False,
    }
    process = CrawlerProcess(settings)
    process.crawl(Reports)
    began, used = time.monotonic(), time.process_time()
    process.start()
    figures = {
        "wall_s": time.monotonic() - began,
        "cpu_s": time.process_time() - used,
        "peak_mb": peak_mb(),
        "stored": Reports.stored,
        "version": scrapy.__version__,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
