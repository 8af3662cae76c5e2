"""Quantities and their text in, which are shares of one whole, rates of two kinds of counts or figures of one level out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extraction.types import Quantity

# 收到申请1750件,占收到申请总数的28.2%: one body's share of them all; 败诉6件,占审结案件的2% is what is asked for
_SHARE = re.compile(r"[，,（(]约?占(?P<of>[^，。；,;\d]{0,18})[\d.]+[%％]")
_OF_A_LEVEL = ("全国", "国家级", "省级", "市级", "县级")
_NEXT_LEVEL = re.compile(r"[、，,](?:其中)?(?:国家级|省级|市级|县级|区级)[^，。；;、0-9]{0,12}[0-9]")
_SHARED_RATE = re.compile(r"[^、和与]{4}率均[达为是]?到?$")
_PROCEDURES = ("penalties_general", "penalties_summary")
_RATE_OF_BOTH = "proposal_rate"  # of suggestions and proposals
_SENTENCE_END = re.compile(r"[。！？\n]")
_CLAUSES_APART = re.compile(r"[；;]")
_COMES_IN = ("收", "受理")


def shares_of_wholes(quantities: Sequence[Quantity], body: str) -> set[int]:
    """Their places among the quantities."""
    return _shares(quantities, body) | _levels_and_shared_rates(quantities, body) | _of_each_procedure(quantities, body)


def _shares(quantities: Sequence[Quantity], body: str) -> set[int]:
    """Figures that stand as shares of one whole: beside a share of the same act, or several side by side."""
    parts: set[int] = set()
    beside: dict[tuple[str, int], list[int]] = {}
    for at, item in enumerate(quantities):
        if not item.indicator or item.kind != "count" or "占" not in body[item.char_end : item.char_end + 3]:
            continue
        share = _SHARE.match(body, item.char_end)
        if not share:
            continue
        if "总" in share["of"] and any(act in item.subject and act in share["of"] for act in _COMES_IN):
            parts.add(at)
        beside.setdefault((item.indicator, body.count("\n", 0, item.char_end)), []).append(at)
    return parts.union(*(places for places in beside.values() if len(places) > 1))


def _levels_and_shared_rates(quantities: Sequence[Quantity], body: str) -> set[int]:
    """示范村全国6个、省级86个; and one rate behind counts of two kinds (投诉563件,工单1263件,办结率均为100%)."""
    parts: set[int] = set()
    for at, item in enumerate(quantities):
        if not item.indicator:
            continue
        if item.kind == "count":
            of_a_level = any(map(item.subject.__contains__, _OF_A_LEVEL))
            if of_a_level and _NEXT_LEVEL.match(body, item.char_end):
                parts.add(at)
        elif (
            item.kind == "rate"
            and at > 1
            and item.indicator != _RATE_OF_BOTH
            and _SHARED_RATE.search(body, max(0, item.char_start - 12), item.char_start)
        ):
            one, other = map(_family, quantities[at - 2 : at])
            said_in_one = not _SENTENCE_END.search(body, quantities[at - 2].char_end, item.char_start)
            if one and other and one != other and said_in_one:
                parts.add(at)
    return parts


def _of_each_procedure(quantities: Sequence[Quantity], body: str) -> set[int]:
    """一般程序863件,罚款312万元;简易程序1.2万件,罚款86万元: fines of each procedure, neither is all."""
    if "简易程序" not in body:
        return set()
    fines: dict[str, list[int]] = {}
    last, end = "", 0
    for at, item in enumerate(quantities):
        if last and _SENTENCE_END.search(body, end, item.char_start):
            last = ""
        if item.indicator in _PROCEDURES:
            last, end = item.indicator, item.char_end
        elif item.indicator == "fines" and last and _CLAUSES_APART.search(body, end, item.char_start):
            last = ""
        elif item.indicator == "fines" and last:
            fines.setdefault(last, []).append(at)
    return {at for places in fines.values() for at in places} if len(fines) > 1 else set()


def _family(item: Quantity) -> str:
    return (item.indicator or "").split("_")[0] if item.kind == "count" else ""
