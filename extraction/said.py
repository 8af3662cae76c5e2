"""A quantity and the text around it in, the words that say what it counts out; nothing where another thing is counted."""

from __future__ import annotations

import re
from typing import NamedTuple

from extraction.cases import CASES, are_from_police, case_in_full
from extraction.items import are_for_towns, as_listed_now, became, bring_items, is_of_year_before
from extraction.naming import BEFORE_CHANGE, NEXT_ACT
from extraction.plain import ALL_LEVELS
from extraction.reviewed_files import (
    CONTRACTS,
    ONLY_KIND,
    REVIEWED,
    REVIEWED_BEFORE,
    are_reviewed,
    done_to_decisions,
    together_in,
)
from extraction.subject import ACT_BEHIND, AFTER_NOUN, NOT_A_NOUN, TAKES_PART, is_only_verb, noun_of
from extraction.turns import BODIES, is_second_body
from extraction.types import Quantity

QUOTES = re.compile('[“”"‘’《》 \u3000\t]')
_SHARED_ACT = re.compile(
    r"(?:^|[，。；：,;:])(?:全年|共|累计|共计|年内|先后|[^，。；：,;:\d]{0,30}?)(?P<act>审查|审核|清理|办理|受理|制定|出台|查处|聘请|配备|承办|报送|报备|出动|录入|归集|进驻|入驻|公示|承接|取消|(?<![一二再])审(?=[0-9]))[^，。；：,;:]*$"
)
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
_UPWARD = re.compile(
    r"(?<=[报向])(?![各全])[一-龥]{2,4}[省市州县区盟](?=(?:人民政府|政府|人大)[一-龥]{0,6}备)"
)  # 报云岭市政府备案
_THOUSANDS = re.compile(r",(?<=[0-9],)(?=[0-9]{3})")  # 公示行政许可1,520条、行政处罚1,036条: no comma of clauses
_INCLUDING = re.compile(r"[（(]不?含[^（）()0-9]{1,12}[）)]")  # 文件（含合同）
# 调整后保留权责清单事项: what there is now
_AFTERWARDS = re.compile(r"(?:动态|优化)?(?:调整|整合|清理|优化|合并|修订|改革|精简)后(?=[一-龥]{2})")
# 执法人员19人,全部持证上岗
_ALL_CERTIFIED = re.compile(
    r"[，,]?(?:全部|全员|均|都)(?:已|依法)?(?:持证|持有?(?:行政)?执法证|取得(?:行政)?执法(?:资格|证))|[，,]持证(?:上岗)?率(?:达到?|为|均为)?100[%％]"
)
# 参加执法资格考试163人，取得执法证148人: those who came by one, not all who hold one
_EXAMINED = re.compile(r"考试|报名|参考|新进|新招录|新入职")
_FOUND_THERE = re.compile(r"(?:一共|共计?|累计)?发现.*\Z")  # 对17个部门开展的法治督察共发现问题136个
_TAKEN_ON = re.compile(r"承接|赋予|下放|审查|审核")  # 8个街道承接城管、水务等行政处罚权147项
_REPORTED = re.compile(r"(?:县区|区县|乡镇|镇街|街道|部门|单位)(?:政府)?(?:报备|报送|上报)")
_TOGETHER_WITH = re.compile(
    r"会同[^，。；,;0-9]{2,24}?(?=联合|跨部门|综合查)|与[^，。；,;0-9]{1,14}[局委队所部门]{1,2}(?=联合)"
    r"|(?<=联合)[^，。；,;0-9]{2,16}?(?:部门|单位)(?=(?:开展|进行|组织)?(?:监督|执法|专项)?(?:检查|抽查))"
)  # with whom a joint act was done; 联合公安、消防等部门检查
_TOWARD = re.compile(r"对(?P<whom>[^，。；,;0-9]{2,16}?)(?:开展|进行|实施|组织)[^，。；,;0-9]{0,6}(?:检查|巡查|抽查)")
_FIELD = re.compile(
    r"(?:^|[，。；,;：:年])(?:全[市县区省])?(?P<field>[一-龥]{2,8}领域)内?(?:共|累计|全年|依法)*(?=开展|组织|实施|办理|查处|作出|立案|检查)"
)
_OWN_ACT = re.compile(r"印发|制[定发]|出台|报备|备案")
_REVIEWED_FIRST = re.compile(r"经(?:合法性|依法)?审[查核](?:后由?|(?=出台|制[定发]|印发|发布))")
_SERVES_AS = re.compile(r"(?P<who>[一-龥]{2,8}?(?:担任|兼任))[0-9]+[个名家](?P<what>[^，。；,;0-9]{2,16})")
_SETS_UP = re.compile(r"(?:(?<!建)设(?![区施备计])|建立|建成|聘任|聘请|配备|划分)[^，。；,;]{2,}\Z")
_OF_A_SIZE = re.compile(r"[0-9][^，。；,;0-9]{0,3}?以[上下内]的[^，。；,;0-9]{0,12}\Z")
_BEHIND = re.compile(
    r"[^，。；：,;:！？、（）()\n0-9０-９]{0,20}(?:20[0-9]{2}年度?[^，。；：,;:！？、（）()\n0-9０-９]{0,20})?(?:(?:、[一-龥]{2,6}){1,3}(?:担任|组成|参加|旁听)[一-龥]{2,10}|、[一-龥]{2,16}述法)?"
)
# the next number's own label: 执法队14人持证上岗12人
_NEXT_RATE = re.compile(r"(?:率|比例|占比)(?:达到?|为|均|超过?|约|近)*\Z|(?:持证(?:上岗)?|在编|专职|兼职)\Z")
_LOWER = r"(?:各[市县区州镇乡]|县区|区县|乡镇|镇街|部门)"
# 各市报送备案规章36件、规范性文件512件; but 向省政府报备规章2件、规范性文件23件
_FROM_BELOW = re.compile(rf"^[^向]*报备|{_LOWER}[^，。；,;]{{0,10}}报[送备]|审查备案|(?:收到|接收)[^，。；,;]*备案")
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
_DONE_TO_ALL = re.compile(r"(?:、[^，。；：,;:\n0-9、]{2,12}){1,3}?(?:开展|进行|实施|予以)[^，。；：,;:\n0-9]{2,12}")
_BY_LIST = re.compile(
    r"(?:依据|依照|按照|根据|适用|依|按)[^，。；,;0-9]{0,10}(?:免罚|不罚|不予处罚|轻微违法)[^，。；,;0-9]{0,6}清单(?=.{4})"
)
_BY_TITLE = re.compile(r"(?:依据|根据|按照|依照)《[^《》]*》(?=.)")
_JOINED = re.compile(r"、|与|和(?!解|谐)|及(?!时)|为|对|向")
_FULL = {"审": "审查"}
_JOINS = ("、", "和", "及", "以及", "与")
MAX_ZERO = 16  # characters of a stated zero's phrase; longer ones speak of a part (因信息公开引起的…)
_OWN_CASES = re.compile(r"以[一-龥]{2,8}为(?:被申请人|被告)的[一-龥]{2,8}$")
_CAUSED = re.compile(r"和(?!解)|、|较大|以上|因|引起|引发|不当|重大|涉及|由于")
# 就出租车运价调整召开听证会: on what, which the rule bars where it is no decision
_ON_A_MATTER = re.compile(r"(?:就|围绕)[一-龥、“”《》]{2,24}?(?=召开|举行|举办|组织)")
_TO_BODIES = re.compile(r"(?P<act>向|对|为|给|赋予|下放[至到给])[一-龥]{0,4}[0-9]+\Z")
_BODIES_NAMED = re.compile(
    r"[余多]?[个家名](?:县直|市直|区直)?(?:(?:经济发达|重点|中心|试点|建制)镇|乡镇|镇街|街道|镇|乡|村|社区|部门|单位|县区|区县|园区|开发区|企业)(?:[（(][^（）()]{1,8}[)）])?"
)
_STOP = re.compile(r"[。！？\n]")
_NEXT = re.compile(r"[。！？\n0-9０-９]")
_YEAR_END = re.compile(r"(?:19|20)[0-9]{2}\Z")
_HOTLINE_END = re.compile(r"(?<![0-9])1[12][0-9]{3}\Z")  # 12345
_SEGMENT = re.compile(r"[^，。；：,;:！？\n0-9０-９]*")


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
    subject = _unwrapped(quantity.subject.removesuffix(BEFORE_CHANGE))
    sentence = body[max(0, quantity.char_start - 120) : quantity.char_start]
    rfind = sentence.rfind
    sentence = sentence[max(rfind("。"), rfind("！"), rfind("？"), rfind("\n")) + 1 :]
    if "," in sentence:
        sentence = _THOUSANDS.sub("", sentence)
    if quantity.kind == "stated_zero":
        if (
            (len(quantity.raw) > MAX_ZERO and not _OWN_CASES.search(quantity.raw))
            or _CAUSED.search(quantity.raw)
            or "、" in subject
            or ("复议" in quantity.raw and "诉" in quantity.raw)
        ):
            return None
        text, core, field = quantity.raw, subject, ""
    else:
        if "积案" in subject and _OF_THEM_SETTLED.match(body, quantity.char_end):
            return None
        behind = _behind(body, quantity.char_end, sentence.endswith(_ACTED_ON_ALL))
        if behind and behind not in subject and NEXT_ACT.fullmatch(behind):
            behind = ""  # 公证处8家办理公证2.1万件
        predicate = AFTER_NOUN.search(behind, 1) if behind else None
        noun, own = behind[: predicate.start()] if predicate else behind, _own_words(sentence)
        if behind and (TAKES_PART.match(behind) or ACT_BEHIND.match(behind)):
            noun = ""  # 公职律师36名参与应诉
            if quantity.unit in _PERSONS and "顾问" in subject:
                behind = ""  # 法律顾问26名参与重大决策: who they are is told in front
        core = subject if noun in subject else f"{subject}|{noun}"
        if quantity.unit in _PERSONS and noun and (does := _DOES.search(noun, 2)):
            noun, predicate = noun[: does.start()], does
        if (
            predicate
            and noun
            and (quantity.unit in _PERSONS or predicate.group() in _TELLS_OF_ALL)
            and subject.startswith(noun)
        ):
            core = noun  # 86名人民调解员扎实开展纠纷排查: whoever they are, what they do does not narrow
        elif (
            quantity.unit in _PERSONS
            and ("每" in subject or "一年" in subject)
            and (often := _DOES_OFTEN.search(subject, 3))
            and subject.startswith(noun)
        ):
            subject = core = subject[: often.start()]
            behind = noun = ""
        elif quantity.unit == "个" and (bodies := _ALL_OF_THEM.match(subject)) and subject.startswith(noun):
            subject = core = bodies["bodies"]
            behind = noun = ""
        entered = None if own else became(body, quantity.char_end)
        if entered == "" or is_of_year_before(sentence):
            return None  # 收到公开申请46件,45件已答复
        if _PLACES.match(body, quantity.char_end) and not _ACTED_ON.search(sentence):
            return None  # 18个乡镇全部设立联系点 counts townships
        if sentence.endswith("在") and _AT_PLACES.match(body, quantity.char_end):
            return None
        if "组成" in behind and quantity.unit in _PERSONS and _MEMBERS.search(sentence):
            return None
        if (
            behind
            and body[quantity.char_end + len(behind) : quantity.char_end + len(behind) + 1].isdigit()
            and _SETS_UP.search(behind)
        ):
            return None  # 在12个司法所设立服务点12个 counts offices
        if "以" in sentence[-18:] and _OF_A_SIZE.search(sentence):
            return None  # 2人以下的司法所
        if "分别" in own:
            own = next(
                (name for name in _JOINED.split(own) if subject in name), ""
            )  # 参考率、合格率分别为: one of the names alone is this number's
        if "清单" in own and (listed := as_listed_now(own, subject, core)):
            own, subject, core = listed
        if ("会同" in own or ("联合" in own and ("与" in own or "部门" in own or "单位" in own))) and (
            alone := _TOGETHER_WITH.sub("", own)
        ) != own:
            own = subject = core = alone
        if ("经" in own and "审" in own) or ("经" in subject and "审" in subject):
            own, core = _REVIEWED_FIRST.sub("", own), _REVIEWED_FIRST.sub("", core)
            subject, behind = _REVIEWED_FIRST.sub("", subject), _REVIEWED_FIRST.sub("", behind)
        if quantity.unit in BODIES and "发现" in subject and sentence.endswith("对"):
            subject = core = _FOUND_THERE.sub("", subject)
        own = _unwrapped(own)
        told = subject if own in subject else own if subject in own else f"{subject}|{own}"
        if "等各类" in told:
            told, core = _ALL_MATTERS.sub("", told), _ALL_MATTERS.sub("", core)
        if "》等" in told:
            told = _TITLES.sub("", told)
        text = QUOTES.sub("", told if behind in told else f"{told}|{_unwrapped(together_in(behind))}")
        if are_for_towns(sentence, body, quantity.char_end):
            text += "|镇街"
        if entered:
            text += "|" + entered
        if (
            behind
            and ("对" in sentence or "完成" in sentence)
            and are_reviewed(quantity.unit, sentence, body, quantity.char_end + len(behind))
        ):
            text += "|审查"
        if "执法" in text and quantity.unit in _PERSONS and _ALL_CERTIFIED.match(body, quantity.char_end):
            text += "|持证"
        if "取得" in text and quantity.unit in _PERSONS and _EXAMINED.search(sentence):
            return None
        if quantity.unit in CASES:
            around = body[max(0, quantity.char_start - 60) : quantity.char_end + 10]
            text = case_in_full(subject, sentence, around) or text
        if "决策" in text:
            text += done_to_decisions(quantity.unit, body, quantity.char_end)
        if quantity.unit == "卷" and "案卷" in sentence and "卷" not in text:
            text += "|案卷"  # 案卷评查抽取12个部门96卷
        if quantity.unit in BODIES:
            if bring_items(body, quantity.char_end, sentence):
                text = "进驻政务大厅部门"  # 31个部门的897项事项进驻县政务服务中心
        elif "证会" in core:
            core = _ON_A_MATTER.sub("", core)
        if "苏木" in text or "嘎查" in text:
            text, core = _in_han(text), _in_han(core)
        if "村" in text:
            text = ALL_LEVELS.sub("", text)
        if "对" in own and (toward := _TOWARD.search(own)):
            core = f"{core}|{toward['whom']}"  # 对托育机构检查30次: not all inspections
        found = None
        if "领域" in sentence:
            found = _FIELD.search(sentence[max(sentence.rfind("；"), sentence.rfind(";")) + 1 :])
        field = found["field"] if found else ""
        if "公安" in text and quantity.unit in CASES and are_from_police(text):
            return None
        if is_second_body(quantity.unit, sentence, behind):
            return None
    return Said(sentence, subject, text, core, field)


