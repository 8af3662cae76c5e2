"""Number tokens in, the same with the units that lists, ranges and table cells share; numbers without any are dropped."""

from __future__ import annotations

import re

from extraction.numerals import scaled
from extraction.tables import Cell, cell_of
from extraction.tokens import Token

SHARES = re.compile(r"[ \t]?(?:[、，]|和|及|至|到|或|与|[-—–－~～]{1,2})[ \t]?")
_RANGE = re.compile(r"[ \t]?(?:至|到|[-—–－~～]{1,2})[ \t]?")
# a number without a unit counts behind a label (受理数为37, 满意度达98.5) and at the end of its clause or cell
_LABEL = re.compile(
    r"(?:[数量额值]|总计|合计|满意度|指数|得分|人数|件数|次数|比(?=[为达]))[为是达有：:]?(?:到|约|近)?[ \t]{0,2}[|｜]?[ \t]{0,2}$"
)
# 查处治安案件468,比上年少: a noun that is always counted, and a number that is neither a year nor a list's mark
_COUNTED = re.compile(r"(?<![一二三四五六七八九十0-9])(?:案件|纠纷|申请|线索|诉求|工单)(?:共计?|达|约|近)?$")
# what either of these ends in
_CLOSES_LABEL = frozenset("数量额值计度分比为是达有：:到约近 \t\n|｜件纷请索求单共")
_NO_YEAR = re.compile(r"(?!(?:19|20)[0-9]{2}$)[0-9]{2,}$")
_CELL = re.compile(r"[+＋]?[ \t]{0,2}(?:[，。；、,;）)\n|｜\t]|$)")


def with_shared_units(body: str, tokens: list[Token]) -> list[Token]:
    """Give `57、35、13件` and `3至5个` their shared unit; drop numbers that have none and no label."""
    kept: list[Token] = []
    following: Token | None = None
    for token in reversed(tokens):
        if not token.unit and token.scale != "分之":
            gap = body[token.end : following.start] if following and following.start - token.end <= 4 else "?"
            if following and following.unit and not following.han and not token.damaged and SHARES.fullmatch(gap):
                scale = following.scale if _RANGE.fullmatch(gap) and not token.scale else None
                token = token._replace(unit=following.unit, value=scaled(token.value or 0, scale))
            elif cell := cell_of(body, token.start, token.end):
                token = _in_cell(token, cell)
            elif not (token.scale and not token.damaged) and not _stands_alone(body, token):
                following = None
                continue
        elif cell := cell_of(body, token.start, token.end):
            token = token._replace(cell=cell)
        kept.append(token)
        following = token
    kept.reverse()
    return kept


def _in_cell(token: Token, cell: Cell) -> Token:
    unit = cell.unit or ""
    scale = unit[0] if unit[:1] in ("万", "亿") and len(unit) > 1 else None
    return token._replace(
        unit=unit[1:] if scale else unit, value=scaled(token.value or 0, scale), scale=scale, cell=cell
    )


def _stands_alone(body: str, token: Token) -> bool:
    before = body[max(0, token.start - 12) : token.start]
    if token.damaged:
        return "\u4e00" <= before[-1:] <= "\u9fff" and not before.endswith(("第", "年", "月", "（", "号"))
    if before[-1:] not in _CLOSES_LABEL or not _CELL.match(body, token.end):
        return False
    return bool(_LABEL.search(before) or (_COUNTED.search(before) and _NO_YEAR.match(body[token.start : token.end])))
