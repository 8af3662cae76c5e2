"""The cases of identity*.jsonl in, accuracy of each field of `fazhi parse` and every miss out.

`python -m tests.extraction.unseen.score_identity [--folder round2] [--file NAME] [--field FIELD]`.
A wrong region counts double: region's score is 1 - (left open + 2 x wrong) / cases.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.extraction.unseen.assemble import HERE, Case, assemble
from tests.extraction.unseen.identity_maker import make_case

FAZHI = Path(sys.executable).with_name("fazhi")
REGION = ("region_code", "region_name")


@dataclass
class Score:
    """Cases, right ones and misses by field."""

    cases: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)  # answered, and not with what is true
    misses: list[tuple[str, str, str]] = field(default_factory=list)  # case, field, what was found and what is true

    def of(self, name: str) -> float:
        lost = self.cases[name] - self.right[name] + (self.wrong[name] if name in REGION else 0)
        return 1 - lost / max(1, self.cases[name])


def load(name: str = "*", folder: str = ".") -> list[Case]:
    """All cases of a folder beside this file, or those of identity_NAME.jsonl."""
    return [
        json.loads(line)
        for path in sorted((HERE / folder).glob(f"identity_{name}.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]


def parse(cases: list[Case]) -> list[dict[str, Any]]:
    """What the command prints for the cases' files."""
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder) / "manifest.jsonl"
        lines = []
        for case in cases:
            name, data = assemble(case)
            (Path(folder) / name).write_bytes(data)
            lines.append(json.dumps({"path": str(Path(folder) / name), "url": case.get("url")}))
        manifest.write_text("\n".join(lines), "utf-8")
        run = subprocess.run(
            [FAZHI, "parse", "--manifest", manifest], capture_output=True, text=True, timeout=300, check=True
        )
    return [json.loads(line) for line in run.stdout.splitlines()]


def score(cases: list[Case], found: list[dict[str, Any]]) -> Score:
    total = Score()
    for case, document in zip(cases, found, strict=True):
        for name, want in case["want"].items():
            got = document.get(name)
            total.cases[name] += 1
            if _folded(got) in {_folded(item) for item in (want if isinstance(want, list) else [want])}:
                total.right[name] += 1
                continue
            total.wrong[name] += got is not None
            total.misses.append((case["id"], name, f"{got!r} not {want!r}  ({case['why']})"))
    return total


def _folded(value: object) -> str | None:
    """Without white space, width and bracket variants; None stays None."""
    return None if value is None else "".join(unicodedata.normalize("NFKC", str(value)).split())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--file", default="*", help="departments, genre, governments, shared_names, titles, zones")
    options.add_argument("--folder", default=".", help="round2, round3, round4: later sets")
    options.add_argument("--field", help="show misses of this field alone")
    options.add_argument("--made", type=int, help="score so many cases of identity_maker.py instead")
    asked = options.parse_args()
    cases = [make_case(seed) for seed in range(asked.made)] if asked.made else load(asked.file, asked.folder)
    total = score(cases, parse(cases))
    for case, name, miss in total.misses:
        if asked.field in (None, name):
            print(f"{case} {name}: {miss}")
    print(f"{len(cases)} cases")
    for name, count in total.cases.items():
        print(
            f"  {name:13s} {total.right[name]:4d}/{count:<4d} wrong {total.wrong[name]:3d}  score {total.of(name):.4f}"
        )


if __name__ == "__main__":
    main()
