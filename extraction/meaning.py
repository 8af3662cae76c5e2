"""A number token and the text around it in: how exact, up or down, what kind, which year, goal or result, whose."""

from __future__ import annotations

import re

from extraction.tokens import KINDS, Token
from extraction.types import Approx, Direction, Kind

# ---- how exact -------------------------------------------------------------------------------------------------
_ABOUT = re.compile(r"(?:大约|(?<![公民合契条预制节])约|将近|接近|近|大概|约为|约有|上下)(?:为|有|达)?$")
_MORE = re.compile(r"(?:超过|超出|突破|多于|高于|大于|逾|超|上)(?:了)?$")
_LEAST = re.compile(
    r"(?:不少于|不低于|不小于|不下于|至少|最少|最低)(?:为|有|达到?)?$|至少[^，。；,;\d]{1,8}$|(?:不少于|不低于)$"
)
_LESS = re.compile(r"(?:不超过|不多于|不高于|不大于|低于|少于|小于|不到|不足|最多|最长|最高不超过)(?:为)?$")
_LEAST_AFTER = re.compile(r"(?:的[^，。；]{0,2})?\s?(?:及|含)?(?:以上|之上)|[（(]?含[）)]?以上|起步|起(?=[，。；])")
_LESS_AFTER = re.compile(r"\s?(?:之内|以内|以下|内(?![容部设外])|之下)")
_ABOUT_AFTER = re.compile(r"\s?(?:左右|上下)")
_HEDGES_END = frozenset("约近概下为有达到于少低过出破逾超上了足多长")
_HEDGES_BEGIN = frozenset("左右上的及含以之（(起内").union(filter(str.isspace, map(chr, range(0x3001))))
_COORDINATED = re.compile(r"\s?(?:和|、|及|或|与|至|到)\s?$")


def approx(token: Token, before: str, after: str) -> Approx:
    """before, after: at least 16 and 8 characters of the sentence. 近…余 and 约…余 are about; 余 alone is more than."""
    # most numbers stand beside none of these
    hedged = before[-1:] in _HEDGES_END or "至少" in before
    bounded = after[:1] in _HEDGES_BEGIN
    if hedged or bounded:
        if (hedged and _ABOUT.search(before)) or (bounded and _ABOUT_AFTER.match(after)):
            return "about"
        if (hedged and _LEAST.search(before)) or (bounded and _LEAST_AFTER.match(after)):
            return "at_least"
        if (hedged and _LESS.search(before)) or (bounded and _LESS_AFTER.match(after)):
            return "less_than"
    if token.hedged or (hedged and _MORE.search(before)) or after.startswith(("+", "＋")):
        return "more_than"
    return "about" if token.value is None else "exact"


def coordinated(between: str) -> bool:
    """Whether two numbers share what follows the second: 22个工作日和55个工作日内."""
    return bool(_COORDINATED.fullmatch(between))


# ---- up or down ------------------------------------------------------------------------------------------------
_GAP = r"(?:幅度|幅|了|约|近|超过?|逾|平均|分别|各|共计?|将近|不少于|至少)*(?:为|达到?|是)?(?:约|近|超过?|逾)?$"
_UP = re.compile(
    rf"(?:增长|增加|增多|上升|提高|提升|提速|上涨|攀升|扩大|增幅|涨幅|升幅|增长率|增速|增加率|下降率|上浮|净增|同比增|环比增|增|升|涨)(?<!新增)(?<!晋升){_GAP}"
)
_DOWN = re.compile(
    rf"(?:下降|减少|降低|压缩|压减|缩短|缩减|精简|核减|减免|下浮|降幅|跌幅|回落|收窄|下跌|减幅|同比降|同比减|降|减|缩|少)(?<!至少)(?<!不少)(?!率)(?:(?:审批|办理|办结|承诺|法定)时[限间]|环节|时限|材料|时间|跑动|跑动次数|成本|费用|要件|税费)?{_GAP}"
)
# what these begin with: most numbers stand behind none
_CHANGE = re.compile(r"[增上提攀扩涨升净同环下减降压缩精核回收跌少多]")
_MORE_THAN_THEN = re.compile(r"(?:上年|去年|同期|同比)多(?:约|近)?$")  # 比上年多6个
_CHANGE_UNITS = frozenset({"%", "％", "﹪", "‰", "个百分点", "百分点", "倍"})
# 同比增长达8.3%, 承诺时限压缩达76%: by so much; 满意度提高达98% is a level
_BY_AS_MUCH = re.compile(
    r"(?:[同环]比[一-龥]{0,2}(?:增长|上升|增加|下降|减少|降低)|压缩|压减|缩短|缩减|精[简减]|提速)达到?$"
)
_LEVEL = re.compile(r"(?:至|到|为)$")


