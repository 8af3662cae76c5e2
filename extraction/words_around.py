"""A sentence and a number in it in, the words before and behind that belong to this number out, with the act that its list shares."""

from __future__ import annotations

import re

from extraction.reviewed_files import ONLY_KIND, REVIEWED, REVIEWED_BEFORE
from extraction.subject import NOT_A_NOUN, is_only_verb, noun_of

_SEGMENT = re.compile(r"[^，。；：,;:！？\n0-9０-９]*")
_SHARED_ACT = re.compile(
    r"(?:^|[，。；：,;:])(?:全年|共|累计|共计|年内|先后|[^，。；：,;:\d]{0,30}?)(?P<act>审查|审核|清理|办理|受理|制定|出台|查处|聘请|配备|承办|报送|报备|出动|录入|归集|进驻|入驻|公示|承接|取消|(?<![一二再])审(?=[0-9]))[^，。；：,;:]*$"
)
_FULL = {"审": "审查"}
_JOINS = ("、", "和", "及", "以及", "与")
JOINED = re.compile(r"、|与|和(?!解|谐)|及(?!时)|为|对|向")
_REPORTED = re.compile(r"(?:县区|区县|乡镇|镇街|街道|部门|单位)(?:政府)?(?:报备|报送|上报)")
_TAKEN_ON = re.compile(r"承接|赋予|下放|审查|审核")  # 8个街道承接城管、水务等行政处罚权147项
_OWN_ACT = re.compile(r"印发|制[定发]|出台|报备|备案")
_LOWER = r"(?:各[市县区州镇乡]|县区|区县|乡镇|镇街|部门)"
# 各市报送备案规章36件、规范性文件512件; but 向省政府报备规章2件、规范性文件23件
_FROM_BELOW = re.compile(rf"^[^向]*报备|{_LOWER}[^，。；,;]{{0,10}}报[送备]|审查备案|(?:收到|接收)[^，。；,;]*备案")
_TO_BODIES = re.compile(r"(?P<act>向|对|为|给|赋予|下放[至到给])[一-龥]{0,4}[0-9]+\Z")
_BODIES_NAMED = re.compile(
    r"[余多]?[个家名](?:县直|市直|区直)?(?:(?:经济发达|重点|中心|试点|建制)镇|乡镇|镇街|街道|镇|乡|村|社区|部门|单位|县区|区县|园区|开发区|企业)(?:[（(][^（）()]{1,8}[)）])?"
)
_YEAR_END = re.compile(r"(?:19|20)[0-9]{2}\Z")
_HOTLINE_END = re.compile(r"(?<![0-9])1[12][0-9]{3}\Z")  # 12345
_BEHIND = re.compile(
    r"[^，。；：,;:！？、（）()\n0-9０-９]{0,20}(?:20[0-9]{2}年度?[^，。；：,;:！？、（）()\n0-9０-９]{0,20})?(?:(?:、[一-龥]{2,6}){1,3}(?:担任|组成|参加|旁听)[一-龥]{2,10}|、[一-龥]{2,16}述法)?"
)
# the next number's own label: 执法队14人持证上岗12人
_NEXT_RATE = re.compile(r"(?:率|比例|占比)(?:达到?|为|均|超过?|约|近)*\Z|(?:持证(?:上岗)?|在编|专职|兼职)\Z")
_SERVES_AS = re.compile(r"(?P<who>[一-龥]{2,8}?(?:担任|兼任))[0-9]+[个名家](?P<what>[^，。；,;0-9]{2,16})")
_DONE_TO_ALL = re.compile(r"(?:、[^，。；：,;:\n0-9、]{2,12}){1,3}?(?:开展|进行|实施|予以)[^，。；：,;:\n0-9]{2,12}")


def words_before(sentence: str) -> str:
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
            last = JOINED.split(words)[-1]
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
        parts = JOINED.split(words)
        if len(parts) > 2 and (within := _TAKEN_ON.search(parts[0])):
            return f"{parts[-1]}|{parts[0][: within.end()]}"
        return parts[-1] if len(parts) > 1 else ""
    return words


def words_behind(body: str, at: int, whole: bool = False) -> str:
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
