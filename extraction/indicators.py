"""Quantities in, the same quantities with the catalogue's indicator out, where exactly one fits; else it stays null."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from extraction.catalogue import Catalogue, Indicator
from extraction.circumstance import Actors, cleans_one_topic, is_narrowed, is_one_office
from extraction.completing import TIMES
from extraction.examples import without_examples
from extraction.naming import BEFORE_CHANGE
from extraction.of_others import is_kind_of_power, tells_of_others
from extraction.own_name import DEPARTMENT, TOWN, answers_to_the_centre, decides_reviews, level_of, mark_of, own_words
from extraction.parts_of_wholes import DECISIONS, OWN_CASES, without_parts
from extraction.plain import Phrase
from extraction.said import Said, said_of, surroundings, unquoted
from extraction.turns import BODIES, Turn, counts_bodies, inspects_places, is_own_level_of_a_whole
from extraction.types import Quantity, Section

_NEWLY = re.compile(r"新(?:设|建|增设|组建|聘|选聘|招聘)")  # 新设立联系点4个 is not how many there are
_NEW_ONES = re.compile(
    r"[，。；,;]?(?:新增|新建|新设立?|新建成)[^，。；,;0-9]{2,16}[0-9]+[个处家座]、(?!总数|累计|共有|达到)[^，。；,;0-9]*\Z"
)
# what cases are made of: staff and hazards that nobody understands turn to nothing
_TURNS = ("件", "起", "家", "户", "次")
_OF_NO_BODIES = ("件", "次", "卷", "项", "份", "条")
# 开展联合执法的部门8个, 矛盾纠纷调处化解中心12个
_ARE_BODIES = re.compile(
    r"(?:的(?:部门|单位|机关|企业|乡镇|镇街|街道|学校|村|社区)|中心|平台|工作站|工作室|调解室|组织|委员会|机构|队伍|基地|乡镇|镇街|街道)\Z"
)
_ROUTINE = re.compile(
    r"(?:巡查|巡逻|巡检|(?:日常|常态化|常规)(?:执法)?(?:检查|监管))$|^已?(?:结案|办结|责改|责令改正|警告|约谈)"
)  # 日常巡查260次,立案19件
_NEXT_YEAR = re.compile(r"(?<!文)明年")  # 计划明年培训6期,换发证件3000本
_NO_FIELD = ("重点领域", "各领域", "执法领域", "行政执法领域", "各类领域", "相关领域", "法治领域")
# 专题学法、法治讲座2场次: two kinds of events in one figure
_TWO_EVENTS = re.compile(
    r"(?:学法|培训|考试|测试|竞赛|业务)(?:活动|班)?[、和与及](?:[一-龥]{0,4}法治|[一-龥]{0,4}法律)[一-龥]{0,4}(?:讲座|宣讲|竞赛|培训)\Z"
)
# 投诉举报：受理6312件: the topic that a list is headed by
_HEADED_BY = re.compile(
    r"(?:^|[；;])(?:[（(]?[一二三四五六七八九十0-9]{1,3}[)）.、])?(?P<topic>[一-龥]{2,8})[：:][^：:]*\Z"
)
_OF_CLEANING = tuple(f"normative_{what}" for what in ("cleaned", "in_force", "repealed", "lapsed", "amended"))
_RECEIVED = "recon_received"
_OF_ONE_FIELD = ("env_cases", "labour_inspections")
# 行政处罚类17件, 土地类信访9件: cases by what they are about
_OF_A_KIND = re.compile(r"(?<![各分多大几种])类(?:信访|投诉|举报|案件|纠纷|诉求|工单|申请|咨询)?\Z")
# 时限压缩率达86%, 压减申请材料38%: a change told as a rate
_CUT_BY = re.compile(
    r"(?:压缩|压减|缩减|缩短|提速)(?:率|比例?|幅度)|^(?:平均)?(?:压减|精简|减少|压缩|缩减|精减|减)了?(?:申请|申报|审批|办事|办理|承诺)?(?:材料|时限|时间)\Z"
)
_OTHER_MEASURE = re.compile(
    r"每(?:个|村|名|家|户|件|案|起|宗)|"
    + "|".join(f"{one}均" for one in "案件次场村乡镇县校所人户日月")
    + r"|各(?:[配聘派]|有(?!关)|设(?![区施]))|平均每|同比[多少]|其中涉|占比|占(?!地)|比重|名列|排名"
)

# 每村1名法律顾问、3名法律明白人: the second is of each village too
_OF_EACH_PLACE = re.compile(
    r"每(?:个|所|家)?(?:行政)?(?:村|社区|乡镇|镇|街道|学校|校|单位|部门|所|企业)(?:（社区）)?[^，。；,;：:每]{0,16}[0-9][^，。；,;：:共]{1,10}[、和及][^，。；,;：:共总]{0,12}\Z"
)
# 网上可办事项占政务服务事项总数的97%, “最多跑一次”事项36项,占100%, 调解和解402件,占31%: shares that are rates of their own
_SHARE_ASKED = re.compile(
    r"(?:和解|调解|结案|纠错)(?:案件)?的?占(?:全部|已|所有)*(?:审结|结案)?(?:案件)?(?:总数|数)?的?(?:比例?)?(?:[|]|$)"
    r"|(?:事项|即办件)占(?:(?:全部|依申请|所有)?(?:政务服务|审批服务|行政审批)?事项(?:总数|总量)?)?的?(?:比例?)?(?:[|]|$)"
    r"|(?:跑一次|即办|可办|网办|一次办)件?占(?:[|]|$)|(?:起诉|诉讼)的(?:案件|比例)?仅?占"
)

_Fitting = list[tuple[int, Indicator]]  # how much a rule fits, and the rule


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
        self.body, self.catalogue, self.publisher = body, catalogue, publisher
        own = own_words(publisher) if publisher else None
        self.own = own.words if own else None
        self.places = own.places if own else None
        self.congress = own.congress if own else ""
        self.mark = mark_of(publisher) if publisher else ""
        self.level = level_of(publisher) if publisher else ""
        self.turn = Turn(body)
        self.actors = Actors()
        self.obscure: _Fitting = []  # what fitted the last figure that no rule understood
        self.obscure_end = -1
        self.told: dict[str, int] = {}  # where an indicator was told last

    def _owns(self, field: str) -> bool:
        """Whether the field is the reporting department's own."""
        return self.own is not None and self.own.match(field) is not None

    def _is_of_obscure(self, parent: str, start: int) -> bool:
        """排查消防隐患126处,督促整改118处: what was done with things of the sentence that nobody understood."""
        return any(item.id == parent for _, item in self.obscure) and self.told.get(parent, -1) <= start

    def _decides(self, quantity: Quantity, said: Said) -> bool:
        """市局收到行政复议申请52件,受理47件: who received applications accepts them; a tax bureau may say no more than that."""
        if said.subject.startswith("受理") and answers_to_the_centre(self.publisher or ""):
            return True
        return self.told.get(_RECEIVED, -1) > self.body.rfind("\n", 0, quantity.char_start)

    def mapped(self, quantity: Quantity, following: Quantity | None) -> Quantity:
        """The quantity with its indicator, or as it was. Each is told in turn, the unmapped ones too."""
        if quantity.is_target or quantity.confidence < 0.5 or not quantity.subject or quantity.raw.startswith("一"):
            return quantity
        self.turn.weigh(quantity)
        if (
            _names_no_whole(quantity, following)
            or is_own_level_of_a_whole(quantity, self.body)
            or is_kind_of_power(quantity, self.body)
        ):
            return quantity
        said = said_of(quantity, self.body)
        if said is None or _is_other_measure(quantity, said):
            return quantity
        if self.congress and self.congress in said.text:
            text, core = (words.replace(self.congress, "人大") for words in (said.text, said.core))
            said = said._replace(text=text, core=core)
        said, fitting = self._fitting(quantity, said)
        if said.field and not (said.field in _NO_FIELD or self._owns(said.field)):
            # 消防领域开展检查 is a part, but hazards of 安全生产领域 are all
            fitting = [(weight, item) for weight, item in fitting if said.field in item.known.get(said.field[0], ())]
            if not fitting:
                return quantity
        self.turn.take(quantity, said.sentence)
        if not fitting:
            self.turn.take_place(quantity, self.places)
        if not fitting or self.turn.holds_for(quantity, said.sentence):
            return quantity
        understood = self._understood(quantity, said, fitting)
        if not understood:
            self.obscure, self.obscure_end = fitting, quantity.char_end
        indicator = _best(understood, self.catalogue)
        if indicator is None:
            return quantity
        self.told[indicator.id] = quantity.char_end
        if self._is_of_others(indicator, quantity, said):
            return quantity
        if indicator.id in _OF_ONE_FIELD and self.mark != DEPARTMENT:
            self.turn.part_at = quantity.char_end  # 查处环境违法案件143件，罚款: of this field
        # needed words that stand elsewhere in the sentence, or a second rule that understands all words: less sure
        close = len(understood) > 1 and _is_close(understood)
        sure = 0.75 if close else 1.0 if indicator.stands_in(said.text) else 0.8
        return _with(quantity, indicator.id, min(sure, quantity.confidence))

    def _fitting(self, quantity: Quantity, said: Said) -> tuple[Said, _Fitting]:
        """The rules whose needed words are all there, with how much they fit; what is said may gain a list's topic."""
        kind = "change_rate" if quantity.kind == "rate" and _CUT_BY.search(said.text) else quantity.kind
        before = self.mark + said.sentence
        around = partial(surroundings, self.body, quantity.char_start, quantity.char_end)
        fitting = self._weighed(kind, quantity.unit, said.text, before, around)
        if not fitting and (":" in said.sentence or "：" in said.sentence):
            headed = _HEADED_BY.search(said.sentence)
            if headed:
                said = said._replace(text=f"{said.text}|{headed['topic']}")
                fitting = self._weighed(kind, quantity.unit, said.text, before, around)
        return said, fitting

    def _weighed(self, kind: str, unit: str | None, text: str, before: str, around: Callable[[], str]) -> _Fitting:
        candidates = self.catalogue.candidates(kind, unit, text, before)
        return [(weight, item) for item in candidates if (weight := item.weight(text, before, around))]

    def _understood(self, quantity: Quantity, said: Said, fitting: _Fitting) -> _Fitting:
        """Those rules that know every word of what is counted, and who did it."""
        core = without_examples(said.core, said.sentence, quantity.unit, self._inspects)
        phrase = Phrase(unquoted(core), self.own)
        acting = self.actors.last(said.sentence)
        if self.own and acting.endswith(("支队", "大队", "总队", "执法队")):
            acting = ""  # a department's own corps
        agent = Phrase(acting.replace("系统", "部门"), self.own) if acting else None
        understood = [
            (weight, item)
            for weight, item in fitting
            if not phrase.unexplained(item.known) and not (agent and agent.unexplained(item.known))
        ]
        if not understood and (inspects_places(quantity) or any(item.unit in _TURNS for _, item in fitting)):
            if not (self.places and self.places.search(said.subject)) and not _ROUTINE.search(said.subject):
                self.turn.part_at = quantity.char_end
        elif len(understood) > 1:
            ids = {item.id for _, item in understood}
            if OWN_CASES in ids and "被提" not in said.subject and (_RECEIVED in ids or self._decides(quantity, said)):
                return [(weight, item) for weight, item in understood if item.id != OWN_CASES]
        return understood

    def _inspects(self, core: str) -> bool:
        """Whether it names places that the reporting body inspects."""
        return self.places.search(core) is not None if self.places else self.mark == TOWN and "企业" in core

    def _is_of_others(self, indicator: Indicator, quantity: Quantity, said: Said) -> bool:
        """Whether the words around tell the indicator of a part, another time, another body or another thing."""
        sentence, unit = said.sentence, quantity.unit
        start = quantity.char_start - len(sentence)
        if (
            indicator.parent_id
            and self.obscure_end > start
            and self._is_of_obscure(indicator.parent_id, start)
            and not indicator.stands_in(said.text)
        ):
            return True
        if indicator.span == "year" and is_narrowed(sentence, quantity.period_year):
            return True
        stock = indicator.span == "stock" and quantity.kind == "count"
        if stock and (_NEWLY.match(said.subject) or _NEW_ONES.search(sentence)):
            return True
        if indicator.id in _OF_CLEANING and "清理" in sentence and cleans_one_topic(sentence):
            return True
        behind = self.body[quantity.char_end : quantity.char_end + 5]
        if is_one_office(sentence, bool(self.mark)):
            return True
        if tells_of_others(indicator, sentence, said.text, behind, self.level):
            return True
        bodies = unit in BODIES and indicator.unit in _OF_NO_BODIES
        if bodies and (counts_bodies(self.body, quantity.char_end) or _ARE_BODIES.search(said.subject)):
            return True
        # cases against the department, decided by others
        year = quantity.period_year or 0
        return indicator.id in DECISIONS and bool(self.publisher) and not decides_reviews(self.publisher, year)


