"""Two harvesters: a host is never asked by both at once, and what they bring makes one archive."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import pytest

from flows.collecting import collect
from flows.errors import FazhiError
from flows.harvesting import share_of
from flows.mirror import push
from flows.remote import Remote
from flows.settings import Settings
from scrapers.archive import Archive
from scrapers.registry import Source
from tests.flows.test_mirror import contents, fill

REPORTS = 6
DELAY_S = 0.15
HARVESTER = """
import json, sys
from pathlib import Path
from flows.harvesting import harvest_one, open_run
from flows.settings import Settings
from scrapers.registry import Source
settings, source = Settings(Path(sys.argv[1])), Source.model_validate(json.loads(sys.argv[2]))
run = open_run(settings, [source])
print("ready", flush=True)
sys.stdin.readline()
print(harvest_one(source, settings.archive, run).status)
"""


class Portal(ThreadingHTTPServer):
    """One host with a list in each of two folders; it notes when each request began and ended."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.turns: list[tuple[float, float, str]] = []


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        began = time.monotonic()
        folder, _, name = self.path.strip("/").partition("/")
        years = range(2016, 2016 + REPORTS)
        if name == "":
            items = "".join(
                f'<li><a href="{year}.html">样例市{year}年法治政府建设年度报告</a><span>{year + 1}-02-01</span></li>'
                for year in years
            )
            page = f"<html><body><h1>年度报告</h1><ul>{items}</ul></body></html>"
        elif name.removesuffix(".html").isdigit():
            page = f"<html><body><h1>样例市{name[:4]}年法治政府建设年度报告</h1><p>{folder}{'依法行政' * 200}</p></body></html>"
        else:
            page = ""
        body = page.encode()
        time.sleep(0.03)
        self.server.turns.append((began, time.monotonic(), folder))  # type: ignore[attr-defined]
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def entry(portal: Portal, folder: str) -> dict[str, object]:
    return {
        "id": f"demo-{folder}", "name": folder, "start_urls": [f"http://127.0.0.1:{portal.server_port}/{folder}/"],
        "family": "generic", "local": True, "delay_s": DELAY_S,
    }  # fmt: skip


def test_two_processes_never_ask_one_host_at_once(portal: Portal, tmp_path: Path) -> None:
    environment = {**os.environ, "FAZHI_HOST_LOCKS": str(tmp_path / "turns")}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", HARVESTER, str(tmp_path / folder), json.dumps(entry(portal, folder))],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for folder in ("a", "b")
    ]  # fmt: skip
    try:
        for process in running:
            assert process.stdout and process.stdout.readline() == "ready\n"
        for process in running:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate(timeout=120)[0] for process in running]
    finally:
        for process in running:
            process.kill()
            process.wait()
    assert said == ["ok\n", "ok\n"]
    turns = sorted(portal.turns)
    assert sum(folder == "a" for *_, folder in turns) > REPORTS < sum(folder == "b" for *_, folder in turns)
    order = [folder for *_, folder in turns if folder in "ab"]
    assert order != sorted(order) and order != sorted(order, reverse=True), "they worked at the same time"
    for (_, ended, _), (following, *_) in pairwise(turns):
        assert following >= ended, "two requests at once"
    # single gaps shrink and grow with the machine's load, their sum does not
    assert turns[-1][0] - turns[0][0] >= DELAY_S * (len(turns) - 1) * 0.8


def source(name: str, *hosts: str) -> Source:
    return Source.model_validate({"id": name, "name": name, "start_urls": [f"http://{host}/" for host in hosts]})


def test_shares_are_whole_disjoint_and_keep_hosts_together() -> None:
    sources = [source(f"s{number}", f"h{number}.invalid") for number in range(40)]
    sources += [source("bridge", "h3.invalid", "h17.invalid"), source("more", "h17.invalid", "h30.invalid")]
    shares = [share_of(sources, number, 4) for number in range(1, 5)]
    assert sorted(item.id for share in shares for item in share) == sorted(item.id for item in sources)
    assert all(len(share) >= 4 for share in shares)
    together = {"s3", "s17", "s30", "bridge", "more"}
    assert [together & {item.id for item in share} for share in shares].count(together) == 1
    assert share_of(sources, 1, 1) == sources


@pytest.mark.parametrize("named", ["0/2", "3/2", "1", "a/b"])
def test_a_wrong_share_is_named(named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZHI_SHARE", named)
    with pytest.raises(FazhiError, match="FAZHI_SHARE is"):
        _ = Settings(tmp_path).share


def test_what_two_harvesters_mirror_becomes_one_archive(tmp_path: Path) -> None:
    homes = {name: tmp_path / name for name in ("one", "two")}
    remotes = {name: Remote(str(tmp_path / "there" / name)) for name in homes}
    central = Settings(tmp_path / "central")
    for day in range(3):
        for name, home in homes.items():
            push(fill(home, day, pages=3 - day, source=name), remotes[name])
        assert collect(central, list(remotes.values()))[0] == 2
        assert contents(central) == {**contents(Settings(homes["one"])), **contents(Settings(homes["two"]))}
    assert collect(central, list(remotes.values()))[0] == 0
    for name, home in homes.items():
        assert (central.archive / f"{name}.warc.gz").read_bytes() == (home / "archive" / f"{name}.warc.gz").read_bytes()
    with Archive(central.archive, read_only=True) as archive:
        assert {capture.source_id for capture in archive.captures()} == {"one", "two"}
    push(fill(tmp_path / "third", 0, source="one"), third := Remote(str(tmp_path / "there" / "third")))
    with pytest.raises(FazhiError, match="a source has one harvester"):
        collect(central, [*remotes.values(), third])
    with pytest.raises(FazhiError, match="no whole copy"):
        collect(central, [Remote(str(tmp_path / "nowhere"))])
