"""The lock files in, docs/licences.md out: every locked package, its version and the licence that it declares.

`python -m bench.licences` writes the page from the installed packages' own metadata (`make licences`).
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "licences.md"
LOCKS = (("requirements.lock", "runs"), ("requirements-dev.lock", "tests, scale, BI"))
PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([^\s\\;]+)", re.MULTILINE)
LONGEST = 60
# one licence has many names
SPELLINGS = (
    (r"^apache.*2|^apache-2|^apache software|^apache license$|^apache$", "Apache-2.0"),
    (r"^(the )?mit( license| no attribution)?$|^expat", "MIT"),
    (r"^(new |modified |revised )?bsd[- ]?3.*|^3-clause bsd.*", "BSD-3-Clause"),
    (r"^bsd[- ]?2.*|^simplified bsd", "BSD-2-Clause"),
    (r"^bsd( license)?$", "BSD"),
    (r"^isc( license.*)?$", "ISC"),
    (r"^(psf|python software foundation).*", "PSF-2.0"),
    (r"^mozilla.*2\.0.*|^mpl[- ]?2.*", "MPL-2.0"),
    (r"^the unlicense.*|^unlicense$", "Unlicense"),
)
HEAD = """# Licences

What the locked packages declare as their licence: written by `make licences` from the metadata of the installed packages, not
by hand. fazhi itself: Apache-2.0 ([LICENSE](../LICENSE)).
"""


def page() -> str:
    """The whole page. Raises PackageNotFoundError where a locked package is not installed."""
    rows = sorted(_rows(), key=lambda row: row[0].lower())
    counts = Counter(row[2] for row in rows)
    summary = ", ".join(
        f"{name} {count}" for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )
    lines = [f"| {' | '.join(row)} |" for row in rows]
    table = "\n".join(["| package | version | licence | for |", "| --- | --- | --- | --- |", *lines])
    return f"{HEAD}\n{len(rows)} packages: {summary}.\n\n{table}\n"


def _rows() -> Iterator[tuple[str, str, str, str]]:
    seen = set()
    for lock, purpose in LOCKS:
        for name, version in PINNED.findall((ROOT / lock).read_text(encoding="utf-8")):
            if name not in seen:
                seen.add(name)
                yield name, version, licence(metadata.metadata(name)), purpose


def licence(about: metadata.PackageMetadata) -> str:
    """The SPDX expression, else the classifiers, else the free text's first line where it is short."""
    expression = about.get("License-Expression")
    if expression:
        return expression
    names = [value.split(" :: ")[-1] for value in about.get_all("Classifier") or [] if value.startswith("License :: ")]
    names = [name for name in names if name != "OSI Approved"]
    text = (about.get("License") or "").strip().split("\n")[0].strip()
    if text and len(text) <= LONGEST and (not names or len(names) > 1):
        names = [text]
    return " / ".join(dict.fromkeys(map(_plain, names))) or "not declared in its metadata"


def _plain(name: str) -> str:
    name = name.removesuffix(" (BSD-3-Clause)").replace("|", "/")
    return next((plain for pattern, plain in SPELLINGS if re.search(pattern, name, re.IGNORECASE)), name)


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
