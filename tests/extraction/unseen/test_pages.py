"""Bodies and metadata of made pages of each CMS family, and pages in whose place there is no report."""

from __future__ import annotations

import json
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from extraction.errors import Unreadable
from extraction.read import read_page
from tests.extraction.unseen.assemble import HERE
from tests.extraction.unseen.page_maker import FAMILIES
from tests.extraction.unseen.score_identity import FAZHI
from tests.extraction.unseen.score_pages import HARD, VARIANTS, measure, summary

SETTINGS: dict[str, Any] = tomllib.loads((HERE / "floors.toml").read_text("utf-8"))
FLOORS: dict[str, dict[str, float]] = SETTINGS["pages"]
NOTHING: dict[str, dict[str, str]] = tomllib.loads((HERE / "nothing.toml").read_text("utf-8"))
LINKS = "".join(
    f'<li><a href="/a/{n}.html">青石县第{n}局2022年法治政府建设情况报告</a><span>2023-01-{n:02}</span></li>'
    for n in range(10, 30)
)


@pytest.mark.parametrize("family", (*FAMILIES, HARD))
def test_family_reaches_its_floors(family: str) -> None:
    results = [measure(family, seed) for seed in range(VARIANTS * (3 if family == HARD else 1))]
    measured = summary(results)
    worst = sorted(results, key=lambda result: result.body)[:3]
    low = {name: (measured[name], floor) for name, floor in FLOORS[family].items() if measured[name] < floor}
    assert not low, [(round(result.body, 3), result.made.recipe) for result in worst]


def _nothing(kind: str) -> bytes:
    inner = NOTHING[kind]["html"].replace("@LINKS@", LINKS)
    menu = "".join(f"<li><a href='/{n}/'>栏目{n}</a></li>" for n in range(12))
    return f"<html><head><title>青石县门户网</title></head><body><ul>{menu}</ul>{inner}</body></html>".encode()


@pytest.mark.parametrize("kind", NOTHING)
def test_no_body_is_made_up(kind: str) -> None:
    try:
        page = read_page(_nothing(kind), url=None, name="page.html", media_type="text/html", charset=None)
    except Unreadable as error:
        assert str(error)
        return
    assert len(page.body) < 150, page.body


def test_no_report_is_seen_where_there_is_none(tmp_path: Path) -> None:
    paths = [tmp_path / f"{kind}.html" for kind in NOTHING if "genre" not in NOTHING[kind]]
    for path in paths:
        path.write_bytes(_nothing(path.stem))
    run = subprocess.run([FAZHI, "parse", *paths], capture_output=True, text=True, timeout=60)
    found: list[dict[str, Any]] = [json.loads(line) for line in run.stdout.splitlines()]
    reports = [path.stem for path, document in zip(paths, found, strict=True) if document["genre"] != "other"]
    assert len(reports) <= SETTINGS["most_lists_taken_for_reports"], reports
