"""A page in, the body that reports out: from the title, the sign-off, the metadata, the text – in full where known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from extraction.bodies import (
    BODY,
    OFFICE,
    WEBSITE,
    ZONE,
    is_body_or_place,
    is_place,
    places_of,
    to_government,
    without_note,
)
from extraction.fold import fold
from extraction.gazetteer import gazetteer, has_suffix
from extraction.types import Evidence, Page

YEAR = "(?:(?:19|20)\\d{2}|[一二][〇○零Oo九0][〇○零一二三四五六七八九]{2})年?度?"
SUBJECT = "(?:推进|开展|全面|深入|加强|贯彻|落实)*(?:法治政府|依法行政|法治建设|法治工作|法治机关|法治[\u4e00-\u9fff]{2,4}建设|依法治)"
# what stands before the subject in a title; tried in order
TITLES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^关于(?P<who>[^关]{{2,40}}?){YEAR}.*{SUBJECT}",
        rf"^关于{YEAR}(?P<who>.{{2,50}}?){SUBJECT}",
        r"^(?P<who>.{2,50}?)关于(?:印发|公布|公开|报送|呈报|上报|发布|做好)?.*(?:法治|依法)",
        rf"^(?P<who>.{{2,50}}?){YEAR}.*{SUBJECT}",
        rf"^{YEAR}(?P<who>.{{2,50}}?){SUBJECT}",
        rf"^(?:关于)?(?P<who>.{{2,50}}?){SUBJECT}",
    )
)
SUBJECT_WORD = re.compile(SUBJECT)
QUOTED = re.compile("《[^》]*》")
REPORTED = re.compile("报告|总结|情况")
# 某市法治民政建设: the report is a department's, whatever place stands before
DEPARTMENT = re.compile("法治(?!政府)[\u4e00-\u9fff]{2,4}建设")
# a headline's tag before the title: 【他山之石】
LEAD = re.compile("^\\s*[\u3010\\[][^\u3011\\]]{1,12}[\u3011\\]]")
SPEAKER = re.compile("^[我本全][省市区县州盟旗局厅委办]")
ISSUED = re.compile("印发《(.+?)》")
ABBREVIATED = re.compile("^(?:[省市区县州旗]|[本我])(?=[^委]|委(?!$))")
VERBS = (
    "坚持|认真|深入|紧紧|紧扣|按照|全面|切实|严格|积极|始终|高度|聚焦|围绕|持续|扎实|统筹|不断|着力|大力|推进|推动|贯彻|落实|立足|加强"
    "|法治政府|依法"
)
FROM_TEXT = re.compile(
    "(?:^|[年,。;:\\n]|现将)(?P<who>(?:[省市区县州]|我|[\u4e00-\u9fff]{1,8}?[省市区县州])[\u4e00-\u9fff]{1,16}?(?:委|局|厅|办|政府|管委会|委员会))"
    f"(?=(?:对20|对本|在[市省区县党]|党组|主动|以[习党]|牢牢|坚决|{VERBS}))"
)
PLACE_TEXT = re.compile(f"(?:^|[年,。;:\\n]|现将)(?P<who>[\u4e00-\u9fff]{{2,16}}?[省市区县州盟旗])(?={VERBS})")
PARTY_AND_STATE = re.compile("(?P<place>[\u4e00-\u9fff]{2,9}?[省市区县州旗])委、?(?:\\S?[省市区县州])?政府")
FIRST_PERSON = re.compile("[我本](自治[区州县旗]|街道|[省市区县州盟旗镇乡局厅委办院处署部站队])")
# 全市 speaks for a city's government where nobody says 我局
EVERYBODY = re.compile("(?:全|受)([省市区县州盟旗])(?!政府|司法)")
GOVERNMENT = re.compile(
    "(?:^|[^\u4e00-\u9fff]|[在由经受向将])([\u4e00-\u9fff]{2,12}?[省市区县州盟旗])人民政府", re.MULTILINE
)
PLACE_KINDS = frozenset(("省", "市", "区", "县", "州", "盟", "旗", "自治区", "自治州", "自治县", "自治旗"))
KIND_ENDING = {
    "委": "委(?:员会)?",
    "办": "办(?:公[室厅])?",
    "街道": "街道办事处",
    "镇": "镇人民政府",
    "乡": "乡人民政府",
}
FIRST_CHARACTERS = 1500
NEAR_START = 200


def find_publisher(page: Page, genre: str) -> Evidence | None:
    """The reporting body and the evidence for it, or None.

    A bare place means its people's government; an abbreviation is written out by the sign-off, the sponsor or the
    source where they name the same body; offices that upload are not the body that reports.
    """
    title = page.fields.get("title")
    named = _from_title(title.value) if title else None
    long_names = list(_long_names(page))
    if named:
        return _in_full(Evidence(named, "title"), long_names)
    for name, source in long_names:
        if source == "signature":
            return Evidence(name, source)
    label = page.fields.get("publisher")
    if label and BODY.search(label.value) and not OFFICE.search(label.value):
        return _in_full(label, long_names)
    found = _from_text(page.body)
    if found:
        return _in_full(found, long_names)
    speaker = _first_person(page, title.value if title else "", long_names)
    if speaker:
        return speaker
    if label and genre == "annual_report":
        return Evidence(OFFICE.sub("", label.value) or label.value, label.source)
    return None


def _from_title(title: str) -> str | None:
    plain = re.sub(r"\s+", " ", LEAD.sub("", fold(title))).strip(" 《》")
    issued = ISSUED.search(plain)
    if issued:
        inner = _from_title(issued.group(1))
        if inner:
            return inner
    else:
        # 贯彻落实《…实施纲要(2021—2025年)》: neither the body's name nor the year
        plain = QUOTED.sub("", plain) if SUBJECT_WORD.search(QUOTED.sub("", plain)) else plain
    named = _at_the_end(plain)
    if named:
        return named
    for pattern in TITLES:
        match = pattern.search(plain)
        if match:
            who = _clean(match.group("who"))
            of_department = DEPARTMENT.search(plain) and is_place(who)
            if who and not SPEAKER.match(who) and is_body_or_place(who) and not of_department:
                return to_government(who).replace("(", "\uff08").replace(")", "\uff09")
    return None


def _at_the_end(title: str) -> str | None:
    """The body behind a title that names none before: …总结(某县水利局), …公开:某区民政局."""
    match = re.search("(?:\\(([^()]{4,30})\\)|:([^:]{4,30}))$", title)
    who = (match.group(1) or match.group(2)).strip() if match else ""
    return who if BODY.search(who) and places_of(who)[0] and not REPORTED.search(who) else None


def _clean(who: str) -> str:
    who = re.sub("^关于|^向.{2,20}(?=报送|呈报|上报)", "", re.sub("^关于", "", who.strip()))
    who = re.sub("^(?:报送|印发|呈报|上报)", "", who)
    who = re.sub("(?:的|推进|全面|开展|贯彻|落实|执行|学习|暨|及|年度|\\d{4}年?度?)+$", "", who.split(":")[-1]).split(
        "暨"
    )[-1]
    return without_note(re.sub(r"^\(.*?\)|[《》\"“”]", "", who)).strip(" ,、:")


def _long_names(page: Page) -> Iterator[tuple[str, str]]:
    """Names of bodies that the page prints in full, the best evidence first."""
    for line in page.signature:
        name = re.sub(r"\(.*?\)|\s", "", re.split(r"\d|二[〇○零]", fold(line))[0])
        if len(name) >= 4 and BODY.search(name):
            yield name, "signature"
    for field in ("sponsor", "publisher", "source", "site_name"):
        item = page.fields.get(field)
        if item:
            name = WEBSITE.sub("", fold(item.value))
            if BODY.search(name) and not OFFICE.search(name):
                yield name, item.source


def _in_full(found: Evidence, long_names: Iterable[tuple[str, str]]) -> Evidence:
    """The same body's longer name, where one is printed: the short one's characters stand in it in order."""
    short = "".join(found.value.split())
    if ABBREVIATED.match(short) or ZONE.search(short) or not BODY.search(short) or short.endswith("管委会"):
        core = re.sub("^[省市区县州我本](?=.{2})", "", short)
        core = re.sub("(?:管委会|区)$", "", core) if ZONE.search(short) or short.endswith("管委会") else core
        for name, source in long_names:
            if len(name) > len(short) and _abbreviates(core, name) and name[-1] in short[-1] + "会局":
                return Evidence(name, f"{found.source}, in full by {source}")
    elif not places_of(short)[0]:
        # 应急管理局法治政府建设工作总结: whose, the sign-off or the site says
        for name, source in long_names:
            place, rest = places_of(name)
            if place and _abbreviates(short, rest) and rest[:1] == short[:1] and rest[-1] in short[-1] + "会局":
                return Evidence(name, f"{found.source}, in full by {source}")
    return found


def _abbreviates(short: str, name: str) -> bool:
    rest = iter(name)
    return all(char in rest for char in short)


def _first_person(page: Page, title: str, long_names: Iterable[tuple[str, str]]) -> Evidence | None:
    """我局, 我市: the body of that kind which the page names in full (its site, its sponsor, its source, its text)."""
    text = fold(title + "\n" + page.body[:FIRST_CHARACTERS])
    speakers = Counter(FIRST_PERSON.findall(text))
    if not speakers:
        everybody = Counter(EVERYBODY.findall(text))
        if everybody:
            return _government_of(page, everybody.most_common(1)[0][0])
        return _site_s_own(page)
    kind = speakers.most_common(1)[0][0]
    if kind in PLACE_KINDS:
        return _government_of(page, kind)
    for name, source in long_names:
        if re.search(KIND_ENDING.get(kind, kind) + "$", name):
            return Evidence(name, f"{source}, by 我{kind} in the text")
    return None


def _site_s_own(page: Page) -> Evidence | None:
    """The government whose site it is, where the text opens with its place's name."""
    for field in ("site_name", "sponsor"):
        item = page.fields.get(field)
        name = WEBSITE.sub("", fold(item.value)) if item else ""
        place, rest = places_of(name)
        opening = fold(page.body[:NEAR_START])
        parts = [part for _, part in gazetteer().mentions(place)]
        if item and rest.startswith("人民政府") and parts and parts[-1] in opening:
            return Evidence(to_government(place), f"{item.source}, named in the text")
    return None


