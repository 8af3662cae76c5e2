"""A quantity and the text around it in, the words that say what it counts out; nothing where another thing is counted."""

from __future__ import annotations

import re
from typing import NamedTuple

from extraction.asides import without_asides
from extraction.cases import CASES, are_from_police, case_in_full
from extraction.items import are_for_towns, as_listed_now, became, bring_items, is_of_year_before
from extraction.naming import BEFORE_CHANGE, NEXT_ACT
from extraction.plain import ALL_LEVELS
from extraction.reviewed_files import are_reviewed, done_to_decisions, together_in
from extraction.subject import ACT_BEHIND, AFTER_NOUN, TAKES_PART
from extraction.turns import BODIES, is_second_body
from extraction.types import Quantity
from extraction.words_around import JOINED, words_before, words_behind

_QUOTES = re.compile('[“”"‘’《》 \u3000\t]')
_PLACES = re.compile(
    r"(?=[县市区乡镇街村社部旗学中机地科园单])(?:县直|市直|区直)?(?:乡镇|镇街|街道|镇|乡|村|社区|部门|县|市|区|旗|学校|中小学|机关|地区|科室|园区|单位)(?!级|政府|委|长)(?:[（(][^（）()]{1,8}[)）])?"
    r"[^，。；,;]{0,8}?(?:设立|建立|建成|配备|完成|实现|落实|公布|成立|聘请|聘任|签订|开设|制定|划分|划定|选聘|培育|培养|组建|推选|选举|搭建|打造|布放|布设|铺设|投放|安装|摆放|部署|配置|开通)"
)
# 在11个司法所、3个园区设立受理点14个; 在8个领域公布典型案例64件: where, not what
_AT_PLACES = re.compile(
    r"[^，。；,;、0-9]{1,8}(?:[、和及][0-9]{1,4}[余多]?[个家所处][^，。；,;、0-9]{2,8}?){0,3}(?:设立|设置|布设|公布|发布|曝光)"
)
# 由9名专家、6名律师组成的法律顾问团共15名
_MEMBERS = re.compile(r"由[0-9]+[余多]?[名位个人][^，。；,;0-9]{1,12}[、和及]\Z")
_ACTED_ON = re.compile(r"(?:对|组织|向|为|给|指导|督促|在|与|由)[^，。；,;]{0,12}\Z")
_THOUSANDS = re.compile(r",(?<=[0-9],)(?=[0-9]{3})")  # 公示行政许可1,520条、行政处罚1,036条: no comma of clauses
# 执法人员19人,全部持证上岗
_ALL_CERTIFIED = re.compile(
    r"[，,]?(?:全部|全员|均|都)(?:已|依法)?(?:持证|持有?(?:行政)?执法证|取得(?:行政)?执法(?:资格|证))|[，,]持证(?:上岗)?率(?:达到?|为|均为)?100[%％]"
)
# 参加执法资格考试163人，取得执法证148人: those who came by one, not all who hold one
_EXAMINED = re.compile(r"考试|报名|参考|新进|新招录|新入职")
_FOUND_THERE = re.compile(r"(?:一共|共计?|累计)?发现.*\Z")  # 对17个部门开展的法治督察共发现问题136个
_TOGETHER_WITH = re.compile(
    r"会同[^，。；,;0-9]{2,24}?(?=联合|跨部门|综合查)|与[^，。；,;0-9]{1,14}[局委队所部门]{1,2}(?=联合)"
    r"|(?<=联合)[^，。；,;0-9]{2,16}?(?:部门|单位)(?=(?:开展|进行|组织)?(?:监督|执法|专项)?(?:检查|抽查))"
)  # with whom a joint act was done; 联合公安、消防等部门检查
_TOWARD = re.compile(r"对(?P<whom>[^，。；,;0-9]{2,16}?)(?:开展|进行|实施|组织)[^，。；,;0-9]{0,6}(?:检查|巡查|抽查)")
_FIELD = re.compile(
    r"(?:^|[，。；,;：:年])(?:全[市县区省])?(?P<field>[一-龥]{2,8}领域)内?(?:共|累计|全年|依法)*(?=开展|组织|实施|办理|查处|作出|立案|检查)"
)
_REVIEWED_FIRST = re.compile(r"经(?:合法性|依法)?审[查核](?:后由?|(?=出台|制[定发]|印发|发布))")
_SETS_UP = re.compile(r"(?:(?<!建)设(?![区施备计])|建立|建成|聘任|聘请|配备|划分)[^，。；,;]{2,}\Z")
_OF_A_SIZE = re.compile(r"[0-9][^，。；,;0-9]{0,3}?以[上下内]的[^，。；,;0-9]{0,12}\Z")
_DOES = re.compile("全年|共?办理")  # 1263名律师全年办理法律事务
_DOES_OFTEN = re.compile("每[月周季年]|一年(?!一)")  # 16名村（社区）法律顾问每月到村, 89名调解员一年没少跑腿
# 243个调委会共摸排矛盾纠纷: what they do does not narrow how many there are
_ALL_OF_THEM = re.compile(
    r"(?P<bodies>[一-龥]{0,6}(?:调委会|调解委员会|调解组织|综治中心))(?:共(?!同)|全部|均|全年|累计|现有|配[备有]|(?=(?:调解|调处|化解|排查)(?:各类|民间|矛盾|纠纷)))"
)
# 便民大厅办理社保、民政等各类业务: all of its matters
_ALL_MATTERS = re.compile(r"(?<=办理|受理|办结)[一-龥、]{2,24}等(?=各类(?:政务|便民|行政)?(?:服务)?(?:事项|业务))")
# 印发《校外培训管理办法》等规范性文件: what the titles speak of is not counted
_TITLES = re.compile(
    r"(?:《[^《》]{4,60}(?:办法|条例|规定|细则|意见|方案|通知|规则|标准|制度)(?:[（(][^（）()《》]{1,8}[)）])?》、?)+等"
)
_TELLS_OF_ALL = ("中", "遍布", "扎根", "活跃")  # 94个司法所中“一人所”还有17个
_OF_THEM_SETTLED = re.compile("中[，,]?已")  # 信访积案12件中已化解9件
_PERSONS = ("名", "人", "位")
_ACTED_ON_ALL = ("对", "将", "组织")
MAX_ZERO = 16  # characters of a stated zero's phrase; longer ones speak of a part (因信息公开引起的…)
_OWN_CASES = re.compile(r"以[一-龥]{2,8}为(?:被申请人|被告)的[一-龥]{2,8}$")
_CAUSED = re.compile(r"和(?!解)|、|较大|以上|因|引起|引发|不当|重大|涉及|由于")
# 就出租车运价调整召开听证会: on what, which the rule bars where it is no decision
_ON_A_MATTER = re.compile(r"(?:就|围绕)[一-龥、“”《》]{2,24}?(?=召开|举行|举办|组织)")
_STOP = re.compile(r"[。！？\n]")
_NEXT = re.compile(r"[。！？\n0-9０-９]")


