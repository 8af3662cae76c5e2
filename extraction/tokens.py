"""Text in, number tokens out: every numeral that stands with a unit or alone, without dates, titles, numbers of documents.

One pass of one expression. What is not a quantity is matched first and consumed, so that its digits are never seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_letters, digits
from typing import NamedTuple

from extraction.numerals import Number, arabic, chinese, scaled
from extraction.tables import Cell
from extraction.units import measure_words, unit_pattern

D = "[0-9０-９]"
HAN = "[一二三四五六七八九十百千零两〇]"
BLANK = "[ \t\u3000\xa0]?"
DASH = "[-—–－~～]"

# Consumed whole, in this order. Each line: what it is, and an example. By what they begin with, so that few are tried.
_MARKED = "|".join(
    (
        r"《[^《》\n]{0,120}(?:《[^《》\n]{0,80}》[^《》\n]{0,60})?》?",  # 《…纲要（2021—2025年）》
        r"〈[^〈〉\n]{0,80}〉",
        r"“[^“”\n]{0,40}”",  # “1+5+N”, “助企纾困15条”
        r"‘[^‘’\n]{0,40}’",
        r"「[^「」\n]{0,40}」",
        r'"[^"\n，。；,;]{0,20}"',
        rf"[〔\[［【（(]{BLANK}(?:19|20){D}{{2}}{BLANK}[〕\]］】）)]{BLANK}第?{BLANK}{D}{{0,5}}{BLANK}号?",  # 〔2022〕5号
        rf"第{BLANK}(?:{D}{{1,6}}|{HAN}{{1,8}})(?:{DASH}|[、和及至到]第?(?:{D}{{1,6}}|{HAN}{{1,5}}))*",  # 第十三届, 第一、二批
    )
)
_OF_DIGITS = "|".join(
    (
        rf"{D}{{1,4}}号{D}{{1,4}}(?:号楼|[幢栋楼室层座]|单元)",  # 人民路8号3幢
        rf"{D}{{4}}{BLANK}年?{BLANK}(?:{DASH}{{1,2}}|[至到、]){BLANK}{D}{{4}}{BLANK}年?度?",  # 2021—2025年
        rf"{D}{{4}}{BLANK}[-./年－]{BLANK}{D}{{1,2}}{BLANK}[-./月－]{BLANK}{D}{{1,2}}(?!{D}){BLANK}[日号]?",  # 2023-02-15
        rf"{D}{{2,4}}{BLANK}年度?(?=[^内以])",  # 2022年, 22年
        rf"{D}{{1,2}}{BLANK}月?(?:{DASH}{{1,2}}|[至到、]){BLANK}{D}{{1,2}}{BLANK}月(?:份|{BLANK}{D}{{1,2}}{BLANK}[日号])?",  # 1月至11月
        rf"{D}{{1,2}}{BLANK}月份?(?:{BLANK}{D}{{1,2}}{BLANK}[日号]?(?!{D}|{BLANK}[个家件名人次]))?",  # 1月13日, 6月初
        rf"(?<!缩短[至为到])(?<!压缩[至为到])(?<!减少[至为到])(?<!提前)(?<!缩短){D}{{1,2}}{BLANK}[日号](?!之?内|以内|常|缩短|压缩|减少|减至)",
        rf"{D}{{1,2}}[:：]{D}{{2}}(?:[:：]{D}{{2}})?",  # 14:29
        rf"{D}{{1,2}}时(?:{D}{{1,2}}分)?(?!内|以内)",
        rf"(?:{D}{{2,3}}(?![+＋](?:{unit_pattern()}))|{D})(?:{BLANK}[+＋×*]{BLANK}(?:{D}{{1,3}}|[A-ZXN]|[一-龥]{{1,2}}))+",  # 1+5+N, 7×24
        rf"{D}{{1,2}}[·•‧・∙]{D}{{1,2}}",  # 4·15
        rf"0{D}{{2,3}}[-—－ ]{{1,4}}{D}{{7,8}}|{D}{{3,4}}-{D}{{3,4}}-{D}{{3,4}}",  # telephone numbers
        rf"{D}{{1,2}}{BLANK}分钟(?=[^，。；,;\n\d]{{0,14}}圈)",  # 15分钟公共法律服务圈
        rf"(?<=跑){D}{{1,2}}次",  # 最多跑1次
        rf"{D}{{6,}}[A-Z][A-Z0-9]+",  # 11350000MB1234567X
        rf"{D}{{11,}}[A-Za-z]?|{D}{{1,6}}(?:\.{D}{{1,4}}){{2,}}",  # identity numbers, 1.2.3
        rf"{D}{{1,9}}(?:\.{D}{{1,2}})?(?!GB|TB|MB|㎡)[A-Za-z][A-Za-z0-9-]*",  # 5G
        rf"{D}{{1,6}}(?:\.{D}{{1,2}})?{BLANK}(?:周年|周岁|岁|届|级|[号楼]|后(?=[青干党])|版)",  # 70周年, 60岁, 18号
        rf"24{BLANK}(?:个)?小时(?!内|以内|之内|办结)",  # 24小时自助, not 24小时内
        rf"{D}{{1,3}}{BLANK}(?:项制度|项机制|个维护|个自信|个意识|个确立|个统一|个全面|个结合|个一律|个严禁|个务必|大(?![项类]))",
        rf"{D}{{4,8}}[-－]{D}{{1,8}}(?:[-－]{D}{{1,8}})*(?!{D}|{BLANK}(?:{unit_pattern()}))",  # index numbers
    )
)
_OF_LETTERS = "|".join(
    (
        rf"[A-Z]{{1,2}}(?:{BLANK}[+＋×*]{BLANK}(?:{D}{{1,3}}|[A-ZXN]|[一-龥]{{1,2}}))+",  # N+X
        rf"[A-Za-z][A-Za-z_]*[-—]?{D}{{1,9}}(?:\.{D}{{1,3}})?[A-Za-z0-9-]*",  # A4, PM2.5
        rf"ICP备{BLANK}{D}+",
    )
)
# what may stand behind the digits of such: 件 and most other units may not
_GOES_ON = rf"{D}++[ \t\u3000\xa0A-Za-z号年月日时分周岁届级楼后版次项个大小至到、:：+＋×*·•‧・∙./—–－~～-]|{D}{{11}}"

ARABIC = rf"{D}{{1,3}}(?=[, ])(?:(?:,{D}{{3}})+(?:[.．]{D}{{1,6}})?(?!{D})|(?: {D}{{3}})+(?={BLANK}[件个名人次条份项户家起]|{BLANK}[万亿余多]))|{D}{{1,12}}(?:[.．]{D}{{1,6}})?"
PERCENT_WORD = rf"(?P<per>[百千])分之(?:(?P<per_a>{D}{{1,3}}(?:[.．]{D}{{1,4}})?)|(?P<per_c>[零一二三四五六七八九十百]{{1,5}}(?:点[零一二三四五六七八九]{{1,4}})?))"  # 百分之八十五
FRACTION = (
    r"(?P<denominator>[二三四五六七八九十]{1,3})分之(?P<numerator>[一二两三四五六七八九十]{1,3})(?!一)"  # 三分之二
)
TENTHS = r"(?<=[约近超过逾达于占缩减升降少长])(?P<tenths>[一二两三四五六七八九])成(?P<half>半)?(?!立|为|都|员|功|效|果|长|本|熟)|(?P<tenths2>[二两三四五六七八九])成(?:(?P<half2>半)|(?=以上|左右|多))"  # 近八成
TENTHS_IN_DIGITS = r"(?P<tenths3>[1-9](?:\.[0-9])?)成(?!立|为|都|员|功|效|果|长|本|熟|套|品|人|年)"

PLUS = rf"[+＋](?={BLANK}(?:{unit_pattern()}))"  # 1200+家
NUMBER = rf"(?P<number>{ARABIC})(?:(?=[ \t\u3000\xa0万亿千百余多来+＋])(?:(?P<scale>{BLANK}(?:万亿|万|亿|千|百(?!分)))(?P<hedge>[余多来]|{PLUS})?|{BLANK}(?P<hedge2>[余多来]|{PLUS})(?P<scale2>万|亿)?))?(?:{BLANK}(?P<unit>{unit_pattern()}))?"
# A Chinese numeral counts only with a measure word of counted events, persons or things: 十一次, 二百余条, 万余人次.
HAN_UNIT = r"人次|场次|批次|家次|户次|余次|次(?!生|要|日|年|数|级|于|全会)|场(?!所|地|景|馆|镇|站|均)|起(?!草|到|来|诉|点|源|重|施)|件(?!套|实事|大事|小事|好事|民生|事一)|份(?!额)|名(?!单|称|录|誉|义|优|师|企|城)|部(?!门|委|队|分|署|长|位|局|落)|家(?!庭|长|属|万|企业?联)|期(?!间|限|末|工程|项目|建设)|篇(?!章)|条(?!例|款|块|线)|幅|册|户(?!籍|均|外|口|型)"
PLACE = r"(?=县|市|区|乡|镇|街道|村|社区|单位|部门|项目|案件|地区|平台|法庭|中心|团队|小组|工作组|专班|批次|工作日|月|小时|点|站|支部|科室|执法)"
HAN_NUMBER = rf"(?P<han>(?:[零一二三四五六七八九两]?[十百千万])+[零一二三四五六七八九]?|[二两三四五六七八九]|数[十百千]|几[十百])(?P<han_scale>万)?(?P<han_hedge>[余多])?(?P<han_unit>{HAN_UNIT}|个工作日|个月|个{PLACE}|(?P<han_many>[项个位处种类宗](?!之))|人(?=[，。；,;、\n（(]))"
HAN_ONE = r"(?P<one>一)(?P<one_unit>起|例)(?=[^草到来诉点源重施])|(?P<one2>[一两三四])(?P<one2_unit>[次场期])"

MASTER = re.compile(
    rf"(?=[《〈“‘「\"〔\[［【（(第0-9０-９A-Za-zI零一二三四五六七八九十百千万两数几])"
    rf"(?:(?={D})(?:(?={_GOES_ON})(?P<skip>{_OF_DIGITS})|{TENTHS_IN_DIGITS}|{NUMBER})"
    rf"|(?=[零一二三四五六七八九十百千万两数几])(?:{PERCENT_WORD}|{FRACTION}|{TENTHS}|{HAN_NUMBER}|{HAN_ONE})"
    rf"|(?P<skip_words>{_MARKED}|(?=[A-Za-z])(?:{_OF_LETTERS})))"
)


class Token(NamedTuple):
    """A numeral with its unit as printed: `3.62万件` has value 36200, unit 件, scale 万.

    unit "" means none was printed; hedged: 余, 多 or 来 inside; han: a Chinese numeral; damaged: a 万 or 亿 that
    follows may belong to the next word and was left out.
    """

    start: int
    end: int
    value: Number | None
    unit: str
    scale: str | None
    hedged: bool
    han: bool
    damaged: bool = False
    cell: Cell | None = None  # of a table


def number_tokens(text: str) -> Iterator[Token]:
    """Every numeral that may be a quantity, in order, never overlapping. Linear in the text's length."""
    for match in MASTER.finditer(text):
        if match["number"]:
            token = _arabic(text, match)
        elif match["skip"] is None and match["skip_words"] is None:
            token = _other(text, match)
        else:
            continue
        if token:
            yield token


