"""Number tokens of one body in order in, Quantities with subject, period, direction and the rest out."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from extraction import meaning
from extraction.sharing import SHARES
from extraction.subject import (
    compose,
    event_before,
    is_attribute,
    is_bare_items,
    is_bodies,
    is_event,
    is_only_verb,
    label_before,
    left_label,
    list_before,
    noun_of,
    thing_before,
)
from extraction.tokens import Token
from extraction.types import Approx, Direction, Kind, Quantity, Section

_SENTENCE_END = re.compile(r"[。！？!?\n]")
_CLAUSE_END = re.compile(r"[，,；;：:。！？\n|\t]")
_INTAKE = re.compile(r"新?收到?|受理|接收|接到|办理")
_TOPIC = re.compile(r"行政复议|行政应诉|行政诉讼|法律援助|行政裁决|信访|政府信息公开申请|矛盾纠纷|规范性文件")
_TOPIC_NOUN = {"信访": "事项", "政府信息公开申请": "", "矛盾纠纷": "", "规范性文件": ""}
_OF_CARDS = re.compile(r"(?:收回|补办|换发)?注销|收回|补办|吊销|暂扣")
_OPENS_CASE = re.compile(r"立案(?:查处|处罚|调查)?|查处|处罚|行政处罚|移送")
_CASE = re.compile(r"案|线索|举报|投诉|违法(?!建[设筑]|用地|占地)|违规|申请|行为|问题(?!$)")
_SETTLES = re.compile(r"调解|调处|化解")
_OVERALL = re.compile(r"总(?:数|量|数量|人数|户数)")  # 新设立4个,总数达到16个
_CHANGED = re.compile(r"(?:同比|环比|[比较](?:上年|去年)(?:同期)?)?(?:增长|增加|上升|下降|减少)$")
_NEWLY = re.compile(r"^新?(?:设立|建成|建|增|设|登记|增加|确定|聘请|聘|培养|培育|发展)")
_REACHES = re.compile(r"(?:目前|现|总数)?(?:已|共)?(?:达到?|增至|增加到|扩大到)")  # 新增联系点3个,目前已达到15个
_FROM_ABOVE = re.compile(r"^(?:国务院|中央|国家|上级|[省市州](?:级|政府)?|、|和)+下放的?(?=[一-龥]{4})")
_SUM = re.compile(r"[，,；;]?(?:合计|总计|共计)(?:约|近|为)?")
_ITEM_UNITS = ("项", "条", "大项", "个")
_PERSONS = ("人", "名", "人次")
_DESCRIBES = re.compile(r"(?:专职|兼职|持证|在岗|在编|持有执法证)")  # 人民调解员1126人，专职214人
_HAVING = re.compile(r"现有|共有|有(?!效)|配备|选聘|聘[请任]")
_REMARKS = re.compile(r"提出(?:修改|审[查核]|反馈)?意见")  # what was said on the list's things
_PLACE = re.compile(r"[一-龥]{0,3}(?:街道|[镇乡村局委])")  # 街道共受理矛盾纠纷
_ENDS_IN_ACT = re.compile(r"(?:立案)?(?:受理|收案|收到|审理|审结|办结|立案)$")  # 行政复议立案受理138件
_ITS_RATE = re.compile(r"(?:按期|按时|及时|如期|(?:在)?法定期限内)?(?:办结|审结|结案|回复|答复|办复|受理)率")
# what was done to the list's cases, not a new list
_NO_HEAD = ("出庭", "出庭应诉", "胜诉", "败诉", "修改意见", "审查意见")
_AFTER_PERSON = re.compile(
    r"(?=[参已均全担取开共])(?<=[一-龥]{2})(?:参加|参与|已|均|全部|担任|取得|开展|(?<!公)共(?![享同有建商治管]))"
)
_TAKING_PART = re.compile(r"(?:参加|参与|参考|应考|参训|参赛)")  # 组织执法资格考试,1843人参加
_RESPECTIVELY = re.compile(r"分别(?:为|是|达到?|占|达|有|完成|增长|下降|提高)?(?:约|近)?$")
_LEADING_YEAR = re.compile(r"^(?:19|20)\d\d年度?")
_FROM = re.compile(
    r"(?:由|从)(?:原来|原先|原|法定|去年|上年|过去|年初|平均|(?:19|20)\d\d年底?)*的?$"
)  # 由3个工作日缩短至1个工作日
_TO_VALUE = re.compile(
    r"(?:天|时间)?[，,]?(?:大幅|进一步|平均|统一|再)?(?:缩短|压缩|压减|减少|降低|下降|减|降|增加|增长|增|提高|提升|上升|升|扩大|调整|精简|缩减|延长)?(?:至|到|为)(?:现在|目前|当前|今年|平均|了|的|不足|约)*"
)
_NOUN_TO_VALUE = re.compile(rf"(?P<noun>[一-龥]{{0,6}}?){_TO_VALUE.pattern}")  # 由10个环节减至4个环节
BEFORE_CHANGE = "(变化前)"  # ends the subject of the first of a from–to pair
_YEAR_WORDS = re.compile(r"(?:19|20)\d\d年度?(?:的|同期)?")
_MEASURE = re.compile(r"率|时限|时间|时长|环节|材料|浓度|数|量|额|收入|案件|纠纷")
_DETAIL_END = re.compile(r"[；;）)]|[，,](?:全年|今年|年内|累计)")
# 行政复议机构新收行政复议申请: who acts is no part of what is counted
_ACTOR = re.compile(
    r"^[一-龥（）()]{2,14}?(?:机构|机关|部门|单位|组织|调委会|法制办|司法局)(?:共|累计|全年|依法)*"
    r"(?=新?收到?|受理|办理|审[结理查核]|接[收到]|作出|查处|立案|排查|调解|化解)"
)
_WINDOW = 240  # characters of a sentence that are looked at before a number: lines without any stop stay linear


class Reader:
    """Reads tokens in order; remembers the sentence's head, year mentions and earlier subjects for lists."""

    def __init__(self, body: str, sections: Sequence[Section], report_year: int | None) -> None:
        self.body, self.sections, self.report_year = body, sections, report_year
        self.stops = [match.end() for match in _SENTENCE_END.finditer(body)]
        self.section_starts = [section.char_start for section in sections]
        self.sentence = -1
        self.start = self.end = 0
        self.before_end = 0  # end of the token before, within the sentence
        self.head = self.head_before = ""  # of this sentence and of the one before in the same paragraph
        self.subjects: list[tuple[str, str]] = []  # (subject, unit) of the sentence so far
        self.series: list[str] = []  # subjects waiting for values behind 分别为
        self.own_label = self.label_of_last = ""  # of this token and the one before, nothing carried
        self.kind: Kind = "count"  # of the token before
        self.going: Direction | None = None
        self.unit = ""
        self.in_detail = False  # behind 其中: parts of what was counted, which head no list
        self.is_from_value = self.is_to_value = False  # the first, the second of a from–to pair
        self.year_before: int | None = None  # stated for the first of a pair of this sentence, so of the next pairs
        self.mentions: list[tuple[int, int | None, bool]] = []

    def read(self, token: Token, following: Token | None) -> Quantity | None:
        body = self.body
        self._enter(token)
        left_limit = max(self.start, token.start - _WINDOW)
        before = body[max(left_limit, token.start - 24) : token.start]
        after = body[token.end : min(self.end, token.end + 40)]
        going = meaning.direction(token, before)
        kind = meaning.kind(token, going, before)
        alike = token.unit == self.unit or self.kind == "change"  # 减少4起、2人
        if self.going and alike and SHARES.fullmatch(body[self.before_end : token.start]):
            going, kind = self.going, self.kind  # 分别下降21.4%和18.2%
        if token.unit == "个" and self.kind == "duration" and _TO_VALUE.fullmatch(body[self.before_end : token.start]):
            kind = "duration"  # 由3个工作日缩短至1个
        self.kind, self.going, self.unit = kind, going, token.unit
        approx = meaning.approx(token, before[-16:], after)
        if approx == "exact" and following and meaning.coordinated(body[token.end : following.start][:6]):
            approx = self._shared_hedge(token, following)
        subject = self._subject(token, following, kind)
        sentence_before = body[left_limit : token.start]
        section = self.section_at(token.start)
        plan = section is not None and section.part == "plan"
        self.is_from_value = subject.endswith(BEFORE_CHANGE)
        year = self._year(token, kind, section if plan else None)
        if self.is_from_value and year and self.report_year and year < self.report_year:
            self.year_before = year
        goal = (
            plan
            or meaning.is_goal(sentence_before[-60:])
            or bool(year and self.report_year and year > self.report_year + 1)
        )
        self.before_end = token.end
        return Quantity(
            char_start=token.start,
            char_end=token.end,
            raw=body[token.start : token.end],
            value=token.value,
            unit=_unit(token),
            kind=kind,
            approx=approx,
            direction=going,
            subject=subject,
            scope=meaning.scope(sentence_before[-80:]),
            period_year=year,
            is_target=goal,
            indicator=None,
            confidence=min(_confidence(token), self._certainty(token, subject)),
        )

    def _enter(self, token: Token) -> None:
        """Move to the token's sentence; heads and years of the one before are forgotten."""
        at = bisect_right(self.stops, token.start)
        if at == self.sentence:
            return
        goes_on = at == self.sentence + 1 and self.body[self.end - 1 : self.end] != "\n"
        self.head_before = self.head if goes_on else ""
        self.sentence = at
        self.start = self.stops[at - 1] if at else 0
        self.end = self.stops[at] if at < len(self.stops) else len(self.body)
        self.before_end = self.start
        self.head, self.subjects, self.series, self.in_detail, self.year_before = "", [], [], False, None
        text = self.body[self.start : min(self.end, self.start + 4000)]
        mentions = meaning.years(text, self.report_year) if "年" in text else []  # every mention holds 年
        self.mentions = [(self.start + end, year, once) for end, year, once in mentions]

    def _shared_hedge(self, token: Token, following: Token) -> Approx:
        if following.unit != token.unit or following.start - token.end > 3:
            return "exact"
        shared = meaning.approx(following, "", self.body[following.end : following.end + 8])
        return shared if shared in ("less_than", "at_least") and not following.hedged else "exact"

    def _subject(self, token: Token, following: Token | None, kind: Kind) -> str:
        body = self.body
        if token.cell:
            self.subjects.append((token.cell.label, token.unit))
            return token.cell.label
        clause = self._clause_start(token)
        fresh = clause >= self.before_end
        start = max(clause, self.before_end)
        before = body[start : token.start]
        limit = min(self.end, following.start if following else self.end, token.end + 40)
        if (following and limit - token.end <= 1) or (following and body[token.end : limit] in ("向", "对", "为")):
            limit = min(self.end, following.end + 30)  # 12类11张流程图, 3次向6个单位发送了通知单
            after = body[token.end : following.start] + body[following.end : limit]
        else:
            after = body[token.end : limit]
        after = _LEADING_YEAR.sub("", after)
        last = self.subjects[-1][0] if self.subjects else ""
        self.label_of_last, self.own_label = self.own_label, ""
        self.is_to_value = (
            bool(self.subjects)
            and not fresh
            and bool(_TO_VALUE.fullmatch(before) or (last.endswith(BEFORE_CHANGE) and _NOUN_TO_VALUE.fullmatch(before)))
        )
        if self.series and SHARES.fullmatch(before.rstrip("约近") or "?"):
            subject, named = self.series.pop(0), False
        elif _RESPECTIVELY.search(before[-10:]):
            subject, named = self._first_of_series(left_label(_RESPECTIVELY.sub("", before))), False
        elif self.is_to_value:
            subject, named = last.removesuffix(BEFORE_CHANGE), False
        elif (
            following
            and _FROM.search(before[-14:])
            and (changed := _NOUN_TO_VALUE.fullmatch(body[token.end : following.start]))
        ):
            name = left_label(_FROM.sub("", before[-60:])) or ("" if changed["noun"] else last or self.head)
            subject, named = name + changed["noun"] + BEFORE_CHANGE, False
        else:
            self.series = []
            subject, named = compose(before[-60:], after, fresh)
            if not subject and fresh and kind not in ("change", "change_rate"):
                subject = label_before(self._clause_before(clause))
            items = fresh and token.unit in _ITEM_UNITS and is_bare_items(subject)
            if items and (listed := list_before(self._clause_before(clause))):
                subject, named = listed + subject, True
            if not fresh and token.unit in _ITEM_UNITS and is_bodies(subject):
                subject = self._list_of_bodies(last, clause) or subject  # 公布权责清单35个部门共3286项
            if fresh and _TAKING_PART.fullmatch(subject) and (event := event_before(self._clause_before(clause))):
                subject += event
                named = True
            self.own_label = subject or self.own_label
            subject, named = self._carried(subject, named, kind, last, token, clause if fresh else 0)
        between = body[self.before_end : token.start]
        self.in_detail = "其中" in between or "包括" in between or (self.in_detail and not _DETAIL_END.search(between))
        if (
            named
            and kind == "count"
            and not self.in_detail
            and not self._in_parentheses(token)
            and not _REMARKS.fullmatch(subject)
        ):
            names = _AFTER_PERSON.split(noun_of(subject))
            self._keep_head(
                noun_of(names[-1]) if _PLACE.fullmatch(names[0]) else names[0], opens=bool(_INTAKE.match(subject))
            )
        self.subjects.append((subject, token.unit))
        return subject

    def _certainty(self, token: Token, subject: str) -> float:
        """A subject in the number's own clause is surer than one completed from the list's head, or wholly inherited."""
        if token.cell or subject == self.own_label != "":
            return 1.0
        if not subject:
            return 0.7
        return 0.9 if self.own_label else 0.85

    def _in_parentheses(self, token: Token) -> bool:
        text = self.body[max(self.start, token.start - 80) : token.start]
        return text.count("（") + text.count("(") > text.count("）") + text.count(")")

    def _clause_before(self, clause: int) -> str:
        stop = clause - 1
        earlier = [match.end() for match in _CLAUSE_END.finditer(self.body, max(self.start, stop - 40), stop)]
        return self.body[earlier[-1] if earlier else max(self.start, stop - 40) : max(stop, self.start)]

    def _keep_head(self, noun: str, opens: bool) -> None:
        """The list's head changes with its topic: 撤回行政复议申请 stays within 行政复议案件; what comes in opens a new one."""
        topics = _TOPIC.findall(noun)
        if topics and _ENDS_IN_ACT.search(noun):
            noun = topics[-1] + _TOPIC_NOUN.get(topics[-1], "案件")
        same = (
            not opens
            and bool(self.head)
            and (not topics or topics[-1] in self.head)
            and any(noun[at : at + 4] in self.head for at in range(len(noun) - 3))
        )
        if "下放" in noun:
            noun = _FROM_ABOVE.sub("", noun)
        if len(noun) > 8 and (actor := _ACTOR.match(noun)):
            rest = noun_of(noun[actor.end() :])
            noun = rest if len(rest) > 4 else noun  # 行政复议机构新收案件: the actor names the cases
        if len(noun) >= 2 and not same and not noun.endswith(_NO_HEAD):
            self.head = noun

    def _list_of_bodies(self, last: str, clause: int) -> str:
        before = last if "清单" in last else list_before(self._clause_before(clause))
        return before[: before.rfind("清单") + 2]

    def _carried(
        self, subject: str, named: bool, kind: Kind, last: str, token: Token, at_clause: int
    ) -> tuple[str, bool]:
        """Complete 审结 to 审结行政复议案件, 同比下降 to 来信来访同比下降, 办结率 to 线索办结率.

        at_clause: where the number's clause starts, 0 behind another number of it.
        """
        at, unit = token.start, token.unit
        if not subject:
            if len(self.subjects) > 1 and _SUM.fullmatch(self.body, self.before_end, at):
                common = _common_end(
                    last, self.subjects[-2][0]
                )  # 刑事法律援助案件143件、民事法律援助案件208件,合计351件
                return (common if len(common) > 3 else last), False
            if last and _REACHES.search(self.body, max(self.before_end, at - 8), at):
                last = _NEWLY.sub("", last)
            return last or self.head, False
        if kind in ("change_rate", "change"):
            subject = _YEAR_WORDS.sub("", subject)
            short = len(subject) <= 8 and not _MEASURE.search(subject)
            return ((last or self.head or self._topic(at)) + subject if short else subject), False
        if subject.startswith("占"):
            return self.label_of_last + subject, False
        if _OVERALL.fullmatch(subject) and last:
            return _CHANGED.sub("", _NEWLY.sub("", noun_of(last))) + subject, True
        if is_attribute(subject):
            if subject.startswith("受教育") and "咨询" in last:
                return subject, False  # of the event, not of those who asked
            beside = self.kind == "rate" or not last or (self.subjects[-1][1] == unit and unit in _PERSONS)
            return (self.head if beside and self.head else last) + subject, False
        if _TAKING_PART.fullmatch(subject) and is_event(last):
            return subject + noun_of(last), False  # 组织执法知识考试2次,参考485人
        noun = noun_of(subject)
        if noun in ("申请", "案件") and subject != noun and (topic := self._topic(at)):
            return subject.removesuffix(noun) + topic, True  # 收到申请775件
        if is_only_verb(subject) or (self.head and len(subject) <= 1):
            head = self.head or self._topic(at) or self.head_before
            if at_clause and (thing := thing_before(self._clause_before(at_clause))):
                head = thing
            if subject.endswith("印发"):
                head = head.removesuffix("草案")
            if _OF_CARDS.fullmatch(subject) and last:
                head = noun_of(last)  # 核发执法证193个,注销61个
            if subject in ("培训", "参训", "轮训") and ("培训" in last or "轮训" in last):
                return subject + noun_of(last), False  # 举办培训班2期,培训186人次
            if subject == "成功" and (act := _SETTLES.match(last)):
                return act.group() + subject + noun_of(last[act.end() :]), False  # 调解纠纷158件,成功155件
            if _OPENS_CASE.fullmatch(subject) and not _CASE.search(head):
                head = ""  # 检查2136户,立案164件
            return subject + head, False
        if _DESCRIBES.fullmatch(subject) and last and self.subjects[-1][1] == unit:
            return subject + _HAVING.split(last)[-1], False
        if kind == "rate" and not self.head and not self.subjects and self.head_before and _ITS_RATE.fullmatch(subject):
            return self.head_before + subject, False
        if self.head and kind == "rate" and (len(subject) <= 3 or _ITS_RATE.fullmatch(subject)):
            return self.head + subject, False
        return subject, named

    def _topic(self, at: int) -> str:
        """What the sentence spoke of last where nothing was counted yet: 统一行使行政复议职责,收案86件."""
        topics = _TOPIC.findall(self.body, max(self.start, at - 60), at)
        return topics[-1] + _TOPIC_NOUN.get(topics[-1], "案件") if topics else ""

    def _first_of_series(self, label: str) -> str:
        """`A和B分别为1、2`: the names in order; `建成率分别为…` behind two counts: each count's rate."""
        names = [name for name in re.split(r"、|和(?!解|谐)|及(?!时)|与", label) if name]
        if len(names) == 1 and len(self.subjects) > 1:
            names = [earlier + names[0] for earlier, _ in self.subjects[-2:]]
        self.series = names[1:]
        return names[0] if names else (self.subjects[-1][0] if self.subjects else "")

    def _clause_start(self, token: Token) -> int:
        low = max(self.start, token.start - 80)
        start = low
        for match in _CLAUSE_END.finditer(self.body, low, token.start):
            if match.end() < token.start or match.group() in "，,；;。！？\n":
                start = match.end()
        if start >= token.start - 1 and self.body[start - 1 : start] in "：:|\t":  # 受理数:245
            earlier = [match.end() for match in _CLAUSE_END.finditer(self.body, low, start - 1)]
            start = earlier[-1] if earlier else low
        return start

    def section_at(self, at: int) -> Section | None:
        """The innermost section that holds the offset: sections come in order, children behind their parents."""
        for place in range(bisect_right(self.section_starts, at) - 1, -1, -1):
            if self.sections[place].char_end > at:
                return self.sections[place]
            if self.sections[place].level == 1:
                break
        return None

    def _year(self, token: Token, kind: Kind, plan: Section | None) -> int | None:
        if token.cell and token.cell.year:
            return token.cell.year
        for end, year, once in reversed(self.mentions):
            if end > token.start:
                continue
            if once and (kind in ("change", "change_rate") or self.is_to_value):
                continue
            if once and _CLAUSE_END.search(self.body, end, token.start) and token.start - end > 1:
                continue
            return year
        if self.is_from_value and self.year_before:
            return self.year_before
        if plan is not None:
            stated = re.search(r"20\d\d(?=年)", plan.heading)
            return int(stated.group()) if stated else (self.report_year + 1 if self.report_year else None)
        return self.report_year


def _common_end(one: str, other: str) -> str:
    size = 0
    while size < min(len(one), len(other)) and one[-1 - size] == other[-1 - size]:
        size += 1
    return one[len(one) - size :]


def _unit(token: Token) -> str | None:
    unit = {"％": "%", "﹪": "%"}.get(token.unit, token.unit)
    return unit or None


def _confidence(token: Token) -> float:
    if token.damaged:
        return 0.2
    if token.value is None:
        return 0.3
    if not token.unit:
        return 0.6
    return 0.8 if token.han else 0.95