class Said(NamedTuple):
    """sentence: what stands before the number; text: all its words, where rules look; core: those to be understood.

    field: the one field that is told of (消防领域开展检查42次), empty where none is.
    """

    sentence: str
    subject: str
    text: str
    core: str
    field: str


def said_of(quantity: Quantity, body: str) -> Said | None:
    """None where the words around name another thing than the subject, or too little for a rule."""
    subject = without_asides(quantity.subject.removesuffix(BEFORE_CHANGE))
    sentence = _sentence_before(body, quantity.char_start)
    if quantity.kind == "stated_zero":
        return None if _tells_too_little(quantity.raw, subject) else Said(sentence, subject, quantity.raw, subject, "")
    at, unit = quantity.char_end, quantity.unit
    if "积案" in subject and _OF_THEM_SETTLED.match(body, at):
        return None
    own = words_before(sentence)
    behind = words_behind(body, at, sentence.endswith(_ACTED_ON_ALL))
    subject, core, behind = _who_they_are(unit, subject, behind)
    entered = None if own else became(body, at)
    if entered == "" or is_of_year_before(sentence):
        return None  # 收到公开申请46件,45件已答复
    if _counts_where(quantity, body, sentence, behind):
        return None
    subject, core, own, behind = _without_others(unit, sentence, subject, core, own, behind)
    text = _told(subject, own, behind)
    if are_for_towns(sentence, body, at):
        text += "|镇街"
    if entered:
        text += "|" + entered
    if behind and ("对" in sentence or "完成" in sentence) and are_reviewed(unit, sentence, body, at + len(behind)):
        text += "|审查"
    if unit in _PERSONS:
        if "执法" in text and _ALL_CERTIFIED.match(body, at):
            text += "|持证"
        if "取得" in text and _EXAMINED.search(sentence):
            return None
    elif unit in CASES:
        around = body[max(0, quantity.char_start - 60) : at + 10]
        text = case_in_full(subject, sentence, around) or text
    if "决策" in text:
        text += done_to_decisions(unit, body, at)
    if unit == "卷" and "案卷" in sentence and "卷" not in text:
        text += "|案卷"  # 案卷评查抽取12个部门96卷
    if unit in BODIES and bring_items(body, at, sentence):
        text = "进驻政务大厅部门"  # 31个部门的897项事项进驻县政务服务中心
    if ("公安" in text and unit in CASES and are_from_police(text)) or is_second_body(unit, sentence, behind):
        return None
    return Said(sentence, subject, _usual(text), _core(unit, core, own), _field(sentence))


