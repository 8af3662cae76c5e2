"""Quantities and the text around them in, which of them are only parts of what an indicator counts out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extraction.catalogue import Catalogue
from extraction.shares import shares_of_wholes
from extraction.types import Quantity

_JOINS = re.compile(r"[^，。；,;\n]{0,16}[、和及与][^，。；,;\n]{0,20}|[，,](?![全共])[^，。；,;\n]{1,3}")
# of one indicator, told apart: 处理投诉12362件;处理举报3216件
_SIDES = (
    ("投诉", "举报"),
    ("制定", "修改"),
    ("一审", "二审"),
    ("讲师", "志愿者"),
    ("蔬菜", "畜"),
    ("蔬菜", "水产"),
    ("畜产品", "水产品"),
    ("食品", "药品"),
    ("全国", "省级"),
    ("检察建议", "司法建议"),
    ("综合示范", "单项示范"),
    ("委员会会议", "专题会议"),
    ("公园", "广场"),
    ("公园", "长廊"),
    ("广场", "长廊"),
)
_FOR_PART = (
    ("可办", "全程"),
    ("网办率", "全程网办"),
    ("一般", "抵押"),
    ("述法", "现场述法"),
)  # 网上可办率99.6%,全程网办率87.3%: the first is the whole's
_LATER_STAGE = re.compile(
    r"[，,、](?:已|现已|共)?(?:派发|派单|转办|转派|交办)[^，。；,;]*|[，,](?:已|现已|共)?(?:办结|审结|结案|查处|处理|处置|答复|调解|调处|化解|完成)"
)  # 受理法律援助案件286件,办结251件
_LOWER_LEVEL = re.compile(r"[、，,][^，。；,;、\n]{0,12}(?:站|室|点|窗口)")  # 服务中心1个、工作站15个
_CENTRES = re.compile(r"[一-龥]{0,12}中心[、，,]")  # 7个服务中心、86个工作站
_STATIONS = re.compile(r"[^，。；,;、\n]{0,10}(?:站|室|点)")
_IN_PARENTHESES = re.compile(r"[（(][^（）()。；;\n]{1,16}")  # 评查案卷176卷(处罚121卷
_OF_WHICH_ITS_OWN = re.compile(
    r"其中[，,]?以[^，。；,;]{1,14}为(?:被告|被申请人)[^，。；,;]*\Z"
)  # 其中以县政府为被告的案件
_OWN_LEVEL = re.compile(
    r"[，。；,;](?:其中[，,]?)?[省市县区州](?:人民)?政府(?:本级)?(?:共|新)?(?:收|受理|办|审结|应诉|被诉)(?!.*(?:全[省市县区州]|各级))"
)
_OF_WHICH = re.compile(r"其中|包括|含")
OWN_CASES = "recon_as_respondent"
_OF_LAW = ("lit_cases", "public_interest_suits", "law_ads")
_STAGES = ("received", "accepted", "refused", "concluded", "withdrawn", "mediated", "corrected")
_RESULTS = tuple(f"recon_{result}" for result in ("upheld", "revoked", "illegal", "changed", "ordered", "dismissed"))
_OF_DECIDERS = frozenset(("recon_concluded", "recon_withdrawn", "recon_mediated", *_RESULTS))
DECISIONS = frozenset((*_RESULTS, *(f"recon_{stage}" for stage in _STAGES)))  # of those who decide on reviews


def without_parts(quantities: Sequence[Quantity], body: str, catalogue: Catalogue) -> list[Quantity]:
    """专项预案38个、部门预案126个: where one list gives an indicator twice, neither figure is the whole."""
    parts = _parts_of_neighbours(quantities, body, catalogue)
    parts |= shares_of_wholes(quantities, body) | _results_of_own_cases(quantities, body)
    whole: dict[str, int] = {}  # an indicator's last place
    for at, item in enumerate(quantities):
        if not item.indicator or at in parts:
            continue
        if (item.scope or "").startswith("以") and _OF_WHICH_ITS_OWN.search(
            body, max(0, item.char_start - 30), item.char_start
        ):
            parts.add(at)
            continue
        earlier = whole.setdefault(item.indicator, at)
        if earlier == at:
            continue
        between = body[quantities[earlier].char_end : item.char_start]
        rule = catalogue.indicators[item.indicator]
        if not rule.told_apart and _is_detail(between):
            name = rule.name_zh[:2] if rule.span == "stock" or item.indicator in _OF_LAW else "?"
            if _says(name, item.subject) and not _says(name, quantities[earlier].subject):
                # 涉诉案件9件,其中行政诉讼案件6件; 公益诉讼立案263件,其中行政公益诉讼212件
                parts.add(earlier)  # 行政执法人员862名,其中持证执法人员820名: the detail is what the indicator counts
                whole[item.indicator] = at
            else:
                parts.add(at)
        elif "\n" not in between and (
            _is_whole_of(item, quantities[earlier], between)
            or _is_earlier_stage_of(item, quantities[earlier])
            or _holds_what_all_have(item, quantities[earlier], between, catalogue)
            or _is_studied_beside(quantities[earlier], item)
        ):
            parts.add(earlier)
            whole[item.indicator] = at
        elif _is_studied_beside(item, quantities[earlier]) or (
            "\n" not in between
            and (
                _is_handed_on(quantities[earlier], item)
                or _is_own_of_all(quantities[earlier], item)
                or _is_own_level(quantities[earlier], item, between)
            )
        ):
            parts.add(at)
        elif (
            "\n" not in between
            and len(between) < 160
            and (
                _are_sides(quantities[earlier], item)
                or (item.indicator == _MODEL_VILLAGES and _are_of_levels(quantities[earlier], item, body))
            )
        ):
            parts |= {earlier, at}
        elif any(
            of_whole in quantities[earlier].subject and of_part in item.subject for of_whole, of_part in _FOR_PART
        ):
            parts.add(at)
        else:
            whole[item.indicator] = at
    return [item._replace(indicator=None) if at in parts else item for at, item in enumerate(quantities)]


def _parts_of_neighbours(quantities: Sequence[Quantity], body: str, catalogue: Catalogue) -> set[int]:
    """Which of two figures beside each other are parts of what is counted, or of different levels."""
    parts: set[int] = set()
    for at, (one, other) in enumerate(pairwise(quantities)):
        if one.indicator and one.indicator == other.indicator and one.kind == other.kind == "count":
            if catalogue.indicators[one.indicator].told_apart:
                continue
            between = body[one.char_end : other.char_start]
            if between.endswith(("合计", "总计", "共计")):
                parts.add(at)  # 刑事法律援助案件143件、民事法律援助案件208件,合计351件
            elif one.subject.endswith("中心") and _LOWER_LEVEL.fullmatch(between):
                parts |= {at, at + 1}
            elif one.subject != other.subject and _JOINS.fullmatch(between):
                if _tells_what_is_counted(one, other, catalogue):
                    parts.add(at)
                    continue
                parts |= {at + 1} if _OF_WHICH.search(between) or _LATER_STAGE.fullmatch(between) else {at, at + 1}
        elif (
            one.indicator
            and one.unit == other.unit
            and one.subject.endswith("中心")
            and other.indicator in (None, one.indicator)
            and (
                _LOWER_LEVEL.fullmatch(body, one.char_end, other.char_start)
                or (_CENTRES.fullmatch(body, one.char_end, other.char_start) and _STATIONS.match(body, other.char_end))
            )
        ):
            parts.add(at)
    return parts


def _results_of_own_cases(quantities: Sequence[Quantity], body: str) -> set[int]:
    """我局被申请行政复议8件(维持7件,撤销1件): the indicators of results are of those who decide on the cases."""
    parts: set[int] = set()
    own = -1  # where the last figure of the body's own cases ends
    for at, item in enumerate(quantities):
        if item.indicator == OWN_CASES:
            own = item.char_end
        elif item.indicator and item.indicator.startswith("recon_") and own >= 0:
            between = body[own : item.char_start]
            if item.indicator in _OF_DECIDERS and not re.search("[。\n]", between) and "复议" not in between:
                parts.add(at)
            else:
                own = -1
    return parts


def _are_sides(one: Quantity, other: Quantity) -> bool:
    return any(
        (left in one.subject and right in other.subject and left not in other.subject and right not in one.subject)
        or (right in one.subject and left in other.subject and right not in other.subject and left not in one.subject)
        for left, right in _SIDES
    )


_HANDED_ON = re.compile(r"转办|派[发单件]|交办|转派")


def _is_handed_on(one: Quantity, other: Quantity) -> bool:
    """热线受理诉求36.2万件，直接解答26.3万件，转办9.9万件: those that others answer are a part."""
    return (
        other.indicator == "hotline_orders"
        and bool(one.value and other.value and other.value < one.value)
        and _HANDED_ON.match(other.subject) is not None
        and _HANDED_ON.search(one.subject) is None
    )


_MODEL_VILLAGES = "democratic_villages"
_OF_HIGHEST = re.compile(r"(?:全国|国家级)[^，。；,;0-9]{0,16}\Z")


def _are_of_levels(one: Quantity, other: Quantity, body: str) -> bool:
    """全国民主法治示范村126个，省级民主法治示范村2163个."""
    before = body[max(0, one.char_start - 20) : one.char_start]
    return "省级" in other.subject and _OF_HIGHEST.search(before) is not None


_IN_ALL = re.compile(r"(?:全年|累计)(?:共|累计)*[^，。；：,;:0-9\n]{2,14}\Z")


def _is_whole_of(whole: Quantity, part: Quantity, between: str) -> bool:
    """监督所立案23件。全局立案61件: what one office did is told before what all did.

    发放资料2600份,…,累计发放资料1.3万份: what was done in all holds what was told before; as do 各类普法活动412场.
    """
    return bool(
        whole.kind == part.kind == "count"
        and (
            ((whole.scope or "").startswith("全") and not part.scope)
            or ("各类" in whole.subject and "各类" not in part.subject)
            or (("全年" in between or "累计" in between) and _IN_ALL.search(between))
        )
        and whole.value
        and part.value
        and whole.value > part.value
    )


def _is_earlier_stage_of(item: Quantity, other: Quantity) -> bool:
    """援助案件办结412件、正在办理46件,共受理458件: what came in holds what was done with it."""
    return (
        "受理" in item.subject and "办结" in other.subject and not ("办结" in item.subject or "受理" in other.subject)
    )


def _holds_what_all_have(item: Quantity, other: Quantity, between: str, catalogue: Catalogue) -> bool:
    """现有执法人员63人,持有执法证61人: who holds one is what the indicator (持证…) counts."""
    holds = catalogue.indicators[item.indicator or ""].name_zh[:2] == "持证"
    return holds and "持" in item.subject and "持" not in other.subject and not re.search("[。；;！？\n]", between)


def _tells_what_is_counted(one: Quantity, other: Quantity, catalogue: Catalogue) -> bool:
    """行政执法人员862名，持证820名; 查处违法行为1260起，立案312件: the second is what the indicator (持证…, 立案…) counts."""
    if "应考" in one.subject and "实考" in other.subject:
        return True
    name = catalogue.indicators[other.indicator or ""].name_zh[:2]
    return name in ("持证", "化解", "立案") and _says(name, other.subject) and not _says(name, one.subject)


def _says(name: str, subject: str) -> bool:
    """执法人员12人，其中10人取得执法证: who came by a card holds it."""
    return name in subject or (name == "持证" and "取得" in subject and "执法证" in subject)


def _is_studied_beside(item: Quantity, other: Quantity) -> bool:
    """第一议题学法12次,中心组学法4次: the leading group's are what counts as study."""
    return "第一议题" in item.subject and "中心组" in other.subject


def _is_own_of_all(whole: Quantity, part: Quantity) -> bool:
    """全市行政应诉案件876件。以市政府为被告的94件: the government's own are a part of all bodies' cases."""
    if not (part.scope or "").startswith("以") or (whole.scope or "").startswith("以"):
        return False
    return (whole.scope or "").startswith(("全", "各级")) or bool(
        whole.value and part.value and part.value < whole.value and part.char_start - whole.char_end < 120
    )


_ENDS_DETAIL = re.compile(r"[。！？](?!其中)|\n|[；;](?!其中)|全年|累计")  # 罚款73万元。其中扬尘类118起,罚款41万元


def _is_own_level(whole: Quantity, part: Quantity, between: str) -> bool:
    """全市收到申请362件,市政府收到163件."""
    if not whole.scope or not whole.value or not part.value or part.value >= whole.value:
        return False
    return whole.scope.startswith(("全", "各级")) and _OWN_LEVEL.search(between) is not None


def _is_detail(between: str) -> bool:
    """罚没金额4215万元,其中食品案件865件,罚没1260万元: what is told again behind 其中 is a part."""
    if _IN_PARENTHESES.fullmatch(between):
        return True
    return len(between) < 160 and "其中" in between and not _ENDS_DETAIL.search(between)
