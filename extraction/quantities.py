"""A report's body in, its quantities with their meaning out; offsets point into the body, indicators come later."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from extraction import meaning
from extraction.numerals import scaled
from extraction.subject import compose, is_attribute, is_only_verb, label_before, left_label, noun_of
from extraction.tokens import KINDS, Token, number_tokens
from extraction.types import Approx, Direction, Kind, Quantity, Section
from extraction.zeros import stated_zeros

_SENTENCE_END = re.compile(r"[。！？!?\n]")
_CLAUSE_END = re.compile(r"[，,；;：:。！？\n|\t]")
_SHARES = re.compile(r"[ \t]?(?:[、，]|和|及|至|到|或|与|[-—–－~～]{1,2})[ \t]?")
_RANGE = re.compile(r"[ \t]?(?:至|到|[-—–－~～]{1,2})[ \t]?")
# a number without a unit counts behind a label (受理数为37, 满意度达98.5) and at the end of its clause or cell
_LABEL = re.compile(
    r"(?:[数量额值]|总计|合计|满意度|指数|得分|人数|件数|次数)[为是达有：:]?(?:到|约|近)?[ \t]{0,2}[|｜]?[ \t]{0,2}$"
)
_CELL = re.compile(r"[ \t]{0,2}(?:[，。；、,;）)\n|｜\t]|$)")
_INTAKE = re.compile(r"新?收到?|受理|接收|接到|办理")
_AFTER_PERSON = re.compile(r"(?<=[一-龥]{2})(?:参加|参与|已|均|全部|担任|取得|开展)")
_DURATION_YEARS = re.compile(r"(?:连续|历时|为期|期限|有效期|任期)(?:为|达)?$")
# | 行政许可（件） | 15,832 |: the row's label and the unit that it names
_CELL_LABEL = re.compile(
    r"[|｜\t][ \t]*(?P<label>[^|｜\t\n，。；]{2,24}?)[ \t]*(?:[（(](?:单位[:：])?(?P<unit>[^（）()|\n]{1,5})[）)])?[ \t]*[|｜\t][ \t]*\Z"
)
_HAN = re.compile(r"[一-龥]{2}")
_RESPECTIVELY = re.compile(r"分别(?:为|是|达到?|占|达|有|完成|增长|下降|提高)?(?:约|近)?$")
_LEADING_YEAR = re.compile(r"^(?:19|20)\d\d年度?")
_FROM = re.compile(
    r"(?:由|从)(?:原来|原先|原|法定|去年|上年|过去|年初|(?:19|20)\d\d年底?)*的?$"
)  # 由3个工作日缩短至1个工作日
_TO_VALUE = re.compile(
    r"(?:天|时间)?[，,]?(?:大幅|进一步|平均|统一|再)?(?:缩短|压缩|压减|减少|降低|下降|减|降|增加|增长|增|提高|提升|上升|升|扩大|调整|精简|缩减|延长)?(?:至|到|为)(?:现在|目前|了|的|不足|约)*"
)
BEFORE_CHANGE = "(变化前)"  # ends the subject of the first of a from–to pair
_YEAR_WORDS = re.compile(r"(?:19|20)\d\d年度?(?:的|同期)?")
_MEASURE = re.compile(r"率|时限|时间|时长|环节|材料|浓度|数|量|额|收入|案件|纠纷")
_WINDOW = 240  # characters of a sentence that are looked at before a number: lines without any stop stay linear


def find_quantities(body: str, *, sections: Sequence[Section], report_year: int | None) -> list[Quantity]:
    """Every quantity in order, never overlapping, `indicator` null; `body[char_start:char_end] == raw`.

    sections tell plan from result and may be empty; report_year None leaves `period_year` null unless stated.
    """
    tokens = _resolved(body, list(number_tokens(body)))
    reader = _Reader(body, sections, report_year)
    found = [quantity for quantity in map(reader.read, tokens, [*tokens[1:], None]) if quantity]
    return _with_zeros(found, body, reader)


def _resolved(body: str, tokens: list[Token]) -> list[Token]:
    """Give `57、35、13件` and `3至5个` their shared unit; drop numbers that have none and no label."""
    kept: list[Token] = []
    following: Token | None = None
    for token in reversed(tokens):
        if not token.unit and token.scale != "分之":
            gap = body[token.end : following.start] if following and following.start - token.end <= 4 else "?"
            if following and following.unit and not following.han and not token.damaged and _SHARES.fullmatch(gap):
                scale = following.scale if _RANGE.fullmatch(gap) and not token.scale else None
                token = replace(token, unit=following.unit, value=scaled(token.value or 0, scale))
            elif cell := _CELL_LABEL.search(body, max(0, token.start - 40), token.start):
                if not _CELL.match(body, token.end) or not _HAN.search(cell["label"]):
                    following = None
                    continue
                token = _in_cell(token, cell["unit"] or "")
            elif not (token.scale and not token.damaged) and not _stands_alone(body, token):
                following = None
                continue
        kept.append(token)
        following = token
    kept.reverse()
    return kept


def _in_cell(token: Token, unit: str) -> Token:
    scale = unit[0] if unit[:1] in ("万", "亿") and len(unit) > 1 else None
    unit = unit[1:] if scale else unit
    if unit not in KINDS:
        return token
    return replace(token, unit=unit, value=scaled(token.value or 0, scale), scale=scale)


def _stands_alone(body: str, token: Token) -> bool:
    before = body[max(0, token.start - 12) : token.start]
    if token.damaged:
        return "\u4e00" <= before[-1:] <= "\u9fff" and not before.endswith(("第", "年", "月", "（", "号"))
    if body.startswith("年", token.end) and _DURATION_YEARS.search(before):
        return False
    return bool(_LABEL.search(before)) and bool(_CELL.match(body, token.end))


class _Reader:
    """Reads tokens in order; remembers the sentence's head, year mentions and earlier subjects for lists."""

    def __init__(self, body: str, sections: Sequence[Section], report_year: int | None) -> None:
        self.body, self.sections, self.report_year = body, sections, report_year
        self.stops = [match.end() for match in _SENTENCE_END.finditer(body)]
        self.section_starts = [section.char_start for section in sections]
        self.sentence = -1
        self.start = self.end = 0
        self.before_end = 0  # end of the token before, within the sentence
        self.head = ""
        self.subjects: list[tuple[str, str]] = []  # (subject, unit) of the sentence so far
        self.series: list[str] = []  # subjects waiting for values behind 分别为
        self.own_label = self.label_of_last = ""  # of this token and the one before, nothing carried
        self.kind: Kind = "count"  # of the token before
        self.going: Direction | None = None
        self.unit = ""
        self.is_to_value = False  # the second of a from–to pair
        self.mentions: list[tuple[int, int | None, bool]] = []

    def read(self, token: Token, following: Token | None) -> Quantity | None:
        body = self.body
        self._enter(token)
        left_limit = max(self.start, token.start - _WINDOW)
        before = body[max(left_limit, token.start - 24) : token.start]
        after = body[token.end : min(self.end, token.end + 40)]
        going = meaning.direction(token, before)
        kind = meaning.kind(token, going, before)
        if self.going and token.unit == self.unit and _SHARES.fullmatch(body[self.before_end : token.start]):
            going, kind = self.going, self.kind  # 分别下降21.4%和18.2%
        if token.unit == "个" and self.kind == "duration" and _TO_VALUE.fullmatch(body[self.before_end : token.start]):
            kind = "duration"  # 由3个工作日缩短至1个
        self.kind, self.going, self.unit = kind, going, token.unit
        approx = meaning.approx(token, before[-16:], after)
        if approx == "exact" and following and meaning.coordinated(body[token.end : following.start][:6]):
            approx = self._shared_hedge(token, following)
        subject = self._subject(token, following, kind)
        sentence_before = body[left_limit : token.start]
        section = self._section(token.start)
        plan = section is not None and section.part == "plan"
        year = self._year(token, kind, section if plan else None)
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
            confidence=_confidence(token),
        )

    def _enter(self, token: Token) -> None:
        """Move to the token's sentence; heads and years of the one before are forgotten."""
        at = bisect_right(self.stops, token.start)
        if at == self.sentence:
            return
        self.sentence = at
        self.start = self.stops[at - 1] if at else 0
        self.end = self.stops[at] if at < len(self.stops) else len(self.body)
        self.before_end = self.start
        self.head, self.subjects, self.series = "", [], []
        text = self.body[self.start : min(self.end, self.start + 4000)]
        self.mentions = [(self.start + end, year, once) for end, year, once in meaning.years(text, self.report_year)]

    def _shared_hedge(self, token: Token, following: Token) -> Approx:
        if following.unit != token.unit or following.start - token.end > 3:
            return "exact"
        shared = meaning.approx(following, "", self.body[following.end : following.end + 8])
        return shared if shared in ("less_than", "at_least") and not following.hedged else "exact"

    def _subject(self, token: Token, following: Token | None, kind: Kind) -> str:
        body = self.body
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
        self.is_to_value = bool(self.subjects) and not fresh and bool(_TO_VALUE.fullmatch(before))
        if self.series and _SHARES.fullmatch(before.rstrip("约近") or "?"):
            subject, named = self.series.pop(0), False
        elif _RESPECTIVELY.search(before[-10:]):
            subject, named = self._first_of_series(left_label(_RESPECTIVELY.sub("", before))), False
        elif self.is_to_value:
            subject, named = last.removesuffix(BEFORE_CHANGE), False
        elif following and _FROM.search(before[-14:]) and _TO_VALUE.fullmatch(body[token.end : following.start]):
            subject, named = (left_label(_FROM.sub("", before[-60:])) or last or self.head) + BEFORE_CHANGE, False
        else:
            self.series = []
            subject, named = compose(before[-60:], after, fresh)
            if not subject and fresh and kind not in ("change", "change_rate"):
                subject = label_before(self._clause_before(clause))
            self.own_label = subject or self.own_label
            subject, named = self._carried(subject, named, kind, last)
        if named and kind == "count" and not self._in_parentheses(token):
            self._keep_head(_AFTER_PERSON.split(noun_of(subject))[0], opens=bool(_INTAKE.match(subject)))
        self.subjects.append((subject, token.unit))
        return subject

    def _in_parentheses(self, token: Token) -> bool:
        text = self.body[max(self.start, token.start - 80) : token.start]
        return text.count("（") + text.count("(") > text.count("）") + text.count(")")

    def _clause_before(self, clause: int) -> str:
        stop = clause - 1
        earlier = [match.end() for match in _CLAUSE_END.finditer(self.body, max(self.start, stop - 40), stop)]
        return self.body[earlier[-1] if earlier else max(self.start, stop - 40) : max(stop, self.start)]

    def _keep_head(self, noun: str, opens: bool) -> None:
        """The list's head changes with its topic: 撤回行政复议申请 stays within 行政复议案件; what comes in opens a new one."""
        same = not opens and any(noun[at : at + 4] in self.head for at in range(len(noun) - 3))
        if len(noun) >= 2 and not same:
            self.head = noun

    def _carried(self, subject: str, named: bool, kind: Kind, last: str) -> tuple[str, bool]:
        """Complete 审结 to 审结行政复议案件, 同比下降 to 来信来访同比下降, 办结率 to 线索办结率."""
        if not subject:
            return last or self.head, False
        if kind in ("change_rate", "change"):
            subject = _YEAR_WORDS.sub("", subject)
            short = len(subject) <= 8 and not _MEASURE.search(subject)
            return ((last or self.head) + subject if short else subject), False
        if subject.startswith("占"):
            return self.label_of_last + subject, False
        if is_attribute(subject):
            return (self.head if self.kind == "rate" or not last else last) + subject, False
        if self.head and (is_only_verb(subject) or len(subject) <= 1):
            return subject + self.head, False
        if self.head and kind == "rate" and len(subject) <= 3:
            return self.head + subject, False
        return subject, named

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

    def _section(self, at: int) -> Section | None:
        """The innermost section that holds the offset: sections come in order, children behind their parents."""
        place = bisect_right(self.section_starts, at) - 1
        while place >= 0:
            if self.sections[place].char_end > at:
                return self.sections[place]
            place -= 1
            if self.section_starts[place] == 0:
                break
        return None

    def _year(self, token: Token, kind: Kind, plan: Section | None) -> int | None:
        for end, year, once in reversed(self.mentions):
            if end > token.start:
                continue
            if once and (kind in ("change", "change_rate") or self.is_to_value):
                return self.report_year
            if once and _CLAUSE_END.search(self.body, end, token.start) and token.start - end > 1:
                continue
            return year
        if plan is not None:
            stated = re.search(r"20\d\d(?=年)", plan.heading)
            return int(stated.group()) if stated else (self.report_year + 1 if self.report_year else None)
        return self.report_year


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


def _with_zeros(found: list[Quantity], body: str, reader: _Reader) -> list[Quantity]:
    """Merge stated zeros that overlap no number; a plan states none."""
    starts = [quantity.char_start for quantity in found]
    zeros = []
    for start, end, what in stated_zeros(body):
        at = bisect_right(starts, start)
        if (at and found[at - 1].char_end > start) or (at < len(found) and starts[at] < end):
            continue
        section = reader._section(start)
        if section is not None and section.part in ("plan", "problems"):
            continue
        zeros.append(
            Quantity(
                char_start=start,
                char_end=end,
                raw=body[start:end],
                value=0,
                unit=None,
                kind="stated_zero",
                approx="exact",
                direction=None,
                subject=what,
                scope=None,
                period_year=reader.report_year,
                is_target=False,
                indicator=None,
                confidence=0.7,
            )
        )
    return sorted(found + zeros, key=lambda quantity: quantity.char_start) if zeros else found