def _arabic(text: str, match: re.Match[str]) -> Token | None:
    printed, scale, scale2, hedge, hedge2, unit = match.group(*_OF_ARABIC)
    scale, hedge, unit = scale or scale2, hedge or hedge2, unit or ""
    if scale:
        scale = scale.strip()
    number = arabic(printed)
    start, end = match.span()
    before = text[start - 1 : start]
    if before in _MINUS and unit in ("%", "％", "个百分点") and _SIGNED.search(text, max(0, start - 4), start - 1):
        start, number = start - 1, -number
    elif before in _IN_ONE_WORD:
        return None
    if unit == "年" and not _TERM.search(text, max(0, start - 8), start):
        return None  # 缩短2年, not 3年行动
    if unit:
        if before in ("前", "列", "居") and unit in ("名", "位", "强"):  # 前10名, 位列前三
            return None
        value = scaled(number, scale) if scale else number
        return _new(Token, (start, end, value, unit, scale, bool(hedge), False, False, None))
    # no unit: what follows 万 may be the next word (抓获网上逃犯37万浩…), so only a closing or joining word keeps it
    number_end = match.end("number")
    if scale and _CLOSES_SCALE.match(text, end):
        return Token(start, end, scaled(number, scale), "", scale, bool(hedge), False)
    return _new(Token, (start, number_end, number, "", None, False, False, scale in ("万", "亿"), None))