def _unwrapped(words: str) -> str:
    """Without what is said of a count and does not change what is counted: looked for only where its first character is."""
    if "后" in words:
        words = _AFTERWARDS.sub("", words)
    if "专兼职" in words:
        words = words.replace("专兼职", "")
    if "含" in words:
        words = _INCLUDING.sub("", words)
    if "备" in words and ("报" in words or "向" in words):
        words = _UPWARD.sub("", words)
    if "清单" in words:
        words = _BY_LIST.sub("", words)
    if "《" in words:
        words = _BY_TITLE.sub("", words)
    if "审" in words:
        words = together_in(words)
        if "合同" in words or "协议" in words:
            words = CONTRACTS.sub("合同、协议", words)
    return words


def _in_han(words: str) -> str:
    """What banners call their townships and villages, in the words of other regions."""
    return words.replace("苏木乡镇", "乡镇").replace("苏木镇", "乡镇").replace("苏木", "乡镇").replace("嘎查", "村")


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


def _behind(body: str, at: int, whole: bool = False) -> str:
    """whole: up to the next comma, for what is done to the things comes behind all of them (对36件文件、议题进行审查)."""
    if body[at : at + 1] in "，。；：,;:！？（）()\n":
        return ""  # most clauses end with their number
    if "任" in body[at : at + 10] and (serves := _SERVES_AS.match(body, at)):
        return serves["who"] + serves["what"]  # 46名律师担任138个村法律顾问
    match = None if NOT_A_NOUN.match(body, at) else _BEHIND.match(body, at)
    if not match or (body[match.end() : match.end() + 1].isdigit() and _NEXT_RATE.search(match.group())):
        return ""
    if whole and body[match.end() : match.end() + 1] == "、" and (act := _DONE_TO_ALL.match(body, match.end())):
        return match.group() + act.group()
    return match.group()


