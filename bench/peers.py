"""Folders of pages with hand-made truth in, F1 of the body and time of a page out: fazhi beside general extractors.

`PYTHON -m bench.peers FOLDER…` reads PAGE.html + PAGE.json pairs (`body` in the JSON) and prints JSON; `python -m bench a`
calls it with the interpreter that has the peers (extra `bench`). A peer that is not installed is named and left out.
Peers that take text get fazhi's decoding, in their favour. Extractors take turns at every page, so that whatever else the
machine does falls on all of them.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import time
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from extraction.decode import decode
from extraction.parse import parse_bytes
from extraction.read import read_page

Extractor = Callable[[bytes], str]
GRAM = 4


def body_f1(found: str, true: str) -> float:
    """F1 of character 4-grams, after NFKC and without white space."""
    left, right = _grams(found), _grams(true)
    hits = sum((left & right).values())
    precision, recall = hits / max(1, sum(left.values())), hits / max(1, sum(right.values()))
    return 2 * precision * recall / max(1e-12, precision + recall)


def _grams(text: str) -> Counter[str]:
    folded = "".join(unicodedata.normalize("NFKC", text).split())
    return Counter(folded[at : at + GRAM] for at in range(max(1, len(folded) - GRAM + 1)))


def _fazhi(data: bytes) -> str:
    return read_page(data, url=None, name="page.html", media_type="text/html", charset=None).body


def _whole(data: bytes) -> str:
    return parse_bytes(data, name="page.html", media_type="text/html").body


def _trafilatura(**options: bool) -> Callable[[Any], Extractor]:
    return lambda module: lambda data: module.extract(data, **options) or ""


def _readability(module: Any) -> Extractor:
    html = importlib.import_module("lxml.html")

    def extract(data: bytes) -> str:
        summary = module.Document(decode(data)[0]).summary()
        return str(html.fromstring(summary).text_content())

    return extract


def _resiliparse(module: Any) -> Extractor:
    return lambda data: str(module.extract_plain_text(decode(data)[0], main_content=True))


def _newspaper(module: Any) -> Extractor:
    def extract(data: bytes) -> str:
        article = module.Article("http://example.invalid/", language="zh", fetch_images=False)
        article.download(input_html=decode(data)[0])
        article.parse()
        return str(article.text)

    return extract


def _gne(module: Any) -> Extractor:
    return lambda data: str(module.GeneralNewsExtractor().extract(decode(data)[0])["content"])


def _lxml(module: Any) -> Extractor:
    return lambda data: str(module.fromstring(decode(data)[0].encode()).tag)


def _selectolax(module: Any) -> Extractor:
    return lambda data: str(module.LexborHTMLParser(decode(data)[0]).root.tag)


PEERS: dict[str, tuple[str, str, Callable[[Any], Extractor]]] = {  # name → package, module, what takes the module
    "trafilatura": ("trafilatura", "trafilatura", _trafilatura()),
    "trafilatura, precision": ("trafilatura", "trafilatura", _trafilatura(favor_precision=True)),
    "trafilatura, recall": ("trafilatura", "trafilatura", _trafilatura(favor_recall=True)),
    "readability-lxml": ("readability-lxml", "readability", _readability),
    "resiliparse": ("resiliparse", "resiliparse.extract.html2text", _resiliparse),
    "newspaper4k": ("newspaper4k", "newspaper", _newspaper),
    "gne": ("gne", "gne", _gne),
}
# they give no text: what reading the bytes into a tree costs by itself
LIMITS: dict[str, tuple[str, str, Callable[[Any], Extractor]]] = {
    "lxml, parsing alone": ("lxml", "lxml.html", _lxml),
    "selectolax, parsing alone": ("selectolax", "selectolax.lexbor", _selectolax),
}


def extractors() -> tuple[dict[str, Extractor], dict[str, str]]:
    """fazhi and every peer that is installed; and by name of a peer its version, or why it is left out."""
    found: dict[str, Extractor] = {"fazhi": _fazhi, "fazhi, to mapped quantities": _whole}
    versions = {}
    for name, (package, module, adapt) in {**PEERS, **LIMITS}.items():
        try:
            found[name] = adapt(importlib.import_module(module))
            versions[name] = metadata.version(package)
        except ImportError as error:
            versions[name] = f"left out, not installed: {error}"
    return found, versions


def measure(pages: list[tuple[bytes, str]], rounds: int) -> dict[str, dict[str, Any]]:
    """By extractor: mean F1, median ms of a page (the median of its rounds), and pages on which it raised."""
    found, versions = extractors()
    scores: dict[str, list[float]] = {name: [] for name in found}
    times: dict[str, list[float]] = {name: [] for name in found}
    failures = Counter[str]()
    for data, true in pages:
        taken: dict[str, list[float]] = {name: [] for name in found}
        bodies = dict.fromkeys(found, "")
        for _ in range(rounds):
            for name, extract in found.items():
                start = time.process_time()
                try:
                    bodies[name] = extract(data)
                except Exception:  # noqa: BLE001 - a peer may raise anything: an empty body, and it is counted
                    failures[name] += 1
                taken[name].append((time.process_time() - start) * 1000)
        for name in found:
            scores[name].append(body_f1(bodies[name], true))
            times[name].append(statistics.median(taken[name]))
    ours = statistics.median(times["fazhi"])
    rows: dict[str, dict[str, Any]] = {}
    for name in found:
        taken_ms = statistics.median(times[name])
        rows[name] = {
            "f1": None if name in LIMITS else round(statistics.mean(scores[name]), 4),
            "ms": round(taken_ms, 2),
            "ratio": round(taken_ms / ours, 2),
            "raised": failures[name] // rounds,
        }
        rows[name] |= {"version": versions[name]} if name in versions else {}
    rows |= {name: {"skipped": said} for name, said in versions.items() if name not in found}
    return rows


def read_folder(folder: Path) -> list[tuple[bytes, str]]:
    """Pages and the bodies that they should give."""
    return [
        (page.read_bytes(), str(json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["body"] or ""))
        for page in sorted(folder.glob("*.html"))
    ]


def main() -> None:
    """Print, by folder, the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # of the peers, about themselves
    told = {}
    for folder in options.folders:
        pages = read_folder(folder)
        if not pages:
            parser.error(f"no .html pages in {folder}")
        size = statistics.median(len(data) for data, _ in pages) / 1000
        told[folder.name] = {"pages": len(pages), "kb": round(size, 1), "rows": measure(pages, options.rounds)}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
