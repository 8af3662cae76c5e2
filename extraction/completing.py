"""A number's own words in, its subject completed from the list that it stands in out: 审结 becomes 审结行政复议案件."""

from __future__ import annotations

import re

from extraction.cases import CASES
from extraction.heads import Heads
from extraction.subject import is_attribute, is_only_verb, noun_of
from extraction.tokens import Token
from extraction.told_before import event_before, is_event, thing_before
from extraction.types import Kind

# 因调离、退休等原因收缴注销
_OF_CARDS = re.compile(
    r"(?:因[一-龥、]{2,10}?(?:原因)?)?(?:收回|收缴|补办|换发)?(?:注销|收回)|补办|吊销|暂扣|新发|新办|新申领|新领|补发|换发|申领"
)
_CARD = re.compile(r"(?:行政)?执法证件?|(?<![份业明照书])证件")
_INTO = re.compile(r"进(?:校园|学校|企业|机关|乡村|农村|社区|单位|军营|家庭|网络|市场|景区|工地|商圈|园区)")
_LAW_INTO = re.compile(r"[法律治普宣传]{2,4}[五六七八九十]进")  # “法律八进”活动240场次，其中进校园66场
_HEARING = re.compile(
    r"(?:对[^0-9]{2,18}的|(?:案件)?(?:办案|审理|审案|办理)(?:过程)?中)?(?:开庭|当面|公开)?(?:开|召开|举行|组织|举办)?(?:公开)?听证会?"
)
_NOT_ON_REVIEWS = re.compile("决策|立法|处罚|价格|许可|规划|征收")  # 规范决策程序，举行听证会3场
_OPENS_CASE = re.compile(r"立案(?:查处|处罚|调查)?|查处|处罚|行政处罚|移送")
_CASE = re.compile(r"案|线索|举报|投诉|违法(?!建[设筑]|用地|占地)|违规|申请|行为|问题(?!$)")
_SETTLES = re.compile(r"(?:排查)?(?:调解|调处|化解)")
_ACTOR_SETTLES = re.compile(
    r"(?<=[会织共])(?:调解|调处|化解)(?=[一-龥]{0,6}纠纷$)"
)  # 调委会共调处矛盾纠纷86件，成功84件
_ANSWERS = ("不予处理", "不予公开", "无法提供", "部分公开", "不掌握", "本机关不掌握", "信息不存在")
_OVERALL = frozenset(("总数", "总量", "总数量", "总人数", "总户数"))  # 新设立4个,总数达到16个
COMPARED = r"同比|环比|[比较](?:上年|去年)(?:同期)?"
_LIST_KEPT = re.compile(r"(?:权责|权力和?责任|权力|行政许可事项|公共服务事项|中介服务事项)清单")
_OLD_FILES = re.compile(
    r"(?:全面|集中|系统)?(?P<act>清理|梳理)(?:(?:19|20)\d\d年以[来前]的?|历年|存量|现有|现行|以往|往年)(?:制发|印发|出台)?的?文件"
)
_OF_EACH = re.compile(r"^[每各]个?(?:行政)?(?:村居?|社区|乡镇|镇街|街道|单位|部门)(?:（社区）)?(?=.{2})")
_CHANGED = re.compile(rf"(?:{COMPARED})?(?:增长|增加|上升|下降|减少)$")
_NEWLY = re.compile(
    r"^(?:辖区内?|全[省市县区镇乡州旗])?新?(?:设立|建成|建|增|设|登记|增加|确定|聘请|聘|培养|培育|发展)"
)
_REACHES = re.compile(
    r"(?:目前|现|总数|累计)?(?:已|共)?(?:达到?|增至|增加到|扩大到)|累计(?:建成|设立|共)?"
)  # 新增联系点3个,目前已达到15个
_SUM = re.compile(r"[，,；;]?(?:两类|两项|两者|二者)?(?:合计|总计|共计)(?:约|近|为)?")
_BOTH = ("两类", "两项", "两者", "二者")
_OUTCOMES = re.compile(
    r"[，,；;：:（(](?:其中)?[，,：:]?(?:决定|宣布|拟|确认)?(?:保留|继续有效|废止|失效|修[改订])"
)  # 清理文件112件,保留86件
_CLEANED = re.compile(r"(?:清理|梳理)(?:历年|历史|存量|现有|各类|政府|制发|的)*文件$")
_TO_BE_CLEANED = re.compile(r"(?:[列纳]入)?清理范围的?(?P<files>(?:(?:行政)?规范性)?文件)(?:[中里]|逐[件份一].*)?$")
# 对我局名义发布的19件文件进行清理，继续有效14件
_CLEANED_BEHIND = re.compile(
    r"[现行有效存量历年制发印的]{0,8}文件(?:逐[件份一])?(?:进行|开展)?了?(?:全面|集中|系统|逐件)*(?:进行|开展)?(?:清理|梳理)，(?:决定|宣布|拟|其中)*(?:保留|继续有效|废止|失效|修[改订])"
)
_MADE_BY_US = re.compile(
    r"(?:对|以|由|将)?[一-龥]{0,8}(?:名义|制定|印发|发布|制发|出台)(?:制定|印发|发布|制发|出台)?的(?:现行有效的?)?文件|(?:现行(?:有效)?|存量|历年)的?文件"
)
_CLEANING_ALL = re.compile(r"(?:开展|组织|进行|组织开展)(?:全面|集中|年度|定期|系统)+清理")
_LEGALITY = ("合法性审查", "合法性审核", "审核把关", "经合法性审查", "经合法性审核")
_FILES = ("文件", "涉及文件", "清理文件", "梳理文件", "纳入文件")
_CLEANING_BEFORE = re.compile(
    r"(?:全面|集中|年度|定期|系统)+清理(?:工作)?(?:[0-9]+次)?[，,](?:共|涉及|清理|梳理|纳入)*(?:文件)?\Z"
)
_ASKED_FOR = re.compile(r"(?:征求|征集|听取)[^，。；,;0-9]{0,24}(?:意见|建议)\Z")
_CAME_IN = ("收到", "收集", "收集到", "收回", "征得", "征集", "征集到")
_SINCE = re.compile(r"^.*以来(?:共|累计|已)*(?=.{2})")  # 赋权以来共立案212件,今年76件
_BUILDS = ("建成", "设立", "建立", "在册", "实有", "在营")
_OF_ITS_OWN = ("出动", "主动公开")  # 巡查河道1263公里,出动860人次
TIMES = ("次", "场", "期", "场次")
_GOVERNMENT = re.compile(r"^(?:[省市县区州旗]|本级)(?:人民)?政府(?:共|已|依法)*(?=[一-龥]{2,4}$)")  # 县政府受理12件
_PERSON = re.compile(r"(?:人员|[队官导专监]员|调解员|律师|干部|志愿者)$")
_PERSONS = ("人", "名", "人次")
_VISITS = ("批", "批次", "人", "人次")
_DESCRIBES = frozenset(
    ("专职", "兼职", "事业编", "行政编", "持证", "持证上岗", "在岗", "在编", "持有执法证")
)  # 人民调解员1126人，专职214人
_LONGEST_FIRST = sorted(_DESCRIBES, key=len, reverse=True)
_HAVING = re.compile(r"现有|共有|有(?!效)|配备|选聘|聘[请任]")
_NORMATIVE = re.compile(r"^[^0-9]*规范性文件[^0-9]*$")
_OF_MONEY = re.compile(r"金额|标的")
_SAID_ON = re.compile(r"(?:意见|建议)[一-龥]{0,2}$")
_ITS_RATE = re.compile(r"(?:按期|按时|及时|如期|(?:在)?法定期限内)?(?:办结|审结|结案|回复|答复|办复|受理)率|调解和解率")
_EXAM_RATE = re.compile(r"(?:考试)?(?:合格|通过|达标|及格|优秀|参考|参试)率")
TAKING_PART = re.compile(
    r"(?=[执业机人骨干职参应受])(?:执法|业务|机关)?(?:人员|骨干|干部|职工|干部职工)?(?:参加|参与|参考|应考|应试|参训|参赛|受训)了?(?:人数)?"
)  # 组织执法资格考试,1843人参加
_YEAR_WORDS = re.compile(r"(?:19|20)\d\d年度?(?:的|同期)?")
_MEASURE = re.compile(r"提速|率|时限|时间|时长|环节|材料|要件|信访|浓度|数|量|额|收入|案件|纠纷")