def _sentence_before(body: str, at: int) -> str:
    sentence = body[max(0, at - 120) : at]
    rfind = sentence.rfind
    sentence = sentence[max(map(rfind, "。！？\n")) + 1 :]
    return _THOUSANDS.sub("", sentence) if "," in sentence else sentence


def _tells_too_little(raw: str, subject: str) -> bool:
    """Of a stated zero's phrase: it speaks of a part, of several things at once, or of what was caused by others."""
    return bool(
        (len(raw) > MAX_ZERO and not _OWN_CASES.search(raw))
        or _CAUSED.search(raw)
        or "、" in subject
        or ("复议" in raw and "诉" in raw)
    )


def _who_they_are(unit: str | None, subject: str, behind: str) -> tuple[str, str, str]:
    """Subject, core with the noun that stands behind the number, and the words behind.

    Without what those who are counted do: it narrows nothing.
    """
    if behind and behind not in subject and NEXT_ACT.fullmatch(behind):
        behind = ""  # 公证处8家办理公证2.1万件
    predicate = AFTER_NOUN.search(behind, 1) if behind else None
    noun = behind[: predicate.start()] if predicate else behind
    if behind and (TAKES_PART.match(behind) or ACT_BEHIND.match(behind)):
        noun = ""  # 公职律师36名参与应诉
        if unit in _PERSONS and "顾问" in subject:
            behind = ""  # 法律顾问26名参与重大决策: who they are is told in front
    core = subject if noun in subject else f"{subject}|{noun}"
    if unit in _PERSONS and noun and (does := _DOES.search(noun, 2)):
        noun, predicate = noun[: does.start()], does
    if not subject.startswith(noun):
        return subject, core, behind
    if predicate and noun and (unit in _PERSONS or predicate.group() in _TELLS_OF_ALL):
        return subject, noun, behind  # 86名人民调解员扎实开展纠纷排查
    if unit in _PERSONS and ("每" in subject or "一年" in subject) and (often := _DOES_OFTEN.search(subject, 3)):
        return subject[: often.start()], subject[: often.start()], ""
    if unit == "个" and (bodies := _ALL_OF_THEM.match(subject)):
        return bodies["bodies"], bodies["bodies"], ""
    return subject, core, behind


