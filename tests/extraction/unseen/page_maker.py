"""A CMS family and a seed in, a made portal page and its truth out; knows nothing of the extractor's rules."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from tests.extraction.unseen import page_body, page_metadata

HERE = Path(__file__).parent
LAYOUTS: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / "layouts.toml").read_text("utf-8"))
PROSE: dict[str, dict[str, Any]] = tomllib.loads((HERE / "prose.toml").read_text("utf-8"))
FAMILIES = tuple(LAYOUTS)
ENCODINGS = (  # bytes, label in the page
    *(("utf-8", "utf-8"),) * 6,
    *(("gb18030", "gb2312"), ("gb18030", "gbk")) * 2,
    ("gb18030", None),
    ("utf-8", None),
    ("utf-8-sig", "utf-8"),
    ("utf-8", "gb2312"),
    ("gb18030", "utf-8"),
    ("big5", "big5"),
    ("big5", None),
)
TITLES = ("h1", "h2", "div", "strong", "broken", "two", "repeated", "in body")
COPIES = (
    '<div style="display:none" id="print">@</div>',
    "<div hidden>@</div>",
    '<textarea style="display: none;">@</textarea>',
    '<script type="text/template">@</script>',
    '<div class="print-only">@</div>',  # hidden by a rule in the head
    '<div style="visibility:hidden;position:absolute;left:-9999px">@</div>',
)


@dataclass(frozen=True, slots=True)
class MadePage:
    """Bytes and address of a page, and what it says; None where it does not say."""

    data: bytes
    url: str | None
    title: str
    published_on: str | None
    source: str | None
    body: tuple[str, ...]
    signed_on: str | None
    attachments: int
    recipe: str


def make_page(family: str, seed: int) -> MadePage:
    """One page of a family; the same seed gives the same page."""
    chance = Random(f"unseen/{family}/{seed}")
    encoding, label = chance.choice(ENCODINGS)
    bank = dict(PROSE["traditional" if encoding == "big5" else "simplified"])
    place, year = chance.choice(bank["places"]), chance.randint(2014, 2024)
    body = place + chance.choice(bank["offices"])
    known = {"place": place, "body": body, "year": year}
    bank["site_name"] = bank["site"].format(**known)
    title = chance.choice(bank["titles"]).format(**known)
    day = f"{year + 1}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    source = chance.choice((body, place + bank["offices"][1], bank["site_name"]))
    blocks = _blocks(chance, bank, known)
    style = chance.choice(tuple(page_body.STYLES))
    if style == "oneline":
        blocks = [block for block in blocks if isinstance(block, str)]
    about = page_metadata.metadata(chance, style_of := chance.choice(page_metadata.STYLES), bank, title, day, source)
    heading = chance.choice(TITLES)
    layout = chance.choice(LAYOUTS[family]["articles"])
    signed, sign_off = _sign_off(chance, body, year, style)
    widgets, bottom = _bottom(chance, bank, year)
    top = f'<p align="center"><strong>{title}</strong></p>' if heading in ("in body", "repeated") else ""
    inner = page_body.body_html(chance, style, blocks, top + _share(chance), sign_off + bottom)
    copy = chance.choice(COPIES) if chance.random() < 0.25 else ""
    parts = {
        "@TITLE@": _title(heading, title, body),
        "@INFO@": about.info,
        "@TABLE@": about.table,
        "@BODY@": inner,
        "@AFTER@": "".join(f"<div>{line}</div>" for line in chance.sample(bank["after"], 2)) + copy.replace("@", inner),
        "@SIDE@": _list(bank["links"], known),
    }
    for mark, html in parts.items():
        layout = layout.replace(mark, html)
    text = _frame(chance, bank, known, label, heading, title, about.tags, layout)
    url = chance.choice(LAYOUTS[family]["urls"])
    dated = {"@YMD@": day.replace("-", ""), "@YM@": day[:7].replace("-", ""), "@Y@": day[:4], "@M@": str(int(day[5:7]))}
    for mark, value in {**dated, "@D@": str(int(day[8:])), "@N@": str(100 + seed)}.items():
        url = url.replace(mark, value)
    true = [line for block in blocks for line in ([block] if isinstance(block, str) else ["\t".join(r) for r in block])]
    true = ["".join(true)] if style == "oneline" else true
    recipe = f"{family}/{seed} body={style} meta={style_of} title={heading} {encoding} as {label} copy={copy[:40]!r}"
    data = text.encode(encoding, "xmlcharrefreplace")
    return MadePage(data, url or None, title, about.published_on, about.source, tuple(true), signed, widgets, recipe)


def _blocks(chance: Random, bank: dict[str, Any], known: dict[str, Any]) -> list[page_body.Block]:
    blocks: list[page_body.Block] = [chance.choice(bank["openings"]).format(**known)]
    length = chance.choice((1, 2, 4, 4))  # some bureaus report in a page, some counties in ten
    for heading in bank["headings"]:
        blocks.append(heading)
        for _ in range(chance.randint(1, length)):
            picked = chance.sample(bank["sentences"], chance.randint(1, 5))
            blocks.append("".join(item.format(n=chance.randint(2, 4000)) for item in picked))
    if chance.random() < 0.25:
        rows = [[cell.format(n=chance.randint(1, 999)) for cell in row] for row in bank["table_rows"]]
        blocks.insert(chance.randint(2, len(blocks) - 1), [list(bank["table_head"]), *rows])
    return blocks


def _sign_off(chance: Random, body: str, year: int, style: str) -> tuple[str | None, str]:
    kind = chance.choice(("none", "right", "plain", "one line"))
    if kind == "none" or style == "oneline":
        return None, ""
    month, date = chance.randint(1, 3), chance.randint(1, 28)
    printed = f"{year + 1}年{month}月{date}日"
    lines = {
        "right": f'<p style="text-align:right">{body}　　</p><p style="text-align:right">{printed}</p>',
        "plain": f"<p>　　　　　　　　　　{body}</p><p>　　　　　　　　　　{printed}</p>",
        "one line": f"<p align=right>{body}<br>{printed}</p>",
    }
    return f"{year + 1}-{month:02}-{date:02}", lines[kind]


def _bottom(chance: Random, bank: dict[str, Any], year: int) -> tuple[int, str]:
    """Number of attachments, and what stands under the text inside its container."""
    html, count = "", 0
    if chance.random() < 0.25:
        count, name = 1, bank["attachment"].format(year=year)
        html += f'<p><img src="/icon/xls.gif"><a href="./P0202{year}.xlsx">{name}</a></p>'
    if chance.random() < 0.2:
        html += "".join(f"<p>{line}</p>" for line in bank["after"][:2])
    return count, html


def _share(chance: Random) -> str:
    if chance.random() > 0.2:
        return ""
    return '<div class="bdsharebuttonbox"><a>微信</a><a>微博</a><a>QQ空间</a></div><script>var s="分享，。";</script>'


def _title(style: str, title: str, body: str) -> str:
    half = len(body) + 2 * title.startswith("关于", len(body))  # after the body's name, as typists break it
    return {
        "h1": f"<h1>{title}</h1>",
        "h2": f"<h2 class='tit'>{title}</h2>",
        "div": f'<div class="biaoti">{title}</div>',
        "strong": f"<p align=center><b><font size=5>{title}</font></b></p>",
        "broken": f"<h1>{title[:half]}<br>{title[half:]}</h1>",
        "two": f"<h2>{title[:half]}</h2><h2>{title[half:]}</h2>",
        "repeated": f"<h1>{title}</h1>",
        "in body": "",
    }[style]


def _list(items: list[str], known: dict[str, Any]) -> str:
    rows = "".join(f'<li><a href="/c/{at}.html">{item.format(**known)}</a></li>' for at, item in enumerate(items))
    return f"<ul>{rows}</ul>"


def _frame(
    chance: Random,
    bank: dict[str, Any],
    known: dict[str, Any],
    label: str | None,
    heading: str,
    title: str,
    tags: str,
    article: str,
) -> str:
    charset = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    site = bank["site_name"]
    shapes = (f"{title}_{site}", f"{title}-{bank['menu'][1].format(**known)}-{site}", title)
    head = site if chance.random() < 0.25 and heading not in ("two", "in body") else chance.choice(shapes)
    today = f"<div>{bank['today'].format(n=chance.randint(1, 28))}</div>" if chance.random() < 0.5 else ""
    foot = "".join(f"<p>{line.format(**known)}</p>" for line in bank["foot"])
    return f"""<!DOCTYPE html>
<html><head>{charset}<title>{head}</title>
{tags}<style>.print-only{{display:none}}.a1{{font-size:24px}}</style>
<script>var tip="。，；";function doZoom(size){{}}</script></head><body>
<div class="logo">{site}</div>{today}{_list(bank["menu"], known)}
{article}
<div class="foot">{foot}</div></body></html>"""