class Completing(Heads):
    """Remembers the subjects of the sentence so far."""

    def __init__(self, body: str) -> None:
        super().__init__(body)
        self.subjects: list[tuple[str, str]] = []  # (subject, unit) of the sentence so far
        self.own_label = self.label_of_last = ""  # of this token and the one before, nothing carried
        self.kind: Kind = "count"  # of the token before

    def carried(
        self, subject: str, named: bool, kind: Kind, last: str, token: Token, at_clause: int
    ) -> tuple[str, bool]:
        """Complete 审结 to 审结行政复议案件, 同比下降 to 来信来访同比下降, 办结率 to 线索办结率.

        at_clause: where the number's clause starts, 0 behind another number of it.
        """
        at, unit = token.start, token.unit
        if not subject or subject in _BOTH:
            return self._inherited(last, token), False
        if kind in ("change_rate", "change"):
            subject = _YEAR_WORDS.sub("", subject)
            short = len(subject) <= 8 and not _MEASURE.search(subject)
            return ((last or self.head or self.topic(at)) + subject if short else subject), False
        if subject.startswith("占"):
            return self.label_of_last + subject, False
        if subject in _OVERALL and last:
            if last[0] in "每各":
                last = _OF_EACH.sub("", last)  # 每村法律明白人不少于3名，总数863名
            return _CHANGED.sub("", _NEWLY.sub("", noun_of(last))) + subject, True
        if about := self._about_last(subject, last, unit):
            return about, False
        if unit in CASES:
            if subject == "人民调解":
                return subject + "纠纷", True
            if "政府" in subject and (who := _GOVERNMENT.match(subject)):
                subject = subject[who.end() :] if is_only_verb(subject[who.end() :]) else subject
        noun = noun_of(subject)
        if told := self._of_documents(subject, noun, last, token, at_clause) or self._of_cases(subject, noun, token):
            return told, True
        if at_clause and subject in _CAME_IN and _ASKED_FOR.search(self.clause_before(at_clause)):
            return subject + "意见", True  # 公开征求决策草案的意见,收到417条
        if unit in TIMES and (event := self._of_an_event(subject, at)):
            return event, False
        if subject == "其他" and last.startswith(_ANSWERS):
            subject = "其他处理"  # 不予处理15件，其他26件
        if last and "证" in last and _OF_CARDS.fullmatch(subject) and (card := _CARD.search(last)):
            return subject + card.group(), False
        if is_only_verb(subject) or (self.head and len(subject) <= 1 and subject != "计"):
            return self._done_to_head(subject, last, token, at_clause), False
        if subject in _DESCRIBES and last and self.subjects[-1][1] == unit:
            they = _HAVING.split(last)[-1]
            other = next(filter(they.startswith, _LONGEST_FIRST), "")  # 事业编8人、持证7人: both of those told before
            return subject + they.removeprefix(other), False
        if kind == "rate" and (rate := self._rate_of(subject, last, at_clause)):
            return rate, False
        return subject, named

    def _inherited(self, last: str, token: Token) -> str:
        """A number without a name of its own: a sum of those before, or one more of the last."""
        at = token.start
        if len(self.subjects) > 1 and _SUM.fullmatch(self.body, self.before_end, at):
            common = _common_end(last, self.subjects[-2][0])  # 刑事法律援助案件143件、民事法律援助案件208件,合计351件
            if common.startswith(("审", "职", "事")):
                return common[1:]  # 一审应诉67宗,二审29宗,合计96宗
            if len(common) > 3:
                return common
            (one, unit_of_one), (_, unit_of_last) = self.subjects[-2:]
            if unit_of_one == unit_of_last == token.unit and one != last and noun_of(one) and noun_of(last):
                return f"{one}和{last}"  # 办理代表建议63件,委员提案96件,合计159件
            return last
        if last and _REACHES.search(self.body, max(self.before_end, at - 8), at):
            last = _NEWLY.sub("", last)
        if last[:1] in ("每", "各") and re.search("[共计]", self.body[self.before_end : at]):
            last = _OF_EACH.sub("", last)  # 每村配备法律明白人4名,全镇共52名
        return _SINCE.sub("", last) or self.head

    def _about_last(self, subject: str, last: str, unit: str | None) -> str:
        """An attribute of what was counted before, or those who took part in it; empty where it is neither."""
        if is_attribute(subject):
            if subject.startswith("受教育") and ("咨询" in last or last.endswith(("讲解员", "宣讲员"))):
                return subject  # of the event, not of those who asked or who spoke
            if _OF_MONEY.search(subject) and _SAID_ON.search(last):
                # 审查合同63份,提出意见126条,涉及金额…: the money is the contracts'
                last = next((name for name, _ in reversed(self.subjects) if not _SAID_ON.search(name)), last)
            beside = self.kind == "rate" or not last or (self.subjects[-1][1] == unit and unit in _PERSONS)
            return (self.head if beside and self.head else last) + subject
        if subject == "参加考试" and is_event(last):
            return "参加" + noun_of(last)  # 组织法律考试4次,412人参加考试
        if takes_part(subject) and is_event(last):
            return subject + noun_of(last)  # 组织执法知识考试2次,参考485人
        return ""

    def _of_documents(self, subject: str, noun: str, last: str, token: Token, at_clause: int) -> str:
        """Which documents they are: 规范性文件 where the sentence, the clause or the paragraph speaks of those."""
        scoped = _TO_BE_CLEANED.match(subject) if "范围" in subject else None
        if scoped and (scoped["files"] != "文件" or "规范性文件" in self.body[self.start : token.start]):
            return "清理规范性文件"  # 规范性文件清理,列入清理范围的412件文件中
        if ("文件" in subject or "清理" in subject) and (cleaned := self._of_cleaning(subject, token)):
            return cleaned
        if "清单" in last and subject.endswith("保留") and (kept := _LIST_KEPT.search(last)):
            return "保留" + kept.group()  # 调整权责清单163项，调整后保留3126项
        if noun in _LEGALITY and self.head == "规范性文件":
            return noun + self.head  # 制定规范性文件2件,合法性审查2件
        if noun == "文件" and at_clause and subject != noun and _NORMATIVE.search(self.clause_before(at_clause)):
            return subject.removesuffix(noun) + "规范性文件"  # 开展规范性文件清理,共清理文件163件
        if noun.endswith("文件"):
            if (self.head or self.head_before).endswith("规范性文件") and (old := _OLD_FILES.fullmatch(subject)):
                return old["act"] + "规范性文件"  # （四）规范性文件。…清理2010年以来文件96件
            if _OUTCOMES.match(self.body, token.end) and (act := _CLEANED.search(subject)):
                return subject[: act.start() + 2] + "规范性文件"
        return ""

    def _of_cases(self, subject: str, noun: str, token: Token) -> str:
        """Which applications or cases they are, as the sentence, the one before or the paragraph told."""
        if noun not in ("申请", "案件", "的案件"):
            return ""
        act = subject.removesuffix(noun)
        if noun == "的案件":
            if token.unit in CASES and not self.head and (topic := self.topic_of_results(token.start)):
                return act + topic  # 审结的案件有287件,维持116件,驳回33件
            return ""
        if not act:
            return ""
        if topic := self.topic(token.start):
            return act + topic  # 收到申请775件
        if noun == "案件":
            # 复议机构收到申请326件。办结案件302件
            return act + "行政复议案件" if not self.head and "复议" in self.head_before else ""
        asked = "" if self.head else self.topic_of_paragraph()
        if asked.endswith(("复议", "公开")):
            return act + ("行政复议申请" if "复议" in asked else "信息公开申请")
        return ""

    def _of_an_event(self, subject: str, at: int) -> str:
        """进校园12次 brings the law there; 听证会3次 in reviews are theirs."""
        if subject[0] == "进" and _INTO.fullmatch(subject) and any(_LAW_INTO.search(name) for name, _ in self.subjects):
            return "法律" + subject
        if "听证" in subject and _HEARING.fullmatch(subject) and not _NOT_ON_REVIEWS.search(self.body, self.start, at):
            topic = self.head or (self.head_before + self.topic_of_paragraph())
            if "复议" in topic:
                return "行政复议" + subject[subject.rfind("的") + 1 :]
        return ""

    def _done_to_head(self, subject: str, last: str, token: Token, at_clause: int) -> str:
        """A bare act with what it was done to: the head of the list, the topic, or what the clause before named."""
        at, unit = token.start, token.unit
        if self.head and self.opens_topic(at):
            self.head = ""
        head = self.head or self.topic(at)
        if not head:
            head = self.head_used = self.head_before  # 收到申请203件。受理178件。审结165件
        if not head and unit in CASES:
            head = self.head = self.topic_of_results(at)
        if not self.head and head in ("依申请公开", self.head_before):
            self.head = head  # holds for the whole list of answers, and for the sentence behind
        if at_clause and (thing := thing_before(self.clause_before(at_clause))):
            head = self.head = thing
        if head.endswith("规范性文件目录"):
            head = "规范性文件"  # 公布有效规范性文件目录213件,宣布失效36件
        if subject.endswith(("印发", "制发", "出台", "备案", "报备")):
            head = head.removesuffix("草案")
        if subject in _BUILDS:
            head = _NEWLY.sub("", head)  # 新建避难场所12个,累计建成86个
        if subject in _OF_ITS_OWN or subject.endswith("处罚决定"):
            head = ""
        if _OF_CARDS.fullmatch(subject) and last:
            head = noun_of(last)  # 核发执法证193个,注销61个
        if subject in ("培训", "参训", "轮训") and ("培训" in last or "轮训" in last):
            return subject + noun_of(last)  # 举办培训班2期,培训186人次
        if subject == "接待" and unit in _VISITS and head.endswith("来信来访"):
            head = "来访"
        if subject == "成功" and (act := _SETTLES.match(last) or _ACTOR_SETTLES.search(last)):
            return act.group() + subject + noun_of(last[act.end() :])  # 调解纠纷158件,成功155件
        if unit in CASES and _PERSON.search(head):
            head = "纠纷" if subject in ("调解", "调处", "化解") else ""  # 人民调解员58名,全年调解142件
        anew = at_clause and "全年" in self.body[at_clause:at]  # 查处3起价格违法案件;全年共立案312件
        if _OPENS_CASE.fullmatch(subject) and (anew or not _CASE.search(head)):
            head = ""  # 检查2136户,立案164件
        return subject + head

    def _rate_of(self, subject: str, last: str, at_clause: int) -> str:
        """A bare rate with what it is of; empty where nothing tells."""
        if at_clause and _EXAM_RATE.fullmatch(subject):
            event = event_before(self.clause_before(at_clause))
            if event.endswith(("考试", "测试", "测评")):
                return event + subject  # 全员参加法治考试,合格率100%
        is_its_rate = _ITS_RATE.fullmatch(subject) is not None
        if is_its_rate and not self.head and not self.subjects and self.head_before:
            return self.head_before + subject
        if len(subject) > 3 and not is_its_rate:
            return ""
        head = self.head or (self.head_before if last.endswith(self.head_before or "?") else "")
        return head + subject if head else ""

    def _of_cleaning(self, subject: str, token: Token) -> str:
        """开展全面清理1次，涉及文件63件: of which documents the paragraph has told; 对我局印发的19件文件进行清理，废止4件."""
        if "文件" in subject and _CLEANED_BEHIND.match(self.body, token.end):
            return "清理规范性文件" if _MADE_BY_US.match(subject) else ""
        if "清理" not in self.body[max(0, token.start - 24) : token.start]:
            return ""
        told = self.body.rfind("规范性文件", self.body.rfind("\n", 0, token.start) + 1, token.start)
        if told < 0:
            return ""
        if token.unit in TIMES and _CLEANING_ALL.fullmatch(subject):
            return subject + "规范性文件"
        if subject in _FILES and _CLEANING_BEFORE.search(self.body, token.start - 24, token.start):
            return "清理规范性文件"
        return ""


def takes_part(subject: str) -> bool:
    """参加人员, 应考: who took part, not in what."""
    return ("参" in subject or "应" in subject or "受训" in subject) and TAKING_PART.fullmatch(subject) is not None


def _common_end(one: str, other: str) -> str:
    size = 0
    while size < min(len(one), len(other)) and one[-1 - size] == other[-1 - size]:
        size += 1
    return one[len(one) - size :]
