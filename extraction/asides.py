"""Words that name what is counted in, the same without asides out: what is said of a count and does not change what it counts."""

from __future__ import annotations

import re

from extraction.reviewed_files import CONTRACTS, together_in

# 调整后保留权责清单事项: what there is now
_AFTERWARDS = re.compile(r"(?:动态|优化)?(?:调整|整合|清理|优化|合并|修订|改革|精简)后(?=[一-龥]{2})")
_INCLUDING = re.compile(r"[（(]不?含[^（）()0-9]{1,12}[）)]")  # 文件（含合同）
_UPWARD = re.compile(
    r"(?<=[报向])(?![各全])[一-龥]{2,4}[省市州县区盟](?=(?:人民政府|政府|人大)[一-龥]{0,6}备)"
)  # 报云岭市政府备案
_BY_LIST = re.compile(
    r"(?:依据|依照|按照|根据|适用|依|按)[^，。；,;0-9]{0,10}(?:免罚|不罚|不予处罚|轻微违法)[^，。；,;0-9]{0,6}清单(?=.{4})"
)
_BY_TITLE = re.compile(r"(?:依据|根据|按照|依照)《[^《》]*》(?=.)")


def without_asides(words: str) -> str:
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
