"""Quantities in, the same quantities with the catalogue's indicator out, where exactly one fits; else it stays null."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import attrgetter

from extraction.catalogue import Catalogue, Indicator
from extraction.circumstance import Actors, cleans_one_topic, is_narrowed, is_one_office
from extraction.completing import TIMES
from extraction.naming import BEFORE_CHANGE
from extraction.of_others import tells_of_others
from extraction.own_name import DEPARTMENT, TOWN, decides_reviews, level_of, mark_of, own_words
from extraction.parts_of_wholes import DECISIONS, OWN_CASES, without_parts
from extraction.plain import Phrase
from extraction.said import QUOTES, said_of, surroundings
from extraction.turns import BODIES, VISITS, Turn, counts_bodies, inspects_places, is_own_level_of_a_whole
from extraction.types import Quantity, Section, quantity_of

# 移动端“洋事通”可办事项; 办理取水许可、河道采砂等行政许可事项: an app's name, examples of the whole
_HARMLESS = re.compile(
    r"“[五六七八九]五”(?=普法)|“[一-龥]{2,5}[通办码]”(?!率|占比|比例)|“[一-龥]{2,10}(?:平台|系统)”|“[一-龥]{2,6}”(?=清单|(?:微信)?公众号|微博|抖音|普法志愿)|“[一-龥]{2,6}法律服务[圈站室点]”|“[一-龥]{2,6}调解(?:工作)?室”(?=[|]|$)|“[一-龥]{2,8}”(?=(?:特色|个人)?(?:品牌|调解工?作?室))|(?:“[^“”]{2,12}”、?)+(?:等|一类|之类)|“[一-龥]{2,8}”这样的|[一-龥]{2,12}(?:、[一-龥]{2,12})+等(?=[一-龥]{4})|(?<=法律顾问参与)[一-龥、]{2,20}等(?=[|]|$)|[一-龥]{2,4}(?:、[一-龥]{2,6})+等(?=(?:合同|协议|文件|事项|议题|资料|材料|证照|许可)(?:[|]|$))|[一-龥]{2,14}(?:、[一-龥]{2,10})+等(?=(?:各类|应急|行政){0,2}(?:演练|许可)(?:[|]|$))"
)
# one example of the whole, looked for where its 等 follows: 审核员轮训等执法培训, 危化品经营许可等许可, 土地出让合同等
_EXAMPLE = re.compile(
    r"(?:“[^“”]{2,12}”、)?[一-龥]{2,10}(?:轮训|讲堂|比武|练兵)等(?=[一-龥]{0,4}培训)|[一-龥]{2,12}许可等(?=(?:行政)?许可)"
    r"|(?<=参与)[一-龥]{2,12}等(?=涉法|重[大要]|各类)"
    r"|(?<=推出|上线|实现|办好|开通|落地)[一-龥、]{2,30}等(?=“?(?:高效办成)?一件事)"
    r"|(?<=审[查核])[一-龥]{2,8}(?=(?:合同|协议)等(?:[|]|$))|(?:《[^《》]{2,30}》[、和]?){1,6}等"
)
# a department inspects 医疗机构、公共场所、学校等被监督单位: three kinds of places of its field or more stand for all
_PLACE = "[一-龥A-Z]{0,9}?(?:店|场|所|户|机构|企业|单位|主体|校|厂|院|站|园|吧|坊|摊|铺|公司|V)"
_PLACES_OF_ALL_KINDS = re.compile(
    rf"(?<=检查){_PLACE}(?:、{_PLACE}){{2,8}}等(?=各类|被?监[督管]|生产|经营|单位|场所|企业|[|]|$)"
)
_BEFORE_EXAMPLES_END = (
    "等一件",
    "等“一",
    "等“高",
    "等高效",
    "训等",
    "堂等",
    "武等",
    "兵等",
    "可等",
    "同等",
    "议等",
    "》等",
    "等涉",
    "等重",
)
_NEWLY = re.compile(r"新(?:设|建|增设|组建|聘|选聘|招聘)")  # 新设立联系点4个 is not how many there are
_NEW_ONES = re.compile(
    r"[，。；,;]?(?:新增|新建|新设立?|新建成)[^，。；,;0-9]{2,16}[0-9]+[个处家座]、(?!总数|累计|共有|达到)[^，。；,;0-9]*\Z"
)
# what cases are made of: staff and hazards that nobody understands turn to nothing
_TURNS = ("件", "起", "家", "户", "次")
_OF_NO_BODIES = ("件", "次", "卷", "项", "份", "条")
_THE_BODIES = re.compile(r"的(?:部门|单位|机关|企业|乡镇|镇街|街道|学校|村|社区)\Z")  # 开展联合执法的部门8个
_A_BODY = re.compile(
    r"(?:中心|平台|工作站|工作室|调解室|组织|委员会|机构|队伍|基地|乡镇|镇街|街道)\Z"
)  # 矛盾纠纷调处化解中心12个
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
        self.obscure: Sequence[tuple[int, Indicator]] = ()  # what fitted the last figure that no rule understood
        self.obscure_end = -1
        self.told: dict[str, int] = {}  # where an indicator was told last

    def _owns(self, field: str) -> bool:
        """Whether the field is the reporting department's own."""
        return self.own is not None and self.own.match(field) is not None

    def _is_of_obscure(self, parent: str, start: int) -> bool:
        """排查消防隐患126处,督促整改118处: what was done with things of the sentence that nobody understood."""
        return any(item.id == parent for _, item in self.obscure) and self.told.get(parent, -1) <= start

    def _decides(self, quantity: Quantity) -> bool:
        """市局收到行政复议申请52件,受理47件: who received applications accepts them."""
        return self.told.get(_RECEIVED, -1) > self.body.rfind("\n", 0, quantity.char_start)

    def mapped(self, quantity: Quantity, following: Quantity | None) -> Quantity:
        if quantity.is_target or quantity.confidence < 0.5 or not quantity.subject or quantity.raw.startswith("一"):
            return quantity
        body, catalogue = self.body, self.catalogue
        self.turn.weigh(quantity)
        if quantity.subject.endswith(BEFORE_CHANGE) and not _is_of_an_earlier_year(quantity, following):
            return quantity
        if "类" in quantity.subject[-3:] and _OF_A_KIND.search(quantity.subject):
            return quantity
        if ("法" in quantity.subject and quantity.unit in TIMES) and _TWO_EVENTS.search(quantity.subject):
            return quantity
        if is_own_level_of_a_whole(quantity, body):
            return quantity
        said = said_of(quantity, body)
        if said is None or _is_other_measure(quantity, said.text, said.sentence):
            return quantity
        sentence, subject, text, core = said.sentence, said.subject, said.text, said.core
        if "明年" in sentence and _NEXT_YEAR.search(sentence):
            return quantity
        if self.congress and self.congress in text:
            text, core = text.replace(self.congress, "人大"), core.replace(self.congress, "人大")
        kind = "change_rate" if quantity.kind == "rate" and _CUT_BY.search(text) else quantity.kind
        before = self.mark + sentence
        around = partial(surroundings, body, quantity.char_start, quantity.char_end)
        fitting = _fitting(catalogue.candidates(kind, quantity.unit, text, before), text, before, around)
        if not fitting and (":" in sentence or "：" in sentence) and (headed := _HEADED_BY.search(sentence)):
            text = f"{text}|{headed['topic']}"
            fitting = _fitting(catalogue.candidates(kind, quantity.unit, text, before), text, before, around)
        if said.field and not (said.field in _NO_FIELD or self._owns(said.field)):
            # 消防领域开展检查 is a part, but hazards of 安全生产领域 are all
            fitting = [(weight, item) for weight, item in fitting if said.field in item.known.get(said.field[0], ())]
            if not fitting:
                return quantity
        self.turn.take(quantity, sentence)
        if not fitting:
            self.turn.take_place(quantity, self.places)
        if not fitting or self.turn.holds_for(quantity, sentence):
            return quantity
        if (
            "等" in core
            and quantity.unit in VISITS
            and "行动" not in sentence
            and (self.places.search(core) if self.places else self.mark == TOWN and "企业" in core)
        ):
            core = QUOTES.sub("", core)
            core = _PLACES_OF_ALL_KINDS.sub("", core)
        if ("“" in core or "等" in core) and (quantity.unit not in VISITS or "等各类" in core):
            if any(map(core.__contains__, _BEFORE_EXAMPLES_END)):
                core = _EXAMPLE.sub("", core)
            core = _HARMLESS.sub("", core)
        phrase = Phrase(QUOTES.sub("", core), self.own)
        acting = self.actors.last(sentence)
        if self.own and acting.endswith(("支队", "大队", "总队", "执法队")):
            acting = ""  # a department's own corps
        agent = Phrase(acting.replace("系统", "部门"), self.own) if acting else None
        understood = [
            (weight, item)
            for weight, item in fitting
            if not phrase.unexplained(item.known) and not (agent and agent.unexplained(item.known))
        ]
        turns = not understood and (any(item.unit in _TURNS for _, item in fitting) or inspects_places(quantity))
        if turns and not (self.places and self.places.search(subject)) and not _ROUTINE.search(subject):
            self.turn.part_at = quantity.char_end
        if len(understood) > 1:
            ids = {item.id for _, item in understood}
            if OWN_CASES in ids and "被提" not in subject and (_RECEIVED in ids or self._decides(quantity)):
                understood = [(weight, item) for weight, item in understood if item.id != OWN_CASES]
        if not understood:
            self.obscure, self.obscure_end = fitting, quantity.char_end
        indicator = _best(understood, catalogue)
        if indicator:
            self.told[indicator.id] = quantity.char_end
        start = quantity.char_start - len(sentence)
        if (
            indicator
            and indicator.parent_id
            and self.obscure_end > start
            and self._is_of_obscure(indicator.parent_id, start)
            and not indicator.stands_in(text)
        ):
            return quantity
        if indicator and (
            is_narrowed(sentence, quantity.period_year)
            if indicator.span == "year"
            else indicator.span == "stock"
            and quantity.kind == "count"
            and (_NEWLY.match(subject) or _NEW_ONES.search(sentence))
        ):
            return quantity
        if indicator and indicator.id in _OF_CLEANING and "清理" in sentence and cleans_one_topic(sentence):
            return quantity
        if indicator and is_one_office(sentence, bool(self.mark)):
            return quantity
        if indicator and tells_of_others(
            indicator, sentence, text, body[quantity.char_end : quantity.char_end + 5], self.level
        ):
            return quantity
        if not indicator or (
            quantity.unit in BODIES
            and indicator.unit in _OF_NO_BODIES
            and (counts_bodies(body, quantity.char_end) or _THE_BODIES.search(subject) or _A_BODY.search(subject))
        ):
            return quantity
        if (
            indicator.id in DECISIONS
            and self.publisher
            and not decides_reviews(self.publisher, quantity.period_year or 0)
        ):
            return quantity  # cases against the department, decided by others
        if indicator.id in _OF_ONE_FIELD and self.mark != DEPARTMENT:
            self.turn.part_at = quantity.char_end  # 查处环境违法案件143件，罚款: of this field
        # needed words that stand elsewhere in the sentence, or a second rule that understands all words: less sure
        sure = 0.75 if len(understood) > 1 and _is_close(understood) else 1.0 if indicator.stands_in(text) else 0.8
        return _with(quantity, indicator.id, min(sure, quantity.confidence))


