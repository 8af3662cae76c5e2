"""Title and text in, whether this is a yearly rule-of-law report and of which year out."""

from __future__ import annotations

import re
from collections import Counter

from extraction.fold import fold
from extraction.types import Genre

SUBJECT = re.compile("法治政府|依法行政|法治建设|推进法治|法治机关|依法治[市县区省州]|法治工作")
FORM = re.compile("报告|总结|情况|汇报|年报")
OTHER = re.compile(
    "解读|图解|一图读懂|工作要点|实施方案|工作方案|工作计划|实施意见|信息公开工作|信息公开年度|半年|季度|征求意见|征集"
    "|召开|座谈|培训班|启动|讲话|调研|督察(?:工作)?(?:通知|方案)|模板|参考格式|述职|述法|名单|问答|规划|发布会|新闻|听取|审议|举办|关于(?:做好|开展|组织|加强|进一步).{0,60}(?:通知|工作)$|(?<!关于)(?<!^)发布(?=\\d{4}|《)"
)
# bodies whose names hold such a word: 规划局, 自然资源和规划局, 新闻出版局
NAMED_BODY = re.compile("(?:规划|新闻)[\u4e00-\u9fff]{0,8}?(?:局|厅|委员会|委|办公室|署)")
# a report that closes with the next year's plan is a report
WITH_PLAN = re.compile(
    "(?<=总结|报告|情况)(?:和|及|暨|与)(?:20\\d\\d年)?.{0,16}(?:计划|安排|打算|要点|思路)(?:的报告)?$"
)
ISSUED = re.compile("印发《?(.+?)》?的?(?:通知|函)?$")
MASKED = re.compile("(?:[XxX×*＊○]{2,}|[X×]\\s*)(?=[年月日件个次人名项份%县市区局]|万)")
MASKED_MANY = 3
HALF_YEAR = re.compile("(?:20\\d\\d|今)年?(?:上半年|1[-—至]6月)")
REPORTING = re.compile(
    "现将.{0,40}(?:报告|汇报|总结|公布|公开)|(?:报告|总结|汇报)如下|法治政府建设.{0,12}(?:情况|工作)"
)

YEAR = re.compile("((?:19|20)\\d{2})\\s*年?")
CN_YEAR = re.compile("([一二][〇○零Oo九0][〇○零一二三四五六七八九][〇○零一二三四五六七八九])年")
CN_DIGITS = {**{char: str(value) for value, char in enumerate("零一二三四五六七八九")}, **dict.fromkeys("〇○Oo0", "0")}
RANGE = re.compile("(?:19|20)\\d{2}\\s*年?\\s*[-—–~至到]+\\s*(?:19|20)\\d{2}")
OF_TEXT = re.compile(
    "((?:19|20)\\d{2})年(?:度|以来)?[^。]{0,24}?(?:法治政府|依法行政|法治建设|法治)|((?:19|20)\\d{2})年(?:度|来)?[,,]"
)
FIRST_CHARACTERS = 1200


def genre_of(title: str | None, body: str) -> tuple[Genre, str]:
    """Genre, and the evidence that gave it: the title decides where it can, the text elsewhere."""
    if len(MASKED.findall(fold(body))) >= MASKED_MANY:
        return "other", "text: masked numbers"
    plain = "".join(fold(title or "").split())
    issued = ISSUED.search(plain)
    if issued and FORM.search(issued.group(1)) and SUBJECT.search(issued.group(1)):
        plain = issued.group(1)
    plain = WITH_PLAN.sub("", NAMED_BODY.sub("", plain))
    if plain and SUBJECT.search(plain):
        if OTHER.search(plain):
            return "other", "title"
        if FORM.search(plain):
            return ("other", "text") if HALF_YEAR.search(plain) else ("annual_report", "title")
    start = fold(body[:FIRST_CHARACTERS])
    if plain and (OTHER.search(plain) or not FORM.search(plain)):
        return "other", "title"
    if SUBJECT.search(start) and REPORTING.search(start) and not HALF_YEAR.search(start[:200]) and len(body) > 800:
        return "annual_report", "text"
    return "other", "text"


def report_year_of(title: str | None, headings: list[str], body: str) -> tuple[int | None, str]:
    """The year reported on, and its evidence: the title, the headings, then the first paragraphs; None if unknown."""
    for text, source in ((title or "", "title"), *((heading, "heading") for heading in headings)):
        year = _single_year(text)
        if year:
            return (year - 1, source) if source == "heading" and _is_plan(text) else (year, source)
    years = Counter(
        int(group) for match in OF_TEXT.finditer(fold(body[:FIRST_CHARACTERS])) for group in match.groups() if group
    )
    if years:
        best, count = years.most_common(1)[0]
        if list(years.values()).count(count) == 1 or best == min(years):
            return best, "text"
    return None, ""


def _is_plan(text: str) -> bool:
    return bool(re.search("安排|打算|计划|思路|重点|展望|下一?步", text))


def _single_year(text: str) -> int | None:
    folded = "".join(fold(text).split())
    # the period of a programme is no report year: 《…(2021—2025年)》
    without = RANGE.sub("", re.sub("《[^》]*》", "", folded) if "印发" not in folded else folded)
    years = {int(match.group(1)) for match in YEAR.finditer(without)}
    years |= {int("".join(CN_DIGITS[char] for char in match.group(1))) for match in CN_YEAR.finditer(without)}
    years = {year for year in years if 1990 <= year <= 2100}
    return years.pop() if len(years) == 1 else min(years) if years else None
