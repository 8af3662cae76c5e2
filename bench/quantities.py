"""Gold paragraphs in, recall, precision, exact span, right value and speed of fazhi and of its peers out.

`python -m bench b` calls it. The peers' interpreter has recognizers-text-number-with-unit with emoji<2, and jieba; what it
lacks is named and skipped. The gold paragraphs hold some five times as many quantities a kilobyte as a report does, and
the cost is that of the quantities: with a folder of .txt files (whole reports) the speed is that over them instead.
Speed is UTF-8 megabytes a second of processor time on one core, the median of several runs over the same texts.
"""

from __future__ import annotations

import json
import re
import statistics
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


def regex_finder() -> Finder:
    """The floor of what finding numbers costs and gives: Arabic digits and one of the commonest measure words."""
    number = re.compile(
        r"(\d[\d,]*(?:\.\d+)?)(?:余|多)?([万亿]?)(件次|人次|万元|件|个|人|次|份|项|起|条|元|家|名|场|期|宗|篇|%|\uff05)"
    )
    times = {"": 1, "万": 10_000, "亿": 100_000_000}

    def find(text: str) -> list[Span]:
        return [
            (item.start(), item.end(), float(item[1].replace(",", "")) * times[item[2]])
            for item in number.finditer(text)
        ]

    return find


FINDERS: dict[str, Callable[[], Finder]] = {
    "fazhi": fazhi_finder,
    "fazhi tokens": tokens_finder,
    "Recognizers-Text": recognizers_finder,
    "jieba.posseg": jieba_finder,
    "plain regex": regex_finder,
}


PEERS = ["Recognizers-Text", "jieba.posseg"]


def score(find: Finder, rows: list[dict[str, Any]], texts: list[str], rounds: int) -> dict[str, float]:
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
    taken = []
    for _ in range(rounds):
        started = time.process_time()
        for text in texts:
            find(text)
        taken.append(time.process_time() - started)
    size = sum(len(text.encode()) for text in texts) / 1e6
    return {
        "recall": hit / true,
        "precision": hit / max(1, found),
        "exact span": exact / true,
        "value": valued / true,
        "MB/s": size / statistics.median(taken),
    }


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= 1e-9 * max(1.0, abs(other))


def measure(names: list[str], rows: list[dict[str, Any]], texts: list[str], rounds: int) -> list[dict[str, Any]]:
    """Of each finder its scores, or why it is left out."""
    results: list[dict[str, Any]] = []
    for name in names:
        try:
            found = score(FINDERS[name](), rows, texts, rounds)
        except ImportError as error:
            results.append({"name": name, "skipped": f"not installed: {error}"})
        else:
            results.append({"name": name, **{key: round(value, 4) for key, value in found.items()}})
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


def of_peers(python: str, rows: list[dict[str, Any]], texts: list[str], rounds: int) -> list[dict[str, Any]]:
    """Measure the peers in their own interpreter, which needs nothing of ours."""
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump({"rows": rows, "texts": texts, "rounds": rounds}, file)
        file.flush()
        done = subprocess.run([python, __file__, file.name], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{python} could not measure the peers: {done.stderr.strip()[-500:]}")
    results: list[dict[str, Any]] = json.loads(done.stdout)
    return results


def compare(python: str, gold: list[Path], texts: Path | None, rounds: int) -> dict[str, Any]:
    """All finders over the gold files; the speed over the folder's texts where there is one."""
    rows = gold_rows(gold)
    read = [row["text"] for row in rows]
    if texts:
        read = [path.read_text(encoding="utf-8") for path in sorted(texts.glob("*.txt"))]
    found = measure(["fazhi", "fazhi tokens", "plain regex"], rows, read, rounds)
    return {
        "paragraphs": len(rows),
        "quantities": sum(len(row["quantities"]) for row in rows),
        "texts": len(read),
        "kb": round(sum(len(text.encode()) for text in read) / 1e3),
        "rows": found + of_peers(python, rows, read, rounds),
    }


def main() -> None:
    """In the peers' interpreter: a file with paragraphs and texts in, scores as JSON out."""
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(json.dumps(measure(PEERS, given["rows"], given["texts"], given["rounds"])))


if __name__ == "__main__":
    main()
