"""What a number counts among files that were reviewed in one list in, the act that is theirs out: 审查规范性文件、合同等."""

from __future__ import annotations

import re

# 对6件重大决策、12件规范性文件、136份合同进行合法性审查: done to all of the list
_REVIEWED_UNITS = ("件", "项", "个", "部", "份")
_IN_LIST = re.compile(r"(?:对|完成)(?:[0-9.]+[余多]?[件项个部份][^，。；：,;:0-9、]{2,14}[、和及]){0,4}\Z")
_REVIEWS_LIST = re.compile(
    r"(?:[、和及]?[0-9,.]{1,7}[余多]?[件项个部份][^，。；：,;:\n0-9、]{2,14}?){1,4}(?:(?:全部|均)?(?:进行|开展|实施)了?|的)(?:合法性)?审[查核]"
)
_KIND = r"(?:政府)?各类文件|(?:行政)?规范性文件|(?:重大)?(?:行政)?决策(?:事项)?|(?:政府|行政|各类|重大)?(?:合同(?:协议)?|协议)|政策(?:性)?文件|会议纪要|涉法(?:文件|事务|事项)"
ONLY_KIND = re.compile(rf"(?=[会其决区协县各合市政涉行规重])(?:其他|其它|各类|政府|县|市|区)*(?:{_KIND})(?:共|约|近)?")
REVIEWED_BEFORE = re.compile(
    r"(?P<act>审查|审核)[^，。；：,;:]*[0-9][余多]?[件份个部项](?:[，,、][^，。；：,;:]{2,10}[0-9]+[余多]?[件份个部项])?\Z"
)
_KINDS_TOGETHER = re.compile(
    rf"(?=[行规重决政合会涉各协])(?:{_KIND})(?:(?:、|和|及)(?:{_KIND}|文件)){{1,5}}等?(?:各类|各项)?(?:涉法)?(?:文件|事项|事务|材料)?(?=[|]|进行|开展|合法性审|\Z)"
)
# 审查征收补偿协议及工程合同
CONTRACTS = re.compile(r"(?<=审[查核])[一-龥]{2,8}?(?:合同|协议)(?:[、和及与][一-龥]{2,8}?(?:合同|协议)){1,4}等?")
REVIEWED = re.compile(
    r"(?P<act>审查|审核|把关)[^，。；：,;:]{0,20}(?:[，,][^，。；：,;:]{0,4}提出[^，。；：,;:]{0,16})?[，,（(]其中[^；;。]*$"
)
_DECISIONS = ("件", "项", "个")
# 重大决策事项5件全部进行合法性审查
_ALL_REVIEWED = re.compile(
    r"[，,]?(?:全部|均|都)已?(?:依法|按规定|按程序)?(?:经过?|通过|进行|开展|履行|完成)了?(?:部门)?合法性审[查核]"
)
# 重大行政决策事项8件全部由常务会议集体讨论决定
_DISCUSSED = re.compile(r"[，,]?(?:全部|均|都)已?(?:[由经]|提交|提请)[^，。；,;0-9]{0,28}?集体(?:讨论|审议|研究)")


def done_to_decisions(unit: str | None, body: str, at: int) -> str:
    """What all of them went through, which is told behind the number; at: where the number ends."""
    if unit not in _DECISIONS:
        return ""
    if _ALL_REVIEWED.match(body, at):
        return "|审查"
    return "|集体讨论" if _DISCUSSED.match(body, at) else ""


def are_reviewed(unit: str | None, sentence: str, body: str, at: int) -> bool:
    """at: behind the number's noun. Whether all things of its list are reviewed, which is told behind the last."""
    return bool(unit in _REVIEWED_UNITS and _IN_LIST.search(sentence) and _REVIEWS_LIST.match(body, at))


def together_in(words: str) -> str:
    return _KINDS_TOGETHER.sub(_together, words) if "、" in words or "和" in words else words


def _together(kinds: re.Match[str]) -> str:
    """审查规范性文件、决策、合同等: files of all kinds; 合同、协议 are of one."""
    return "各类文件" if re.search("文件|决策|纪要|涉法", kinds.group()) else kinds.group()
