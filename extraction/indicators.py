"""Quantities in, the same quantities with the catalogue's indicator out, where exactly one fits; else it stays null."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from operator import attrgetter

from extraction.catalogue import Catalogue, Indicator
from extraction.circumstance import acting_body, is_narrowed
from extraction.own_name import DEPARTMENT, is_department, own_words
from extraction.parts_of_wholes import (
    BODIES,
    VISITS,
    Turn,
    counts_bodies,
    is_own_level_of_a_whole,
    is_second_body,
    without_parts,
)
from extraction.plain import ALL_LEVELS, Phrase
from extraction.reader import BEFORE_CHANGE
from extraction.subject import AFTER_NOUN, NOT_A_NOUN, TAKES_PART
from extraction.types import Quantity, Section

_QUOTES = re.compile('[“”"‘’《》 \u3000\t]+')
_SHARED_ACT = re.compile(
    r"(?:^|[，。；：,;:])(?:全年|共|累计|共计|年内|先后|[^，。；：,;:\d]{0,14}?)(?P<act>审查|审核|办理|受理|制定|出台|查处|聘请|配备|承办|报送|报备|出动|录入|归集|进驻|入驻)[^，。；：,;:]*$"
)
_PLACES = re.compile(
    r"(?:县直|市直|区直)?(?:乡镇|镇街|街道|镇|乡|村|社区|部门|县|市|区|旗|学校|中小学|机关|地区|科室|园区|单位)(?!级|政府|委|长)(?:[（(][^（）()]{1,8}[)）])?"
    r"[^，。；,;]{0,8}?(?:设立|建立|建成|配备|完成|实现|落实|公布|成立|聘请|聘任|签订|开设|制定)"
)
_ACTED_ON = re.compile(r"(?:对|组织|向|为|给|指导|督促|在|与|由)[^，。；,;]{0,12}\Z")
_INCLUDING = re.compile(r"[（(]不?含[^（）()0-9]{1,12}[）)]")  # 文件（含合同）
_OWN_ACT = re.compile(r"印发|制[定发]|出台|报备|备案")
_REVIEWED_FIRST = re.compile(r"经(?:合法性|依法)?审[查核]后由?")
_SERVES_AS = re.compile(r"(?P<who>[一-龥]{2,8}?(?:担任|兼任))[0-9]+[个名家](?P<what>[^，。；,;0-9]{2,16})")
_SETS_UP = re.compile(r"(?:设立|建立|建成|聘任|聘请|配备|设置)[^，。；,;]{2,}\Z")
_OF_A_SIZE = re.compile(r"[0-9][^，。；,;0-9]{0,3}?以[上下内]的[^，。；,;0-9]{0,12}\Z")
_BEHIND = re.compile(
    r"[^，。；：,;:！？、（）()\n0-9０-９]{0,20}(?:(?:、[一-龥]{2,6}){1,3}(?:担任|组成)[一-龥]{2,10})?"
)
# 移动端“洋事通”可办事项; 办理取水许可、河道采砂等行政许可事项: an app's name, examples of the whole
_HARMLESS = re.compile(r"“[一-龥]{2,5}[通办码]”|[一-龥]{2,12}(?:、[一-龥]{2,12})+等(?=[一-龥]{4})")
_BY_TITLE = re.compile(r"(?:依据|根据|按照|依照)《[^《》]*》")
_REVIEWED = re.compile(
    r"(?P<act>审查|审核)[^，。；：,;:]{0,20}(?:[，,][^，。；：,;:]{0,4}提出[^，。；：,;:]{0,16})?[，,（(]其中[^；;。]*$"
)
_JOINED = re.compile(r"、|与|和(?!解|谐)|及(?!时)|为|对|向")
_NEWLY = re.compile(r"新(?:设立|建成|增设|组建)")  # 新设立联系点4个 is not how many there are
_NEW_ONES = re.compile(
    r"[，。；,;]?(?:新增|新建|新设立?|新建成)[^，。；,;0-9]{2,16}[0-9]+[个处家座]、[^，。；,;0-9]*\Z"
)
MAX_ZERO = 16  # characters of a stated zero's phrase; longer ones speak of a part (因信息公开引起的…)
# what cases are made of: staff and hazards that nobody understands turn to nothing
_TURNS = ("件", "起", "家", "户", "次")
_OF_NO_BODIES = ("件", "次", "卷", "项", "份")
_ROUTINE = re.compile(r"(?:巡查|巡逻|巡检|(?:日常|常态化|常规)(?:执法)?(?:检查|监管))$")  # 日常巡查260次,立案19件
_CAUSED = re.compile(r"和(?!解)|、|较大|以上|因|引起|引发|不当|重大|涉及|由于")
_SEGMENT = re.compile(r"[^，。；：,;:！？\n0-9０-９]*")
_OTHER_MEASURE = re.compile(
    r"每(?:个|村|名|家|户|件|案|起|宗)|[案件次场]均|人均|户均|日均|月均|平均每|其中涉|占比|占(?!地)|比重|名列|排名"
)


def map_indicators(
    quantities: Iterable[Quantity],
    *,
    body: str,
    sections: Sequence[Section],
    catalogue: Catalogue,
    publisher: str | None = None,
) -> list[Quantity]:
    """Set `indicator` by kind, unit and the words of the subject, where every word of it is understood.

    Goals, changes by so much (unless the indicator is a change), damaged and per-head figures and single events (一起)
    stay unmapped. publisher: the reporting body, whose name narrows nothing in its own report.
    """
    mapper = _Mapper(body, catalogue, publisher)
    items = list(quantities)
    mapped = [mapper.mapped(item, following) for item, following in zip(items, [*items[1:], None], strict=False)]
    return without_parts(mapped, body, catalogue)


class _Mapper:
    """Maps in order, for what was said before narrows bare words behind."""

    def __init__(self, body: str, catalogue: Catalogue, publisher: str | None) -> None:
        self.body, self.catalogue = body, catalogue
        own = own_words(publisher) if publisher else None
        self.own = own.words if own else None
        self.places = own.places if own else None
        self.mark = DEPARTMENT if publisher and is_department(publisher) else ""
        self.turn = Turn(body)

    def mapped(self, quantity: Quantity, following: Quantity | None) -> Quantity:
        if quantity.is_target or quantity.confidence < 0.5 or not quantity.subject or quantity.raw.startswith("一"):
            return quantity
        body, catalogue = self.body, self.catalogue
        if quantity.subject.endswith(BEFORE_CHANGE) and not _is_of_an_earlier_year(quantity, following):
            return quantity
        subject = quantity.subject.removesuffix(BEFORE_CHANGE)
        if "含" in subject:
            subject = _INCLUDING.sub("", subject)
        if "《" in subject:
            subject = _BY_TITLE.sub("", subject)
        if is_own_level_of_a_whole(quantity, body):
            return quantity
        sentence = body[max(0, quantity.char_start - 120) : quantity.char_start]
        sentence = sentence[max(map(sentence.rfind, "。！？\n")) + 1 :]
        if quantity.kind == "stated_zero":
            if len(quantity.raw) > MAX_ZERO or _CAUSED.search(quantity.raw) or "、" in subject:
                return quantity
            text, core = quantity.raw, subject
        else:
            behind = _behind(body, quantity.char_end)
            predicate = AFTER_NOUN.search(behind, 1)
            noun, own = behind[: predicate.start()] if predicate else behind, _own_words(sentence)
            if TAKES_PART.match(behind):
                noun = ""  # 公职律师36名参与应诉
            core = subject if noun in subject else f"{subject}|{noun}"
            if _PLACES.match(body, quantity.char_end) and not _ACTED_ON.search(sentence):
                return quantity  # 18个乡镇全部设立联系点 counts townships
            if body[
                quantity.char_end + len(behind) : quantity.char_end + len(behind) + 1
            ].isdigit() and _SETS_UP.search(behind):
                return quantity  # 在12个司法所设立服务点12个 counts offices
            if "以" in sentence[-18:] and _OF_A_SIZE.search(sentence):
                return quantity  # 2人以下的司法所
            if "分别" in own:
                own = next(
                    (name for name in _JOINED.split(own) if subject in name), ""
                )  # 参考率、合格率分别为: one of the names alone is this number's
            if "审查后" in own or "审核后" in own:
                own, core = _REVIEWED_FIRST.sub("", own), _REVIEWED_FIRST.sub("", core)
                subject = _REVIEWED_FIRST.sub("", subject)
            if "含" in own:
                own = _INCLUDING.sub("", own)
            if "《" in own:
                own = _BY_TITLE.sub("", own)
            told = subject if own in subject else f"{subject}|{own}"
            text = _QUOTES.sub("", told if behind in told else f"{told}|{behind}")
            if "村" in text:
                text = ALL_LEVELS.sub("", text)
            if is_second_body(quantity.unit, sentence, behind):
                return quantity
        if _is_other_measure(quantity, text):
            return quantity
        candidates = catalogue.candidates(quantity.kind, quantity.unit, text)
        said = self.mark + sentence
        fitting = [(weight, item) for item in candidates if (weight := item.weight(text, said))]
        self.turn.take(quantity, sentence)
        if not fitting:
            self.turn.take_place(quantity, self.places)
        if not fitting or self.turn.holds_for(quantity, sentence):
            return quantity
        if ("“" in core or "等" in core) and quantity.unit not in VISITS:
            core = _HARMLESS.sub("", core)
        phrase = Phrase(_QUOTES.sub("", core), self.own)
        acting = acting_body(sentence)
        if self.own and acting.endswith(("支队", "大队", "总队", "执法队")):
            acting = ""  # a department's own corps
        agent = Phrase(acting, self.own) if acting else None
        understood = [
            (weight, item)
            for weight, item in fitting
            if not phrase.unexplained(item.known) and not (agent and agent.unexplained(item.known))
        ]
        turns = not understood and any(item.unit in _TURNS for _, item in fitting)
        if turns and not (self.places and self.places.search(subject)) and not _ROUTINE.search(subject):
            self.turn.part_at = quantity.char_end
        indicator = _best(understood, catalogue)
        if indicator and (
            is_narrowed(sentence)
            if indicator.span == "year"
            else indicator.span == "stock" and (_NEWLY.match(subject) or _NEW_ONES.search(sentence))
        ):
            return quantity
        if not indicator or (
            quantity.unit in BODIES and indicator.unit in _OF_NO_BODIES and counts_bodies(body, quantity.char_end)
        ):
            return quantity
        # needed words that stand elsewhere in the sentence, or a second rule that understands all words: less sure
        sure = 0.75 if len(understood) > 1 and _is_close(understood) else 1.0 if indicator.weight(text) else 0.8
        return _with(quantity, indicator.id, min(sure, quantity.confidence))


def _is_of_an_earlier_year(quantity: Quantity, following: Quantity | None) -> bool:
    """由上年的486万元降至352万元: the first is the year before's own value; 由3个工作日缩短至1个 says of no year."""
    if following is None or not quantity.period_year or not following.period_year:
        return False
    return quantity.period_year < following.period_year


