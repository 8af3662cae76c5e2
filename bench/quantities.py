"""Gold paragraphs in, a table out: recall, precision, exact span, right value and speed of fazhi and of its peers.

    python -m bench.quantities [--gold FILE…] [--texts FOLDER] [--peers PYTHON]

PYTHON (default: $BENCH_PYTHON, then this interpreter) has recognizers-text-number-with-unit with emoji<2, and jieba; what
it lacks is named and skipped. The gold paragraphs hold some five times as many quantities a kilobyte as a report does,
and the cost is that of the quantities: with --texts the speed is that over the folder's .txt files (whole reports)
instead. Speed is UTF-8 megabytes a second of processor time on one core, the best of seven runs over the same texts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
GOLD = ROOT / "tests" / "fixtures" / "quantity_gold.jsonl"
ROUNDS = ROOT / "tests" / "fixtures" / "rounds"
Span = tuple[int, int, float | None]
Finder = Callable[[str], list[Span]]


def fazhi_finder() -> Finder:
    """Quantities with meaning and indicator, as `fazhi parse` makes them."""
    from extraction.catalogue import default_catalogue
    from extraction.indicators import map_indicators
    from extraction.quantities import find_quantities

    catalogue = default_catalogue()

    def find(text: str) -> list[Span]:
        quantities = find_quantities(text, sections=[], report_year=2022)
        mapped = map_indicators(quantities, body=text, sections=[], catalogue=catalogue)
        return [(item.char_start, item.char_end, item.value) for item in mapped if item.kind != "stated_zero"]

    return find


def tokens_finder() -> Finder:
    """Numerals and units alone, without meaning: the floor of what reading them costs."""
    from extraction.tokens import number_tokens

    return lambda text: [(item.start, item.end, item.value) for item in number_tokens(text) if item.unit]


def recognizers_finder() -> Finder:
    from recognizers_number_with_unit import NumberWithUnitRecognizer  # type: ignore[import-not-found]
    from recognizers_text import Culture  # type: ignore[import-not-found]

    recognizer = NumberWithUnitRecognizer(Culture.Chinese)
    models = [recognizer.get_dimension_model(), recognizer.get_currency_model(), recognizer.get_age_model()]
    from recognizers_number import NumberRecognizer  # type: ignore[import-not-found]

    models.append(NumberRecognizer(Culture.Chinese).get_number_model())

    def find(text: str) -> list[Span]:
        spans: list[Span] = []
        for model in models:
            for item in model.parse(text):
                if not any(start <= item.end and item.start < end for start, end, _ in spans):
                    try:
                        value = float(item.resolution["value"])
                    except (TypeError, ValueError, KeyError):
                        value = None
                    spans.append((item.start, item.end + 1, value))
        return sorted(spans, key=lambda span: span[0])

    return find


def jieba_finder() -> Finder:
    """A word tagged m (numeral) and the q (measure word) behind it."""
    import jieba.posseg

    jieba.initialize()

    def find(text: str) -> list[Span]:
        spans: list[Span] = []
        at = 0
        for word, tag in jieba.posseg.cut(text):
            end = at + len(word)
            if tag == "m":
                plain = word.replace(",", "")
                spans.append((at, end, float(plain) if plain.replace(".", "", 1).isdecimal() else None))
            elif tag == "q" and spans and spans[-1][1] == at:
                spans[-1] = (spans[-1][0], end, spans[-1][2])
            at = end
        return spans

    return find


FINDERS: dict[str, Callable[[], Finder]] = {
    "fazhi": fazhi_finder,
    "fazhi tokens": tokens_finder,
    "Recognizers-Text": recognizers_finder,
    "jieba.posseg": jieba_finder,
}


def score(find: Finder, rows: list[dict[str, Any]], texts: list[str]) -> dict[str, float]:
    """Overlap recall and precision; of the true ones, the share with exact span and with the right value."""
    true = found = hit = exact = valued = 0
    for row in rows:
        gold = [item for item in row["quantities"] if item["kind"] != "stated_zero"]
        spans = find(row["text"])
        true += len(gold)
        found += len(spans)
        for item in gold:
            near = [span for span in spans if span[0] < item["char_end"] and item["char_start"] < span[1]]
            if near:
                hit += 1
                exact += any(span[:2] == (item["char_start"], item["char_end"]) for span in near)
                valued += any(_same(span[2], item["value"]) for span in near)
    best = float("inf")
    for _ in range(7):
        started = time.process_time()
        for text in texts:
            find(text)
        best = min(best, time.process_time() - started)
    size = sum(len(text.encode()) for text in texts) / 1e6
    return {
        "recall": hit / true,
        "precision": hit / max(1, found),
        "exact span": exact / true,
        "value": valued / true,
        "MB/s": size / best,
    }


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9 * max(1.0, abs(other))


def measure(names: list[str], rows: list[dict[str, Any]], texts: list[str]) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = []
    for name in names:
        try:
            results.append({"name": name, **score(FINDERS[name](), rows, texts)})
        except ImportError as error:
            results.append({"name": name, "skipped": f"not installed: {error}"})
    return results


def gold_rows(paths: list[Path]) -> list[dict[str, Any]]:
    """Paragraphs with their quantities, of .jsonl files and of annotated .txt rounds."""
    from tests.extraction.marked import paragraphs

    rows: list[dict[str, Any]] = []
    for path in paths:
        if path.suffix == ".jsonl":
            rows += [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
            continue
        for paragraph in paragraphs(path):
            true = [
                {"char_start": item.start, "char_end": item.end, "value": item.value, "kind": item.kind}
                for item in paragraph.quantities
            ]
            rows.append({"text": paragraph.text, "quantities": true})
    return rows


def of_peers(python: str, rows: list[dict[str, Any]], texts: list[str]) -> list[dict[str, Any]]:
    """Measure the peers in their own interpreter, which needs nothing of ours."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump({"rows": rows, "texts": texts}, file)
        file.flush()
        done = subprocess.run([python, __file__, "--run", file.name], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{python} could not measure the peers: {done.stderr.strip()[-500:]}")
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, nargs="+", default=[GOLD, *sorted(ROUNDS.glob("round_*.txt"))])
    parser.add_argument("--texts", type=Path, help="folder of .txt reports to measure the speed on; default: the gold")
    parser.add_argument("--peers", default=os.environ.get("BENCH_PYTHON") or sys.executable, metavar="PYTHON")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    peers = ["Recognizers-Text", "jieba.posseg"]
    if arguments.run:
        given = json.loads(arguments.run.read_text(encoding="utf-8"))
        print(json.dumps(measure(peers, given["rows"], given["texts"])))
        return
    rows = gold_rows(arguments.gold)
    texts = [row["text"] for row in rows]
    if arguments.texts:
        texts = [path.read_text(encoding="utf-8") for path in sorted(arguments.texts.glob("*.txt"))]
    results = measure(["fazhi", "fazhi tokens"], rows, texts) + of_peers(arguments.peers, rows, texts)
    size = sum(len(text.encode()) for text in texts) / 1e3
    print(f"{len(rows)} paragraphs, {sum(len(row['quantities']) for row in rows)} quantities, {sys.version.split()[0]}")
    print(f"speed over {len(texts)} texts of {size:.0f} kB")
    columns = ["recall", "precision", "exact span", "value", "MB/s"]
    print("".join([f"{'':18s}", *(f"{column:>12s}" for column in columns)]))
    for result in results:
        if "skipped" in result:
            print(f"{result['name']:18s}  skipped, {result['skipped']}")
        else:
            print("".join([f"{result['name']:18s}", *(f"{result[column]:12.3f}" for column in columns)]))


if __name__ == "__main__":
    main()