def direction(token: Token, before: str) -> Direction | None:
    """Of a change by so much (同比下降11.46%); a change *to* a value (缩短至1个工作日) has none."""
    if before.endswith(("至", "到", "于")) or not _CHANGE.search(before):
        return None
    if _DOWN.search(before):
        found: Direction = "down"
    elif _UP.search(before) or ("多" in before and _MORE_THAN_THEN.search(before)):
        found = "up"
    else:
        return None
    if (
        before.endswith(("为", "达", "达到"))
        and not re.search(r"(?:幅|率)(?![提上增])[^，]{0,4}$", before)
        and (token.unit not in _CHANGE_UNITS or not _BY_AS_MUCH.search(before))
    ):
        return None
    if token.unit not in _CHANGE_UNITS and re.search(r"(?:精简|核减|减免)\D{0,2}$", before):
        return None  # 精简36项 counts what was cut
    return found


_CAPACITY = re.compile(r"(?:年产|日产|年处理|日处理|产能|装机容量?|库容|总库容|处理能力)[^，。；]{0,4}$")
_FREQUENCY = re.compile(r"每(?:半年|个?工作日|年度?|个?季度?|个?月度?|周|天|日|两年|学期)[^，。；,;\n\d]{0,12}$")
_PER_YEAR_UNITS = frozenset({"次", "场", "期", "场次", "轮", "堂", "节"})


def kind(token: Token, going: Direction | None, before: str) -> Kind:
    """From the unit, the direction and the words right before."""
    if token.scale == "分之":
        return "change_rate" if going else "ratio"
    unit_kind = KINDS.get(token.unit, "count")
    if unit_kind == "rate":
        return "change_rate" if going else "rate"
    if unit_kind == "ratio":
        return "change_rate" if going else "ratio"
    if unit_kind == "change":
        return "change"
    if going:
        return "change"
    if ("产" in before or "处理" in before or "库容" in before or "装机" in before) and _CAPACITY.search(before):
        return "capacity"
    if token.unit in _PER_YEAR_UNITS and _FREQUENCY.search(before):
        return "frequency"
    if unit_kind == "amount":
        return "amount"
    return "duration" if unit_kind == "duration" else "count"


# ---- which year ------------------------------------------------------------------------------------------------
_YEAR = re.compile(
    r"(?=[自从由始同较比与相到上去今本当全]|(?:19|20)[0-9]{2}年)(?P<since>自从?|从|由|始于)?(?P<against>同比|较|比|与|相比|对比|相较于?)?(?P<until>到)?"
    r"(?:(?P<year>(?:19|20)[0-9]{2})年(?P<tail>度|底|末|以来|起|至今|开始|以后|前)?|(?P<last>上年度?同期|去年同期|上一?年度?(?!结转|未结|转入|遗留)|去年(?!结转))|(?P<current>今年|本年度?|当年|全年))"
    r"(?P<of>的|同期的?)?"
)
_NUMBER_NEXT = re.compile(r"(?:为|约|共|[（(])?[0-9０-９]")  # 较上年同期1102件
_CLAUSE_START = re.compile(r"(?:^|[，,。；;：:（(、\s]|截至|截止|截止到|其中|在|于|将|现将|我[局市区县委])$")


def years(sentence: str, report_year: int | None) -> list[tuple[int, int | None, bool]]:
    """(offset just behind the mention, year that it stands for, whether it holds for one clause only), in order.

    自2019年以来 and 比2021年 leave a figure in the report's own year (None); 比2021年的8.5% holds for that figure.
    """
    found: list[tuple[int, int | None, bool]] = []
    quotes = "《" in sentence or "“" in sentence
    for match in _YEAR.finditer(sentence):
        start, end = match.span()
        if quotes and (_is_in("《", "》", sentence, start) or _is_in("“", "”", sentence, start)):
            continue
        if match["current"]:
            ahead = found[-1][1] if found and report_year and (found[-1][1] or 0) > report_year else None
            found.append((end, ahead or report_year, False))  # 2025年，全年培训1万人次: of a plan's year
        elif match["last"]:
            value = report_year - 1 if report_year else None
            governs = not match["against"] or match["of"] or _NUMBER_NEXT.match(sentence, end)
            found.append((end, value if governs else report_year, True))
        else:
            year = int(match["year"])
            if match["since"] and match["of"]:
                found.append((end, year, True))
            elif match["since"] or match["tail"] in ("以来", "起", "至今", "开始", "以后"):
                found.append((end, report_year, False))
            elif match["against"]:
                governs = match["of"] or _NUMBER_NEXT.match(sentence, end)
                found.append((end, year if governs else report_year, True))
            elif (
                report_year is None
                or year == report_year
                or match["until"]
                or year > report_year
                or (_CLAUSE_START.search(sentence[max(0, start - 6) : start]) and not match["of"])
            ):
                found.append((end, year, False))
    return found


