"""Part a: pages with truth in, F1 of the body and milliseconds a page out, fazhi beside what people would use instead."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bench.machine import ROOT
from bench.options import Options
from bench.results import lines
from tests.extraction.unseen.page_maker import FAMILIES, make_page

TITLE = "A page to its document"
METHOD = """
Pages with known bodies, by every extractor in turns within one process; F1 of character 4-grams, mean of the pages; ms of
processor time, median of the pages, each the median of its rounds. `made` are pages of the layouts that the tests make
(every CMS family, encodings that their labels deny, hidden copies, notices below); the other sets are folders given with
`--pages`. The second row is the whole of `fazhi parse`. The last two rows build a tree and read nothing from it: no
extractor that uses them can be faster.
"""
MOST_S = 1800
FIRST = 500_000  # seeds that no test uses


def measure(options: Options) -> dict[str, Any]:
    """Made pages, then the folders that were given."""
    with tempfile.TemporaryDirectory(prefix="fazhi-bench-") as folder:
        made = Path(folder) / "made"
        _write(made, options.made)
        command = [options.peers, "-m", "bench.peers", "--rounds", str(options.rounds)]
        command += [str(path.absolute()) for path in (made, *options.pages)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=MOST_S, check=False)
    if done.returncode:
        raise SystemExit(f"{options.peers} could not measure the peers: {done.stderr.strip()[-800:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _write(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        made = make_page(FAMILIES[number % len(FAMILIES)], FIRST + number)
        (folder / f"{number:05}.html").write_bytes(made.data)
        truth = json.dumps({"body": "\n".join(made.body)}, ensure_ascii=False)
        (folder / f"{number:05}.json").write_text(truth, encoding="utf-8")


def table(figures: dict[str, Any]) -> str:
    """A table a set of pages."""
    blocks = []
    for name, found in figures.items():
        rows: list[list[object]] = [
            [
                f"{extractor} {row.get('version', '')}".strip(),
                "–" if row["f1"] is None else f"{row['f1']:.4f}",
                f"{row['ms']:.2f}",
                f"{row['ratio']:.2f}",
                row["raised"],
            ]
            for extractor, row in found["rows"].items()
            if "skipped" not in row
        ]
        head = [f"{name}: {found['pages']} pages, median {found['kb']:g} kB", "F1 of body", "ms", "× fazhi", "raised"]
        blocks.append(lines(head, rows))
        left_out = [extractor for extractor, row in found["rows"].items() if "skipped" in row]
        blocks += [f"Not installed, left out: {', '.join(left_out)}."] if left_out else []
    return "\n\n".join(blocks)
