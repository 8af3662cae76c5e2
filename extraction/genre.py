"""Title and text in, whether this is a yearly rule-of-law report and of which year out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from extraction.bodies import BODY, places_of
from extraction.fold import fold
from extraction.types import Genre

SUBJECT = re.compile(
    "法[治制]政府|依法行政|法治建设|推进法治|法治机关|依法治[市县区省州镇乡]|法治工作"
    "|法治(?:公安|税务|海关|交通|教育|水利|水务|城管|人社|民政|财政|审计|统计|卫健|医保|住建|国土|气象|农业|林业|商务|文旅|市场监管"
    "|应急|环保|粮食|体育|科技|烟草|部门|[\u4e00-\u9fff]{2,8}局)建设"
)
FORM = re.compile("报告|总结|小结|情况|汇报|年报")
# news that a report is out; or, with a report under it, the report's own title
NEWS = re.compile("(?<!关于)(?<!^)(?:发布|公布|公开|出台)(?=\\d{4}|《)")
# the leader's own account, which the regulation asks for beside the body's report (厅字〔2019〕28号, art. 24)
PERSONAL = re.compile("第一责任人")
# words that any yearly report's title is made of: what is left of a title without them names its subject
GENERIC = re.compile(
    "(?:19|20)\\d{2}年?度?|年度|全年|关于|工作|情况|报告|总结|汇报|年报|的|上报|报送|公开|全文|执行|完成|开展|及|和|计划|打算|安排|\\W|[a-zA-Z]"
)
LISTED = re.compile("法治.{0,12}(?:报告|总结|情况)(?:\\W*\\d{4}[-/.年]\\d{1,2}[-/.月]\\d{1,2}日?)?\\W*$")
# bodies whose names hold such a word: 规划局, 自然资源和规划局, 新闻出版局
NAMED_BODY = re.compile("(?:规划|新闻)[\u4e00-\u9fff]{0,8}?(?:局|厅|委员会|委|办公室|署)")
# a report that closes with the next year's plan is a report
WITH_PLAN = re.compile(
    "(?<=总结|报告|情况)(?:和|及|暨|与)(?:20\\d\\d年)?.{0,16}(?:计划|安排|打算|要点|思路)(?:的报告)?$"
)
# no real one has two hundred; the cost of looking for a plan in front grows with the square
LONGEST_TITLE = 500
PLAN_FIRST = re.compile(".{0,30}(?:计划|安排|打算|思路)(?:和|及|暨|与)(?=.*(?:总结|报告))")
# more than two years are a programme's account, no yearly report
PROGRAMME = re.compile("((?:19|20)\\d\\d)年?[-\u2014\u2013~至到]+((?:19|20)\\d\\d)")
ISSUED = re.compile("印发《?(.+?)》?的?(?:通知|函)?$")
# begins with what re looks for first
MASKED = re.compile("[XxX×*＊○_](?:[XxX×*＊○_]+|(?<=[X×*])\\s*)(?=[年月日件个次人名项份%县市区局]|万)")
# a text without one of these marks has none
MASKS = "XxX×*＊○_"
MASKED_MANY = 3
REPORTING = re.compile(
    "现将.{0,40}(?:报告|汇报|总结|公布|公开)|报告如下|总结如下|汇报如下|法治政府建设.{0,12}(?:情况|工作)"
)
FIRST_CHARACTERS = 1200
OPENING = 100
# characters from which a text is a report rather than a notice or news about one
DECLARED_BODY, SHORT_BODY, LONG_BODY = 300, 800, 1500
LIST_LINES, LIST_SHARE, LONGEST_TITLE = 3, 0.6, 80


# a sentence that only a report has: enough for a short text without a title
DECLARES = re.compile("现将.{0,30}(?:法[治制]政府|依法行政).{0,24}(?:报告|汇报|总结|公开|公告)")


@cache
def _other() -> tuple[re.Pattern[str], ...]:
    with (Path(__file__).parent / "genre.toml").open("rb") as file:
        table = tomllib.load(file)
    # not in groups: where all begin with plain characters, re looks for those first
    joined = ("|".join(table[name].values()) for name in ("title", "opening", "text"))
    return tuple(re.compile(pattern, re.DOTALL) for pattern in joined)


def genre_of(title: str | None, body: str) -> tuple[Genre, str]:
    """Genre, and the evidence that gave it: the title decides where it can, the text elsewhere."""
    if len(list(masked_in(fold(body)))) >= MASKED_MANY:
        return "other", "text: masked numbers"
    if _is_list(body):
        return "other", "text: a list of reports"
    plain = "".join(fold(title or "").split())[:LONGEST_TITLE]
    issued = ISSUED.search(plain)
    if issued and FORM.search(issued.group(1)) and SUBJECT.search(issued.group(1)):
        plain = issued.group(1)
    plain = PLAN_FIRST.sub("", WITH_PLAN.sub("", NAMED_BODY.sub("", plain)))
    start = fold(body[:FIRST_CHARACTERS])
    other, opening, text = _other()
    if text.search(start) or opening.search(start[:OPENING]):
        return "other", "text"
    reports = bool(SUBJECT.search(start) and REPORTING.search(start))
    if plain and SUBJECT.search(plain):
        if other.search(plain) or _of_a_programme(plain) or (PERSONAL.search(plain) and "法治政府" not in plain):
            return "other", "title"
        if NEWS.search(plain) and not (reports and len(body) > LONG_BODY):
            return "other", "title"
        if FORM.search(plain):
            return "annual_report", "title"
    if plain and (other.search(plain) or not FORM.search(plain) or _own_subject(plain)):
        return "other", "title"
    least = DECLARED_BODY if not plain and DECLARES.search(start) else SHORT_BODY
    return ("annual_report", "text") if reports and len(body) > least else ("other", "text")


def masked_in(text: str) -> Iterable[re.Match[str]]:
    """The numbers that are masked: X件, ×××万元."""
    # to look for each mark takes a fraction of one search for all of them
    return MASKED.finditer(text) if any(map(text.__contains__, MASKS)) else ()


def _is_list(body: str) -> bool:
    """Whether most lines are titles of such reports: a column's page, not a report."""
    lines = fold(body).split("\n")
    likely = [line for line in lines if len(line) < LONGEST_TITLE and "法治" in line]
    if len(likely) < LIST_LINES:
        return False
    wanted = max(LIST_LINES, LIST_SHARE * sum(1 for line in lines if line.strip()))
    return len(likely) >= wanted and sum(1 for line in likely if LISTED.search(line)) >= wanted


def _of_a_programme(title: str) -> bool:
    match = PROGRAMME.search(re.sub("《[^》]*》", "", title))
    return bool(match and int(match.group(2)) - int(match.group(1)) >= 2)


def _own_subject(title: str) -> bool:
    """Whether a title without the report's subject has one of its own (预算执行情况报告, 普法工作总结)."""
    rest = GENERIC.sub("", title)
    rest = places_of(rest)[1]
    return bool(rest) and not BODY.search(rest)
