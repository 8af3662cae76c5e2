"""A case of identity*.jsonl in, the file that a harvester would have stored out: text as copied, or HTML.

A case names only what decides it (title, labelled line, tags, table, first paragraphs, sign-off, foot); the rest of the
page, prose and navigation without any place or year, is added here. Keys are described in README.md.
"""

from __future__ import annotations

import hashlib
import tomllib
from html import escape
from pathlib import Path
from typing import Any

Case = dict[str, Any]
HERE = Path(__file__).parent
FILLER: dict[str, list[str]] = tomllib.loads((HERE / "filler.toml").read_text("utf-8"))
WRAPPERS = (
    '<div class="TRS_Editor">{}</div>',
    '<td class="bt_content"><div id="zoom">{}</div></td>',
    '<div id="vsb_content"><div class="v_news_content">{}</div></div>',
    "<UCAPCONTENT>{}</UCAPCONTENT>",
    '<div class="article-content">{}</div>',
    '<div class="con"><div class="txt">{}</div></div>',
)
NAVIGATION = ("网站首页", "要闻动态", "政务公开", "办事服务", "互动交流")


def assemble(case: Case) -> tuple[str, bytes]:
    """File name and bytes of a case."""
    if case["form"] == "text":
        return f"{case['id']}.txt", _text(case).encode()
    return f"{case['id']}.html", _html(case).encode()


def paragraphs(case: Case) -> list[str]:
    """What the body says: the case's own paragraphs, then neutral prose of the kind that it asks for."""
    return [*case.get("text", []), *FILLER[case.get("filler", "government")], *case.get("end", [])]


def title_lines(case: Case) -> list[str]:
    title = case.get("title") or []
    return [title] if isinstance(title, str) else list(title)


def _text(case: Case) -> str:
    lines: list[str] = []
    if case.get("site"):
        lines += [case["site"], ""]
    if case.get("column"):
        lines += [f"当前位置: 首页 > {case['column']} > 正文", ""]
    for label, value in case.get("table", []):
        lines.append(f"{label}： | {value} |")
    lines += [*title_lines(case), ""]
    if case.get("line"):
        lines += [case["line"], ""]
    for paragraph in paragraphs(case):
        lines += [f"　　{paragraph}", ""]
    lines += [" " * 20 + line for line in case.get("sign", [])]
    return "\n".join([*lines, "", *case.get("after", []), "", *case.get("foot", [])]) + "\n"


def _html(case: Case) -> str:
    title = title_lines(case)
    head = case.get("head", "".join(title) + (f"-{case['site']}" if case.get("site") else ""))
    tags = "".join(f'<meta name="{name}" content="{escape(value)}">' for name, value in case.get("meta", {}).items())
    menu = "".join(f'<li><a href="/{at}/">{name}</a></li>' for at, name in enumerate(NAVIGATION))
    crumbs = f"当前位置：<a href='/'>首页</a> &gt; <a href='/x/'>{case['column']}</a>" if case.get("column") else ""
    rows = "".join(f"<tr><th>{label}：</th><td>{value}</td></tr>" for label, value in case.get("table", []))
    signature = "".join(f'<p style="text-align:right">{line}</p>' for line in case.get("sign", []))
    body = "".join(f"<p>　　{escape(line)}</p>\n" for line in paragraphs(case)) + signature
    wrapper = WRAPPERS[hashlib.sha256(case["id"].encode()).digest()[0] % len(WRAPPERS)].format(body)
    if wrapper.startswith("<td"):
        wrapper = f"<table><tr>{wrapper}</tr></table>"
    shown = f"<h1>{'<br>'.join(title)}</h1>" if title else ""
    parts = [
        f'<div class="logo">{case["site"]}</div>' if case.get("site") else "",
        f'<div class="today">{case["today"]}</div>' if case.get("today") else "",
        f"<ul>{menu}</ul><div>{crumbs}</div>",
        f"<table>{rows}</table>" if rows else "",
        shown,
        f"<div class='info'>{case['line']}</div>" if case.get("line") else "",
        wrapper,
        "".join(f"<p>{line}</p>" for line in case.get("after", [])),
        "".join(f"<div class='foot'>{line}</div>" for line in case.get("foot", [])),
    ]
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(head)}</title>{tags}</head>\n'
        f"<body>{chr(10).join(parts)}</body></html>"
    )