def _government_of(page: Page, kind: str) -> Evidence | None:
    """The government of the one place of this kind that the page's labels name, else that its text names as one."""
    for field in ("sponsor", "publisher", "source", "site_name"):
        item = page.fields.get(field)
        place = places_of(WEBSITE.sub("", fold(item.value)))[0] if item else ""
        if item and place and (place.endswith(kind) or not has_suffix(place)):
            return Evidence(to_government(place), f"{item.source}, by 我{kind} in the text")
    text = fold(page.body) if "人民政府" in page.body else ""
    named = {match.group(1) for match in GOVERNMENT.finditer(text) if is_place(match.group(1))}
    named = {name for name in named if name.endswith(kind)}
    if not named:
        start = fold(page.body[:NEAR_START])
        named = {name for _, name in gazetteer().mentions(start) if name.endswith(kind) and has_suffix(name)}
    return Evidence(to_government(named.pop()), "text") if len(named) == 1 else None


def _from_text(body: str) -> Evidence | None:
    start = "\n".join(fold(body).split("\n")[:4])[:1500]
    match = FROM_TEXT.search(start)
    if match and not re.fullmatch("[省市区县州](?:委|政府|委、.*)|.*(?:市|县|区|省)委", match.group("who")):
        return Evidence(match.group("who"), "text")
    for match in PLACE_TEXT.finditer(start):
        if is_place(match.group("who")):
            return Evidence(to_government(match.group("who")), "text")
    match = PARTY_AND_STATE.search(start)
    if match:
        name, found = gazetteer().leading(match.group("place"), None)
        if found and name == match.group("place"):
            return Evidence(name + "人民政府", "text")
    return None