def _is_in(opener: str, closer: str, sentence: str, at: int) -> bool:
    return sentence.rfind(opener, 0, at) > sentence.rfind(closer, 0, at)


# ---- goal or result --------------------------------------------------------------------------------------------
# words first and what may not stand before them behind: an engine then looks for their first characters alone
_INTENDS = r"(?:于|在|到|新增|开展|完成(?!率|情况)|建成|培育|制定|出台|新建|组织|用|培训|举办|实施|打造|创建|清理|修订|评查|选聘|增设)(?!的)"
_GOAL = re.compile(
    r"力争|下一步(?!工作(?:进行|作|做|提出|部署|安排))|争取(?!到|了)|目标(?:值|任务)?(?:为|是|达到?|值)|确保[^，。；,;]{0,25}(?:达到?|不低于|不少于)|保证[^，。；,;]{0,25}(?:不低于|不少于)"
    r"|要求[^，。；,;]{0,20}(?:达到|不低于|不少于)|到20[0-9]{2}年底?[，,]"
    rf"|计划(?<![查法度作监管按照]计划){_INTENDS}|拟(?<![代草对]拟)(?<!部门拟)(?<!单位拟)(?<!审查拟)(?<!审核拟){_INTENDS}|预[计期]{_INTENDS}"
)
_DONE = re.compile(r"已|完成了|实现了|同比")
# of the year to come whatever the section: 明年, 我们将继续…; but 我局将12件案件移送
_ACTS_TO_COME = r"(?:继续|进一步|持续|着力|重点|全面|不断|深入|大力|积极|开展|组织|举办|制定|召开|新建|建成|培训|完成|实现|推进|推动|加强|加大)"
_WILL = rf"(?:仍|还)?将(?={_ACTS_TO_COME})"
_AHEAD = re.compile(  # begins with a character in each of its branches, so that an engine looks for these
    r"下一?步(?!骤)|下一?阶段|下一?年度?[，,]|明年(?!同期)|新的?一年[里，,将要计拟我全]"
    rf"|我们{_WILL}|我[局县市区省委厅镇办街]{_WILL}|本局{_WILL}|全[局县市区省镇]{_WILL}"
)
_MEANS_TO = re.compile(r"将|要(?![求件素点闻案])|计划(?!生育|单列)|拟(?![稿定订])|预[计期]|力争|继续|目标")
_OVER = re.compile(r"今年|全年(?!将|要|计划|拟|力争)|去年|上年|已(?!有的)")


def plans(body: str) -> list[int]:
    """Where it begins to tell of the year to come, in order; 对下一步工作进行部署 does not."""
    return [
        match.start()
        for match in _AHEAD.finditer(body)
        if match.group()[0] in "我本全" or not "\u4e00" <= body[match.start() - 1 : match.start()] <= "\u9fff"
    ]


def looks_back(sentence: str) -> bool:
    """Whether a sentence behind one that looks ahead tells of the year reported on."""
    return _OVER.search(sentence) is not None


def means_to(words: str) -> bool:
    """Whether the words before a number say what is meant to be done: 2024年要新建, behind a report of 2023."""
    return _MEANS_TO.search(words) is not None


def is_goal(clause_before: str) -> bool:
    """clause_before: the text from the sentence's start (at most 60 characters) to the number."""
    if not _GOAL.search(clause_before):
        return False
    *_, last = _GOAL.finditer(clause_before)
    return not _DONE.search(clause_before, last.end())


# ---- whose -----------------------------------------------------------------------------------------------------
_LEVELS = "|".join(
    [f"{kind}(?:政府)?本级(?!、)" for kind in "市区县省州"]
    + [f"{kind}级(?=[^，。；]{{0,4}}(?:政府|部门|机关|单位|层面))" for kind in "两省市区县"]
)
_SCOPE = re.compile(
    r"作为(?:被申请人|第三人|被告|申请人|原告)|以[^，。；,;\d]{1,14}为(?:被申请人|被告|第三人)|全(?:省|市|区|县|州|盟|旗|镇|乡|街道|系统|国|委|局)"
    rf"|各级|市直(?:部门|单位)?|区直(?:部门|单位)?|县直(?:部门|单位)?|{_LEVELS}"
)


def scope(sentence_before: str) -> str | None:
    """The last words before the number that say whose figure it is, as printed; None where it is the report's own."""
    found = None
    match = _SCOPE.search(sentence_before)  # most often none, which finditer takes twice as long to find
    while match:
        found = match.group()
        match = _SCOPE.search(sentence_before, match.end())
    return found