def _fitting(
    candidates: Iterable[Indicator], text: str, before: str, around: Callable[[], str]
) -> list[tuple[int, Indicator]]:
    """The rules whose needed words are all there, with how much they fit."""
    return [(weight, item) for item in candidates if (weight := item.weight(text, before, around))]


def _is_of_an_earlier_year(quantity: Quantity, following: Quantity | None) -> bool:
    """由上年的486万元降至352万元: the first is the year before's own value; 由3个工作日缩短至1个 says of no year."""
    if following is None or not quantity.period_year or not following.period_year:
        return False
    return quantity.period_year < following.period_year


_FIELDS = attrgetter(*(name for name in Quantity.__dataclass_fields__ if name not in ("indicator", "confidence")))


def _with(quantity: Quantity, indicator: str, confidence: float) -> Quantity:
    """The same with this indicator; `replace` takes four times as long."""
    return quantity_of(*_FIELDS(quantity), indicator, confidence)


def _is_close(understood: list[tuple[int, Indicator]]) -> bool:
    first, second = sorted((weight for weight, _ in understood), reverse=True)[:2]
    return first - second <= 1


def _is_other_measure(quantity: Quantity, text: str, sentence: str) -> bool:
    if "每" in sentence[-24:] and _OF_EACH_PLACE.search(sentence):
        return True
    other = _OTHER_MEASURE.search(text)
    if not other or ("占" in text and _SHARE_ASKED.search(text)):
        return False
    return quantity.kind not in ("rate", "duration") or (other.group().startswith("占") and "占比" not in text)


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