def _names_no_whole(quantity: Quantity, following: Quantity | None) -> bool:
    """Of the subject alone: a value of before, one kind of cases, two kinds of events in one figure."""
    subject = quantity.subject
    if subject.endswith(BEFORE_CHANGE) and not _is_of_an_earlier_year(quantity, following):
        return True
    if "类" in subject[-3:] and _OF_A_KIND.search(subject):
        return True
    return "法" in subject and quantity.unit in TIMES and _TWO_EVENTS.search(subject) is not None


def _is_of_an_earlier_year(quantity: Quantity, following: Quantity | None) -> bool:
    """由上年的486万元降至352万元: the first is the year before's own value; 由3个工作日缩短至1个 says of no year."""
    if following is None or not quantity.period_year or not following.period_year:
        return False
    return quantity.period_year < following.period_year


def _with(quantity: Quantity, indicator: str, confidence: float) -> Quantity:
    """The same with the last two fields anew; `_replace` takes four times as long."""
    return tuple.__new__(Quantity, (*quantity[:-2], indicator, confidence))


def _is_close(understood: _Fitting) -> bool:
    first, second = sorted((weight for weight, _ in understood), reverse=True)[:2]
    return first - second <= 1


def _is_other_measure(quantity: Quantity, said: Said) -> bool:
    """An average, a share, a figure of each place, or what next year is to bring."""
    if "每" in said.sentence[-24:] and _OF_EACH_PLACE.search(said.sentence):
        return True
    if "明年" in said.sentence and _NEXT_YEAR.search(said.sentence):
        return True
    other = _OTHER_MEASURE.search(said.text)
    if not other or ("占" in said.text and _SHARE_ASKED.search(said.text)):
        return False
    return quantity.kind not in ("rate", "duration") or (other.group().startswith("占") and "占比" not in said.text)


def _best(fitting: _Fitting, catalogue: Catalogue) -> Indicator | None:
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
