"""Made pages in, the process's memory after each thousand of them out: reading must not keep what it read.

`python -m bench.memory [--pages 10000]` reads pages of every CMS family, each one new, from bytes to mapped quantities.
"""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from extraction.parse import parse_bytes
from tests.extraction.unseen.page_maker import FAMILIES, make_page

STEP = 1000


def resident_mb() -> float:
    """Resident memory of this process in MB, from /proc."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 1024**2


def main() -> None:
    """Print the figures; the last line compares the second thousand with the last."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=10_000)
    asked = options.parse_args()
    figures: list[float] = []
    for number in range(asked.pages):
        made = make_page(FAMILIES[number % len(FAMILIES)], 100_000 + number)
        parse_bytes(made.data, url=made.url, name="page.html", media_type="text/html")
        if (number + 1) % STEP == 0:
            gc.collect()
            figures.append(resident_mb())
            print(f"{number + 1:7} pages {figures[-1]:8.1f} MB", flush=True)
    if len(figures) > 2:
        print(f"growth from page {2 * STEP} to {len(figures) * STEP}: {figures[-1] - figures[1]:+.1f} MB")


if __name__ == "__main__":
    main()
