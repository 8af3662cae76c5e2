"""Text in, stated zeros out: 未收到投诉举报, 无行政诉讼案件, 零投诉 – phrases that report the value 0 without a digit."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Only things that reports count elsewhere: complaints, cases, applications, documents, accidents.
THING = (
    r"投诉举报|投诉|举报|行政复议(?:、行政诉讼)?(?:案件|申请)?|行政诉讼(?:案件)?|行政应诉(?:案件)?|行政赔偿(?:案件)?|国家赔偿(?:案件)?"
    r"|败诉案件|败诉|被纠错案件|依申请公开(?:事项|件|信息|申请)?|政府信息公开申请|规范性文件|安全生产事故|安全事故|责任事故|群体性事件|重大舆情|听证(?:案件)?"
    r"|行政处罚(?:案件)?|行政强制(?:案件)?|行政许可(?:事项)?|信访案件|信访事项|人大代表建议|政协(?:委员)?提案|复议案件|诉讼案件|应诉案件|行政败诉|(?:行政)?复议|(?:行政)?诉讼"
)
_ZERO = re.compile(
    rf"(?P<verb>(?:尚)?(?:未|没有)(?:收到|发生|出现|接到|产生|接收到?|受理|办理|制定|出台|制发|新增|有)(?:过)?|没有)(?P<what>[^，。；,;：:！？“”《》\n\d]{{0,24}}?(?:{THING}))(?=[，。；,;、\n）)]|$|和|及|的?情况|问题)"
    rf"|(?P<none>(?<=[，。；,;、（(\s度年内局区县市委镇位门院])无)(?P<what2>(?:相关|新增|新|被|因|涉及|任何|一起|一例|一件|行政|制定|出台|起草|本机关|违法)?[^，。；,;：:！？“”《》\n\d]{{0,10}}?(?:{THING}))(?=[，。；,;、\n）)]|$|的?情况|发生)"
    r"|(?P<nil>零(?:投诉|举报|事故|败诉|复议|诉讼|上访|差错|纠错|撤改|撤销|赔付|信访|赔偿))(?=[，。；,;、\n）)]|$)"
)
# what every phrase begins with: found many times as fast as by trying the phrases at each place
_BEGINS = re.compile("[尚未没无零]")
_NOT_A_FACT = re.compile(
    r"(?:确保|力争|实现|争取|保持|做到|如|若|对|逾期|的|应|凡|坚决|防止|避免|因)[^，。；,;\n]{0,6}$"
)

_NOT_ONE = re.compile(r"^一[起件例宗]?(?!审)")  # 无一败诉, 无一起败诉案件
# 无相关规范性文件, 未收到涉企投诉: none among what the sentence speaks of, which says nothing about the year's number
_OF_THE_TOPIC = re.compile(r"(?:任何)?(?:相关|有关|涉(?!法|诉|黑|案)|此类|类似|上述)")


def _matches(body: str) -> Iterator[re.Match[str]]:
    behind = 0
    for begin in _BEGINS.finditer(body):
        match = _ZERO.match(body, begin.start()) if begin.start() >= behind else None
        if match:
            behind = match.end()
            yield match


def stated_zeros(body: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what was none) of each, in order; goals and conditions (如未收到…) state none."""
    for match in _matches(body):
        start = match.start()
        if _NOT_A_FACT.search(body[max(0, start - 12) : start]) and not match["nil"]:
            continue
        if match["nil"] and re.search(r"(?:确保|力争|争取)[^，。；,;\n]{0,10}$", body[max(0, start - 16) : start]):
            continue
        what = match["what"] or match["what2"] or match["nil"][1:]
        if _OF_THE_TOPIC.match(what):
            continue
        yield start, match.end(), _NOT_ONE.sub("", what.strip("过有任何"))
