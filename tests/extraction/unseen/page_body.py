"""Paragraphs and tables in, the HTML of an article's body out, in the ways that editors and content systems make it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Block = str | list[list[str]]  # a paragraph, or a table's rows of cells


def body_html(chance: Random, style: str, blocks: list[Block], top: str, bottom: str) -> str:
    """The blocks in a style of STYLES; `top` and `bottom` (widgets, sign-off) stand inside the same container."""
    return STYLES[style](chance, blocks, top, bottom)


def _table(rows: list[list[str]]) -> str:
    cells = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in rows)
    return f'<table border="1" cellspacing="0"><tbody>{cells}</tbody></table>'


def _each(blocks: list[Block], paragraph: Callable[[str], str]) -> list[str]:
    return [paragraph(block) if isinstance(block, str) else _table(block) for block in blocks]


def _p(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    indent = chance.choice(("　　", "&nbsp;&nbsp;&nbsp;&nbsp;", "&emsp;&emsp;", ""))
    empty = chance.choice(("", "<p>&nbsp;</p>", "<p><br></p>\n"))
    return top + empty.join(_each(blocks, lambda text: f'<p style="text-indent:2em">{indent}{text}</p>\n')) + bottom


def _word(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    def soup(text: str) -> str:
        parts, at = [], 0
        while at < len(text):
            end = at + chance.randint(2, 25)
            parts.append(f"<span style='font-size:16pt;font-family:仿宋_GB2312'>{text[at:end]}</span>")
            at = end
        return f"<p class=MsoNormal style='line-height:28pt'>{''.join(parts)}<o:p></o:p></p>\n"

    style = "<style>p.MsoNormal{margin:0;font-family:仿宋}</style>"
    return style + top + "".join(_each(blocks, soup)) + bottom


def _br(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    gap = chance.choice(("<br>", "<br/><br/>", "<BR>\n"))
    return top + gap.join(_each(blocks, lambda text: f"　　{text}")) + gap + bottom


def _div(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    return top + "".join(_each(blocks, lambda text: f"<div><div>{text}</div></div>")) + bottom


def _td(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    inner = "<br><br>".join(_each(blocks, lambda text: f"　　{text}"))
    return f"<table width=96%><tbody><tr><td>{top}{inner}<br>{bottom}</td></tr></tbody></table>"


def _cards(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    cuts = sorted(chance.sample(range(1, max(2, len(blocks))), min(2, max(1, len(blocks) - 1))))
    groups = [blocks[start:end] for start, end in zip([0, *cuts], [*cuts, len(blocks)], strict=True)]
    cards = "".join(
        f'<div class="card"><div class="card-body">{"".join(_each(group, lambda text: f"<p>{text}</p>"))}</div></div>'
        for group in groups
    )
    return top + cards + bottom


def _misnamed(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    name = chance.choice(
        ("sidebar footer-txt", "comment-list", "related share-box", "nav_content", "ad-banner", "menu")
    )
    return f'<div class="{name}" id="{name.split()[0]}">{_p(chance, blocks, top, bottom)}</div>'


def _oneline(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    return f"{top}<div>{''.join(_each(blocks, str))}</div>{bottom}"


def _unclosed(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    return top + "".join(_each(blocks, lambda text: f"<P align=left><FONT size=3>　　{text}\n")) + bottom


def _sections(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    def part(text: str) -> str:
        if len(text) < 30:
            return f'<section class="sec"><h3><strong>{text}</strong></h3></section>'
        return f'<section class="sec"><section><p><span>{text}</span></p></section></section>'

    return top + "".join(_each(blocks, part)) + bottom


def _mixed(chance: Random, blocks: list[Block], top: str, bottom: str) -> str:
    parts, groups = _each(blocks, lambda text: f"　　{text}"), []
    while parts:
        size = chance.randint(1, 4)
        groups.append("<br>".join(parts[:size]))
        parts = parts[size:]
    return top + "".join(f"<p>{group}</p>" for group in groups) + bottom


STYLES: dict[str, Callable[[Random, list[Block], str, str], str]] = {
    "p": _p,
    "word": _word,
    "br": _br,
    "div": _div,
    "td": _td,
    "cards": _cards,
    "misnamed": _misnamed,
    "oneline": _oneline,
    "unclosed": _unclosed,
    "sections": _sections,
    "mixed": _mixed,
}
