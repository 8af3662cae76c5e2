"""Pages with hand-made truth in, a table of body F1 and time per page out: fazhi beside general extractors.

`python -m bench.peers FOLDER` reads PAGE.html + PAGE.json pairs (`body` in the JSON). Install the extra `bench` for the
peers; one that is not installed is named and left out. Peers that take text get fazhi's decoding, in their favour.
"""

from __future__ import annotations

import argparse
import importlib
import json
import statistics
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from extraction.decode import decode
from extraction.read import read_page

Extractor = Callable[[bytes], str]
GRAM = 4
ROUNDS = 5


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


def _trafilatura(module: Any) -> Extractor:
    return lambda data: module.extract(data) or ""


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


PEERS: dict[str, tuple[str, Callable[[Any], Extractor]]] = {
    "trafilatura": ("trafilatura", _trafilatura),
    "readability-lxml": ("readability", _readability),
    "resiliparse": ("resiliparse.extract.html2text", _resiliparse),
    "newspaper4k": ("newspaper", _newspaper),
}


def extractors() -> dict[str, Extractor]:
    """fazhi and every peer that is installed."""
    found: dict[str, Extractor] = {"fazhi": _fazhi}
    for name, (module, adapt) in PEERS.items():
        try:
            found[name] = adapt(importlib.import_module(module))
        except ImportError as error:
            print(f"{name}: left out, not installed ({error})")
    return found


def measure(extract: Extractor, pages: list[tuple[bytes, str]]) -> tuple[float, float, int]:
    """Mean F1, median ms a page (best of ROUNDS for each page), and pages on which the extractor raised."""
    scores, times, failures = [], [], 0
    for data, true in pages:
        body, best = "", float("inf")
        try:
            for _ in range(ROUNDS):
                start = time.process_time()
                body = extract(data)
                best = min(best, time.process_time() - start)
        except Exception as error:  # noqa: BLE001 - a peer may raise anything: an empty body, and it is named
            failures += 1
            if failures == 1:
                print(f"  raised {type(error).__name__}: {error}")
        else:
            times.append(best * 1000)
        scores.append(body_f1(body, true))
    return statistics.mean(scores), statistics.median(times) if times else float("nan"), failures


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    pages = [
        (page.read_bytes(), str(json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))["body"] or ""))
        for page in sorted(folder.glob("*.html"))
    ]
    if not pages:
        parser.error(f"no .html pages in {folder}")
    rows = [(name, *measure(extract, pages)) for name, extract in extractors().items()]
    print(f"{len(pages)} pages\n{'extractor':18} {'body F1':>8} {'ms/page':>8} {'raised':>7}")
    for name, score, time_ms, failures in rows:
        print(f"{name:18} {score:8.4f} {time_ms:8.2f} {failures:7}")


if __name__ == "__main__":
    main()
