"""Tokens in order in, the phrase that names what each counts out: lists, 分别为 series and from–to pairs kept apart."""

from __future__ import annotations

import re

from extraction.completing import COMPARED, TIMES, Completing, takes_part
from extraction.sharing import SHARES
from extraction.subject import NAMES_JOINED, compose, is_only_verb, labels_of_series, left_label, noun_of
from extraction.tokens import Token
from extraction.told_before import (
    before_parenthesis,
    event_before,
    is_bare_items,
    is_bodies,
    is_held,
    label_before,
    list_before,
    named_event,
    thing_built,
)
from extraction.types import Kind

_INTAKE = re.compile(r"新?收到?|受理|接收|接到|办理")
_THERE_IS = ("保留", "列明", "现有")
_STANDS_THERE = ("", "现", "设", "设有", "建", "建有", "建成", "设立", "共设", "增至", "布设")
_REVISED = re.compile(
    r"^(?:动态|全面|及时)?(?:调整|更新|修订|完善)了?"
)  # 动态调整权责清单，目前保留276项: not the items adjusted
_IS_REVISED = re.compile(r"(?:实行|实施|进行|开展|落实)?(?:了|全面|及时)*动态(?:调整|管理)$")
_ITEM_UNITS = ("项", "条", "大项", "个", "件", "部")
_REMARKS = re.compile(r"提出(?:修改|审[查核]|反馈)?意见")  # what was said on the list's things
_NEXT_ONES = ("持证", "持证上岗", "在编", "专职", "兼职")  # 执法队14人持证上岗12人
_NEXT_LABEL = re.compile(r"[一-龥“”]{2,14}(?:率|比例|占比)(?:达到?|为|均|超过?|约|近)*")
# 公证处8家办理公证2.1万件
NEXT_ACT = re.compile(
    r"(?:共|全年|累计|一年里)*(?:办理|受理|承办|代理|调解|调处|化解|接待|排查|审理|处理|解答|提出)[一-龥]{2,8}"
)
_STAFF = ("名", "人")
_STAFF_ENDS = ("人员", "专家", "律师", "顾问", "队员", "干部")
_BODIES = ("个", "家", "所", "名", "人")
_PLACE = re.compile(r"[一-龥]{0,3}(?:街道|政府|[镇乡村局委])")  # 街道共受理矛盾纠纷, 县政府共登记申请
_SETTLERS = ("调委会", "调解委员会", "调解组织")  # 村调委会共调解纠纷
_AFTER_PERSON = re.compile(
    r"(?=[参已均全担取开共])(?<=[一-龥]{2})(?:参加|参与|已|均|全部|担任|取得|开展|(?<!公)共(?![享同有建商治管]))"
)
_OPENS = ("（", "(", "共", "计")
# 许可事项清单（共243项）、公共服务事项清单（297项）和“跨省通办”清单（152项）
_NEXT_LIST = re.compile(r"[）)](?:[、，]|和|及|与|以及)(?P<name>[^（）()0-9，。；]{2,30})[（(](?:共计?)?$")
_RESPECTIVELY = re.compile(
    r"分别(?P<than>同比|[比较](?:上年|去年)(?:同期)?)?(?P<change>为|是|达到?|占|达|有|完成|增长|下降|提高|上升|增加|减少)?(?:约|近)?$"
)
_COMPARED = re.compile(COMPARED)
_VALUES = re.compile(r"[0-9.]+%(?:、[0-9.]+%){0,4}(?:[和及与][0-9.]+%)?")  # 分别增长8.3%和17.6%
_VALUE = re.compile(r"[0-9][0-9.,]*")
_ROW_OF_VALUES = re.compile(
    r"(?:[0-9][0-9.,]*[万亿]?[^0-9、，,。；;和及与\n]{0,5}(?:[、，和及与]{1,2}(?=[0-9]))?){1,12}"
)
_EACH_DOES = re.compile(
    r"分别(?P<act>学法|学习|召开|举办|开展|受理|办理|办结|制定|审查|调解|化解)了?$"
)  # 县委、县政府分别学法6次、14次
_SHARED_BY_NAMES = re.compile(r"(?<!合法性)(?:合法性)?(?:审查|审核|清理|备案|评估)(?:数量?|件数)?$")
_LEADING_YEAR = re.compile(r"^(?:19|20)\d\d年度?")
_FROM = re.compile(
    r"(?:由|从)(?:原来|原先|原|法定|去年|上年|过去|年初|[末底]|平均|(?:19|20)\d\d年底?)*的?$"
)  # 由3个工作日缩短至1个工作日
TO_VALUE = re.compile(
    r"(?:天|时间)?[，,]?(?:大幅|进一步|平均|统一|再)?(?:缩短|压缩|压减|减少|降低|下降|减|降|增加|增长|增|提高|提升|上升|升|扩大|调整|精简|缩减|延长)?(?:至|到|为)(?:现在|目前|当前|今年|平均|了|的|不足|约)*"
)
_NOUN_TO_VALUE = re.compile(rf"(?P<noun>[一-龥]{{0,6}}?){TO_VALUE.pattern}")  # 由10个环节减至4个环节
BEFORE_CHANGE = "(变化前)"  # ends the subject of the first of a from–to pair
_DETAIL_END = re.compile(r"[；;）)]|[，,](?:全年|今年|年内|累计)")


