"""Quantities and the text around them in, which of them are only parts of what an indicator counts out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extraction.catalogue import Catalogue
from extraction.types import Quantity

_JOINS = re.compile(r"[^，。；,;\n]{0,16}[、和及与][^，。；,;\n]{0,20}|[，,](?![全共])[^，。；,;\n]{1,3}")
# of one indicator, told apart: 处理投诉12362件;处理举报3216件
_SIDES = (("投诉", "举报"), ("制定", "修改"), ("一审", "二审"), ("讲师", "志愿者"))
_FOR_PART = (("可办", "全程"),)  # 网上可办率99.6%,全程网办率87.3%: the first is the whole's
_LATER_STAGE = re.compile(
    r"[，,](?:已|现已|共)?(?:办结|审结|结案|查处|处理|处置|答复)"
)  # 受理法律援助案件286件,办结251件
_LOWER_LEVEL = re.compile(r"[、，,][^，。；,;、\n]{0,12}(?:站|室|点|窗口)")  # 服务中心1个、工作站15个
_CENTRES = re.compile(r"[一-龥]{0,12}中心[、，,]")  # 7个服务中心、86个工作站
_STATIONS = re.compile(r"[^，。；,;、\n]{0,10}(?:站|室|点)")
_IN_PARENTHESES = re.compile(r"[（(][^（）()。；;\n]{1,16}")  # 评查案卷176卷(处罚121卷
_OF_WHICH_ITS_OWN = re.compile(
    r"其中[，,]?以[^，。；,;]{1,14}为(?:被告|被申请人)[^，。；,;]*\Z"
)  # 其中以县政府为被告的案件
_OF_WHICH = re.compile(r"其中|包括|含")
_OWN_CASES = "recon_as_respondent"
_STAGES = ("received", "accepted", "refused", "concluded", "withdrawn", "mediated", "corrected")
_RESULTS = tuple(f"recon_{result}" for result in ("upheld", "revoked", "illegal", "changed", "ordered", "dismissed"))
DECISIONS = frozenset((*_RESULTS, *(f"recon_{stage}" for stage in _STAGES)))  # of those who decide on reviews
# 对14个镇街、26个部门开展督察: two parts of one act, neither is the whole
BODIES = ("个", "家", "所", "户")
VISITS = ("家次", "户次", "家", "户")
_ACT_BEHIND = re.compile(r"纳入|督察|督查|开展|进行|实施|组织|实行|述法|全覆盖")
# a subject of such words alone takes its topic from what was said before
_BARE = re.compile(
    r"(?:罚|没|款|金额|处罚|立案|查处|违法|案件|检查|抽查|企业|单位|场所|出动|执法|人员|发现|排查|整改|隐患|问题|移送|公安|司法"
    r"|机关|办结|受理|成功|率|满意|办件|量|调解|化解|行政|作出|决定|没收|所得|涉案|涉及|收缴|依法|责令|死亡|受伤|人数|伤亡)+"
)
_ANEW = re.compile(r"[；;]|全年|今年|当年|累计|(?<!公)共|合计|(?:19|20)[0-9]{2}年")
# 其中种子案件3起,罚款3.6万元: whose fines these are nobody can tell
_PART_CASES = re.compile(r"(?<!行政处罚)(?<!程序)(?<!适用)(?<!移送)(?:案件|(?<!立)案|事故)$")
# 14个执法部门共办理行政处罚案件1236件: bodies
_BODIES_BEHIND = re.compile(
    r"[^，。；,;\d]{0,6}?(?:部门|单位|机关|机构|执法主体|乡镇|镇街|街道|县区|区县|企业|法院)(?!规|文|重|合)"
)
# 发现违法用地84宗,立案查处57宗: of this offence
_ONE_OFFENCE = re.compile(
    r"^(?:发现|查处|制止|排查|认定|核查).{0,4}违法(?:用地|占地|建[筑设]|图斑|排污|采[矿砂]|经营户|种植)$"
)
_WHOLE_REGION = re.compile(r"全[省市县区州旗盟](?![级面])[^。\n]*\d[^\n]*本级")

# 收到申请1750件,占收到申请总数的28.2%: one body's share of them all; 败诉6件,占审结案件的2% is what is asked for
_SHARE = re.compile(r"[，,（(]约?占(?P<of>[^，。；,;\d]{0,18})[\d.]+[%％]")
_OF_A_LEVEL = re.compile(r"全国|国家级|省级|市级|县级")
_NEXT_LEVEL = re.compile(r"[、，,](?:其中)?(?:国家级|省级|市级|县级|区级)[^，。；;、0-9]{0,12}[0-9]")
_SHARED_RATE = re.compile(r"[^、和与]{4}率均[达为是]?到?$")
_PROCEDURES = ("penalties_general", "penalties_summary")
_RATE_OF_BOTH = "proposal_rate"  # of suggestions and proposals
_SENTENCE_END = re.compile(r"[。！？\n]")
_COMES_IN = ("收", "受理")


def without_parts(quantities: Sequence[Quantity], body: str, catalogue: Catalogue) -> list[Quantity]:
    """专项预案38个、部门预案126个: where one list gives an indicator twice, neither figure is the whole."""
    parts: set[int] = set()
    for at, (one, other) in enumerate(pairwise(quantities)):
        if one.indicator and one.indicator == other.indicator and one.kind == other.kind == "count":
            if catalogue.indicators[one.indicator].told_apart:
                continue
            between = body[one.char_end : other.char_start]
            if one.subject.endswith("中心") and _LOWER_LEVEL.fullmatch(between):
                parts |= {at, at + 1}
            elif one.subject != other.subject and _JOINS.fullmatch(between):
                parts |= {at + 1} if _OF_WHICH.search(between) or _LATER_STAGE.fullmatch(between) else {at, at + 1}
        elif (
            one.indicator
            and one.unit == other.unit
            and one.subject.endswith("中心")
            and (
                _LOWER_LEVEL.fullmatch(body, one.char_end, other.char_start)
                or (_CENTRES.fullmatch(body, one.char_end, other.char_start) and _STATIONS.match(body, other.char_end))
            )
        ):
            parts.add(at)
    parts |= (
        _shares(quantities, body)
        | _levels_and_shared_rates(quantities, body)
        | _of_each_procedure(quantities, body)
        | _results_of_own_cases(quantities, body)
    )
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
        between = body[quantities[earlier].char_end : item.char_start]
        if earlier != at and _is_detail(between):
            rule = catalogue.indicators[item.indicator]
            name = rule.name_zh[:2] if rule.span == "stock" else "?"
            if name in item.subject and name not in quantities[earlier].subject:
                parts.add(earlier)  # 行政执法人员862名,其中持证执法人员820名: the detail is what the indicator counts
                whole[item.indicator] = at
            else:
                parts.add(at)
        elif (
            earlier != at
            and "\n" not in between
            and (_is_whole_of(item, quantities[earlier]) or _is_earlier_stage_of(item, quantities[earlier]))
        ):
            parts.add(earlier)
            whole[item.indicator] = at
        elif earlier != at and "\n" not in between and _is_own_of_all(quantities[earlier], item):
            parts.add(at)
        elif earlier != at and "\n" not in between and len(between) < 160 and _are_sides(quantities[earlier], item):
            parts |= {earlier, at}
        elif earlier != at and any(
            of_whole in quantities[earlier].subject and of_part in item.subject for of_whole, of_part in _FOR_PART
        ):
            parts.add(at)
        else:
            whole[item.indicator] = at
    return [replace(item, indicator=None) if at in parts else item for at, item in enumerate(quantities)]


def _levels_and_shared_rates(quantities: Sequence[Quantity], body: str) -> set[int]:
    """示范村全国6个、省级86个; and one rate behind counts of two kinds (投诉563件,工单1263件,办结率均为100%)."""
    parts: set[int] = set()
    for at, item in enumerate(quantities):
        if not item.indicator:
            continue
        if item.kind == "count":
            if _OF_A_LEVEL.search(item.subject) and _NEXT_LEVEL.match(body, item.char_end):
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
    fines: dict[str, list[int]] = {}
    last, end = "", 0
    for at, item in enumerate(quantities):
        if last and _SENTENCE_END.search(body, end, item.char_start):
            last = ""
        if item.indicator in _PROCEDURES:
            last, end = item.indicator, item.char_end
        elif item.indicator == "fines" and last and "；" in body[end : item.char_start].replace(";", "；"):
            last = ""
        elif item.indicator == "fines" and last:
            fines.setdefault(last, []).append(at)
    return {at for places in fines.values() for at in places} if len(fines) > 1 else set()


def _family(item: Quantity) -> str:
    return (item.indicator or "").split("_")[0] if item.kind == "count" else ""


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


def _results_of_own_cases(quantities: Sequence[Quantity], body: str) -> set[int]:
    """我局被申请行政复议8件(维持7件,撤销1件): the indicators of results are of those who decide on the cases."""
    parts: set[int] = set()
    own = -1  # where the last figure of the body's own cases ends
    for at, item in enumerate(quantities):
        if item.indicator == _OWN_CASES:
            own = item.char_end
        elif item.indicator and item.indicator.startswith("recon_") and own >= 0:
            if item.indicator in _RESULTS and not re.search("[。\n]", body[own : item.char_start]):
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


def _is_whole_of(whole: Quantity, part: Quantity) -> bool:
    """监督所立案23件。全局立案61件: what one office did is told before what all did."""
    return bool(
        whole.kind == part.kind == "count"
        and (whole.scope or "").startswith("全")
        and not part.scope
        and whole.value
        and part.value
        and whole.value > part.value
    )


def _is_earlier_stage_of(item: Quantity, other: Quantity) -> bool:
    """援助案件办结412件、正在办理46件,共受理458件: what came in holds what was done with it."""
    return (
        "受理" in item.subject and "办结" in other.subject and not ("办结" in item.subject or "受理" in other.subject)
    )


def _is_own_of_all(whole: Quantity, part: Quantity) -> bool:
    """全市行政应诉案件876件。以市政府为被告的94件: the government's own are a part of all bodies' cases."""
    if not (part.scope or "").startswith("以") or (whole.scope or "").startswith("以"):
        return False
    return (whole.scope or "").startswith(("全", "各级")) or bool(
        whole.value and part.value and part.value < whole.value and part.char_start - whole.char_end < 120
    )


def _is_detail(between: str) -> bool:
    """罚没金额4215万元,其中食品案件865件,罚没1260万元: what is told again behind 其中 is a part."""
    if _IN_PARENTHESES.fullmatch(between):
        return True
    return len(between) < 160 and "其中" in between and not re.search("[。；;！？\n]|全年|累计", between)


def is_second_body(unit: str | None, sentence: str, behind: str) -> bool:
    """Whether other bodies, with this unit and a number or all of a kind (各县市和), stand right before one act on both."""
    return (
        unit in BODIES
        and bool(_ACT_BEHIND.search(behind))
        and bool(re.search(rf"(?:\d[余多]?{unit}[一-龥（）()、]{{1,12}}|[各全][一-龥]{{1,5}})[、和及与]$", sentence))
    )


def counts_bodies(body: str, at: int) -> bool:
    """Whether the noun behind the number is a body, which is no case and no event."""
    return _BODIES_BEHIND.match(body, at) is not None


def is_own_level_of_a_whole(quantity: Quantity, body: str) -> bool:
    """全市受理862件。市本级听证18次: in a paragraph that speaks of the whole region, the own level is a part."""
    if not quantity.scope or not quantity.scope.endswith("本级"):
        return False
    start = max(body.rfind("\n", 0, quantity.char_start) + 1, quantity.char_start - 400)
    if re.search("[；;]", body[body.rfind("本级", start, quantity.char_start) : quantity.char_start]):
        return False  # 其中县本级96件；受理102件
    return _WHOLE_REGION.search(body, start, quantity.char_start) is not None


class Turn:
    """Remembers where a sentence turned to something that is only a part (走私案件), for bare words behind."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.part_at = -1  # end of the last quantity that speaks of a part

    def take(self, quantity: Quantity, sentence: str) -> None:
        if ("其中" in sentence and _PART_CASES.search(quantity.subject)) or _ONE_OFFENCE.search(quantity.subject):
            self.part_at = quantity.char_end

    def take_place(self, quantity: Quantity, own_places: re.Pattern[str] | None) -> None:
        """检查药店126家次,立案3件: a place that no rule knows is a part, but for those of the department's own field."""
        if (
            quantity.unit in VISITS
            and "检查" in quantity.subject
            and not (own_places and own_places.search(quantity.subject))
        ):
            self.part_at = quantity.char_end

    def holds_for(self, quantity: Quantity, sentence: str) -> bool:
        """查处土地违法案件43宗,罚款312万元: these fines are not all fines."""
        return (
            self.part_at > quantity.char_start - len(sentence)
            and _BARE.fullmatch(quantity.subject) is not None
            and not _ANEW.search(self.body, self.part_at, quantity.char_start)
        )
