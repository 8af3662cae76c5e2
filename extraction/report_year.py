"""Title, headings and text in, the year that a report is about out; not the year of its posting or of a law."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from extraction.fold import fold

YEAR = re.compile("((?:19|20)\\d{2})\\s*年?")
CN_YEAR = re.compile("([一二][〇○零Oo九0][〇○零一二三四五六七八九][〇○零一二三四五六七八九])年")
CN_DIGITS = {**{char: str(value) for value, char in enumerate("零一二三四五六七八九")}, **dict.fromkeys("〇○Oo0", "0")}
RANGE = re.compile("(?:19|20)\\d{2}\\s*年?\\s*[-—–~至到]+\\s*(?:19|20)\\d{2}")
OF_TEXT = re.compile(
    "(?=[12现])(?:((?:19|20)\\d{2})年(?:度|以来)?[^。\\d]{0,24}?(?:法治政府|依法行政|法治建设|法治)|((?:19|20)\\d{2})年(?:度|来)?,"
    "|现(?:将|就)[^。\\d]{0,12}((?:19|20)\\d{2})年[^。]{0,30}(?:报告|汇报|总结|公开|公告))"
)
# years of laws and documents: 《行政处罚法》(2021年), 2021年修订的《行政处罚法》
# each begins with a plain character: re looks for those first
OF_LAW = re.compile(
    "\\((?<=》\\()\\d{4}年?[^)]{0,6}\\)|19\\d{2}年?(?:新?修[订正]|制定|颁布|施行|印发)的?(?=《)"
    "|20\\d{2}年?(?:新?修[订正]|制定|颁布|施行|印发)的?(?=《)"
)
# a reporting year that does not begin in January: 2021年12月—2022年11月
MONTHS = re.compile("(?:19|20)\\d{2}年\\d{1,2}月[-\u2014\u2013~至到]+((?:19|20)\\d{2})年\\d{1,2}月")
THIS_YEAR = re.compile("本年度?|今年")
# reports of a year that has not ended are signed from this month on
CLOSING_MONTH = 10

FIRST_CHARACTERS = 1200


def report_year_of(
    title: str | None, headings: Sequence[str], body: str, days: Sequence[str] = ()
) -> tuple[int | None, str]:
    """The year reported on, and its evidence: the title, the headings, then the first paragraphs; None if unknown.

    days: when it was signed and published, as far as known (ISO), the best first. A headline that bears the year of
    its posting, while the text reports on the year before, is not believed; 今年 is the year of a report signed late in
    it.
    """
    told = _from_text(body)
    for text, source in ((title or "", "title"), *((heading, "heading") for heading in headings)):
        year = _single_year(text)
        if year:
            if source == "title" and told == year - 1 and any(day < f"{year}-{CLOSING_MONTH}" for day in days):
                return told, "text, the title bears the year of posting"
            return (year - 1, source) if source == "heading" and _is_plan(text) else (year, source)
    if told:
        return told, "text"
    if days and THIS_YEAR.search(body[:FIRST_CHARACTERS]) and int(days[0][5:7]) >= CLOSING_MONTH:
        return int(days[0][:4]), "text and date"
    return None, ""


def _from_text(body: str) -> int | None:
    text = OF_LAW.sub("", fold(body[:FIRST_CHARACTERS]))
    years = Counter(int(group) for match in OF_TEXT.finditer(text) for group in match.groups() if group)
    if years:
        best, count = years.most_common(1)[0]
        if list(years.values()).count(count) == 1 or best == min(years):
            return best
    return None


def _is_plan(text: str) -> bool:
    return bool(re.search("安排|打算|计划|思路|重点|展望|下一?步", text))


def _single_year(text: str) -> int | None:
    folded = OF_LAW.sub("", "".join(fold(text).split()))
    months = MONTHS.search(folded)
    if months:
        return int(months.group(1))
    # the period of a programme is no report year: 《…(2021—2025年)》
    without = RANGE.sub("", re.sub("《[^》]*》", "", folded) if "印发" not in folded else folded)
    years = {int(match.group(1)) for match in YEAR.finditer(without)}
    years |= {int("".join(CN_DIGITS[char] for char in match.group(1))) for match in CN_YEAR.finditer(without)}
    years = {year for year in years if 1990 <= year <= 2100}
    return years.pop() if len(years) == 1 else min(years) if years else None
