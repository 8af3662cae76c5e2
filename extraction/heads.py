"""The names of what was counted in, the head that completes the bare words of a list behind it out."""

from __future__ import annotations

import re

from extraction.cursor import Cursor
from extraction.subject import noun_of

_TOPIC = re.compile(
    r"行政复议|复议(?<!行政复议)(?=收案|立案|案件|申请|新收)|行政应诉|行政诉讼|法律援助|行政裁决|信访|政府信息公开申请|信息公开申请|矛盾纠纷|规范性文件"
)
# what a clause may speak of before its verb alone is counted: 对政府合同进行事前审查,共审查86份
_SPOKEN_OF = re.compile(
    _TOPIC.pattern
    + r"|(?:政府|行政|各类|经济)?(?:合同(?:、?协议)?|协议)|重大行政决策|执法案卷|依申请公开|电子证照|电子印章|中介服务|建议提案|社区矫正|行政处罚|行政许可"
)
_COUNTED = re.compile(
    r"(?:案件?|申请|纠纷|事项|文件|线索|举报|投诉|诉求|工单|合同|协议|案卷|规章|法规|诉讼|应诉|调解|会议?|活动|培训班?|人员|[员师]|证件?"
    r"|信箱(?:交办|转办|来信|来件|信件)?|许可|处罚|检查|建议|提案|公证|援助|机构|委员会|中心|[所站点室]|宣传|讲座|资料|任务|项目|隐患|问题|议题|决策)$"
)
_TOPIC_NOUN = {"信访": "事项", "政府信息公开申请": "", "信息公开申请": "", "矛盾纠纷": "", "规范性文件": ""}
_NEWLY_MADE = re.compile(r"^新(?:制定|出台|印发|发布|制发|修订)(?:的)?(?=[一-龥]{4})")
_DECIDED = re.compile(
    r"^(?:决定|宣布)(?:废止|失效|修改|修订|保留)和?(?:失效|修改)?[省市县区州本]?(?:人民)?(?:政府)?(?=(?:行政)?规范性文件)"
)
_IN_FORCE = re.compile(r"^(?:(?:19|20)\d\d年[底末初]?(?:以?前|以来)?的?)?现行(?:有效)?的?(?=(?:行政)?规范性文件)")
_ASKED_FOR = ("申请复议", "申请行政复议", "提起复议", "提起行政复议", "提出行政复议")
_FROM_ABOVE = re.compile(
    r"^(?:分[一两二三四五]批次?)?(?:承接|衔接|落实)?(?:国务院|中央|国家|上级|[省市州](?:级|政府|[一-龥]{2,8}[厅局委])?|、|和)+下放的?(?=[一-龥]{4})"
)
_ENDS_IN_ACT = re.compile(r"(?:立案)?(?:受理|新收|收案|收到|审理|审结|办结|立案)$")  # 行政复议立案受理138件
_TRAILING_ACT = re.compile(r"(?:累计|共计?)(?:接收|受理|收到|收案|办理|立案|办结|审结|排查|调解)$")
_DONE_TO = re.compile(r"(?:逐[件份一])?(?:进行|开展|实施|予以)了?[一-龥]{2,10}$|(?:全面|集中|专项)?清理后$")
# what a paragraph speaks of before a sentence; 调解 and 和解 are ways in which reviews end
_OF_PARAGRAPH = re.compile(
    r"行政复议|复议(?=[立收申案应])|应诉|诉讼|信息公开|依申请公开|信访|人民调解|纠纷|法律援助|仲裁|处罚|许可|立法|决策|规范性文件|热线|诉求"
)
# 审结146件,维持60件,驳回16件: what became of reviews
_RESULTS = re.compile(r"维持[^\n]{0,80}(?:驳回|撤销|确认违法|终止)|(?:驳回|撤销)[^\n]{0,80}维持")
_NOT_OF_REVIEWS = re.compile("诉|判|仲裁|信访|复查|工伤|处罚")
_HEADED = re.compile(
    r"[\u3000 ]*(?:[（(]?[一二三四五六七八九十0-9]{1,3}[)）.、])?[一-龥]{0,6}"
    r"(?:矫正|帮教|援助|公证|律师|普法|宣传|复议|应诉|诉讼|信访|热线|公开|审计|监察|投诉|举报|调解|仲裁|鉴定|培训|学法|执法|许可|处罚)[：:]"
)
# what was done to the list's cases, not a new list
_NO_HEAD = (
    "申请再审",
    "在审理",
    "出庭",
    "出庭应诉",
    "胜诉",
    "败诉",
    "修改意见",
    "审查意见",
    "前调解",
    "前化解",
    "诉前调解",
    "下放",
    "部分公开",
    "不予公开",
    "不予处理",
    "不掌握",
    "无法提供",
    "信息不存在",
)
_PART_OF_YEAR = re.compile(r"^(?:前?[一二两三四]个?季度|[上下]半年)(?:新登记|新增|新设立|共|累计)*(?=.{2})")
_OWN_LABEL = re.compile(r"[；;](?P<topic>[^，。；;：:0-9]{2,10})[：:][^，。；;：:0-9]{0,6}\Z")
_HEADING = re.compile(
    r"[\u3000 ]*[（(]?[一二三四五六七八九十0-9]{1,3}(?:[）)、.\uff0e]|是)+(?:加强|规范|严格|做好|强化|深化|推进)?"
    r"(?P<topic>(?:行政)?规范性文件|行政审批|行政复议|行政应诉|法律援助|信访)(?:管理|制定|备案|清理|改革|工作|制度改革|和应诉)*。$"
)
_LAST_ACT = re.compile(
    r"(?<=.{2})(?:应[建设配]|[排摸][查排]出)$"
)  # 调解室应建11个,建成14个; 矛盾纠纷排查出143件,化解率97%
_INSTANCE = re.compile(r"(?<=应诉|诉讼)(?:案件)?中?[一二再]审$")  # 行政应诉一审812件、二审316件
# 行政复议机构新收行政复议申请: who acts is no part of what is counted
_ACTOR = re.compile(
    r"^[一-龥（）()]{1,14}?(?:机构|机关|部门|单位|组织|调委会|法制办|[政司][府法]局?|复议(?:局|处|办公室|办)?|大队|支队|中心|[两三]级)(?:共|累计|全年|依法|一年里|年内|当年)*"
    r"(?=新?收到?|受理|办理|审[结理查核]|接[收到]|作出|查处|立案|排查|调解|化解|登记(?=申请|行政复议|复议))"
)
_OFFICES = ("局", "厅", "委")
_OWN_OFFICE = re.compile(
    r"(?:[省市县区州我本][局厅委]|[局厅委](?=本级|机关))(?:本级|机关)?(?:共|全年)?(?=新?收到?|受理|办理|审[结理]|接[收到])"
)  # 市局收到行政复议申请, 厅本级收到复议申请


