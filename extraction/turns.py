"""Quantities and the sentence before them in, whether they speak of bodies or of a part that the sentence turned to out."""

from __future__ import annotations

import re

from extraction.cases import CASES
from extraction.types import Quantity

# 对14个镇街、26个部门开展督察: two parts of one act, neither is the whole
BODIES = ("个", "家", "所", "户")
VISITS = ("家次", "户次", "家", "户")
_ACT_BEHIND = re.compile(r"纳入|督察|督查|开展|进行|实施|组织|实行|述法|全覆盖")
# a subject of such words alone takes its topic from what was said before
_BARE = re.compile(
    r"(?:罚|没|款|金额|处罚|立案|查处|违法|案件|检查|抽查|企业|单位|场所|出动|执法|人员|发现|排查|完成|整改|隐患|问题|移送|公安|司法"
    r"|机关|办结|受理|成功|率|督促|消除|当场|现场|限期|下达监督意见书|满意|办件|量|调解|化解|行政|作出|决定|没收|所得|涉案|涉及|收缴|依法|责令|死亡|受伤|人数|伤亡)+"
)
_ANEW = re.compile(r"[；;]|全年|今年|当年|累计|(?<!公)共|合计|(?:19|20)[0-9]{2}年")
# 其中种子案件3起,罚款3.6万元: whose fines these are nobody can tell
_PART_CASES = re.compile(r"(?<!行政处罚)(?<!程序)(?<!适用)(?<!移送)(?:案件|(?<!立)案|事故)$")
# 14个执法部门共办理行政处罚案件1236件: bodies
_BODIES_BEHIND = re.compile(
    r"(?:建制|经济发达|重点|中心|试点)?[镇乡](?![长村镇街级])|[^，。、；,;\d]{0,6}?(?:部门|单位|机关|机构|执法主体|调委会|调解委员会|司法所|派出所|乡镇|镇街|街道|县区|区县|企业|法院)(?!规|文|重|合)"
)
_OFFENCE = re.compile(
    r"(?:查处|查获)(?:违规|非法|假冒|无证|无照|酒|醉|超限|超载|野外|露天)[一-龥]{1,8}$"
    r"|查处(?!各类|一批|重大|行政|相关)[一-龥]{2,8}违法(?:行为)?$"
)  # 查处违规用火8起, 查处渣土运输违法1326起
_ANY_PLACE = re.compile(
    r"(?:[各类种相关辖区重点生产经营被]|调查|检查|抽查|巡查)*(?:企业|单位|场所|主体|市场主体|经营主体|门店|对象|经营户|商户|点位|点)?"
)
_PARTS_FOLLOW = re.compile(r"[，,：:（(](?:包括|其中|含|分别为|分别是|分为)")
_CLOSED = re.compile(r"[^（(]*[）)]")  # 行政处罚187起（事前处罚159起），罚款1043万元
# 发现违法用地84宗,立案查处57宗: of this offence
_ONE_OFFENCE = re.compile(
    r"^(?:发现|查处|制止|排查|认定|核查).{0,4}违法(?:用地|占地|建[筑设]|图斑|排污|采[矿砂]|经营户|种植)$"
)
_SHARE_OF_REGION = re.compile(r"[，,（(]约?占全[省市县区州旗盟]")  # 市本级收案163件，占全市的36%
_WHOLE_REGION = re.compile(r"全[省市县区州旗盟](?![级面])[^。\n]*\d[^\n]*本级")


def is_second_body(unit: str | None, sentence: str, behind: str) -> bool:
    """Whether other bodies, with this unit and a number or all of a kind (各县市和), stand right before one act on both."""
    return (
        unit in BODIES
        and bool(_ACT_BEHIND.search(behind))
        and bool(re.search(rf"(?:\d[余多]?{unit}[一-龥（）()、]{{1,12}}|[各全][一-龥]{{1,5}})[、和及与]$", sentence))
    )


def inspects_places(quantity: Quantity) -> bool:
    """检查食品生产企业126家次: what is found there and punished is a part; 安全生产检查企业263家次 names a field."""
    if quantity.unit not in VISITS:
        return False
    _, act, places = quantity.subject.partition("检查")
    return bool(act) and not _ANY_PLACE.fullmatch(places)


def counts_bodies(body: str, at: int) -> bool:
    """Whether the noun behind the number is a body, which is no case and no event."""
    return _BODIES_BEHIND.match(body, at) is not None


def is_own_level_of_a_whole(quantity: Quantity, body: str) -> bool:
    """全市受理862件。市本级听证18次: in a paragraph that speaks of the whole region, the own level is a part."""
    if not quantity.scope or not quantity.scope.endswith("本级"):
        return False
    if _SHARE_OF_REGION.match(body, quantity.char_end):
        return True
    start = max(body.rfind("\n", 0, quantity.char_start) + 1, quantity.char_start - 400)
    if re.search("[；;]", body[body.rfind("本级", start, quantity.char_start) : quantity.char_start]):
        return False  # 其中县本级96件；受理102件
    return _WHOLE_REGION.search(body, start, quantity.char_start) is not None


class Turn:
    """Remembers where a sentence turned to something that is only a part (走私案件), for bare words behind."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.part_at = -1  # end of the last quantity that speaks of a part
        self.whole: Quantity | None = None  # cases whose parts follow
        self.left = 0.0  # of them, behind the parts so far

    def weigh(self, quantity: Quantity) -> None:
        """立案39起，包括事前立案33起、事故立案6起，罚款: parts that make up the whole turn to nothing."""
        if self.whole and not self.left:
            self.part_at, self.whole = -1, None
        if quantity.unit not in CASES or quantity.kind != "count" or not quantity.value:
            return
        if _PARTS_FOLLOW.match(self.body, quantity.char_end):
            self.whole, self.left = quantity, quantity.value
        elif self.whole:
            self.left -= quantity.value
            if self.left < 0 or quantity.unit != self.whole.unit:
                self.whole = None

    def take(self, quantity: Quantity, sentence: str) -> None:
        subject = quantity.subject
        if ("其中" in sentence and _PART_CASES.search(subject)) or ("违法" in subject and _ONE_OFFENCE.search(subject)):
            self.part_at = quantity.char_end

    def take_place(self, quantity: Quantity, own_places: re.Pattern[str] | None) -> None:
        """检查药店126家次,立案3件: a place that no rule knows is a part, but for those of the department's own field."""
        if (
            inspects_places(quantity)
            or (quantity.kind == "count" and "查" in quantity.subject and _OFFENCE.search(quantity.subject))
        ) and not (own_places and own_places.search(quantity.subject)):
            self.part_at = quantity.char_end

    def holds_for(self, quantity: Quantity, sentence: str) -> bool:
        """查处土地违法案件43宗,罚款312万元: these fines are not all fines."""
        return (
            self.part_at > quantity.char_start - len(sentence)
            and _BARE.fullmatch(quantity.subject) is not None
            and not _ANEW.search(self.body, self.part_at, quantity.char_start)
            and not _CLOSED.match(self.body, self.part_at, quantity.char_start)
        )