_new = tuple.__new__  # in half the time of Token(…)
# by their numbers, which the engine finds sooner than names
_OF_ARABIC = tuple(MASTER.groupindex[name] for name in ("number", "scale", "scale2", "hedge", "hedge2", "unit"))
_MINUS = frozenset("-−－﹣")
_IN_ONE_WORD = frozenset("第." + ascii_letters + digits)
_SIGNED = re.compile(r"[一-龥：:，,、（(|｜\s]\Z")
_TERM = re.compile(r"(?:缩短|延长|提前|推迟|减少|压缩)(?:了|约|近|至|到|为)?\Z")
_CLOSES_SCALE = re.compile(r"[^一-龥]|\Z|[的或以左上了和及至到]")


def _other(text: str, match: re.Match[str]) -> Token | None:
    start, end = match.span()
    if match["per"]:
        if match["per_c"] == "百" and text[start - 1 : start] not in tuple("达为到率近"):
            return None  # 百分之百投入
        value = _decimal(match["per_c"]) if match["per_c"] else arabic(match["per_a"])
        return Token(start, end, value, "%" if match["per"] == "百" else "‰", None, False, True)
    if match["denominator"]:
        return Token(start, end, chinese(match["numerator"]) / chinese(match["denominator"]), "", "分之", False, True)
    if match["tenths3"]:
        return Token(start, end, scaled(arabic(match["tenths3"]), "十"), "%", None, False, True)
    if tenths := match["tenths"] or match["tenths2"]:
        half = 5 if match["half"] or match["half2"] else 0  # 八成半
        return Token(start, end, chinese(tenths) * 10 + half, "%", None, False, True)
    if match["han"]:
        return _han(text, match)
    return _one(text, match)