class Heads(Cursor):
    """Remembers the head of the sentence and of the one before in the same paragraph."""

    def __init__(self, body: str) -> None:
        super().__init__(body)
        self.head = self.head_before = ""
        self.head_used = ""  # of the sentence before, taken up in this one
        self.tells_kinds = False  # 从申请事项看，工伤认定类22件: the sentence changes no topic

    def keep_head(self, noun: str, opens: bool) -> None:
        """The list's head changes with its topic: 撤回行政复议申请 stays within 行政复议案件; what comes in opens a new one."""
        self.tells_kinds = self.tells_kinds or noun.endswith("类")
        if (
            noun.endswith(("的", "类", "发文", "解撤回申请"))
            or noun in ("矫正", "听证")
            or noun.startswith(("问题文件", "搬到", "搬上", "因", "是20"))
        ):
            return  # 告公安局的121件, 工伤认定类22件, 听证18件, 2人因病缓考: some of the list's
        if "季度" in noun or "半年" in noun:
            noun = _PART_OF_YEAR.sub("", noun)  # 一季度新登记市场主体8.9万户，全年新登记61.8万户
        if noun.endswith(("建", "设", "配", "出")):
            noun = _LAST_ACT.sub("", noun)
        elif noun.endswith(("清理规范性文件", "梳理规范性文件")):
            noun = "规范性文件"  # 县司法局牵头清理规范性文件112件,保留86件
        noun = _INSTANCE.sub("", noun) if noun.endswith("审") else noun
        topics = _TOPIC.findall(noun)
        if topics and _ENDS_IN_ACT.search(noun):
            noun = topics[-1] + _TOPIC_NOUN.get(topics[-1], "案件")
        elif noun.endswith(_ASKED_FOR):
            noun = "行政复议案件"  # 群众不服处理决定申请复议86件,受理79件
        same = (
            not opens
            and bool(self.head)
            and ("诉" in noun) == ("诉" in self.head)  # 我局为被申请人的复议28件,我局为被告的诉讼41件
            and (not topics or topics[-1] in self.head)
            and any(noun[at : at + 4] in self.head for at in range(len(noun) - 3))
        )
        if noun.startswith("发现") and len(noun) > 4:
            noun = noun[2:]  # 发现违法行为86起,立案36起
        if len(noun) > 4:
            # 矛盾纠纷排查86次,调解成功: what was found is mediated
            noun = noun.removesuffix("大排查").removesuffix("排查")
        if noun.startswith("新"):
            noun = _NEWLY_MADE.sub("", noun)  # 新制定规范性文件9件;清理后废止22件
        elif noun.startswith(("决定", "宣布")):
            noun = _DECIDED.sub("", noun)  # 决定废止区政府规范性文件12件,宣布失效9件
        elif "现行" in noun[:12]:
            noun = _IN_FORCE.sub("", noun)  # 对现行有效的126件规范性文件进行清理,宣布失效12件
        if "下放" in noun:
            noun = _FROM_ABOVE.sub("", noun)
        if (noun[:1] in _OFFICES or noun[1:2] in _OFFICES) and (office := _OWN_OFFICE.match(noun)):
            noun = noun_of(noun[office.end() :]) or noun
        elif noun[:1] in _OFFICES and noun[1:] == "规范性文件":
            noun = noun[1:]  # 清理局规范性文件42件,废止7件
        if len(noun) > 7 and (actor := _ACTOR.match(noun)):
            rest = noun_of(noun[actor.end() :])
            if len(rest) > 4:
                noun = rest
            elif topics:
                noun = rest if topics[-1] in rest else topics[-1] + rest  # 行政复议机构新收案件: the actor names them
            elif "复议" in actor.group():
                noun = "行政复议" + (rest or "案件")  # 复议机构新收申请, 复议机关一年里收案
            elif ("调解" in actor.group() and rest == "案件") or ("调委会" in actor.group() and rest == "纠纷"):
                noun = "纠纷"  # 调解组织受理案件126件,调解成功124件
        if noun.endswith(("立案", "结案")) and not topics:
            return  # 执法队立案63件,处罚61件
        if "等方式" in noun:
            return  # 通过案前调解等方式促使申请人撤回申请14件: what was done to the list's cases
        if len(noun) > 7:
            # 社区矫正对象累计接收, (231件)规范性文件进行了备案审查: the act is no part of what is counted
            act = _TRAILING_ACT.search(noun, 4) or _DONE_TO.search(noun, 4)
            noun = noun[: act.start()] if act else noun
        if self.head and not topics and _TOPIC.search(self.head) and not _COUNTED.search(noun):
            return  # 告知其他途径处理38件: within the cases told before
        if len(noun) >= 2 and not same and not noun.endswith(_NO_HEAD):
            self.head = noun

    def topic_of_paragraph(self) -> str:
        """What its sentences before speak of last: 新修订的行政复议法实施以来，…。2024年收到申请164件."""
        start = max(self.body.rfind("\n", 0, self.start) + 1, self.start - 240)
        topics = _OF_PARAGRAPH.findall(self.body, start, self.start)
        return topics[-1] if topics else ""

    def is_headed(self) -> bool:
        """Whether the sentence opens with a topic of its own: 社区矫正：在册86人,警告3人。安置帮教：在册212人."""
        return _HEADED.match(self.body, self.start, self.start + 16) is not None

    def topic_of_results(self, at: int) -> str:
        """年内审结146件,维持60件,驳回16件: reviews, where the paragraph before speaks of them last."""
        line = self.body.rfind("\n", 0, self.start) + 1
        behind = self.body[at : at + 160].partition("\n")[0]
        told = self.body[self.start : at] + behind
        if not _RESULTS.search(told) or _NOT_OF_REVIEWS.search(told):
            return ""
        topics = _OF_PARAGRAPH.findall(self.body, max(0, line - 400), self.start)
        return "行政复议案件" if topics and topics[-1].endswith("复议") else ""

    def topic_of_heading(self) -> str:
        """What the short sentence before names and nothing more: （四）规范性文件。制发12件."""
        end = self.start - 1
        if end < 0 or self.body[end] != "。":
            return ""
        low = max(0, end - 24)
        start = max(self.body.rfind("\n", low, end), self.body.rfind("。", low, end)) + 1
        if not start and low:
            return ""  # a long sentence
        named = _HEADING.match(self.body, start, end + 1)
        return named["topic"] if named else ""

    def opens_topic(self, at: int) -> bool:
        """决策：党委会28次；规范性文件：制定1件: a label of its own in the sentence."""
        label = _OWN_LABEL.search(self.body, max(self.start, at - 20), at)
        return label is not None and _SPOKEN_OF.search(label["topic"]) is not None

    def topic(self, at: int) -> str:
        """What the sentence spoke of last where nothing was counted yet: 统一行使行政复议职责,收案86件."""
        topics = _SPOKEN_OF.findall(self.body, max(self.start, at - 60), at)
        last = topics[-1] if topics else ""
        return last + _TOPIC_NOUN.get(last, "案件") if _TOPIC.fullmatch(last) else last
