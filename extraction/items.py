"""A number of items and the text around it in, what became of them out: entered into a hall, handed to towns, listed anew."""

from __future__ import annotations

import re

_WHAT_BECAME = re.compile(
    r"(?=[均已全按依及])(?:均|已|全部|按期|依法|依规|及时)[^，。；,;0-9]{0,12}(?:答复|办结|审结|结案|整改|化解|采纳|结转|进驻|入驻|实现|纳入)"
)
# 政务服务事项1764项，1689项已进驻市民中心
_ENTERED = re.compile(r"(?:均|全部)?已?(?:全部|集中|统一)?(?:进驻|入驻)[一-龥]{0,6}(?:中心|大厅)")
# 将86项执法权下放到12个镇街
_HANDS_OVER = ("将", "把")
_TO_TOWNS = re.compile(
    r"[^，。；,;0-9]{2,20}(?:下放|赋予|交由|移交|交给|授权|下沉)[到至给由]?(?:[0-9]+余?个)?(?:乡镇|镇街|街道|镇|乡)"
)
_YEAR_BEFORE = re.compile(
    r"(?:[比较](?:去年|上年度?|上一年度?|前年|(?:19|20)[0-9]{2}年度?)(?:同期)?的?|[，,（(](?:去年|上年)(?:同期)?的?为?)\Z"
)
_ANEW = "(?:调整|更新|修订|扩充|扩展|拓展|扩大|优化)"
_ACT_BEFORE = r"(?:动态|及时|适时|全面)?(?:调整|更新|修订|完善|扩充|拓展)(?=[一-龥、“”]{2,14}清单"
_ACT_BEHIND = rf"(?<=清单)(?:事项)?(?:动态)?{_ANEW}"
_LISTED_TO = re.compile(rf"{_ACT_BEFORE}”?(?:事项)?(?:增加|扩展|扩大)?[至到]\Z)|{_ACT_BEHIND}(?=[为至到]\Z)")
_LISTED = re.compile(rf"{_ACT_BEFORE})|{_ACT_BEHIND}\Z")
_BRINGS_ITEMS = re.compile(
    r"(?:[市县区省州]直)?(?:部门|单位)[的、和共及]{0,2}[0-9,]+[项个名人](?!窗口)[^，。；,;0-9]{0,16}(?:进驻|入驻|纳入)[^，。；,;0-9]{0,8}(?:政务|行政)(?:服务)?(?:中心|大厅)"
)
# 市民服务中心45家部门、1653项事项集中进驻
_BRINGS_ITEMS_IN = re.compile(
    r"(?:[市县区州省]直)?(?:部门|单位){0,2}[的、和共及]{0,2}[0-9,]+[项个](?!窗口)[^，。；,;0-9]{0,12}(?:进驻|入驻)"
)
_HALL = re.compile(r"(?:政务|行政|市民|服务)[一-龥]{0,4}(?:中心|大厅)")


def became(body: str, at: int) -> str | None:
    """What became of those that stand in front of it; empty where that is another figure (45件已答复)."""
    if not _WHAT_BECAME.match(body, at):
        return None
    entered = _ENTERED.match(body, at)
    return entered.group() if entered else ""


def are_for_towns(sentence: str, body: str, at: int) -> bool:
    """Whether the items are handed to towns that stand behind them."""
    return sentence.endswith(_HANDS_OVER) and _TO_TOWNS.match(body, at) is not None


def is_of_year_before(sentence: str) -> bool:
    """比去年的72件增加: what the figure is compared with."""
    return "年" in sentence[-5:] and _YEAR_BEFORE.search(sentence) is not None


def as_listed_now(own: str, *phrases: str) -> tuple[str, ...] | None:
    """动态调整免罚清单至38项 tells what there is now: all without the act; None where it tells none."""
    now = _LISTED_TO.sub("", own)
    return (now, *(_LISTED.sub("", phrase) for phrase in phrases)) if now != own else None


def bring_items(body: str, at: int, sentence: str) -> bool:
    """Whether the departments are those that moved into a hall with so many items; at: where their number ends."""
    return bool(_BRINGS_ITEMS.match(body, at) or (_BRINGS_ITEMS_IN.match(body, at) and _HALL.search(sentence)))
