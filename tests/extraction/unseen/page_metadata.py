"""Title, day and source in, the tags, labelled line and metadata table of a made page out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any

STYLES = (
    "tags",
    "tags only",
    "broken tags",
    "line",
    "line without label",
    "table",
    "labels above",
    "two lines",
    "none",
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """Three pieces of HTML, and what a reader can know from them."""

    tags: str
    info: str
    table: str
    published_on: str | None
    source: str | None


def metadata(chance: Random, style: str, bank: dict[str, Any], title: str, day: str, source: str) -> Metadata:
    """Metadata in a style of STYLES."""
    shown = _line(chance, bank, day, source)
    plain = Metadata("", "", "", day, source)
    if style == "tags":
        return replace(plain, tags=_tags(chance, title, f"{day} 10:30", source), info=shown)
    if style == "tags only":
        return replace(plain, tags=_tags(chance, title, f"{day} 10:30", source), info=chance.choice(bank["extras"]))
    if style == "broken tags":
        wrong = chance.choice(("null", "", "1970-01-01 08:00", "0000-00-00 00:00", "${pubdate}", "yyyy-MM-dd HH:mm"))
        named = chance.choice(("", "null", bank["site_name"]))
        return replace(plain, tags=_tags(chance, named, wrong, chance.choice(("", "null", "${source}"))), info=shown)
    if style == "line":
        return replace(plain, info=shown)
    if style == "line without label":
        return replace(
            plain, info=f"<span>{day} 08:{chance.randint(10, 59)}</span> <span>{bank['source'][0]}：{source}</span>"
        )
    if style == "table":
        return replace(plain, table=_side_by_side(chance, title, day, source), info=f"{bank['source'][0]}：{source}")
    if style == "labels above":
        return replace(plain, table=_labels_above(day, source), info=f"{bank['source'][0]}：{source}")
    if style == "two lines":
        label, whence = bank["published"][0], bank["source"][0]
        return replace(
            plain, info=f"<dl><dt>{label}：</dt>\n<dd></dd>\n<dd>{day}</dd><dt>{whence}：</dt><dd>{source}</dd></dl>"
        )
    return Metadata("", chance.choice(bank["extras"]), "", None, None)


def _printed(chance: Random, day: str) -> str:
    year, month, date = (int(part) for part in day.split("-"))
    return chance.choice(
        (
            day,
            f"{day} 16:05:33",
            f"{year}年{month}月{date}日",
            f"{year}/{month}/{date} 9:05",
            f"{year}.{month:02}.{date:02}",
        )
    )


def _line(chance: Random, bank: dict[str, Any], day: str, source: str) -> str:
    when, whence = chance.choice(bank["published"]), chance.choice(bank["source"])
    colon = chance.choice(("：", ":", "： "))
    dated = chance.choice(("{}{}{}", "<span>{}{}</span><span>{}</span>", "<b>{}{}</b><i>{}</i>"))
    parts = [dated.format(when, colon, _printed(chance, day)), dated.format(whence, colon, source)]
    if chance.random() < 0.3:
        parts.reverse()
    parts += chance.sample(bank["extras"], chance.randint(0, min(2, len(bank["extras"]))))
    return chance.choice(("　", " | ", "</span>&nbsp;&nbsp;<span>")).join(parts)


def _tags(chance: Random, title: str, when: str, source: str) -> str:
    pairs = [("SiteName", "样例网"), ("ArticleTitle", title), ("PubDate", when), ("ContentSource", source)]
    if chance.random() < 0.5:
        return "".join(f'<meta name="{name}" content="{value}"/>\n' for name, value in pairs)
    return "".join(f"<META content='{value}' name='{name}'>\n" for name, value in pairs)


def _side_by_side(chance: Random, title: str, day: str, source: str) -> str:
    year, month, date = day.split("-")
    cells = [
        ("索 引 号", f"99010{chance.randint(1, 9)}/{year}-000{chance.randint(10, 99)}"),
        ("主题分类", "司法行政"),
        ("发布机构", source),
        ("发布日期", chance.choice((day, f"{year}年{month}月{date}日", f"{day} 10:02"))),
        ("文　　号", ""),
        ("有 效 性", "有效"),
        ("名　　称", title),
    ]
    rows = [cells[at : at + 2] for at in range(0, len(cells), 2)]
    inner = "".join(
        "<tr>" + "".join(f"<th>{label}：</th><td>{value}</td>" for label, value in row) + "</tr>" for row in rows
    )
    return f'<table class="xxgk">{inner}</table>'


def _labels_above(day: str, source: str) -> str:
    head = "".join(f"<td><b>{label}</b></td>" for label in ("索引号", "发布机构", "发布日期", "文号"))
    row = "".join(f"<td>{value}</td>" for value in ("9901010/2023-00012", source, day, "无"))
    return f"<table><tr>{head}</tr><tr>{row}</tr></table>"