def _counts_where(quantity: Quantity, body: str, sentence: str, behind: str) -> bool:
    """Whether it counts the places, members or sizes that stand behind it: 18个乡镇全部设立联系点 counts townships."""
    at = quantity.char_end
    if _PLACES.match(body, at) and not _ACTED_ON.search(sentence):
        return True
    if sentence.endswith("在") and _AT_PLACES.match(body, at):
        return True
    if "组成" in behind and quantity.unit in _PERSONS and _MEMBERS.search(sentence):
        return True
    following = at + len(behind)
    if behind and body[following : following + 1].isdigit() and _SETS_UP.search(behind):
        return True  # 在12个司法所设立服务点12个 counts offices
    return "以" in sentence[-18:] and _OF_A_SIZE.search(sentence) is not None  # 2人以下的司法所


def _without_others(
    unit: str | None, sentence: str, subject: str, core: str, own: str, behind: str
) -> tuple[str, str, str, str]:
    """All four without the names of other numbers, acts that only led there, and those who helped."""
    if "分别" in own:  # 参考率、合格率分别为: one of the names alone is this number's
        own = next((name for name in JOINED.split(own) if subject in name), "")
    if "清单" in own and (listed := as_listed_now(own, subject, core)):
        own, subject, core = listed
    if ("会同" in own or ("联合" in own and ("与" in own or "部门" in own or "单位" in own))) and (
        alone := _TOGETHER_WITH.sub("", own)
    ) != own:
        own = subject = core = alone
    if ("经" in own and "审" in own) or ("经" in subject and "审" in subject):
        subject, core, own, behind = (_REVIEWED_FIRST.sub("", words) for words in (subject, core, own, behind))
    if unit in BODIES and "发现" in subject and sentence.endswith("对"):
        subject = core = _FOUND_THERE.sub("", subject)
    return subject, core, without_asides(own), behind


def _told(subject: str, own: str, behind: str) -> str:
    """All words that tell what is counted, in front and behind."""
    told = subject if own in subject else own if subject in own else f"{subject}|{own}"
    if "等各类" in told:
        told = _ALL_MATTERS.sub("", told)
    if "》等" in told:
        told = _TITLES.sub("", told)
    return unquoted(told if behind in told else f"{told}|{without_asides(together_in(behind))}")


def unquoted(words: str) -> str:
    """Without the marks around names and without white space; most words have neither."""
    return words if words.isalnum() else _QUOTES.sub("", words)


def _core(unit: str | None, core: str, own: str) -> str:
    """The words that a rule must understand."""
    if "等各类" in core:
        core = _ALL_MATTERS.sub("", core)
    if "证会" in core and unit not in BODIES:
        core = _ON_A_MATTER.sub("", core)
    core = _in_han(core)
    if "对" in own and (toward := _TOWARD.search(own)):
        core = f"{core}|{toward['whom']}"  # 对托育机构检查30次: not all inspections
    return core


def _usual(text: str) -> str:
    text = _in_han(text)
    return ALL_LEVELS.sub("", text) if "村" in text else text


def _in_han(words: str) -> str:
    """What banners call their townships and villages, in the words of other regions."""
    if "苏木" not in words and "嘎查" not in words:
        return words
    return words.replace("苏木乡镇", "乡镇").replace("苏木镇", "乡镇").replace("苏木", "乡镇").replace("嘎查", "村")


def _field(sentence: str) -> str:
    if "领域" not in sentence:
        return ""
    found = _FIELD.search(sentence[max(sentence.rfind("；"), sentence.rfind(";")) + 1 :])
    return found["field"] if found else ""


def surroundings(body: str, start: int, end: int) -> str:
    """The number's sentence up to the next number and, in the same paragraph, the sentence in front of it."""
    before = body[max(0, start - 200) : start]
    before = before[before.rfind("\n") + 1 :]
    stops = [match.end() for match in _STOP.finditer(before)]
    before = before[stops[-2] :] if len(stops) > 1 else before
    stop = _NEXT.search(body, end, end + 80)
    behind = body[end : stop.start() if stop else end + 80]
    if stop and stop.group().isdigit():
        behind = behind[: max(behind.rfind(mark) for mark in "，；、,;") + 1]  # the next number's own words
    return before + behind
