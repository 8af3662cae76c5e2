"""What `python -m bench` was asked for: sizes, folders and interpreters, one set for all parts."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Options:
    """The sizes of a run; the defaults are those of the committed figures but for the largest warehouses."""

    parts: tuple[str, ...] = ()
    peers: str = sys.executable
    pages: tuple[Path, ...] = ()
    texts: Path | None = None
    made: int = 90
    rounds: int = 5
    reports: tuple[int, ...] = (1_000,)
    sites: int = 200
    folder: Path | None = None
    out: Path = HERE / "results.json"
    docs: Path = HERE.parent / "docs" / "benchmarks.md"

    def told(self) -> dict[str, object]:
        """The options that decide what the figures mean."""
        return {"made": self.made, "rounds": self.rounds, "reports": list(self.reports), "sites": self.sites}


def read(arguments: list[str], letters: list[str]) -> Options:
    """Options of a command line."""
    preset = Options()
    parser = argparse.ArgumentParser(
        prog="python -m bench", description="Measure parts a to h (default: all), write results.json and the table."
    )
    parser.add_argument("parts", nargs="*", choices=[*letters, []], metavar="PART", help=", ".join(letters))
    parser.add_argument(
        "--peers",
        default=os.environ.get("BENCH_PYTHON") or preset.peers,
        metavar="PYTHON",
        help="interpreter that has the peers (pip install '.[bench]'); default: $BENCH_PYTHON, then this one",
    )
    parser.add_argument("--pages", type=Path, nargs="+", default=[], metavar="FOLDER", help="a: PAGE.html + PAGE.json")
    parser.add_argument("--texts", type=Path, metavar="FOLDER", help="b: .txt reports to measure the speed on")
    parser.add_argument("--made", type=int, default=preset.made, help="a: made pages")
    parser.add_argument(
        "--rounds",
        type=int,
        default=preset.rounds,
        help="a, b, e, h: times, of which the median counts (h: ten times as many)",
    )
    parser.add_argument("--reports", default="1000", help="c, d, e, g: numbers of reports, with commas between")
    parser.add_argument("--sites", type=int, default=preset.sites, help="f: portals of the farm")
    parser.add_argument("--folder", type=Path, help="c: where to build; default: the temporary folder")
    parser.add_argument("--out", type=Path, default=preset.out, help="the figures; parts not measured stay in it")
    parser.add_argument("--docs", type=Path, default=preset.docs, help="the page whose table is written anew")
    given = parser.parse_args(arguments)
    return Options(
        parts=tuple(given.parts) or tuple(letters),
        peers=given.peers,
        pages=tuple(given.pages),
        texts=given.texts,
        made=given.made,
        rounds=given.rounds,
        reports=tuple(map(int, given.reports.split(","))),
        sites=given.sites,
        folder=given.folder,
        out=given.out,
        docs=given.docs,
    )
