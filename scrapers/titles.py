"""A link's title and where it stands in, the decision whether a yearly rule-of-law report may be behind it out."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

_WORDS: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _any(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_WORDS[name]))


SUBJECT, FORM, OTHER = _any("subject"), _any("form"), _any("other")
OTHER_THAN_PUBLISHER = _any("other_than_publisher")
YEAR = re.compile(r"(?:19|20)\d\d|[一二][九〇零○Ｏ0][〇零○Ｏ0一二三四五六七八九]{2}")
# a body or a group of bodies, as a column is called after it
BODY = re.compile(
    rf"[\u4e00-\u9fff]{{1,16}}(?:{'|'.join(_WORDS['body_endings'])})|[\u4e00-\u9fff]{{0,6}}(?:部门|单位|政府系统|乡镇街道|县市区|区县)"
)
# the publisher's name, up to where the year or the subject begins
PUBLISHER = re.compile(
    r"(?:^|(?<=印发)|(?<=转发)|(?<=公布)|(?<=公开)|(?<=发布)|(?<=关于)|(?<=[《》:】\]]))"
    rf"[\u4e00-\u9fff()、]{{1,40}}?(?:{'|'.join(_WORDS['body_endings'])})"
    r"(?=关于|《|(?:19|20)\d\d|二[〇零]|推进|落实|贯彻|年度|依法|法治)"
)
# a text cut short to fit the list
CUT = re.compile(r"(?:\.{2,}|…+|·{3,})$")
# 总结及2023年工作计划, 报告(附打算): the report is what comes first
OUTLOOK = re.compile(
    r"(?<=[告结况])(?:[及和与暨、,(]|以及)+(?:[^告结况]{0,12})(?:计划|打算|要点|安排|思路|设想|规划|重点)\)?$"
)
# a report may be announced by its own title: …报告公示, …报告的公告
ANNOUNCED = re.compile(r"(?<=[告结])\)?》?的?(?:公示|公告)$")
# a document that the report is about (落实《…实施纲要》情况的报告), not the report itself
QUOTED = re.compile(r"《(?![^》]*(?:报告|总结))[^》]*》")
# all that is left of a title that its column makes clear
BARE = re.compile(
    rf"(?:关于)?(?:[\u4e00-\u9fff]{{1,24}}?(?:{'|'.join(_WORDS['body_endings'])}))?(?:关于)?"
    r"(?:(?:19|20)\d\d年?度?)?(?:法治)?(?:年度)?(?:工作)?(?:情况)?的?(?:年度)?(?:报告|总结|年报)"
)
BARE_YEAR = re.compile(r"(?:19|20)\d\d年?度?")
GOVERNMENT_WORK = re.compile("政府(?:(?:19|20)\\d\\d年?度?)?工作报告")
OPENING = re.compile(r"^(?:[\[【(](?:置顶|新|图文|公开|报告|附件)\d*[\])】]|[\s·•▪◆■●○>»\-—*]+|\d{1,2}[.、])+")
SUFFIX = re.compile(r"\.(?:pdf|docx?|wps|ofd|rar|zip)$", re.IGNORECASE)
SUBJECT_STEM = "法治政府建设"
LONGEST_COLUMN = 24


def folded(title: str) -> str:
    """The title as it is judged: no blanks, no bullets, full-width forms folded."""
    text = "".join(unicodedata.normalize("NFKC", title).split())
    return SUFFIX.sub("", OPENING.sub("", text))


def may_be_report(title: str, column: str = "") -> bool:
    """Whether a yearly report may be behind a link; column: what the list it stands in is called."""
    text = folded(title)
    cut = bool(CUT.search(text))
    judged = ANNOUNCED.sub("", OUTLOOK.sub("", CUT.sub("", text)))
    if OTHER.search(judged) or OTHER_THAN_PUBLISHER.search(PUBLISHER.sub("", QUOTED.sub("", judged))):
        return False
    if SUBJECT.search(judged):
        return cut or bool(FORM.search(judged))
    if cut and YEAR.search(judged) and _ends_in(judged, SUBJECT_STEM):
        return True
    return is_report_column(column) and not GOVERNMENT_WORK.search(text) and _is_bare(judged)


def publisher_in(title: str) -> str | None:
    """The publisher's name as the title has it, or None."""
    match = PUBLISHER.search(folded(title))
    return match.group() if match else None


def is_report_column(name: str) -> bool:
    """Whether a column's name promises yearly reports: 法治政府建设年度报告."""
    text = folded(name)
    return bool(SUBJECT.search(text) and re.search("报告|年报|总结", text))


def names_column(text: str) -> bool:
    """Whether a link's text reads as the name of a column that may hold reports: the subject, and no year."""
    name = folded(text)
    return (
        len(name) <= LONGEST_COLUMN
        and bool(SUBJECT.search(name))
        and not (YEAR.search(name) or OTHER.search(name) or OTHER_THAN_PUBLISHER.search(name))
    )


def _is_bare(text: str) -> bool:
    return bool(BARE_YEAR.fullmatch(text) or (YEAR.search(text) and BARE.fullmatch(text)))


def _ends_in(text: str, stem: str) -> bool:
    """Whether the text breaks off inside the stem, at least two characters into it."""
    return any(text.endswith(stem[:length]) for length in range(2, len(stem)))