def _own_words(sentence: str) -> str:
    """The words that belong to the number: behind another number they begin with that number's noun, which is left out."""
    start = len(sentence) - _SEGMENT.match(sentence[::-1]).end()  # type: ignore[union-attr]
    words = sentence[start:]
    if start > 4 and sentence[start - 1].isdigit() and _HOTLINE_END.search(sentence, start - 6, start):
        return sentence[start - 5 :]  # 县12345热线平台受理诉求
    if words.startswith("年") and _YEAR_END.search(sentence, 0, start):
        return words[1:].removeprefix("度")  # a year is no number before this one
    if (
        "其中" in sentence and (within := REVIEWED.search(sentence)) and not _OWN_ACT.search(words)
    ):  # 审核各类文件76件，其中规范性文件9件、合同67件
        words += "|" + within["act"].replace("把关", "审查")
    if start and words[1:2] in ("（", "(") and ONLY_KIND.fullmatch(words, 2):
        reviewed = REVIEWED_BEFORE.search(sentence, 0, start + 1)  # 审核各类文件163件（规范性文件21件
        return f"{words[2:]}|{reviewed['act']}" if reviewed else ""
    if start and sentence[start - 1] in "，,；;" and ONLY_KIND.fullmatch(words):
        reviewed = REVIEWED_BEFORE.search(sentence, 0, start - 1)  # 审核重大合同47件,规范性文件9件
        return f"{words}|{reviewed['act']}" if reviewed else words
    if start and sentence[start - 1] not in "，。；：,;:！？\n":
        shared = _SHARED_ACT.search(sentence, 0, start) if "、" in words[:6] else None
        if shared:  # 审查规范性文件34件、政府合同58份
            act = _FULL.get(shared["act"], shared["act"])
            last = _JOINED.split(words)[-1]
            if act == "取消" and noun_of(last) != last:
                return last  # 取消证明36项、保留12项
            if _FROM_BELOW.search(shared.group()):
                act = "备案审查"  # 审查部门报备规章13件、规范性文件72件
            if is_only_verb(last):
                return last  # 受理912件、审结863件
            return act + last if last == "文件" else f"{last}|{act}"  # 审核合同36份、文件12件
        if words.endswith(_JOINS) and (shared := _SHARED_ACT.search(sentence, 0, start)):
            return f"|{_FULL.get(shared['act'], shared['act'])}"  # 审查12件规范性文件、36份政府合同
        if (to := _TO_BODIES.search(sentence, 0, start)) and (bodies := _BODIES_NAMED.match(words)):
            # 向12个乡镇下放行政审批和公共服务事项107项; 赋予12个镇县级行政执法权85项
            return words[bodies.end() :] + (f"|{to['act'][:2]}" if len(to["act"]) > 1 else "")
        if words.endswith("的") and _REPORTED.match(words):
            return words  # 对38个部门报备的167件文件进行审查
        parts = _JOINED.split(words)
        if len(parts) > 2 and (within := _TAKEN_ON.search(parts[0])):
            return f"{parts[-1]}|{parts[0][: within.end()]}"
        return parts[-1] if len(parts) > 1 else ""
    return words