_FIELDS = attrgetter(*(name for name in Quantity.__dataclass_fields__ if name not in ("indicator", "confidence")))


def _with(quantity: Quantity, indicator: str, confidence: float) -> Quantity:
    """The same with this indicator; `replace` takes three times as long."""
    return Quantity(*_FIELDS(quantity), indicator, confidence)  # type: ignore[call-arg]


def _is_close(understood: list[tuple[int, Indicator]]) -> bool:
    first, second = sorted((weight for weight, _ in understood), reverse=True)[:2]
    return first - second <= 1


def _behind(body: str, at: int) -> str:
    if "任" in body[at : at + 10] and (serves := _SERVES_AS.match(body, at)):
        return serves["who"] + serves["what"]  # 46名律师担任138个村法律顾问
    match = None if NOT_A_NOUN.match(body, at) else _BEHIND.match(body, at)
    return match.group() if match else ""


def _is_other_measure(quantity: Quantity, text: str) -> bool:
    other = _OTHER_MEASURE.search(text)
    if not other:
        return False
    return quantity.kind not in ("rate", "duration") or (other.group().startswith("占") and "占比" not in text)


def _own_words(sentence: str) -> str:
    """The words that belong to the number: behind another number they begin with that number's noun, which is left out."""
    start = len(sentence) - _SEGMENT.match(sentence[::-1]).end()  # type: ignore[union-attr]
    words = sentence[start:]
    if (
        "其中" in sentence and (within := _REVIEWED.search(sentence)) and not _OWN_ACT.search(words)
    ):  # 审核各类文件76件，其中规范性文件9件、合同67件
        words += "|" + within["act"]
    if start and sentence[start - 1] not in "，。；：,;:！？\n":
        shared = _SHARED_ACT.search(sentence, 0, start) if "、" in words[:6] else None
        if shared:  # 审查规范性文件34件、政府合同58份
            act = "备案审查" if "报备" in shared.group() else shared["act"]  # 审查部门报备规章13件、规范性文件72件
            return f"{_JOINED.split(words)[-1]}|{act}"
        parts = _JOINED.split(words)
        return parts[-1] if len(parts) > 1 else ""
    return words


def _best(fitting: list[tuple[int, Indicator]], catalogue: Catalogue) -> Indicator | None:
    if not fitting:
        return None
    if len(fitting) == 1:
        return fitting[0][1]
    kept = [
        (weight, item) for weight, item in fitting if not any(catalogue.is_within(other, item) for _, other in fitting)
    ]
    kept.sort(key=lambda pair: -pair[0])
    if len(kept) > 1 and kept[0][0] == kept[1][0]:
        return None
    return kept[0][1]
