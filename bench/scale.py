"""Measured figures (scale.toml) in, the tables of docs/scale.md and docs/scale.zh.md out, all arithmetic in sight.

`python -m bench.scale` writes the tables between their marks; `--check` only says whether they are as they should be.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FIGURES = Path(__file__).with_name("scale.toml")
GUIDES = {"en": ROOT / "docs" / "scale.md", "zh": ROOT / "docs" / "scale.zh.md"}
# all of China once: divisions × departments × years, a little more than a million; and a hundred times that
SIZES = (900_000, 90_000_000)
CORES = (2, 16, 64)
HARVESTERS = (1, 4, 16)
DELAY_S = 1.0
COPIES = 4  # the published file, the one being built, the Parquet export and the search index
SNAPSHOTS = 4  # besides the published one
MARKS = ("<!-- {}: python -m bench.scale -->", "<!-- end -->")
WORDS: dict[str, dict[str, str]] = {
    "en": {
        "figure": "figure", "value": "value", "from": "measured by", "need": "need", "how": "arithmetic",
        "reports": "reports", "first harvest": "first harvest, {} harvesters",
        "extraction": "extraction, {} cores", "loading": "loading staging, one process (cannot be spread)",
        "build": "whole dbt build, 2 cores", "archive": "archive on disk", "staging": "staging on disk",
        "warehouse": "published file, export, search index, side file", "snapshots": "four more snapshots",
        "total": "disk in all",
    },
    "zh": {
        "figure": "数值", "value": "大小", "from": "来源", "need": "所需", "how": "算式",
        "reports": "份报告", "first harvest": "首次采集，{} 台采集机",
        "extraction": "提取，{} 核", "loading": "写入暂存库，单进程（不能分摊）",
        "build": "完整 dbt 构建，2 核", "archive": "存档占磁盘", "staging": "暂存库占磁盘",
        "warehouse": "发布文件、导出、检索索引、构建中的文件", "snapshots": "另外四个快照",
        "total": "磁盘合计",
    },
}  # fmt: skip


def inputs(figures: dict[str, Any], language: str) -> str:
    """The table of measured figures."""
    words = WORDS[language]
    lines = [f"| {words['figure']} | {words['value']} | {words['from']} |", "|---|---:|---|"]
    for each in figures.values():
        source = each["source_zh"] if language == "zh" and "source_zh" in each else each["source"]
        value = f"{each['value']:,}".removesuffix(".0")
        lines.append(f"| {each[language]} | {value} {each['unit']} | {source} |".replace("  |", " |"))
    return "\n".join(lines)


def needs(figures: dict[str, Any], language: str) -> str:
    """What each size needs, with the arithmetic for the first."""
    words = WORDS[language]
    head = " | ".join(f"{size:,} {words['reports']}" for size in SIZES)
    lines = [f"| {words['need']} | {head} | {words['how']} |", "|---|---:|---:|---|"]
    value = {name: float(each["value"]) for name, each in figures.items()}
    columns = [list(_needs(value, size, words)) for size in SIZES]
    for first, second in zip(*columns, strict=True):
        lines.append(f"| {first[0]} | {first[1]} | {second[1]} | {first[2]} |")
    return "\n".join(lines)


def _needs(value: dict[str, float], size: int, words: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    for harvesters in HARVESTERS:
        seconds = size * value["pages"] * DELAY_S / value["at_once"] / harvesters
        how = f"{size:,} × {value['pages']:g} × {DELAY_S:g} s / {value['at_once']:g} / {harvesters}"
        yield words["first harvest"].format(harvesters), _time(seconds), how
    for cores in CORES:
        seconds = size * value["extract_ms"] / 1000 / cores
        yield words["extraction"].format(cores), _time(seconds), f"{size:,} × {value['extract_ms']:g} ms / {cores}"
    yield words["loading"], _time(size * value["load_ms"] / 1000), f"{size:,} × {value['load_ms']:g} ms"
    yield words["build"], _time(size * value["build_ms"] / 1000 / 2), f"{size:,} × {value['build_ms']:g} ms / 2"
    disk = {
        "archive": (
            size * value["pages"] * value["archive_kb"],
            f"{size:,} × {value['pages']:g} × {value['archive_kb']:g} kB",
        ),
        "staging": (size * value["staging_kb"], f"{size:,} × {value['staging_kb']:g} kB"),
        "warehouse": (size * value["warehouse_kb"] * COPIES, f"{size:,} × {value['warehouse_kb']:g} kB × {COPIES}"),
        "snapshots": (
            size * value["warehouse_kb"] * SNAPSHOTS,
            f"{size:,} × {value['warehouse_kb']:g} kB × {SNAPSHOTS}",
        ),
    }
    for name, (kilobytes, how) in disk.items():
        yield words[name], _disk(kilobytes), how
    yield words["total"], _disk(sum(kilobytes for kilobytes, _ in disk.values())), ""


def _time(seconds: float) -> str:
    for unit, length in (("d", 86_400 * 2), ("h", 3600 * 2), ("min", 60)):
        if seconds >= length:
            return f"{seconds / (86_400 if unit == 'd' else 3600 if unit == 'h' else 60):,.1f} {unit}"
    return f"{seconds:.0f} s"


def _disk(kilobytes: float) -> str:
    return f"{kilobytes / 1e9:,.1f} TB" if kilobytes >= 1e9 else f"{kilobytes / 1e6:,.0f} GB"


def written(text: str, tables: dict[str, str]) -> str:
    """A guide with its tables put between their marks."""
    for name, table in tables.items():
        start, end = MARKS[0].format(name), MARKS[1]
        head, found, rest = text.partition(start)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise SystemExit(f"no `{start}` … `{end}` in the guide")
        text = f"{head}{start}\n\n{table}\n\n{end}{tail}"
    return text


def main() -> int:
    """Exit status 1 where `--check` finds a table that is not as it should be."""
    figures = tomllib.loads(FIGURES.read_text(encoding="utf-8"))
    stale = []
    for language, guide in GUIDES.items():
        text = guide.read_text(encoding="utf-8")
        wanted = written(text, {"figures": inputs(figures, language), "needs": needs(figures, language)})
        if wanted != text:
            stale.append(guide.name)
            if "--check" not in sys.argv:
                guide.write_text(wanted, encoding="utf-8")
    print(f"{'stale' if '--check' in sys.argv else 'written'}: {', '.join(stale) or 'none'}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