class Naming(Completing):
    """Names a token after those before it in its sentence."""

    def __init__(self, body: str) -> None:
        super().__init__(body)
        self.series: list[str] = []  # subjects waiting for values behind 分别为
        self.in_detail = False  # behind 其中: parts of what was counted, which head no list
        self.inside = False  # whether the token before stood in parentheses
        self.outside = ""  # the last subject in front of them
        self.is_to_value = False  # the second of a from–to pair

    def subject_of(self, token: Token, following: Token | None, kind: Kind) -> str:
        """The phrase that names what the token counts; all tokens of a sentence must be asked in order."""
        body = self.body
        if token.cell:
            self.subjects.append((token.cell.label, token.unit))
            return token.cell.label
        clause = self.clause_start(token)
        fresh = clause >= self.before_end
        before = body[max(clause, self.before_end) : token.start]
        after = self._words_behind(token, following, before)
        last = self.subjects[-1][0] if self.subjects else ""
        inside = self.in_parentheses(token)
        if not inside:
            last = self.outside if self.inside and self.subjects else last  # 876件(一审541件),较上年的932件
        elif not self.inside:
            self.outside = last
        self.inside = inside
        self.label_of_last, self.own_label = self.own_label, ""
        self.is_to_value = (
            bool(self.subjects)
            and not fresh
            and ("至" in before or "到" in before or "为" in before)
            and bool(TO_VALUE.fullmatch(before) or (last.endswith(BEFORE_CHANGE) and _NOUN_TO_VALUE.fullmatch(before)))
        )
        named = False
        subject = self._of_series_or_pair(token, following, before, last, kind)
        if subject is None:
            self.series = []
            if not fresh and before[-1:] in _OPENS and (listed_next := _NEXT_LIST.search(before)):
                subject, named = left_label(listed_next["name"]), True
            else:
                subject, named = self._composed(token, before, after, last, clause, kind)
                self.own_label = subject or self.own_label
                subject, named = self.carried(subject, named, kind, last, token, clause if fresh else 0)
        between = body[self.before_end : token.start]
        self.in_detail = "其中" in between or "包括" in between or (self.in_detail and not _DETAIL_END.search(between))
        heads = named and kind == "count" and not self.in_detail and not inside
        if heads and not ("意见" in subject and _REMARKS.fullmatch(subject)):
            names = _AFTER_PERSON.split(noun_of(subject))
            self.keep_head(
                noun_of(names[-1]) if _PLACE.fullmatch(names[0]) or names[0].endswith(_SETTLERS) else names[0],
                opens=bool(_INTAKE.match(subject)),
            )
        self.subjects.append((subject, token.unit))
        return subject

    def _words_behind(self, token: Token, following: Token | None, before: str) -> str:
        """What stands behind the token and may still name what it counts, up to the next number or beyond it."""
        body, end = self.body, token.end
        limit = min(self.end, following.start if following else self.end, end + 40)
        if following is None:
            after = body[end:limit]
        elif (limit - end <= 1 or body[end:limit] in ("向", "对", "为")) and not (
            token.unit in _STAFF and before.endswith(_STAFF_ENDS)  # 法制审核人员12名对86件案件审核
        ):
            # 12类11张流程图, 3次向6个单位发送了通知单
            after = body[end : following.start] + body[following.end : min(self.end, following.end + 30)]
        else:
            after = body[end:limit]
        if following and before.strip():
            if following.unit == "%":
                is_of_next = _NEXT_LABEL.fullmatch(after) is not None  # 政务服务事项1263项网上可办率达98%
            else:
                is_of_next = after in _NEXT_ONES or bool(token.unit in _BODIES and NEXT_ACT.fullmatch(after))
            if is_of_next:
                return ""
        return _LEADING_YEAR.sub("", after) if after[:2] in ("19", "20") else after

    def _of_series_or_pair(
        self, token: Token, following: Token | None, before: str, last: str, kind: Kind
    ) -> str | None:
        """The name of a value behind 分别, of its share, or of one end of a from–to pair; None where it is none."""
        if self.series and SHARES.fullmatch(before.rstrip("约近") or "?"):
            return self.series.pop(0)
        if "分别" in before[-8:] and (each := _EACH_DOES.search(before)):
            names = [name + each["act"] for name in NAMES_JOINED.split(left_label(before[: each.start()])) if name]
            self.series = names[1:]
            return names[0] if names else ""
        if "分别" in before and (each_has := _RESPECTIVELY.search(before[-14:])):
            changed_by = (each_has["than"] or "") + (each_has["change"] or "") if kind == "change_rate" else ""
            return self.first_of_series(_RESPECTIVELY.sub("", before), token, changed_by)
        if self.is_to_value:
            return last.removesuffix(BEFORE_CHANGE)
        if following and ("由" in before or "从" in before) and _FROM.search(before[-14:]):
            changed = _NOUN_TO_VALUE.fullmatch(self.body[token.end : following.start])
            if changed:
                name = left_label(_FROM.sub("", before[-60:])) or ("" if changed["noun"] else last or self.head)
                return name + changed["noun"] + BEFORE_CHANGE
        return None

    def _composed(self, token: Token, before: str, after: str, last: str, clause: int, kind: Kind) -> tuple[str, bool]:
        """The words around as a name, or what the clause before names; and whether that names a thing.

        clause: where the number's clause starts.
        """
        fresh = clause >= self.before_end
        subject, named = compose(before[-60:], after, fresh)
        if not fresh:
            if token.unit in _ITEM_UNITS and is_bodies(subject):
                subject = self.list_of_bodies(last, clause) or subject  # 公布权责清单35个部门共3286项
            return subject, named
        # the clause before is looked for where it is asked for: most numbers are named in their own
        if not subject and kind not in ("change", "change_rate"):
            subject = label_before(self.clause_before(clause)) or before_parenthesis(before)
            named = bool(subject)
        if token.unit in _ITEM_UNITS and is_bare_items(subject) and (listed := list_before(self.clause_before(clause))):
            if subject.startswith(_THERE_IS):
                listed = _REVISED.sub("", listed)
            elif "目前" in before or "现" in before:
                listed = _IS_REVISED.sub("", listed)  # 权责清单实行动态调整，目前共有3216项
            subject, named = listed + subject, True
        if takes_part(subject) and (event := event_before(self.clause_before(clause))):
            subject, named = subject + event, True
        if token.unit in TIMES and is_held(subject) and (event := named_event(self.clause_before(clause))):
            subject, named = event, True
        elif subject in _STANDS_THERE and kind == "count":
            subject = thing_built(self.clause_before(clause)) or subject
            named = bool(subject)
        return subject, named

    def first_of_series(self, before: str, token: Token, changed_by: str) -> str:
        """`A和B分别为1、2`: the names in order; `建成率分别为…` and `分别增长…` behind two counts: each count's."""
        label = left_label(before)
        names = labels_of_series(before)
        if len(names) < 2 or len(names) > self.values_from(token.start):
            names = [name for name in NAMES_JOINED.split(label) if name]
        if len(names) > 1 and (act := _SHARED_BY_NAMES.search(names[-1])):
            # 规范性文件、合同审查分别为12件、36件
            names = [name if _SHARED_BY_NAMES.search(name) else name + act.group() for name in names]
        if self.head and all(map(is_only_verb, names)):
            names = [name + self.head for name in names]  # 撤销、确认违法分别为3件、2件
        if changed_by and _COMPARED.fullmatch(label):
            names, changed_by = [], label + changed_by
        if not names and changed_by:
            values = _VALUES.match(self.body, token.start)
            size = values.group().count("%") if values else 0
            if 1 < size <= len(self.subjects):
                names = [earlier + changed_by for earlier, _ in self.subjects[-size:]]
        if len(names) == 1 and len(self.subjects) > 1:
            names = [earlier + names[0] for earlier, _ in self.subjects[-2:]]
        self.series = names[1:]
        return names[0] if names else (self.subjects[-1][0] if self.subjects else "")

    def values_from(self, at: int) -> int:
        """How many numbers stand in a row: 12.6万件、21.3万件和1.6万件."""
        row = _ROW_OF_VALUES.match(self.body, at)
        return len(_VALUE.findall(row.group())) if row else 0

    def list_of_bodies(self, last: str, clause: int) -> str:
        before = last if "清单" in last else list_before(self.clause_before(clause))
        return before[: before.rfind("清单") + 2]

    def certainty(self, token: Token, subject: str) -> float:
        """A subject in the number's own clause is surer than one completed from the list's head, or wholly inherited."""
        if token.cell or subject == self.own_label != "":
            return 1.0
        if not subject:
            return 0.7
        return 0.9 if self.own_label else 0.85
