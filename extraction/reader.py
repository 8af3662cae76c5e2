"""Number tokens of one body in order in, Quantities with subject, period, direction and the rest out."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from extraction import meaning
from extraction.cursor import CLAUSE_END
from extraction.naming import BEFORE_CHANGE, TO_VALUE, Naming
from extraction.sharing import SHARES
from extraction.tokens import Token
from extraction.types import Approx, Direction, Kind, Quantity, Section

_PERCENT_SIGNS = ("％", "﹪")
_new = tuple.__new__  # in half the time of Quantity(…)
_WINDOW = 240  # characters of a sentence that are looked at before a number: lines without any stop stay linear


class Reader(Naming):
    """Reads tokens in order; remembers the sentence's head, year mentions and earlier subjects for lists."""

    def __init__(self, body: str, sections: Sequence[Section], report_year: int | None) -> None:
        super().__init__(body)
        self.sections, self.report_year = sections, report_year
        self.section_starts = [section.char_start for section in sections]
        self.going: Direction | None = None
        self.unit = ""
        self.is_from_value = False  # the first of a from–to pair
        self.year_before: int | None = None  # stated for the first of a pair of this sentence, so of the next pairs
        self.mentions: list[tuple[int, int | None, bool]] = []  # of years in this sentence
        self.plans = meaning.plans(body)
        self.ahead = -1  # from where the paragraph tells of the year to come

    def read(self, token: Token, following: Token | None) -> Quantity | None:
        body = self.body
        self._enter(token)
        sentence_before = body[max(self.start, token.start - _WINDOW) : token.start]
        before = sentence_before[-24:]
        after = body[token.end : min(self.end, token.end + 8)]
        going = meaning.direction(token, before)
        kind = meaning.kind(token, going, before)
        alike = self.going and (token.unit == self.unit or self.kind == "change")  # 减少4起、2人
        if alike and SHARES.fullmatch(body[self.before_end : token.start]):
            going, kind = self.going, self.kind  # 分别下降21.4%和18.2%
        if token.unit == "个" and self.kind == "duration" and TO_VALUE.fullmatch(body[self.before_end : token.start]):
            kind = "duration"  # 由3个工作日缩短至1个
        self.kind, self.going, self.unit = kind, going, token.unit
        approx = meaning.approx(token, before, after)
        if (
            approx == "exact"
            and following
            and following.start - token.end <= 3
            and meaning.coordinated(body[token.end : following.start])
        ):
            approx = self._shared_hedge(token, following)
        subject = self.subject_of(token, following, kind)
        section = self.section_at(token.start)
        plan = section is not None and section.part == "plan"
        self.is_from_value = subject.endswith(BEFORE_CHANGE)
        year = self._year(token, kind, section if plan else None)
        if self.is_from_value and year and self.report_year and year < self.report_year:
            self.year_before = year
        goal = (
            plan
            or (0 <= self.ahead <= token.start)
            or meaning.is_goal(sentence_before[-60:])
            or bool(
                year
                and self.report_year
                and year > self.report_year
                and (year > self.report_year + 1 or meaning.means_to(sentence_before))
            )
        )
        self.before_end = token.end
        values = (
            token.start,
            token.end,
            body[token.start : token.end],
            token.value,
            _unit(token),
            kind,
            approx,
            going,
            subject,
            meaning.scope(sentence_before[-80:]),
            year,
            goal,  # is_target
            None,  # indicator
            min(_confidence(token), self.certainty(token, subject)),
        )
        return _new(Quantity, values)

    def _enter(self, token: Token) -> None:
        """Move to the token's sentence; heads and years of the one before are forgotten."""
        sentence, end = self.sentence, self.end
        if not self.move(token):
            return
        goes_on = self.sentence == sentence + 1 and self.body[end - 1 : end] != "\n"
        if not goes_on:
            self.head_before = self.topic_of_heading()
        elif self.head or not self.tells_kinds:
            self.head_before = self.head or self.head_used
        if self.head_before and self.is_headed():
            self.head_before = ""
        self.head_used, self.tells_kinds = "", False
        self.head, self.subjects, self.series, self.in_detail, self.year_before = "", [], [], False, None
        text = self.body[self.start : min(self.end, self.start + 4000)]
        self.mentions = meaning.years(text, self.report_year) if "年" in text else []  # every mention holds 年
        paragraph = self.body.rfind("\n", 0, self.start) + 1
        since = max(end, paragraph)  # sentences without a number may say that what comes is a plan
        at = bisect_left(self.plans, since)
        if at < len(self.plans) and self.plans[at] < self.end:
            self.ahead = self.plans[at]
        elif end <= paragraph or (self.ahead >= 0 and meaning.looks_back(text)):
            self.ahead = -1

    def _shared_hedge(self, token: Token, following: Token) -> Approx:
        if following.unit != token.unit:
            return "exact"
        shared = meaning.approx(following, "", self.body[following.end : following.end + 8])
        return shared if shared in ("less_than", "at_least") and not following.hedged else "exact"

    def section_at(self, at: int) -> Section | None:
        """The innermost section that holds the offset: sections come in order, children behind their parents."""
        for place in range(bisect_right(self.section_starts, at) - 1, -1, -1):
            if self.sections[place].char_end > at:
                return self.sections[place]
            if self.sections[place].level == 1:
                break
        return None

    def _year(self, token: Token, kind: Kind, plan: Section | None) -> int | None:
        if token.cell and token.cell.year:
            return token.cell.year
        for behind, year, once in reversed(self.mentions):
            end = self.start + behind
            if end > token.start:
                continue
            if once and (kind in ("change", "change_rate") or self.is_to_value):
                continue
            if once and CLAUSE_END.search(self.body, end, token.start) and token.start - end > 1:
                continue
            return year
        if self.is_from_value and self.year_before:
            return self.year_before
        if plan is not None:
            stated = re.search(r"20\d\d(?=年)", plan.heading)
            return int(stated.group()) if stated else (self.report_year + 1 if self.report_year else None)
        return self.report_year


def _unit(token: Token) -> str | None:
    return ("%" if token.unit in _PERCENT_SIGNS else token.unit) or None


def _confidence(token: Token) -> float:
    if token.damaged:
        return 0.2
    if token.value is None:
        return 0.3
    if not token.unit:
        return 0.6
    return 0.8 if token.han else 0.95
