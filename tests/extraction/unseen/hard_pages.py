"""A seed in, a page with prose around the article, odd markup inside and its truth out; a second, harder generator."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from random import Random
from typing import Any

from tests.extraction.unseen.assemble import HERE
from tests.extraction.unseen.page_body import Block
from tests.extraction.unseen.page_maker import PROSE, MadePage

NOISE: dict[str, list[str]] = tomllib.loads((HERE / "noise.toml").read_text("utf-8"))
CONTAINERS = (
    '<div class="TRS_Editor">@</div>',
    '<div id="zoom">@</div>',
    '<div id="vsb_content">@</div>',
    '<div id="UCAP-CONTENT">@</div>',
    '<div class="article-content">@</div>',
    '<div class="c3">@</div>',
    "<div><div><div>@</div></div></div>",
    "<td>@</td>",
    "@",
)
ENCODINGS = ("utf-8", "utf-8", "utf-8", "gb18030", "utf-16", "references")


def _wrapped(chance: Random, text: str) -> str:
    """Line breaks of the source inside a paragraph, which no browser shows."""
    at, parts = 0, []
    while at < len(text):
        end = at + chance.randint(20, 40)
        parts.append(text[at:end])
        at = end
    return "<p>\n    " + "\n    ".join(parts) + "\n</p>"


def _characters(chance: Random, text: str) -> str:
    return "<p>" + "".join(f"<span>{character}</span>" for character in text) + "</p>"


def _office(chance: Random, text: str) -> str:
    return f"<!--[if !supportLists]--><p class=MsoNormal>　　{text}<![endif]--></p><!--[if gte mso 9]><xml>页边距，正文。</xml><![endif]-->"


def _loose(chance: Random, text: str) -> str:
    return f"<div></div>\n　　{text}\n<div></div>"


def _listed(chance: Random, text: str) -> str:
    return f"<ol style='list-style:none'><li>{text}</li></ol>"


def _marked(chance: Random, text: str) -> str:
    at = text.find("。") + 1
    return f"<p><strong>{text[:at]}</strong>{text[at:]}</p>" if 0 < at < len(text) else f"<h4>{text}</h4>"


def _invisible(chance: Random, text: str) -> str:
    at = chance.randint(0, len(text))
    return f"<p>{text[:at]}&#8203;{text[at:]}</p><p style='display:none'>隐藏的段落，不应当出现在正文里。</p>"


def _upper(chance: Random, text: str) -> str:
    return f'<P ALIGN="justify" STYLE="TEXT-INDENT: 32pt"><FONT FACE="仿宋_GB2312">{text}</FONT></P>'


def _noscript(chance: Random, text: str) -> str:
    return f"<p>{text}</p><script>/* 。，脚本里的文字 */ var p = '<p>不是正文，也不应出现。</p>';</script>"


STYLES: tuple[Callable[[Random, str], str], ...] = (
    _wrapped, _characters, _office, _loose, _listed, _marked, _invisible, _upper, _noscript,
)  # fmt: skip


def make_hard_page(seed: int) -> MadePage:
    """One page; the same seed gives the same page."""
    chance = Random(f"hard/{seed}")
    bank = PROSE["simplified"]
    place, year = chance.choice(bank["places"]), chance.randint(2014, 2024)
    body = place + chance.choice(bank["offices"])
    known = {"place": place, "body": body, "year": year}
    title = chance.choice(bank["titles"]).format(**known)
    day = f"{year + 1}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    blocks = _blocks(chance, bank, known)
    style, container = chance.choice(STYLES), chance.choice(CONTAINERS)
    encoding = chance.choice(ENCODINGS)
    signed = f"{year + 1}-01-{chance.randint(2, 28):02}" if chance.random() < 0.6 else None
    article = "\n".join(style(chance, block) if isinstance(block, str) else _table(block) for block in blocks)
    if signed:
        article += f"<p align=right>{body}</p><p align=right>{year + 1}年1月{int(signed[-2:])}日</p>"
    article = container.replace("@", article)
    if container.startswith("<td"):
        article = f"<table><tbody><tr>{article}</tr></tbody></table>"
    where, shown = _metadata(chance, day, body)
    noise = {name: _some(chance, NOISE[name], known) for name in NOISE}
    heading = chance.choice(("<h1>@</h1>", "<h3 class='t'>@</h3>", "<div class=bt>@</div>", "<p class='a'>@</p>"))
    logo = chance.choice(("", f"<h1 class='logo'>{place}人民政府门户网站</h1>", f"<h2>{place}</h2>"))
    head = chance.choice((title, f"{title} - {place}门户网", f"{place}门户网 {title}", f"{place}门户网"))
    above, below = (shown, "") if where.startswith("above") else ("", shown)
    text = f"""<!doctype html><html><head><title>{head}</title>{shown if where.startswith("head") else ""}</head><body>
{logo}{noise["above"]}<div class="l">{noise["beside"] if chance.random() < 0.5 else ""}</div>
<div class="m">{heading.replace("@", title)}{above}{article}{below if where.startswith("below") else ""}</div>
<div class="r">{noise["beside"]}</div>{noise["below"]}
<div class="foot">主办：{place}人民政府办公室 维护：{place}大数据中心 备案号：某ICP备1号</div></body></html>"""
    around = [name.split("'")[1] for name in "".join(noise.values()).split("<div class=")[1:] if name.startswith("'")]
    recipe = (
        f"hard/{seed} {len(blocks)} blocks {style.__name__} in {container[:22]} {where} {encoding} {heading[:3]} "
        f"around: {' '.join(sorted(set(around) - {'c'}))}"
    )
    true = [line for block in blocks for line in ([block] if isinstance(block, str) else ["\t".join(r) for r in block])]
    return MadePage(_coded(text, encoding), None, title, day, body, tuple(true), signed, 0, recipe)


def _coded(text: str, encoding: str) -> bytes:
    if encoding == "references":
        return text.encode("ascii", "xmlcharrefreplace")
    return text.encode(encoding)


def _blocks(chance: Random, bank: dict[str, Any], known: dict[str, Any]) -> list[Block]:
    if chance.random() < 0.2:  # a report of a few lines
        only = "".join(item.format(n=chance.randint(2, 99)) for item in chance.sample(bank["sentences"], 3))
        return [bank["openings"][0].format(**known), only]
    blocks: list[Block] = [chance.choice(bank["openings"]).format(**known)]
    for heading in bank["headings"]:
        blocks.append(heading)
        picked = chance.sample(bank["sentences"], chance.randint(1, 6))
        blocks.append("".join(item.format(n=chance.randint(2, 4000)) for item in picked))
    if chance.random() < 0.3:
        rows = [["指标", "上年", "本年"], ["受理（件）", "12", str(chance.randint(1, 99))], ["办结（件）", "11", "9"]]
        blocks.insert(chance.randint(3, len(blocks) - 1), rows)
    return blocks


def _table(rows: list[list[str]]) -> str:
    cells = "".join(
        "<tr>" + "".join(f"<td><p><span>{cell}</span></p></td>" for cell in row) + "</tr>\n" for row in rows
    )
    return f"<div class='table-wrap'><table class=MsoTableGrid><thead></thead><tbody>{cells}</tbody></table></div>"


def _some(chance: Random, items: list[str], known: dict[str, Any]) -> str:
    menu = "".join(f"<a href='/m{at}/'>栏目{at}</a>" for at in range(60))
    picked = chance.sample(items, chance.randint(0, min(3, len(items))))
    return "\n".join(item.replace("{place}", known["place"]).replace("@MENU@", menu) for item in picked)


def _metadata(chance: Random, day: str, source: str) -> tuple[str, str]:
    """Where it stands, and its HTML."""
    year, month, date = day.split("-")
    return chance.choice(
        (
            ("head: tags", f'<meta property="article:published_time" content="{day}T09:30:00+08:00">'
             f'<meta name="PubDate" content="{day} 09:30"><meta name="ContentSource" content="{source}">'),
            ("above: spaced labels", f"<div><i class=icon></i>发 布 时 间 ： {day}　<i class=icon></i>来　源 ： {source}</div>"),
            ("above: time element", f"<p>发布于 <time datetime='{day}'>{year}年{int(month)}月{int(date)}日</time>　来源：{source}</p>"),
            ("above: list", f"<ul><li>发布日期：<em>{day}</em></li><li>信息来源：<em>{source}</em></li><li>浏览：<em>77</em></li></ul>"),
            ("above: updated first", f"<div>更新时间：2030-06-01 发布时间：{day} 来源：{source}</div>"),
            ("above: table", f"<table><tr><td>成文日期</td><td>{year}-01-01</td><td>发布日期</td><td>{day}</td></tr>"
             f"<tr><td>来源</td><td colspan=3>{source}</td></tr></table>"),
            ("below: below", f"<div class=bz>来源：{source}　发布时间：{day}</div>"),
        )
    )  # fmt: skip