def _han(text: str, match: re.Match[str]) -> Token | None:
    numeral, unit, hedge = match["han"], match["han_unit"], bool(match["han_hedge"])
    before = text[match.start() - 1 : match.start()]
    if before in tuple("前列居第之这那哪每几其再多另某逐百千万十点一二两三四五六七八九"):
        return None
    if numeral in ("百", "千", "万") and not hedge and before not in tuple("近约超逾"):
        return None  # 千家万户; but 近百名
    if match["han_many"] and len(numeral) == 1 and not hedge and numeral not in ("百", "千", "万"):
        return None  # 三项制度; but 二十六项
    if numeral in ("一", "二"):
        return None  # 二次供水
    if unit == "期" and text.endswith(("工程", "项目", "计划"), 0, match.start()):
        return None  # 防护林工程六期
    if unit == "次" and text.startswith("会议", match.end()) and text.endswith(_CONGRESS, 0, match.start()):
        return None  # 省十三届人大四次会议
    value = None if numeral[0] in "数几" else scaled(chinese(numeral), match["han_scale"])
    if len(numeral) == 1 and unit == "个" and before in ("“", "、"):
        return None
    return Token(match.start(), match.end(), value, unit, None, hedge, True)


_CONGRESS = ("人大", "人代会", "政协", "届", "党代会")
# 每年至少召开一次, 每季度一次
_EVERY = re.compile(r"每(?:半年|年|季度|月|周|两年|个?季)[^，。；,;\n]{0,15}$")
_COUNTED = re.compile(r"(?:查处|发生|受理|办理|立案|查办|侦破|破获|审结|化解|通报|办结|结案|移送)(?:了|过)?$")
_NOUN_BEFORE = re.compile(r"(?:班|会|训|座|演练|活动|检查|评查|清理|讲座|督查|测试|考试|调研|竞赛|宣传)$")


def _one(text: str, match: re.Match[str]) -> Token | None:
    """一起 after a verb of counting; 一次, 两场 after 每年 or at the end of a clause behind the noun it counts."""
    left = text[max(0, match.start() - 24) : match.start()]
    if match["one"]:
        return (
            Token(match.start(), match.end(), 1, match["one_unit"], None, False, True)
            if _COUNTED.search(left)
            else None
        )
    closes = not text[match.end() : match.end() + 1].strip("，。；,;、 \n")
    if (_EVERY.search(left) and not left.endswith("第")) or (closes and _NOUN_BEFORE.search(left)):
        return Token(match.start(), match.end(), chinese(match["one2"]), match["one2_unit"], None, False, True)
    return None


def _decimal(text: str) -> Number:
    whole, _, part = text.partition("点")
    return float(f"{chinese(whole)}.{''.join(str(chinese(char)) for char in part)}") if part else chinese(whole)


KINDS = measure_words()
